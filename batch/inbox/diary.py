"""The summary beside the inbox: a line of JSON for each file and one for each night; only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from batch.errors import BatchError, InputError, OutputError
from batch.inbox.moves import make_folder
from batch.inbox.values import Handled, NightResult, Place
from batch.model import Status
from batch.pipeline.documents import file_document
from batch.pipeline.values import FileResult
from batch.results.disk import disk_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """The file `inbox.jsonl`. Raises OutputError where the disk refuses."""

    path: Path

    def has(self, claim: str) -> bool:
        """Whether the file that was taken under this name has its line."""
        mark = f'"claim": "{claim}"'.encode()
        try:
            with disk_errors(self.path), self.path.open("rb") as stream:
                return any(mark in line for line in stream)
        except OutputError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return False
            raise

    def note_file(self, claim: str, handled: Handled, at: datetime) -> None:
        """Adds the line of one file, which was taken under the name `claim`."""
        self._add({"kind": "file", "time": at.isoformat(timespec="seconds"), "claim": claim, **as_line(handled)})

    def note_night(self, result: NightResult, exit_code: int, at: datetime) -> None:
        """Adds the line of a night."""
        self._add({"kind": "night", "time": at.isoformat(timespec="seconds"), **night_facts(result, exit_code)})

    def _add(self, facts: Mapping[str, object]) -> None:
        line = json.dumps(facts).encode() + b"\n"
        with disk_errors(self.path):
            make_folder(self.path.parent)
            with self.path.open("ab+") as stream:
                stream.write(b"\n" + line if _is_torn(stream) else line)
                stream.flush()
                os.fsync(stream.fileno())


def as_line(handled: Handled) -> dict[str, object]:
    """The contract's file object, and where the file stands."""
    return {
        "night_id": handled.night_id,
        "run_id": handled.run_id,
        **file_document(handled.result),
        "place": handled.place.value,
        "stands_at": str(handled.stands_at),
    }


def from_line(line: Mapping[str, object]) -> Handled | None:
    """What `as_line` was made from; None if it was not made by that."""
    try:
        place = Place(str(line["place"]))
        result = FileResult(
            path=Path(str(line["input"])),
            rows=_number(line["rows"]),
            counts={Status(str(name)): _number(count) for name, count in _object(line["counts"]).items()},
            error=_error(line["error"], place),
            results_file=_path(line["results_file"]),
            failed_file=_path(line["failed_file"]),
        )
        return Handled(
            night_id=str(line["night_id"]),
            run_id=str(line["run_id"]),
            result=result,
            place=place,
            stands_at=Path(str(line["stands_at"])),
        )
    except (KeyError, ValueError):
        return None


def night_facts(result: NightResult, exit_code: int) -> dict[str, object]:
    """A night as a document, without its files."""
    places = [handled.place for handled in result.handled]
    return {
        "night_id": result.night_id,
        "exit_code": exit_code,
        "stopped": stopped_by(result),
        "requests": result.requests,
        "retries": result.retries,
        "seconds": round(result.seconds, 3),
        "places": {place.value: places.count(place) for place in Place},
        "left": [{"name": left.name, "code": left.code} for left in result.left],
        "removed": [str(path) for path in result.removed],
    }


def stopped_by(result: NightResult) -> str | None:
    """The code of what ended the night early."""
    if result.stopped is not None:
        return result.stopped.code
    return "interrupted" if result.signal is not None else None


def _error(found: object, place: Place) -> BatchError | None:
    match found:
        case {"code": str(code), "message": str(message)}:
            # A file that needs someone is at fault itself; for one that stays, something else was.
            return (InputError if place is Place.ATTENTION else OutputError)(code, message)
        case _:
            return None


def _object(value: object) -> Mapping[object, object]:
    if not isinstance(value, dict):
        raise ValueError(value)  # noqa: TRY004 -- the caller knows one kind of wrong line
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError(value)  # noqa: TRY004 -- as above
    return value


def _path(value: object) -> Path | None:
    return None if value is None else Path(str(value))


def _is_torn(stream: BinaryIO) -> bool:
    """Whether a kill or a full disk cut the last line short."""
    if stream.seek(0, os.SEEK_END) == 0:
        return False
    stream.seek(-1, os.SEEK_END)
    return stream.read(1) != b"\n"
