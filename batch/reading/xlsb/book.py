"""Binary workbooks (XLSB), read from their records."""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from batch.model import Notice
from batch.reading.batches import Batch
from batch.reading.options import Limits
from batch.reading.survey import Sheet
from batch.reading.workbook.archive import Archive
from batch.reading.workbook.cells import CellReader
from batch.reading.workbook.facts import NAMED, SheetFacts
from batch.reading.workbook.numerals import Shown
from batch.reading.workbook.opened import OpenSheet, WorkbookReader, workbook_reader
from batch.reading.workbook.places import Area, area_of, columns_name
from batch.reading.workbook.rawrows import raw_batches
from batch.reading.workbook.rowbuilder import DisorderError, RowBuilder
from batch.reading.workbook.storedcells import error_text, number_text, rk_number
from batch.reading.xlsb import biff12
from batch.reading.xlsx.package import Relation, only_part, relations

_ROW, _COLUMN, _MERGED, _FILTER = 0, 60, 176, 162
_PACKED, _SHARED, _RICH = 2, 7, 62
_TEXTS, _BOOLEANS, _ERRORS = (6, 8, _RICH), (4, 10), (3, 11)
_BLANK = 1
_CELLS = frozenset((_BLANK, _PACKED, 5, 9, _SHARED, *_TEXTS, *_BOOLEANS, *_ERRORS))
_SHORT = range(12, 19)  # cells right after the one before, written without their column; some programs write these
_LONGER_BY = 11
_NOTHING = Shown("")
_FIRST, _FLOAT = struct.Struct("<I"), struct.Struct("<d")
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 1
_GROUP = 2_000
_DAMAGE = (struct.error, EOFError, IndexError, DisorderError)


def open_xlsb(archive: Archive, main: str, limits: Limits, notices: tuple[Notice, ...]) -> WorkbookReader:
    """The reader of the workbook whose main part is `main`; every part that it needs is proved sound."""
    folder, name = posixpath.split(main)
    known = relations(archive, folder, f"{folder}/_rels/{name}.rels".lstrip("/"))
    strings, styles = (only_part(archive, known, kind) for kind in ("sharedStrings", "styles"))
    with _damage_refused(archive, main):
        listed, from_1904 = biff12.workbook_sheets(archive.blocks(main))
    with _damage_refused(archive, strings or styles or main):
        cells = CellReader(
            strings=biff12.shared_strings(archive.blocks(strings)) if strings else [],
            codes=biff12.format_codes(archive.blocks(styles)) if styles else (),
            from_1904=from_1904,
        )
    opened = [_sheet(archive, entry, known, cells) for entry in listed if _is_worksheet(archive, entry, known)]
    return workbook_reader(archive.file.name, "xlsb", limits, notices, opened)


def _is_worksheet(archive: Archive, entry: biff12.SheetEntry, known: dict[str, Relation]) -> bool:
    relation = known.get(entry.relation)
    if relation is None or relation.part not in archive.parts:
        raise archive.corrupt(entry.name or "sheet", "the sheet is listed, but is not in the file")
    return relation.kind == "worksheet"


def _sheet(archive: Archive, entry: biff12.SheetEntry, known: dict[str, Relation], cells: CellReader) -> OpenSheet:
    part = known[entry.relation].part
    return OpenSheet(
        sheet=Sheet(name=entry.name, visibility=entry.visibility),
        facts=_facts(archive, part),
        parse=partial(_rows, archive, part, cells),
    )


def _facts(archive: Archive, part: str) -> SheetFacts:
    merged: list[Area] = []
    hidden_rows: list[int] = []
    hidden_columns: list[str] = []
    filtered = False
    with _damage_refused(archive, part):
        for kind, data in biff12.records(archive.blocks(part)):
            if kind == _ROW and data[11] & _HIDDEN_ROW:
                hidden_rows.append(struct.unpack_from("<I", data)[0] + 1)
            elif kind == _MERGED:
                merged.append(area_of(*struct.unpack_from("<4I", data)))
            elif kind == _COLUMN and _is_hidden_column(data):
                hidden_columns.append(columns_name(*struct.unpack_from("<2I", data)))
            filtered = filtered or kind == _FILTER
    return SheetFacts(
        merged=tuple(merged),
        hidden_rows=tuple(hidden_rows[:NAMED]),
        hidden_count=len(hidden_rows),
        hidden_columns=tuple(hidden_columns),
        filtered=filtered,
    )


def _is_hidden_column(data: bytes) -> bool:
    """Whether columns are marked as hidden, or made so narrow that nothing is left of them."""
    width, _, options = struct.unpack_from("<2IH", data, 8)
    return width == 0 or bool(options & _HIDDEN_COLUMN)


def _rows(archive: Archive, part: str, cells: CellReader) -> Iterator[Batch]:
    """The stored rows. Records come by the million, so that this is one loop with little in it."""
    builder, column = RowBuilder(), -1
    with _damage_refused(archive, part):
        for kind, data in biff12.records(archive.blocks(part)):
            if kind == _ROW:
                yield from raw_batches(builder.taken(_GROUP))
                builder.begin(_FIRST.unpack_from(data)[0] + 1)
                column = -1
            elif kind in _CELLS:
                (column,) = _FIRST.unpack_from(data)
                builder.add(column, _shown(kind, data, cells))
            elif kind in _SHORT:
                column += 1
                builder.add(column, _shown(kind - _LONGER_BY, _FIRST.pack(column) + data, cells))
        builder.finish()
        yield from raw_batches(builder.taken())


def _shown(kind: int, data: bytes, cells: CellReader) -> Shown:
    """A cell: its column (4 bytes), its style (3), a flag, then the value; formulas with their last result."""
    if kind == _BLANK:
        return _NOTHING
    style = str(int.from_bytes(data[4:7], "little"))
    if kind == _SHARED:
        return cells.show("s", style, str(_FIRST.unpack_from(data, 8)[0]))
    if kind in _TEXTS:
        return cells.show_text(style, biff12.wide_text(data, 9 if kind == _RICH else 8)[0])
    if kind in _BOOLEANS:
        return cells.show("b", style, "1" if data[8] else "0")
    if kind in _ERRORS:
        return cells.show("e", style, error_text(data[8]))
    number = rk_number(_FIRST.unpack_from(data, 8)[0]) if kind == _PACKED else _FLOAT.unpack_from(data, 8)[0]
    return cells.show("n", style, number_text(number))


@contextmanager
def _damage_refused(archive: Archive, part: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise archive.corrupt(part, error) from error
