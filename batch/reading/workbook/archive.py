"""A zipped workbook's parts, bounded before anything is expanded; the only user of zipfile."""

from __future__ import annotations

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from batch.errors import InputError
from batch.reading.options import Limits
from batch.reading.refusals import refusal
from batch.reading.stored import StoredFile

_BLOCK = 1 << 20
_END_OF_DIRECTORY = b"PK\x05\x06"
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, ValueError, OverflowError)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The parts of a zip file, by their name in lower case with forward slashes."""

    file: StoredFile
    parts: Mapping[str, zipfile.ZipInfo]

    def blocks(self, part: str, size: int = _BLOCK) -> Iterator[bytes]:
        """A part's bytes in blocks of `size`, its checksum compared at the end; InputError if it is damaged."""
        info = self.parts[part]
        with (
            self.file.opened() as stream,
            _damage_refused(self.file.name, info.filename),
            zipfile.ZipFile(stream) as archive,
            archive.open(info) as member,
        ):
            while block := member.read(size):
                yield block

    def read(self, part: str, count: int) -> bytes:
        """The first `count` bytes of a part."""
        return next(self.blocks(part, count), b"")

    def corrupt(self, part: str, reason: object) -> InputError:
        """The refusal of a part that does not hold what it should."""
        return _corrupt(self.file.name, part, reason)

    def unsafe(self, part: str) -> InputError:
        """The refusal of a part that declares a document type or entities."""
        return refusal(
            self.file.name,
            "unsafe_file",
            "the workbook holds a document type declaration ({part}), which no spreadsheet program writes and which "
            "can do harm. It was not opened.",
            part=part,
        )


def open_archive(file: StoredFile, limits: Limits) -> Archive:
    """The parts of `file`, by its table of contents alone."""
    infos = _table_of_contents(file)
    if not infos:
        raise refusal(file.name, "empty_file", "the file is a zip archive with nothing in it. Ask for it again.")
    _bounded(file, infos, limits)
    parts: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = part_name(info.filename)
        if name in parts:
            raise _corrupt(file.name, info.filename, "it is in the file twice")
        _readable(file, info)
        parts[name] = info
    return Archive(file=file, parts=MappingProxyType(parts))


def part_name(name: str) -> str:
    """How part names are compared: some programs write backslashes, and case does not count."""
    return name.replace("\\", "/").lstrip("/").lower()


def _table_of_contents(file: StoredFile) -> list[zipfile.ZipInfo]:
    with file.opened() as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                return archive.infolist()
        except _DAMAGE as error:
            stream.seek(max(0, file.size - (1 << 17)))
            if _END_OF_DIRECTORY in stream.read():
                raise _corrupt(file.name, "table of contents", error) from error
            raise refusal(
                file.name,
                "truncated_file",
                "the workbook is cut off: its end is missing, as after a broken download. Ask for it again.",
            ) from error


def _bounded(file: StoredFile, infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    inflated = sum(info.file_size for info in infos)
    tight = [
        info
        for info in infos
        if info.file_size > limits.inflation_from and info.file_size > limits.inflation * max(info.compress_size, 1)
    ]
    if len(infos) > limits.entries or inflated > limits.inflated_bytes or tight:
        raise refusal(
            file.name,
            "too_large_inside",
            "the workbook is too large to open safely: {size:,} bytes in {count:,} parts when unpacked. "
            "Copy the rows into a new workbook, or save the sheet as CSV.",
            size=inflated,
            count=len(infos),
        )


def _readable(file: StoredFile, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise refusal(
            file.name, "encrypted_file", "the file is protected by a password. Save it without one and send it again."
        )
    if info.compress_type not in _METHODS:
        raise _corrupt(file.name, info.filename, "it is packed in a way that spreadsheets do not use")


@contextmanager
def _damage_refused(file: str, part: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise _corrupt(file, part, error) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise _corrupt(file, part, "it should be outside of the file") from error


def _corrupt(file: str, part: str, reason: object) -> InputError:
    return refusal(
        file,
        "corrupt_file",
        "the workbook is damaged ({part}: {reason}). Open it in Excel, save it under a new name, and send that.",
        part=part,
        reason=str(reason).rstrip("."),
    )
