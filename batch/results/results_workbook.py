"""The results workbook: Results, Errors, Changes and Summary, in one pass over the rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from batch.model import sentence
from batch.results.faults import Positions, marked, told, with_ours
from batch.results.headings import CHANGE_COLUMNS, ERROR_COLUMNS, OWN_COLUMNS
from batch.results.summary_page import STATUS_STYLES, WIDTHS, lay_out_summary
from batch.results.tally import Tally
from batch.results.xlsx.book import Book
from batch.results.xlsx.style import LINKED_NUMBER, NUMBER, OURS_HEADER, PLAIN, THEIRS_HEADER, Style
from batch.results.xlsx.table import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from batch.model import Change, RowError, Sentence
    from batch.results.report import Report, ResultRow, Say
    from batch.results.xlsx.table import Place

SUMMARY = "Summary"
_ERRORS_COLUMN = OWN_COLUMNS.index("errors")
_REASON = Style(color="93370D")


def write_results_workbook(
    path: Path, report: Report, rows: Iterable[ResultRow], changes: Iterable[Change], say: Say
) -> None:
    """Write the workbook; both streams are read once. Raises OutputError if the rows are not those of the report."""
    with Book(say(sentence("Results for {file}", file=report.input_name))) as book:
        workbook = _ResultsWorkbook(book, report, say)
        for row in workbook.tally.counting(rows):
            workbook.add_row(row)
        workbook.tally.check(report)
        for change in changes:
            workbook.add_change(change)
        workbook.save(path)


class _ResultsWorkbook:
    """The sheets while they are filled. `_rows` are the row numbers, to find a row again."""

    def __init__(self, book: Book, report: Report, say: Say) -> None:
        self.tally = Tally()
        self._report = report
        self._say = say
        self._positions = Positions(report.labels)
        self._book = book
        self._results = self._book.table("Results", _result_columns(report, say), frozen="C2")
        self._errors = self._book.table("Errors", _error_columns(say), frozen="B2")
        self._changes = self._book.table("Changes", _change_columns(), frozen="B2")
        self._rows = array("Q")
        self._findable = True

    def add_row(self, row: ResultRow) -> None:
        place = self._results.next_place()
        link = self._errors.next_place().link(0) if row.errors else ""
        self._results.append(
            (
                row.row,
                Cell(row.status.value, STATUS_STYLES[row.status]),
                row.requirement_group_id or "",
                Cell(told(row.errors, self._say), _REASON, link=link) if row.errors else "",
                *self._own(row),
            )
        )
        self._findable = self._findable and (not self._rows or self._rows[-1] < row.row)
        self._rows.append(row.row)
        for error in row.errors:
            self._add_error(error, place, row.cells)

    def add_change(self, change: Change) -> None:
        reason = self._report.reasons.get(change.code)
        self._changes.append(
            (
                self._linked(change),
                change.column,
                change.field,
                change.before,
                change.after,
                change.code,
                self._say(reason) if reason else "",
            )
        )

    def save(self, path: Path) -> None:
        page = self._book.page(SUMMARY, WIDTHS)
        lay_out_summary(page, self._report, self.tally, tuple(self._remarks()), self._say)
        self._book.save(path, shown=SUMMARY)

    def _own(self, row: ResultRow) -> Sequence[str | int | Cell]:
        """The input's cells, and where the row first came from if that is another file."""
        cells = marked(row, self._positions, self._say) if row.errors else row.cells
        if not self._report.from_failed_file:
            return cells
        return with_ours(cells, len(self._report.labels), (row.origin.row, row.origin.source))

    def _add_error(self, error: RowError, place: Place, cells: Sequence[str]) -> None:
        position = self._positions.of(error.column, error.value, cells)
        column = _ERRORS_COLUMN if position is None else len(OWN_COLUMNS) + position
        self._errors.append(
            (
                Cell(error.row, LINKED_NUMBER, link=place.link(column)),
                error.column or "",
                error.value,
                error.code,
                self._say(error.sentence),
            )
        )

    def _linked(self, change: Change) -> int | Cell:
        """The row number, leading to the changed cell if exactly one row of the results has it."""
        index = bisect_left(self._rows, change.row)
        position = self._positions.of(change.column, change.before)
        found = self._findable and index < len(self._rows) and self._rows[index] == change.row
        if not found or position is None:
            return change.row
        return Cell(change.row, LINKED_NUMBER, link=self._results.place(index).link(len(OWN_COLUMNS) + position))

    def _remarks(self) -> Iterator[Sentence]:
        """What was left out of the workbook so that it opens quickly."""
        if notes := self._results.notes_left_out:
            yield sentence(
                "{count:,} faulty cells are red but have no note, because so many would make the file slow to open. "
                "Their reasons are in the column errors and in the sheet Errors.",
                count=notes,
            )
        if links := self._results.links_left_out + self._errors.links_left_out + self._changes.links_left_out:
            yield sentence(
                "{count:,} cells have no link, because so many would make the file slow to open.", count=links
            )


def _result_columns(report: Report, say: Say) -> list[Column]:
    notes = {
        "row": sentence("The row number in {file}.", file=report.input_name),
        "errors": sentence("Why the row needs someone. Click a reason to see it in the sheet Errors."),
    }
    ours = [
        _ours("row", NUMBER, say(notes["row"]), widest=9),
        _ours("status", widest=18),
        _ours("requirement_group_id", widest=40),
        _ours("errors", _REASON, say(notes["errors"]), widest=60),
    ]
    theirs = [Column(header=header, header_style=THEIRS_HEADER) for header in report.written_headers]
    origin = [_ours("flireo_row", NUMBER), _ours("flireo_source")] if report.from_failed_file else []
    return [*ours, *theirs, *origin]


def _error_columns(say: Say) -> list[Column]:
    note = say(sentence("The row number in the input. Click it to see the cell in the sheet Results."))
    return [
        _ours("row", NUMBER, note, widest=9),
        *(_ours(name, widest=100 if name == "message" else 40) for name in ERROR_COLUMNS[1:]),
    ]


def _change_columns() -> list[Column]:
    return [
        _ours("row", NUMBER, widest=9),
        *(_ours(name, widest=100 if name == "reason" else 40) for name in CHANGE_COLUMNS[1:]),
    ]


def _ours(header: str, style: Style = PLAIN, note: str = "", widest: int = 40) -> Column:
    return Column(header=header, header_style=OURS_HEADER, style=style, note=note, widest=widest)
