"""Old workbooks (XLS of Excel 5 to 2003), read from their records."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from batch.errors import InputError
from batch.model import Notice
from batch.reading.batches import Batch
from batch.reading.options import Limits
from batch.reading.pulse import beat
from batch.reading.refusals import refusal
from batch.reading.survey import Sheet
from batch.reading.unlocking import OPENED, OtherPasswordError, opened_stream
from batch.reading.workbook.cellremarks import FORMULA_WITHOUT_RESULT
from batch.reading.workbook.cells import CellReader
from batch.reading.workbook.facts import NAMED, SheetFacts
from batch.reading.workbook.numerals import Shown
from batch.reading.workbook.opened import OpenSheet, WorkbookReader, workbook_reader
from batch.reading.workbook.places import Area, area_of, columns_name
from batch.reading.workbook.rawrows import raw_batches, sheet_too_large
from batch.reading.workbook.rowbuilder import RowBuilder
from batch.reading.workbook.storedcells import error_text, number_text, rk_number
from batch.reading.xls.biff8 import BoundSheet, EncryptedWorkbookError, Record, Workbook, read_workbook, records
from batch.reading.xls.compound import Compound, DamagedCompoundError

STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_ROW, _COLUMN, _MERGED, _FILTER = 0x0208, 0x007D, 0x00E5, 0x009B
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 1
_LABEL, _RICH_LABEL, _SHARED, _STRING = 0x0204, 0x00D6, 0x00FD, 0x0207
_NUMBER, _PACKED, _MANY_PACKED, _TRUTH, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0205, 0x0006
_TEXT_RESULT, _TRUTH_RESULT, _ERROR_RESULT, _EMPTY_RESULT = 0, 1, 2, 3
_ALWAYS_CALCULATE = 1
_NO_RESULT = Shown("=", FORMULA_WITHOUT_RESULT)
_RESULT_IS_NO_NUMBER = b"\xff\xff"
_DAMAGE = (struct.error, EOFError, IndexError, ValueError, DamagedCompoundError)
_GROUP = 5_000


def open_xls(file: str, compound: Compound, limits: Limits, notices: tuple[Notice, ...]) -> WorkbookReader:
    """The reader of the workbook in a compound file; its sheets are parsed once, so that they are proved sound."""
    with _damage_refused(file):
        stream = compound.read(next(name for name in STREAMS if name in compound.entries))
        try:
            book = read_workbook(stream)
        except EncryptedWorkbookError:
            stream, notices = opened_stream(compound.whole, stream), (*notices, OPENED)
            book = read_workbook(stream)
        cells = CellReader(strings=book.strings, codes=book.format_codes(), from_1904=book.from_1904)
        opened = [_sheet(file, stream, book, cells, bound, limits) for bound in book.sheets if bound.is_worksheet]
    return workbook_reader(file, "xls", limits, notices, opened)


def _sheet(file: str, stream: bytes, book: Workbook, cells: CellReader, bound: BoundSheet, limits: Limits) -> OpenSheet:
    return OpenSheet(
        sheet=Sheet(name=bound.name, visibility=bound.visibility),
        facts=_facts(stream, bound),
        parse=partial(_rows, file, stream, book, cells, bound, limits),
    )


def _facts(stream: bytes, bound: BoundSheet) -> SheetFacts:
    merged: list[Area] = []
    hidden_rows: list[int] = []
    hidden_columns: list[str] = []
    filtered = False
    for record in records(stream, bound.place):
        if record.kind == _ROW and struct.unpack_from("<H", record.data, 12)[0] & _HIDDEN_ROW:
            hidden_rows.append(struct.unpack_from("<H", record.data)[0] + 1)
        elif record.kind == _MERGED:
            (count,) = struct.unpack_from("<H", record.data)
            merged += [area_of(*struct.unpack_from("<4H", record.data, 2 + 8 * place)) for place in range(count)]
        elif record.kind == _COLUMN and _is_hidden_column(record.data):
            hidden_columns.append(columns_name(*struct.unpack_from("<2H", record.data)))
        filtered = filtered or record.kind == _FILTER
    return SheetFacts(
        merged=tuple(merged),
        hidden_rows=tuple(hidden_rows[:NAMED]),
        hidden_count=len(hidden_rows),
        hidden_columns=tuple(hidden_columns),
        filtered=filtered,
    )


def _is_hidden_column(data: bytes) -> bool:
    """Whether columns are marked as hidden, or made so narrow that nothing is left of them."""
    width, _, options = struct.unpack_from("<3H", data, 4)
    return width == 0 or bool(options & _HIDDEN_COLUMN)


def _rows(
    file: str, stream: bytes, book: Workbook, cells: CellReader, bound: BoundSheet, limits: Limits
) -> Iterator[Batch]:
    """The stored rows. Cells may come in any order, so all of the sheet's are held (it has at most 65,536 rows)."""
    taker = _Taker(book, cells)
    with _damage_refused(file):
        for record in records(stream, bound.place):
            taker.take(record)
            if not len(taker.found) % _GROUP:
                beat()
            if len(taker.found) > limits.cells:
                raise sheet_too_large(file, bound.name, limits)
        taker.finish()
        builder, last = RowBuilder(), 0
        for (row, column), shown in sorted(taker.found.items(), key=lambda item: item[0]):
            if row != last:
                yield from raw_batches(builder.taken(_GROUP))
                builder.begin(row)
                last = row
            builder.add(column, shown)
        builder.finish()
        yield from raw_batches(builder.taken())


