"""The input file on disk: opened for reading only, the same file at every pass over it."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from batch.reading.options import Limits
from batch.reading.pulse import beat
from batch.reading.refusals import refusal

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it was when it was first looked at; `opened` refuses it once it has changed.

    `unlocked` is what is read in place of its bytes, if they are encrypted; `size` is then that of it.
    """

    path: Path
    size: int
    stamp: tuple[int, int, int]
    unlocked: bytes | None = None

    @property
    def name(self) -> str:
        return self.path.name

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file's bytes, from the start; InputError if it changed or cannot be read (also while reading)."""
        if self.unlocked is not None:
            yield io.BytesIO(self.unlocked)
            return
        try:
            with io.BufferedReader(_Watched(self.path, self.size)) as file:
                self._unchanged(file)
                yield file
        except OSError as error:
            raise _unreadable(self.name, error) from error

    def blocks(self, size: int) -> Iterator[bytes]:
        """The file's bytes in blocks of `size`."""
        with self.opened() as file:
            while block := file.read(size):
                yield block

    def _unchanged(self, file: BinaryIO) -> None:
        if _stamp(os.fstat(file.fileno())) != self.stamp:
            raise refusal(
                self.name,
                "file_changed",
                "the file was changed while it was being read. Wait until it is saved or copied, then start again.",
            )


class _Watched(io.FileIO):
    """A file that says when it is read."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(path, "rb")
        self._size = size

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        beat(self.tell() / self._size)
        return super().readinto(buffer)


def stored_file(path: Path, limits: Limits) -> StoredFile:
    """The file at `path`, if it is one, can be opened, holds something and is not too large."""
    try:
        facts = path.stat()  # not by opening it: that waits for ever at a named pipe
        _readable_size(path.name, facts, limits)
        path.open("rb").close()
    except FileNotFoundError as error:
        raise refusal(
            path.name, "file_not_found", "there is no such file in {folder}.", folder=path.parent.absolute()
        ) from error
    except OSError as error:
        raise _unreadable(path.name, error) from error
    return StoredFile(path=path, size=facts.st_size, stamp=_stamp(facts))


def _readable_size(name: str, facts: os.stat_result, limits: Limits) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise refusal(name, "not_a_file", "this is a folder. Give the path of a spreadsheet in it.")
    if not stat.S_ISREG(facts.st_mode):
        raise refusal(name, "not_a_file", "this is not an ordinary file. Give the path of a spreadsheet.")
    if facts.st_size == 0:
        raise refusal(name, "empty_file", "the file is empty (0 bytes). Ask the sender to send it again.")
    if facts.st_size > limits.file_bytes:
        raise refusal(
            name,
            "file_too_large",
            "the file is {size:,} bytes; at most {limit:,} are read. Split it into smaller files.",
            size=facts.st_size,
            limit=limits.file_bytes,
        )


def _stamp(facts: os.stat_result) -> tuple[int, int, int]:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _unreadable(name: str, error: OSError) -> Exception:
    return refusal(
        name,
        "cannot_open",
        "the file cannot be read ({reason}). Check that it exists and that you may open it.",
        reason=error.strerror or type(error).__name__,
    )
