"""Taking a file in hand: it gets a folder of its own, and a name that is free where it will end.

A claim's folder holds, in the order in which they come to be: `.claim.json` (what is about to be taken), the file,
whatever the run writes beside it, and `.closing.json` (see `closing`). Killed at any point in between, a later night
finds out from these how far it got.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Self

from batch.errors import OutputError
from batch.inbox.moves import make_folder, move
from batch.inbox.values import Folders, Place
from batch.results import family_of
from batch.results.disk import disk_errors, sync_folder, whole_file

_CLAIM = ".claim.json"
_MARKED = re.compile(r"(?P<stem>.+?)(?P<mark>\.(failed|results)(-\d+)?)?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A file in hand. `name` is what it was called in the inbox, `called` what it is called from now on; `day` is
    when it was taken, and `tries` how often a night began to work on it.
    """

    folder: Path
    name: str
    called: str
    day: str
    tries: int = 0

    @property
    def file(self) -> Path:
        return self.folder / self.called

    def begun(self) -> Self:
        """The same, with one more try, on the disk before it is made."""
        again = replace(self, tries=self.tries + 1)
        again._write()  # noqa: SLF001 -- its own kind
        return again

    def clear(self) -> None:
        """Removes whatever a run that was killed has left beside the file."""
        for path in self.folder.iterdir():
            if path.name not in (_CLAIM, self.called):
                remove(path)

    def _write(self) -> None:
        facts = {name: value for name, value in asdict(self).items() if name != "folder"}
        write_json(self.folder / _CLAIM, facts)


def take(path: Path, folders: Folders, now: datetime, is_taken: Callable[[str, str], bool]) -> Claim:
    """Moves a file from the inbox into a folder of its own. Raises OutputError where it cannot be moved.

    `is_taken` tells for a day and a family of names whether they stand somewhere already.
    """
    day = f"{now:%Y-%m-%d}"
    called = next(name for name in _names(path.name) if not is_taken(day, family_of(Path(name))))
    # Sorted by name they are in the order in which they were taken.
    folder = folders.working / f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    claim = Claim(folder=folder, name=path.name, called=called, day=day)
    try:
        make_folder(folder)
        claim._write()  # noqa: SLF001 -- its own module
        path.rename(claim.file)
    except OSError as refused:
        _forget(folder)
        raise OutputError(
            "cannot_take",
            f"{path.name} cannot be taken out of {path.parent}: {refused.strerror}. It was left where it is. The user"
            " that the program runs as must be allowed to move files there.",
        ) from refused
    except OutputError:
        _forget(folder)
        raise
    with disk_errors(claim.file):
        sync_folder(folder)
        sync_folder(path.parent)
    return claim


def _forget(folder: Path) -> None:
    """Removes the folder of a claim that did not come to be; never a file that was taken."""
    with suppress(OSError):
        (folder / _CLAIM).unlink(missing_ok=True)
        folder.rmdir()


def claims_in(folders: Folders) -> Iterator[Claim | Path]:
    """What earlier nights have left in hand, in the order in which it was taken; a folder of which nobody knows any
    more what it holds comes as its path.
    """
    for folder in sorted(path for path in _inside(folders.working) if path.is_dir()):
        facts = read_json(folder / _CLAIM)
        match facts:
            case {"name": str(name), "called": str(called), "day": str(day), "tries": int(tries)}:
                yield Claim(folder=folder, name=name, called=called, day=day, tries=tries)
            case _:
                yield folder


def taken_families(folders: Folders, out: Path | None) -> Callable[[str, str], bool]:
    """Whether a day's folders, or the one for results, or a file in hand, have a family of names already."""

    def is_taken(day: str, family: str) -> bool:
        places = [folders.dated(place, day) for place in (Place.DONE, Place.ATTENTION)]
        names = [path for place in (*places, *([out] if out else [])) for path in _inside(place)]
        in_hand = [claim.file for claim in claims_in(folders) if isinstance(claim, Claim)]
        return family in {family_of(path) for path in (*names, *in_hand)}

    return is_taken


def write_json(path: Path, facts: object) -> None:
    """Writes a small file, whole or not at all. Raises OutputError."""
    with whole_file(path, overwrite=True) as staged:
        staged.write_text(json.dumps(facts), encoding="utf-8")


def read_json(path: Path) -> object:
    """None if there is no such file, or nothing sensible in it."""
    try:
        facts: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts


def remove(path: Path) -> None:
    """Removes what this program itself has written."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _inside(folder: Path) -> Iterable[Path]:
    try:
        return tuple(folder.iterdir())
    except OSError:
        return ()


def _names(name: str) -> Iterator[str]:
    """customers.xlsx, customers-2.xlsx, ...; customers.failed.xlsx, customers-2.failed.xlsx, ..."""
    yield name
    path = Path(name)
    parts = _MARKED.fullmatch(path.stem)
    stem, mark = (parts["stem"], parts["mark"] or "") if parts else (path.stem, "")
    for number in count(2):
        yield f"{stem}-{number}{mark}{path.suffix}"


def give_back(folder: Path, folders: Folders) -> tuple[Path, ...]:
    """Puts the files of a folder of which nobody knows what it holds back into the inbox; where they stand then.

    Raises OutputError where the disk refuses.
    """
    lost = [path for path in _inside(folder) if path.is_file() and not path.name.startswith(".")]
    stand = tuple(move(path, folders.root / path.name) for path in sorted(lost))
    with disk_errors(folder):
        for path in _inside(folder):
            if path.name.startswith("."):
                remove(path)
        folder.rmdir()
    return stand
