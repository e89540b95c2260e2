"""Whether a log is what it promises to be: JSON Lines without a key and without anything that a customer wrote."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl

from batch.model import Status
from batch.pipeline.rules import load_rules
from batch.reading import usual_endings
from batch.results import is_results_name

_LARGEST = 300_000
_LOG_FILES = ("*log.jsonl*", "flireo-batch.jsonl*")
_KEYS_BEGIN = ("fl_test_", "fl_live_")
_LEAST = 5  # shorter texts stand in logs for other reasons
_OWN = {*(status.value for status in Status), *(field.name for field in load_rules(None, "NL").schema.fields)}


def values_in(paths: Iterable[Path]) -> frozenset[str]:
    """Texts from the cells of the inputs that could only have come from there."""
    inside = [file for path in paths for file in (path.iterdir() if path.is_dir() else [path])]
    files = [file for file in inside if file.is_file() and not is_results_name(file)]  # those hold our own words too
    found = {text.strip() for file in files if file.stat().st_size <= _LARGEST for text in _cells(file)}
    names = {file.name for file in files}
    return frozenset(text for text in found if _is_telling(text) and not any(text in name for name in names))


def scan(text: str, key: str | None, values: Iterable[str], *, killed: bool = False) -> list[dict[str, Any]]:
    """The log's events. Fails where it holds what it must not, or is no JSON; the `killed` may leave half a line."""
    assert not key or key not in text
    assert not any(begin in text for begin in _KEYS_BEGIN), "a key is in the log"
    lines = text.splitlines()
    halves = [line for line in lines if killed and not _is_json(line)]
    events: list[dict[str, Any]] = [json.loads(line) for line in lines if line not in halves]
    said = "\0".join((*halves, *(part for event in events for part in _texts(event))))
    for value in values:
        assert value not in said, f"a customer's value is in the log: {value!r}"
    return events


def scan_folder(folder: Path) -> int:
    """Scans all logs of programs that worked in a folder or below it, for what its files hold; how many events."""
    values = values_in(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".txt")  # not screens
    logs = [log for name in _LOG_FILES for log in (*folder.rglob(name), *folder.parent.glob(f"{folder.name}.{name}"))]
    return sum(len(scan(log.read_text(encoding="utf-8"), None, values, killed=True)) for log in logs)


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _is_telling(text: str) -> bool:
    if len(text) < _LEAST or text in _OWN or Path(text).suffix in usual_endings():  # names of files may be said
        return False
    return not set(text) <= set("0123456789abcdef-:.T")  # what fingerprints, IDs and times are made of


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)


def _cells(path: Path) -> Iterator[str]:
    if path.suffix.lower() == ".xlsx":
        try:
            book = openpyxl.load_workbook(path, read_only=True)
        except Exception:  # noqa: BLE001 -- tests hand in what is no workbook
            return
        for page in book.worksheets:
            for row in page.iter_rows(values_only=True):
                yield from (str(cell) for cell in row if cell is not None)
        book.close()
    elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
        text = path.read_text(encoding="utf-8", errors="replace")
        for delimiter in ",;\t":
            with_this = csv.reader(text.replace("\0", "").splitlines(), delimiter=delimiter)
            try:
                yield from (cell for row in with_this for cell in row)
            except csv.Error:
                return
