"""A workbook of tables and pages: openpyxl makes everything but the rows, and the rows are spliced in.

So styles, filters, drop-downs, charts and packaging are openpyxl's, while what grows with the input is streamed.
"""

from __future__ import annotations

import io
import textwrap
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from openpyxl import Workbook
from openpyxl.cell import Cell as OpenpyxlCell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from batch.results.xlsx.cells import Column
from batch.results.xlsx.choices import Lists
from batch.results.xlsx.page import Page, dress, print_on_paper, put
from batch.results.xlsx.splice import save_spliced
from batch.results.xlsx.table import SHEET_ROWS, Part, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from batch.results.xlsx.style import Style

_HEADER_LINE_POINTS = 15.0
_MOST_HEADER_LINES = 6
_ONE_LINE_HEADER = 20
_PADDING = 3  # the filter button of a header covers the end of its text


class Book:
    """Sheets in the order in which they are asked for; the file is made by `save`, once. A context manager."""

    def __init__(self, title: str, sheet_rows: int = SHEET_ROWS) -> None:
        self._workbook = Workbook()
        self._workbook.remove(self._workbook.worksheets[0])
        self._workbook.properties.creator = "flireo-batch"
        self._workbook.properties.title = title
        self._sheet_rows = sheet_rows
        self._sheets: list[Table | Page] = []
        self._style_ids: dict[Style, int] = {}
        self._wardrobe = Worksheet(self._workbook)  # styles are numbered by a cell that wears them

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for table in self._tables():
            table.close()

    def table(self, title: str, columns: Sequence[Column], *, frozen: str, even: bool = False) -> Table:
        """A sheet of rows; `frozen` is the first cell that scrolls, `even` is as for `Table`."""
        table = Table(title, columns, self._style_id, frozen=frozen, even=even, sheet_rows=self._sheet_rows)
        self._sheets.append(table)
        return table

    def page(self, title: str, widths: tuple[float, ...]) -> Page:
        """A sheet to be laid out; widths in characters."""
        page = Page(self._workbook.create_sheet(title), widths)
        self._sheets.append(page)
        return page

    def save(self, path: Path, *, shown: str) -> None:
        """Write the file; `shown` is the sheet that is seen first when it is opened."""
        lists = Lists(self._workbook)
        parts: dict[int, Part] = {}
        for table in self._tables():
            first = self._number_after(table)
            for number, part in enumerate(table.parts, first):
                parts[number] = part
                self._add_sheet(number, table, part, lists)
        self._show(shown)
        saved = io.BytesIO()
        self._workbook.save(saved)
        with zipfile.ZipFile(saved) as skeleton:
            save_spliced(path, skeleton, parts)

    def _tables(self) -> list[Table]:
        return [sheet for sheet in self._sheets if isinstance(sheet, Table)]

    def _number_after(self, table: Table) -> int:
        """The number, from 1, of a table's first sheet: after all that come before it."""
        before = self._sheets[: self._sheets.index(table)]
        return 1 + sum(len(sheet.parts) if isinstance(sheet, Table) else 1 for sheet in before)

    def _add_sheet(self, number: int, table: Table, part: Part, lists: Lists) -> None:
        """The sheet of one part: everything but its rows and notes."""
        sheet = self._workbook.create_sheet(part.title, number - 1)
        lines = 1
        for position, (column, width) in enumerate(zip(table.columns, part.widths, strict=True), 1):
            put(sheet, 1, position, column.header, replace(column.header_style, align=column.style.align))
            letter = get_column_letter(position)
            dress(sheet.column_dimensions[letter], column.style)
            sheet.column_dimensions[letter].width = shown = _width(column, width)
            lines = max(lines, len(textwrap.wrap(column.header, shown - _PADDING)))
            if column.choices:
                lists.offer(sheet, letter, column.choices)
        sheet.row_dimensions[1].height = min(lines, _MOST_HEADER_LINES) * _HEADER_LINE_POINTS + 2
        if part.note_count:
            sheet["A1"].comment = Comment("", "")  # makes room in the package for the real ones
        sheet.freeze_panes = table.frozen
        area = f"A1:{get_column_letter(len(table.columns))}{part.rows}"
        sheet.auto_filter.ref = area
        sheet.print_area = area  # a very long text would run on to the right and shrink the page to fit
        sheet.print_title_rows = "1:1"
        print_on_paper(sheet)

    def _show(self, title: str) -> None:
        for sheet in self._workbook.worksheets:
            sheet.sheet_view.tabSelected = sheet.title == title
        self._workbook.active = self._workbook[title]

    def _style_id(self, style: Style) -> int:
        found = self._style_ids.get(style)
        if found is None:
            cell = OpenpyxlCell(self._wardrobe, 1, 1)
            dress(cell, style)
            found = self._style_ids[style] = cell.style_id
        return found


def _width(column: Column, widest_cell: int) -> int:
    """Characters: enough for the widest cell that was measured and for the header, a long one on several lines."""
    header = min(len(column.header), _ONE_LINE_HEADER) + _PADDING
    return max(column.narrowest, header, min(column.widest, widest_cell + 2))
