"""A table on its way into a workbook: rows in, sheet XML out, in memory that does not grow with the rows."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from openpyxl.utils import get_column_letter

from batch.results.width import check_width
from batch.results.xlsx.cell_xml import attribute, number_cell, text_cell
from batch.results.xlsx.cells import Cell, Column
from batch.results.xlsx.notes import comment, note_text, shape
from batch.results.xlsx.spool import Spool
from batch.results.xlsx.style import PLAIN, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


SHEET_ROWS = 1_048_576
# More than these, and LibreOffice takes minutes to open what it otherwise opens in seconds. Colours and reasons stay.
SHEET_LINKS = 5_000
TABLE_NOTES = 3_000
_ROWS_MEASURED = 500
_LINE_POINTS = 15
_MOST_LINES = 6


class Place(NamedTuple):
    """A row of a sheet, from 1."""

    sheet: str
    row: int

    def link(self, column: int) -> str:
        """The cell at `column`, from 0, as the target of a link."""
        return f"'{self.sheet}'!{get_column_letter(column + 1)}{self.row}"


@dataclass(slots=True, kw_only=True)
class Part:
    """One sheet of a table; a table longer than a sheet has several. `rows` counts the header."""

    title: str
    widths: list[int]
    rows: int = 1
    link_count: int = 0
    note_count: int = 0
    cells: Spool = field(default_factory=Spool)
    links: Spool = field(default_factory=Spool)
    comments: Spool = field(default_factory=Spool)
    shapes: Spool = field(default_factory=Spool)

    def close(self) -> None:
        for spool in (self.cells, self.links, self.comments, self.shapes):
            spool.close()

    def add_note(self, reference: str, row: int, column: int, text: str) -> None:
        self.comments.write(comment(reference, text))
        self.shapes.write(shape(self.note_count, row - 1, column, text))
        self.note_count += 1


class Table:
    """Rows of `str`, `int` or `Cell`; text is always written as text. To be closed, as it may hold files.

    `style_id` gives the workbook's number for a style. `even`: rows keep their height, so that of wrapped text only the
    beginning is seen, whatever stands to its right. A cell beyond the last column gets a column without a header.
    """

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        style_id: Callable[[Style], int],
        *,
        frozen: str,
        even: bool = False,
        sheet_rows: int = SHEET_ROWS,
    ) -> None:
        check_width(len(columns))
        self.title = title
        self.frozen = frozen
        self.columns = list(columns)
        self.parts: list[Part] = []
        self.notes_left_out = 0
        self.links_left_out = 0
        self._style_id = style_id
        self._even = even
        self._sheet_rows = sheet_rows
        self._notes_left = TABLE_NOTES
        self._styles = [style_id(column.style) for column in columns]
        self._letters = [get_column_letter(position + 1) for position in range(len(columns))]
        self._open_part()

    def next_place(self) -> Place:
        """Where the next row will stand."""
        if self.parts[-1].rows >= self._sheet_rows:
            self._open_part()
        return Place(self.parts[-1].title, self.parts[-1].rows + 1)

    def append(self, cells: Sequence[str | int | Cell]) -> None:
        row = self.next_place().row
        self._grow(len(cells))
        part = self.parts[-1]
        if row <= _ROWS_MEASURED:
            for column, value in enumerate(cells):
                part.widths[column] = max(part.widths[column], _width(value))
        part.rows = row
        written = self._cells(part, row, cells)
        part.cells.write(f'<row r="{row}"{_height(written, even=self._even)}>{"".join(written)}</row>')

    def close(self) -> None:
        for part in self.parts:
            part.close()

    def _cells(self, part: Part, row: int, cells: Sequence[str | int | Cell]) -> list[str]:
        """The XML of one row. An empty cell that looks like its column is left to the column."""
        written = []
        for column, (value, letter, style) in enumerate(zip(cells, self._letters, self._styles, strict=False)):
            if type(value) is str:
                if value:
                    shown = self._wrapped(self.columns[column].style) if "\n" in value else style
                    written.append(text_cell(f"{letter}{row}", shown, value))
            elif isinstance(value, Cell):
                written.append(self._special(part, row, column, value))
            else:
                written.append(number_cell(f"{letter}{row}", style, int(value)))
        return written

    def _special(self, part: Part, row: int, column: int, cell: Cell) -> str:
        reference = f"{self._letters[column]}{row}"
        linked = not cell.link or self._link(part, reference, cell.link)
        style = cell.style if linked else self.columns[column].style
        if cell.note:
            self._note(part, reference, row, column, note_text(cell.note))
        if isinstance(cell.value, int):
            return number_cell(reference, self._style_id(style), cell.value)
        return text_cell(reference, self._wrapped(style) if "\n" in cell.value else self._style_id(style), cell.value)

    def _wrapped(self, style: Style) -> int:
        """The same style for text of several lines, which Excel would otherwise run together."""
        return self._style_id(replace(style, wrap=True))

    def _link(self, part: Part, reference: str, target: str) -> bool:
        """Whether there was room for the link. A cell without one does not look as if it had one."""
        if part.link_count == SHEET_LINKS:
            self.links_left_out += 1
            return False
        part.link_count += 1
        part.links.write(f'<hyperlink ref="{reference}" location="{attribute(target)}"/>')
        return True

    def _note(self, part: Part, reference: str, row: int, column: int, text: str) -> None:
        if self._notes_left == 0:
            self.notes_left_out += 1
            return
        self._notes_left -= 1
        part.add_note(reference, row, column, text)

    def _open_part(self) -> None:
        number = len(self.parts) + 1
        title = self.title if number == 1 else f"{self.title} ({number})"
        part = Part(title=title, widths=[0] * len(self.columns))
        for position, (column, letter) in enumerate(zip(self.columns, self._letters, strict=True)):
            if column.note:
                part.add_note(f"{letter}1", 1, position, column.note)
        self.parts.append(part)

    def _grow(self, width: int) -> None:
        check_width(width)
        for position in range(len(self.columns), width):
            self.columns.append(Column(header="", header_style=self.columns[-1].header_style))
            self._styles.append(self._style_id(PLAIN))
            self._letters.append(get_column_letter(position + 1))
            for part in self.parts:
                part.widths.append(0)


def _height(written: Iterable[str], *, even: bool) -> str:
    """Room for the lines of the longest cell, up to a few; no program makes it by itself when a file is opened."""
    lines = 1 + max((cell.count("\n") for cell in written), default=0)
    return f' ht="{min(lines, _MOST_LINES) * _LINE_POINTS}" customHeight="1"' if lines > 1 or even else ""


def _width(value: str | int | Cell) -> int:
    """How many narrow characters wide `value` shows; of a long text only that it is long."""
    text = max(str(value.value if isinstance(value, Cell) else value)[:100].split("\n"), key=len)
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
