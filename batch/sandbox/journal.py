"""The sandbox's state file: one JSON line for each thing that happened, appended before anybody is told of it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from batch.errors import SettingsError
from batch.sandbox.groups import GroupStatus, Maker, StoredGroup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Journal:
    """Groups and decisions, kept where a killed sandbox leaves them. Each line reaches the system in one write.

    So nothing is lost when the process dies; against the loss of power it makes no promise.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise SettingsError("sandbox_state", f"{path} cannot be opened to keep the groups in: {error}") from error

    def replay(self) -> Iterator[StoredGroup | tuple[str, GroupStatus]]:
        """What was written so far, in order. A last line that was torn by a kill is cut off the file.

        Raises SettingsError with the line number if the file is something else.
        """
        lines = self._path.read_bytes().splitlines(keepends=True)
        whole = 0
        for number, line in enumerate(lines, start=1):
            if not line.endswith(b"\n"):
                os.ftruncate(self._file, whole)
                return
            yield self._parse(number, line)
            whole += len(line)

    def _parse(self, number: int, line: bytes) -> StoredGroup | tuple[str, GroupStatus]:
        try:
            entry = json.loads(line)
            if "decided" in entry:
                return entry["decided"], GroupStatus(entry["status"])
            return StoredGroup(**{**entry, "maker": Maker(entry["maker"])})
        except (ValueError, TypeError, KeyError) as error:
            message = (
                f"{self._path} line {number} is no line of a sandbox's state. Name another file, or remove this one."
            )
            raise SettingsError("sandbox_state", message) from error

    def write_group(self, group: StoredGroup) -> None:
        self._write({name: getattr(group, name) for name in StoredGroup.__slots__})

    def write_decision(self, group_id: str, status: GroupStatus) -> None:
        self._write({"decided": group_id, "status": status})

    def _write(self, entry: dict[str, object]) -> None:
        os.write(self._file, json.dumps(entry, separators=(",", ":")).encode() + b"\n")

    def clear(self) -> None:
        os.ftruncate(self._file, 0)

    def close(self) -> None:
        os.close(self._file)
