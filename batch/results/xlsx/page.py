"""A sheet that is laid out cell by cell, for people to read: the summary, the instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from batch.cut_marker import fit
from batch.results.xlsx.cell_xml import xstring
from batch.results.xlsx.chart import add_bars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell import Cell
    from openpyxl.styles.styleable import StyleableObject
    from openpyxl.worksheet.worksheet import Worksheet

    from batch.results.xlsx.style import Style

_CHART_COLUMN = "E"
_POINTS = 11  # the size of ordinary text
_LINE_POINTS = 15.5
_EMPTY_ROW_POINTS = 15.0
_POINTS_PER_CM = 28.35


def dress(target: StyleableObject, style: Style) -> None:
    """Give a cell or a column its style."""
    target.font = Font(
        name="Calibri",
        sz=style.size,
        b=style.bold,
        i=style.italic,
        u="single" if style.underline else None,
        color=style.color,
    )
    if style.fill:
        target.fill = PatternFill("solid", fgColor=style.fill)
    if style.border:
        side = Side(style="thin", color=style.border)
        target.border = Border(left=side, right=side, top=side, bottom=side)
    target.alignment = Alignment(
        horizontal=style.align or None, vertical="top", wrap_text=style.wrap or None, indent=style.indent
    )
    target.number_format = style.number_format


def put(sheet: Worksheet, row: int, column: int, value: str | float, style: Style) -> Cell:
    """Write into the cell at `row` and `column`, from 1; text stays text whatever it looks like."""
    cell = cast("Cell", sheet.cell(row, column))  # a MergedCell only inside an area that is already merged
    dress(cell, style)
    if isinstance(value, str):
        cell.value = xstring(fit(value))
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


def print_on_paper(sheet: Worksheet) -> None:
    """As wide as one sheet of paper, lying down; as many as it takes."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5, header=0.3, footer=0.3)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


class Page:
    """One such sheet; rows and columns count from 1."""

    def __init__(self, sheet: Worksheet, widths: tuple[float, ...]) -> None:
        self.sheet = sheet
        self.row = 1
        sheet.sheet_view.showGridLines = False
        print_on_paper(sheet)
        for position, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(position)].width = width
        self._widths = widths

    def line(self, *values: str | float, style: Style, styles: tuple[Style, ...] = ()) -> int:
        """Write one row of cells and go to the next; `styles` overrules `style` from the left. Gives the row."""
        for position, value in enumerate(values):
            chosen = styles[position] if position < len(styles) else style
            put(self.sheet, self.row, position + 1, value, chosen)
        self._set_height(max(map(self._lines, values, self._widths)) * style.size / _POINTS)
        self.row += 1
        return self.row - 1

    def wide(self, text: str, style: Style) -> None:
        """Write text across all columns, as high as it needs."""
        row, last = self.row, len(self._widths)
        for column in range(1, last + 1):
            dress(self.sheet.cell(row, column), style)
        put(self.sheet, row, 1, text, style)
        self.sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
        self._set_height(self._lines(text, sum(self._widths)) * style.size / _POINTS)
        self.row += 1

    def pair(self, name: str, value: str, name_style: Style, value_style: Style) -> None:
        """Write a name in the first column and its value across the second and third."""
        self.sheet.merge_cells(start_row=self.row, start_column=2, end_row=self.row, end_column=3)
        put(self.sheet, self.row, 1, name, name_style)
        put(self.sheet, self.row, 2, value, value_style)
        self._set_height(max(self._lines(name, self._widths[0]), self._lines(value, sum(self._widths[1:3]))))
        self.row += 1

    def bars(self, row: int, title: str, bars: range, colors: Sequence[str], most: int) -> int:
        """Draw the names and numbers of the first two columns beside them, from `row`; gives the first row below.

        `bars` are the rows to draw, `colors` are for each of them, `most` is the largest number.
        """
        centimetres = add_bars(self.sheet, f"{_CHART_COLUMN}{row}", title, bars, colors, most)
        return self._row_below(row, centimetres * _POINTS_PER_CM + _LINE_POINTS)

    def _row_below(self, row: int, points: float) -> int:
        while points > 0:
            points -= self.sheet.row_dimensions[row].height or _EMPTY_ROW_POINTS
            row += 1
        return row

    def skip(self) -> None:
        self.row += 1

    def link(self, row: int, column: int, target: str) -> None:
        """Make a written cell lead to a place in this workbook."""
        cell = self.sheet.cell(row, column)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)

    def _lines(self, value: str | float, width: float) -> int:
        return sum(1 + int(len(line) / width) for line in str(value).split("\n"))

    def _set_height(self, lines: float) -> None:
        """Excel does not make merged cells higher by itself, nor any when a file is only looked at."""
        self.sheet.row_dimensions[self.row].height = max(1, lines) * _LINE_POINTS + 2
