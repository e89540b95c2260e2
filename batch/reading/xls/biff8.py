"""The records of an XLS workbook stream (Excel 5 to 2003), and what its first part says: sheets, styles, strings.

Source: [MS-XLS] 2.1.4 (records), 2.4 and 2.5. Functions raise EOFError or struct.error where the stream is damaged.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from batch.reading.survey import Visibility
from batch.reading.workbook.numberformat import built_in

_BIFF8 = 0x0600
_BOF, _EOF, _CONTINUE, _FILE_PASS = 0x0809, 0x000A, 0x003C, 0x002F
_BOUND_SHEET, _DATE_MODE, _CODE_PAGE = 0x0085, 0x0022, 0x0042
_FORMAT, _STYLE, _STRINGS, _RECALCULATION = 0x041E, 0x00E0, 0x00FC, 0x01C1
_VISIBILITY: tuple[Visibility, ...] = ("visible", "hidden", "very_hidden", "very_hidden")
_CODE_PAGES = {10000: "mac_roman", 32768: "mac_roman", 32769: "cp1252", 367: "ascii", 1200: "utf-16-le"}
_WIDE, _RICH, _FAR_EAST = 1, 8, 4


class EncryptedWorkbookError(Exception):
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
class Workbook:
    """What holds for all sheets. `codec` is that of texts before Excel 97, which has Unicode.

    `was_calculated` says that the program that wrote the file says which of its versions calculated the formulas;
    without that, Excel calculates them anew.
    """

    is_biff8: bool = True
    was_calculated: bool = False
    codec: str = "cp1252"
    from_1904: bool = False
    sheets: list[BoundSheet] = field(default_factory=list)
    styles: list[int] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)

    def format_codes(self) -> tuple[str, ...]:
        """The number format code of each cell style, by the style's position."""
        return tuple(self.codes.get(number) or built_in(number) for number in self.styles)

    def text(self, record: Record, place: int, *, short: bool = False) -> str:
        """The text at `place` of a record, after its length, which takes one byte if `short`."""
        source = _Pieces((record.data[place:], *record.more))
        length = source.number("<B" if short else "<H")
        return source.text(length) if self.is_biff8 else source.bytes(length).decode(self.codec, "replace")


def records(stream: bytes, place: int) -> Iterator[Record]:
    """The records from `place` to the end of that part of the stream; charts within it are passed over."""
    if stream[place : place + 2] != _BOF.to_bytes(2, "little"):
        raise EOFError("a part is not where it should be")
    depth = 0
    pending: Record | None = None
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, place)
        data = stream[place + 4 : place + 4 + size]
        place += 4 + size
        if len(data) < size:
            break
        if kind == _CONTINUE and pending:
            pending = pending._replace(more=(*pending.more, data))
            continue
        if pending and depth == 1:
            yield pending
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and not depth:
            return
        pending = Record(kind, data)
    raise EOFError("it is cut off")


def read_workbook(stream: bytes) -> Workbook:
    """The first part of the stream."""
    book = Workbook()
    for record in records(stream, 0):
        _take(book, record)
    return book


def _take(book: Workbook, record: Record) -> None:
    match record.kind:
        case k if k == _BOF:
            book.is_biff8 = struct.unpack_from("<H", record.data)[0] >= _BIFF8
        case k if k == _FILE_PASS:
            raise EncryptedWorkbookError
        case k if k == _CODE_PAGE:
            book.codec = _codec(struct.unpack_from("<H", record.data)[0])
        case k if k == _DATE_MODE:
            book.from_1904 = bool(record.data[0])
        case k if k == _RECALCULATION:
            book.was_calculated = True
        case k if k == _BOUND_SHEET:
            book.sheets.append(_bound_sheet(book, record))
        case k if k == _FORMAT:
            code = book.text(record, 2, short=not book.is_biff8)
            book.codes[struct.unpack_from("<H", record.data)[0]] = code
        case k if k == _STYLE:
            book.styles.append(struct.unpack_from("<H", record.data, 2)[0])
        case k if k == _STRINGS:
            book.strings = _shared_strings(record)
        case _:
            pass


def _bound_sheet(book: Workbook, record: Record) -> BoundSheet:
    place, state, kind = struct.unpack_from("<IBB", record.data)
    return BoundSheet(book.text(record, 6, short=True), _VISIBILITY[state & 3], place, is_worksheet=kind == 0)


def _codec(code_page: int) -> str:
    name = _CODE_PAGES.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _shared_strings(record: Record) -> list[str]:
    source = _Pieces((record.data[8:], *record.more))
    (count,) = struct.unpack_from("<I", record.data, 4)
    strings: list[str] = []
    while len(strings) < count and not source.is_empty:
        strings.append(source.text(source.number("<H")))
    return strings


@dataclass(slots=True)
class _Pieces:
    """Contents that are spread over a record and those that continue it."""

    pieces: tuple[bytes, ...]
    _piece: int = 0
    _place: int = 0

    @property
    def is_empty(self) -> bool:
        return not self._left() and self._piece + 1 >= len(self.pieces)

    def number(self, layout: str) -> int:
        found: int = struct.unpack(layout, self.bytes(struct.calcsize(layout)))[0]
        return found

    def bytes(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            if not self._left():
                self._turn()
            taken = self.pieces[self._piece][self._place : self._place + count - len(found)]
            self._place += len(taken)
            found += taken
        return found

    def text(self, length: int) -> str:
        """A text of `length` units, with what comes before and after its letters."""
        flags = self.number("<B")
        runs = self.number("<H") if flags & _RICH else 0
        extra = self.number("<I") if flags & _FAR_EAST else 0
        letters = self._letters(length, wide=bool(flags & _WIDE))
        self.bytes(4 * runs + extra)
        return letters

    def _letters(self, length: int, *, wide: bool) -> str:
        """Each piece says anew whether a letter takes one byte or two."""
        found: list[bytes] = []
        while length:
            if not self._left():
                self._turn()
                wide = bool(self.number("<B") & _WIDE)
            size = 2 if wide else 1
            count = min(length, max(self._left() // size, 1))
            stored = self.bytes(count * size)
            found.append(stored if wide else stored.decode("latin-1").encode("utf-16-le"))
            length -= count
        return b"".join(found).decode("utf-16-le", "replace")

    def _left(self) -> int:
        return len(self.pieces[self._piece]) - self._place

    def _turn(self) -> None:
        self._piece += 1
        self._place = 0
        if self._piece >= len(self.pieces):
            raise EOFError("a text is cut off")