@dataclass(slots=True)
class _Taker:
    """The cells found so far, by row number and column; a formula's text result comes in a record of its own."""

    book: Workbook
    cells: CellReader
    found: dict[tuple[int, int], Shown] = field(default_factory=dict)
    _awaited: bytes = b""

    def take(self, record: Record) -> None:
        match record.kind:
            case k if k == _SHARED:
                self._put(record.data, "s", str(struct.unpack_from("<I", record.data, 6)[0]))
            case k if k in (_LABEL, _RICH_LABEL):
                self._put_text(record.data, self.book.text(record, 6))
            case k if k == _NUMBER:
                self._put(record.data, "n", number_text(struct.unpack_from("<d", record.data, 6)[0]))
            case k if k == _PACKED:
                self._put(record.data, "n", number_text(rk_number(struct.unpack_from("<I", record.data, 6)[0])))
            case k if k == _MANY_PACKED:
                self._many(record.data)
            case k if k == _TRUTH:
                self._truth_or_error(record.data, record.data[7] == 1, record.data[6])
            case k if k == _FORMULA:
                self._formula(record.data)
            case k if k == _STRING and self._awaited:
                self._put_text(self._awaited, self.book.text(record, 0))
                self._awaited = b""
            case _:
                pass

    def _put(self, data: bytes, kind: str, value: str) -> None:
        (style,) = struct.unpack_from("<H", data, 4)
        self._found(_place(data), self.cells.show(kind, str(style), value))

    def _put_text(self, data: bytes, text: str) -> None:
        (style,) = struct.unpack_from("<H", data, 4)
        self._found(_place(data), self.cells.show_text(str(style), text))

    def finish(self) -> None:
        """What is awaited will not come any more."""
        if self._awaited:
            self._found(_place(self._awaited), _NO_RESULT)
        self._awaited = b""

    def _many(self, data: bytes) -> None:
        row, first = struct.unpack_from("<2H", data)
        for place in range((len(data) - 6) // 6):
            style, packed = struct.unpack_from("<HI", data, 4 + 6 * place)
            shown = self.cells.show("n", str(style), number_text(rk_number(packed)))
            self._found((row + 1, first + place), shown)

    def _truth_or_error(self, data: bytes, is_error: bool, value: int) -> None:
        if is_error:
            self._put(data, "e", error_text(value))
        else:
            self._put(data, "b", "1" if value else "0")

    def _formula(self, data: bytes) -> None:
        """The last result: a number, or something else if its upper bytes are not those of a number."""
        self.finish()
        if self._is_unknown(data):
            self._found(_place(data), _NO_RESULT)
        elif data[12:14] != _RESULT_IS_NO_NUMBER:
            self._put(data, "n", number_text(struct.unpack_from("<d", data, 6)[0]))
        elif data[6] == _TEXT_RESULT:
            self._awaited = data
        elif data[6] in (_TRUTH_RESULT, _ERROR_RESULT):
            self._truth_or_error(data, data[6] == _ERROR_RESULT, data[8])

    def _is_unknown(self, data: bytes) -> bool:
        """Whether the result is the 0 or the empty text of a program that cannot calculate."""
        is_zero, is_empty = data[6:14] == bytes(8), data[12:14] == _RESULT_IS_NO_NUMBER and data[6] == _EMPTY_RESULT
        is_pending = bool(struct.unpack_from("<H", data, 14)[0] & _ALWAYS_CALCULATE)
        return (is_zero or is_empty) and (is_pending or (self.book.is_biff8 and not self.book.was_calculated))

    def _found(self, place: tuple[int, int], shown: Shown) -> None:
        if place in self.found:
            raise ValueError(f"cell {columns_name(place[1], place[1])}{place[0]} is there twice")
        self.found[place] = shown


def _place(data: bytes) -> tuple[int, int]:
    row, column = struct.unpack_from("<2H", data)
    return row + 1, column


@contextmanager
def _damage_refused(file: str) -> Iterator[None]:
    try:
        yield
    except OtherPasswordError as error:
        raise refusal(
            file, "encrypted_file", "the file is protected by a password. Save it without one and send it again."
        ) from error
    except _DAMAGE as error:
        raise _corrupt(file, error) from error


def _corrupt(file: str, reason: Exception) -> InputError:
    return refusal(
        file,
        "corrupt_file",
        "the workbook is damaged ({reason}). Open it in Excel, save it under a new name, and send that.",
        reason=reason,
    )
