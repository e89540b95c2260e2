"""The records of an XLS workbook stream (Excel 5 to 2003), and what its first part says: sheets, styles, strings.

Source: [MS-XLS] 2.1.4 (records), 2.4 and 2.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from batch.reading.numberformat import built_in
from batch.reading.survey import Visibility

BIFF8 = 0x0600
_BOF, _EOF, _CONTINUE, _FILE_PASS = 0x0809, 0x000A, 0x003C, 0x002F
_BOUND_SHEET, _DATE_MODE, _CODE_PAGE = 0x0085, 0x0022, 0x0042
_FORMAT, _STYLE, _STRINGS = 0x041E, 0x00E0, 0x00FC
_VISIBILITY: tuple[Visibility, ...] = ("visible", "hidden", "very_hidden")
_UTF16 = 1200


class EncryptedWorkbook(Exception):
    """The workbook is protected by a password."""


class Record(NamedTuple):
    """A record: its type and contents, and the contents of the records that continue it."""

    kind: int
    data: bytes
    more: tuple[bytes, ...] = ()


class BoundSheet(NamedTuple):
    """A sheet as the workbook lists it; `place` is where its records start in the stream."""

    name: str
    visibility: Visibility
    place: int
    is_worksheet: bool


@dataclass(slots=True)
class Globals:
    """What holds for all sheets."""

    version: int
    codec: str = "cp1252"
    from_1904: bool = False
    sheets: list[BoundSheet] = field(default_factory=list)
    styles: list[int] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)

    def format_codes(self) -> tuple[str, ...]:
        """The number format code of each cell style, by the style's position."""
        return tuple(self.codes.get(number) or built_in(number) for number in self.styles)


def records(stream: bytes, place: int) -> Iterator[Record]:
    """The records from `place` up to the end of that part of the stream; parts within it are passed over."""
    depth = 0
    pending: Record | None = None
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, place)
        data = stream[place + 4 : place + 4 + size]
        if len(data) < size:
            raise EOFError("it is cut off")
        place += 4 + size
        if kind == _CONTINUE and pending:
            pending = pending._replace(more=(*pending.more, data))
            continue
        if pending and depth == 1:
            yield pending
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            return
        pending = Record(kind, data)
    raise EOFError("it is cut off")
