"""XLSX and XLSM workbooks, transitional and strict, read from their XML."""

from __future__ import annotations

from functools import partial
from typing import Literal

from batch.model import Notice
from batch.reading.options import Limits
from batch.reading.survey import Sheet
from batch.reading.workbook.archive import Archive
from batch.reading.workbook.cells import CellReader
from batch.reading.workbook.opened import OpenSheet, WorkbookReader, workbook_reader
from batch.reading.xlsx.package import workbook
from batch.reading.xlsx.sheetfacts import sheet_facts
from batch.reading.xlsx.sheetrows import sheet_rows
from batch.reading.xlsx.strings import shared_strings
from batch.reading.xlsx.styles import format_codes


def open_xlsx(
    archive: Archive, main: str, form: Literal["xlsx", "xlsm"], limits: Limits, notices: tuple[Notice, ...]
) -> WorkbookReader:
    """The reader of the workbook whose main part is `main`; every part that it needs is proved sound."""
    book = workbook(archive, main)
    cells = CellReader(
        strings=shared_strings(archive, book.strings),
        codes=format_codes(archive, book.styles),
        from_1904=book.from_1904,
        recalculates=book.recalculates,
    )
    opened = [
        OpenSheet(
            sheet=Sheet(name=sheet.name, visibility=sheet.visibility),
            facts=sheet_facts(archive, sheet.part),
            parse=partial(sheet_rows, archive, sheet.part, cells),
        )
        for sheet in book.sheets
    ]
    return workbook_reader(archive.file.name, form, limits, notices, opened)
