"""The records of XLSB parts, and the few that say what a workbook, its styles and its strings are.

Source: [MS-XLSB] 2.1.4 (records) and 2.4 (their contents). Functions raise EOFError, struct.error or UnicodeDecodeError
where a part is damaged.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from batch.reading.survey import Visibility
from batch.reading.workbook.numberformat import built_in

_BUNDLE_SHEET, _WORKBOOK_PROPERTIES = 156, 153
_FORMAT, _CELL_STYLE, _BEGIN_CELL_STYLES, _END_CELL_STYLES = 44, 47, 617, 618
_STRING_ITEM = 19
_VISIBILITY: tuple[Visibility, ...] = ("visible", "hidden", "very_hidden")
_NO_STRING = 0xFFFFFFFF
_MORE = 0x80


class SheetEntry(NamedTuple):
    name: str
    visibility: Visibility
    relation: str


def records(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The records of a part: type and contents."""
    waiting = b""
    for block in blocks:
        waiting += block
        place = 0
        while found := _record(waiting, place):
            kind, start, place = found
            yield kind, waiting[start:place]
        waiting = waiting[place:]
    if waiting:
        raise EOFError("it is cut off")


def wide_text(data: bytes, place: int) -> tuple[str, int]:
    """The text at `place` (its length in UTF-16 units comes first) and where it ends."""
    (length,) = struct.unpack_from("<I", data, place)
    if length == _NO_STRING:
        return "", place + 4
    end = place + 4 + 2 * length
    if end > len(data):
        raise EOFError("a text is cut off")
    return data[place + 4 : end].decode("utf-16-le", "replace"), end


def workbook_sheets(blocks: Iterable[bytes]) -> tuple[list[SheetEntry], bool]:
    """The sheets in order, and whether dates count from 1904."""
    sheets: list[SheetEntry] = []
    from_1904 = False
    for kind, data in records(blocks):
        if kind == _BUNDLE_SHEET:
            (state,) = struct.unpack_from("<I", data)
            relation, end = wide_text(data, 8)
            name, _ = wide_text(data, end)
            sheets.append(SheetEntry(name, _VISIBILITY[min(state, 2)], relation))
        elif kind == _WORKBOOK_PROPERTIES:
            from_1904 = bool(data[0] & 1)
    return sheets, from_1904


def format_codes(blocks: Iterable[bytes]) -> tuple[str, ...]:
    """The number format code of each cell style, by the style's position."""
    codes: dict[int, str] = {}
    numbers: list[int] = []
    in_cells = False
    for kind, data in records(blocks):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", data)[0]] = wide_text(data, 2)[0]
        elif kind in (_BEGIN_CELL_STYLES, _END_CELL_STYLES):
            in_cells = kind == _BEGIN_CELL_STYLES
        elif kind == _CELL_STYLE and in_cells:
            numbers.append(struct.unpack_from("<H", data, 2)[0])
    return tuple(codes.get(number) or built_in(number) for number in numbers)


def shared_strings(blocks: Iterable[bytes]) -> list[str]:
    """The shared strings in order, rich text as plain text."""
    return [wide_text(data, 1)[0] for kind, data in records(blocks) if kind == _STRING_ITEM]


def _record(data: bytes, place: int) -> tuple[int, int, int] | None:
    """The type of the record at `place`, where its contents start and end; None if it is not all there."""
    kind, place = _number(data, place, 2)
    size, place = _number(data, place, 4)
    return (kind, place, place + size) if 0 <= size <= len(data) - place else None


def _number(data: bytes, place: int, longest: int) -> tuple[int, int]:
    """A number of up to `longest` bytes, seven bits in each; -1 if it is cut off."""
    number = 0
    for count in range(longest):
        if place >= len(data):
            return -1, place
        byte = data[place]
        place += 1
        number |= (byte & ~_MORE) << (7 * count)
        if byte < _MORE:
            break
    return number, place
