"""Letting go of a file: where all goes is written down first, so that a move cut short is finished later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from batch.inbox.claims import Claim, read_json, remove, write_json
from batch.inbox.diary import Diary, as_line, from_line
from batch.inbox.moves import move
from batch.inbox.values import Handled, InboxOptions, Place
from batch.model import Status
from batch.results.disk import disk_errors

_CLOSING = ".closing.json"
_TELLING = (Status.CREATED, Status.ALREADY_CREATED, Status.REJECTED, Status.IN_DOUBT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A file that is done with for tonight: what became of it, and where each file in its folder goes.

    In the folder `replaces_in` earlier results give way, elsewhere nothing does.
    """

    folder: Path
    handled: Handled
    targets: Mapping[str, Path]
    replaces_in: Path | None = None

    def note(self) -> None:
        """Writes down what is about to be done. Raises OutputError."""
        facts = {
            "line": as_line(self.handled),
            "targets": {name: str(target) for name, target in self.targets.items()},
            "replaces_in": None if self.replaces_in is None else str(self.replaces_in),
        }
        write_json(self.folder / _CLOSING, facts)

    def carry_out(self, diary: Diary, at: datetime, *, again: bool = False) -> Handled:
        """Moves the files, adds the line to the summary, and removes the folder. What became of the file, where it is.

        `again`: it may have been begun before, and killed at any point. Raises OutputError where the disk refuses;
        what is left to do is then done by a later night.
        """
        stands = {
            target: move(self.folder / name, target, overwrite=target.parent == self.replaces_in)
            for name, target in self.targets.items()
        }
        handled = _standing(self.handled, stands)
        if not (again and diary.has(self.folder.name)):
            diary.note_file(self.folder.name, handled, at)
        with disk_errors(self.folder):
            for path in sorted(self.folder.iterdir(), key=lambda path: path.name == _CLOSING):
                remove(path)  # what says how far this got goes last
            self.folder.rmdir()
        return handled


def closing_in(folder: Path) -> Closing | None:
    """What a night has written down and perhaps not carried out."""
    match read_json(folder / _CLOSING):
        case {"line": {**line}, "targets": {**targets}, "replaces_in": str() | None as folder_of_results}:
            handled = from_line({str(name): value for name, value in line.items()})
            if handled is not None:
                return Closing(
                    folder=folder,
                    handled=handled,
                    targets={str(name): Path(str(target)) for name, target in targets.items()},
                    replaces_in=None if folder_of_results is None else Path(folder_of_results),
                )
    return None


def close(claim: Claim, handled: Handled, options: InboxOptions) -> Closing:
    """Where everything goes of a file that ended in `handled.place`; nothing is done yet."""
    targets = dict(_targets(claim, handled, options))
    stands = {claim.folder / name: target for name, target in targets.items()}
    return Closing(
        folder=claim.folder,
        handled=_standing(handled, stands),
        targets=targets,
        replaces_in=options.out if options.overwrite else None,
    )


def _targets(claim: Claim, handled: Handled, options: InboxOptions) -> Iterator[tuple[str, Path]]:
    folders, unfinished = options.folders, handled.place is Place.INBOX
    own = folders.dated(Place.ATTENTION if unfinished else handled.place, claim.day)
    yield claim.called, folders.root / claim.name if unfinished else own / claim.called
    for path in sorted(claim.folder.iterdir()):
        if path.name.startswith(".") or path == claim.file:
            continue
        if not unfinished or _tells_something(handled, path):
            yield path.name, (options.out or own) / path.name


def _tells_something(handled: Handled, path: Path) -> bool:
    """What is worth keeping of a file that is not finished: results with IDs in them. Its failed rows stay in it."""
    counts = handled.result.counts
    return path != handled.result.failed_file and any(counts.get(status) for status in _TELLING)


def _standing(handled: Handled, stands: Mapping[Path, Path]) -> Handled:
    """The same with its files where they stand; what goes nowhere is not there."""
    result = handled.result
    return replace(
        handled,
        stands_at=stands.get(handled.stands_at, handled.stands_at),
        result=replace(
            result,
            results_file=result.results_file and stands.get(result.results_file),
            failed_file=result.failed_file and stands.get(result.failed_file),
        ),
    )
