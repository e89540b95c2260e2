"""What lies in the inbox: the spreadsheets to take, oldest first, and what is left alone and why."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from batch.columns import FOLDER_MAP
from batch.errors import InputError
from batch.inbox.values import Left, Place
from batch.model import Sentence, sentence
from batch.reading import WORKBOOK_FORMATS, ReadOptions, may_be_workbook, open_source, usual_endings
from batch.results import is_results_name, is_results_table

_OWN_FOLDERS = frozenset({*Place, "working", "sandbox"})
_OWN_FILES = frozenset({"inbox.jsonl", FOLDER_MAP})
# How programs that copy and download call a file until it is whole, and what editors leave.
_UNFINISHED = frozenset(
    {".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".tmp", ".temp", ".swp", ".lock"}
)
_LOCK_FILE = re.compile(r"~\$|~.*\.tmp$", re.IGNORECASE)


class Kind(StrEnum):
    """Why something in the folder is not taken."""

    LINK = "link"
    FOLDER = "folder"
    NO_FILE = "not_a_file"
    NO_TEXT = "name_not_text"
    RESULTS = "own_results"
    OTHER = "not_a_spreadsheet"
    UNFINISHED = "unfinished_name"
    CHANGING = "still_changing"
    WRITTEN = "being_written"
    OPEN = "open_elsewhere"
    GONE = "gone"
    WAITING = "waiting"


_WHY: Mapping[Kind, Sentence] = {
    Kind.LINK: sentence("It is a link, and links are not followed. Put the file itself here."),
    Kind.FOLDER: sentence("It is a folder; only what lies in the inbox itself is taken."),
    Kind.NO_FILE: sentence("It is no ordinary file."),
    Kind.NO_TEXT: sentence("Its name is not valid text. Rename it."),
    Kind.RESULTS: sentence("It is a results file of this program, and so no input."),
    Kind.OTHER: sentence("By its name and its content it is no spreadsheet."),
    Kind.UNFINISHED: sentence("By its name it is still being copied or downloaded, or was never finished."),
    Kind.CHANGING: sentence("It was still changing. The next night looks again."),
    Kind.WRITTEN: sentence("A program still has it open for writing. The next night looks again."),
    Kind.OPEN: sentence("Somebody has it open in a spreadsheet program. The next night looks again."),
    Kind.WAITING: sentence("The night ended before it was its turn. The next night takes it."),
    Kind.GONE: sentence("It disappeared before it could be taken."),
}


def left(name: str, kind: Kind) -> Left:
    """Why an entry is left alone; a name that is no text is shown as well as it can be."""
    return Left(name=name.encode("utf-8", "replace").decode(), code=kind.value, sentence=_WHY[kind])


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """`spreadsheets` oldest first; hidden files and the program's own folders are in neither."""

    spreadsheets: tuple[Path, ...]
    left: tuple[Left, ...]


def look(folder: Path, is_spreadsheet: Callable[[Path], bool] | None = None) -> Arrivals:
    """What lies in the folder now. `is_spreadsheet` looks into a file whose name does not tell."""
    inside = is_spreadsheet or _holds_a_workbook
    found: list[tuple[int, str, Path]] = []
    others: list[Left] = []
    for entry in _entries(folder):
        try:
            kind = _kind(entry, inside)
            age = entry.stat(follow_symlinks=False).st_mtime_ns
        except FileNotFoundError:
            continue
        if kind is None:
            found.append((age, entry.name, Path(entry.path)))
        else:
            others.append(left(entry.name, kind))
    return Arrivals(spreadsheets=tuple(path for _, _, path in sorted(found)), left=tuple(others))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """What could be meant for the program, by name."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            hidden = entry.name.startswith(".") or _LOCK_FILE.match(entry.name) or entry.name.endswith("~")
            ours = entry.name in (_OWN_FOLDERS if entry.is_dir(follow_symlinks=False) else _OWN_FILES)
            if not hidden and not ours:
                yield entry


def _kind(entry: os.DirEntry[str], inside: Callable[[Path], bool]) -> Kind | None:  # noqa: PLR0911 -- one for each kind
    """Why an entry is not taken; None if it is."""
    path = Path(entry.path)
    mode = entry.stat(follow_symlinks=False).st_mode
    if not _is_text(entry.name):
        return Kind.NO_TEXT
    if stat.S_ISLNK(mode):
        return Kind.LINK
    if stat.S_ISDIR(mode):
        return Kind.FOLDER
    if not stat.S_ISREG(mode):
        return Kind.NO_FILE
    if path.suffix.lower() in _UNFINISHED:
        return Kind.UNFINISHED
    if is_results_name(path) and _holds_results(path):
        return Kind.RESULTS
    if path.suffix.lower() not in usual_endings() and not inside(path):
        return Kind.OTHER
    return None


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _holds_a_workbook(path: Path) -> bool:
    """By its content; any text could be a table, so a text file must say by its name that it is one."""
    if not may_be_workbook(path):
        return False
    try:
        with open_source(path, ReadOptions()) as source:
            return source.format in WORKBOOK_FORMATS
    except InputError:
        return False


def _holds_results(path: Path) -> bool:
    """Whether it really is ours: a customer may call a file of theirs 'test.results.xlsx'."""
    try:
        with open_source(path, ReadOptions()) as source:
            heads = [source.head(sheet.name, 1) for sheet in source.sheets]
    except InputError:
        return False
    return any(is_results_table(rows[0].cells) for rows in heads if rows)
