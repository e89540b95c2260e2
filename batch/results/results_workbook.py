"""The results workbook: Results, Errors, Warnings, Changes and Summary, filled while the rows come in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch.model import sentence
from batch.results.disk import disk_errors
from batch.results.extras import extra_cell, extra_column
from batch.results.faults import Positions, marked, told, with_ours
from batch.results.headings import OWN_COLUMNS, WARNINGS, change_columns, error_columns, warning_columns
from batch.results.summary_page import STATUS_STYLES, WIDTHS, lay_out_summary
from batch.results.tally import Tally
from batch.results.xlsx.book import Book
from batch.results.xlsx.cells import Cell, Column
from batch.results.xlsx.style import LINKED_NUMBER, NUMBER, OURS_HEADER, PLAIN, THEIRS_HEADER, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from batch.model import Change, Notice, RowError, Sentence
    from batch.results.report import Heading, Report, ResultRow, Say
    from batch.results.xlsx.table import Place

SUMMARY = "Summary"
_ERRORS_COLUMN = OWN_COLUMNS.index("errors")
_REASON = Style(color="93370D")


class ResultsWorkbook:
    """A `ResultsWriter` of one workbook."""

    def __init__(self, path: Path, heading: Heading, say: Say) -> None:
        self._path = path
        self._heading = heading
        self._say = say
        self._tally = Tally()
        self._positions = Positions(heading.labels)
        self._ours = len(OWN_COLUMNS) + len(heading.extras)
        self._book = Book(say(sentence("Results for {file}", file=heading.input_name)))
        # Reasons would run over columns beside them that are empty, as these often are.
        beside_extras = bool(heading.extras)
        self._reason = replace(_REASON, wrap=beside_extras)
        self._results = self._book.table("Results", _result_columns(heading, say), frozen="C2", even=beside_extras)
        self._errors = self._book.table("Errors", _error_columns(heading, say), frozen="B2")
        self._warnings = self._book.table(WARNINGS, _warning_columns(heading, say), frozen="B2")
        self._changes = self._book.table("Changes", _change_columns(heading), frozen="B2")
        self._places: dict[int, Place] = {}
        self._last_row = 0
        self._findable = True

    def add(self, rows: Iterable[ResultRow], changes: Sequence[Change], warnings: Sequence[Notice] = ()) -> None:
        self._places = {}
        linked = {*(change.row for change in changes), *(warning.row for warning in warnings)}
        with disk_errors(self._path):
            for row in self._tally.counting(rows):
                place = self._add_row(row)
                if row.row in linked:
                    self._places[row.row] = place
            for change in changes:
                self._add_change(change)
            for warning in warnings:
                self._add_warning(warning)

    def save(self, report: Report) -> None:
        self._tally.check(report)
        with disk_errors(self._path):
            page = self._book.page(SUMMARY, WIDTHS)
            lay_out_summary(page, report, self._tally, tuple(self._remarks()), self._say)
            self._book.save(self._path, shown=SUMMARY)

    def close(self) -> None:
        self._book.close()

    def _add_row(self, row: ResultRow) -> Place:
        place = self._results.next_place()
        link = self._errors.next_place().link(0) if row.errors else ""
        self._results.append(
            (
                row.row,
                Cell(row.status.value, STATUS_STYLES[row.status]),
                row.requirement_group_id or "",
                Cell(told(row.errors, self._say), self._reason, link=link) if row.errors else "",
                *map(extra_cell, self._heading.extras, row.extras),
                *self._own(row),
            )
        )
        self._findable = self._findable and self._last_row < row.row
        self._last_row = row.row
        for error in row.errors:
            self._add_error(error, place, row)
        return place

    def _add_change(self, change: Change) -> None:
        reason = self._heading.reasons.get(change.code)
        self._changes.append(
            (
                self._linked(change.row, change.column, change.before),
                change.column,
                change.field,
                change.before,
                change.after,
                change.code,
                self._say(reason) if reason else "",
                *self._source(change.source),
            )
        )

    def _add_warning(self, warning: Notice) -> None:
        self._warnings.append(
            (
                self._linked(warning.row or 0, warning.column, warning.value),
                warning.column or "",
                warning.value,
                warning.code,
                self._say(warning.sentence),
                *self._source(warning.source),
            )
        )

    def _source(self, source: str) -> tuple[str, ...]:
        return (source,) if self._heading.shows_origin else ()

    def _own(self, row: ResultRow) -> Sequence[str | int | Cell]:
        """The input's cells, and where the row first came from if that is another file."""
        cells = marked(row, self._positions, self._say) if row.errors else row.cells
        if not self._heading.shows_origin:
            return cells
        return with_ours(cells, len(self._heading.labels), (row.origin.row, row.origin.source))

    def _add_error(self, error: RowError, place: Place, row: ResultRow) -> None:
        position = self._positions.of(error.column, error.value, row.cells)
        column = _ERRORS_COLUMN if position is None else self._ours + position
        self._errors.append(
            (
                Cell(error.row, LINKED_NUMBER, link=place.link(column)),
                error.column or "",
                error.value,
                error.code,
                self._say(error.sentence),
                *self._source(row.origin.source),
            )
        )

    def _linked(self, row: int, column: str | None, text: str) -> int | Cell:
        """The row number, leading to the cell with that text as long as every row has a number of its own."""
        place = self._places.get(row) if self._findable else None
        if place is None:
            return row
        position = self._positions.of(column, text)
        at = 0 if position is None else self._ours + position
        return Cell(row, LINKED_NUMBER, link=place.link(at))

    def _remarks(self) -> Iterator[Sentence]:
        """What was left out of the workbook so that it opens quickly."""
        if notes := self._results.notes_left_out:
            yield sentence(
                "{count:,} faulty cells are red but have no note, because so many would make the file slow to open. "
                "Their reasons are in the column errors and in the sheet Errors.",
                count=notes,
            )
        if links := sum(table.links_left_out for table in (self._results, self._errors, self._warnings, self._changes)):
            yield sentence(
                "{count:,} cells have no link, because so many would make the file slow to open.", count=links
            )


def _result_columns(heading: Heading, say: Say) -> list[Column]:
    notes = {
        "row": sentence("The row number in {file}.", file=heading.input_name),
        "errors": sentence("Why the row needs someone. Click a reason to see it in the sheet Errors."),
    }
    ours = [
        _ours("row", NUMBER, say(notes["row"]), widest=9),
        _ours("status", widest=18),
        _ours("requirement_group_id", widest=40),
        _ours("errors", _REASON, say(notes["errors"]), widest=60),
    ]
    theirs = [Column(header=header, header_style=THEIRS_HEADER) for header in heading.written_headers]
    origin = [_ours("flireo_row", NUMBER), _ours("flireo_source")] if heading.shows_origin else []
    return [*ours, *(extra_column(name, say) for name in heading.extras), *theirs, *origin]


def _error_columns(heading: Heading, say: Say) -> list[Column]:
    note = say(sentence("The row number in the input. Click it to see the cell in the sheet Results."))
    return [
        _ours("row", NUMBER, note, widest=9),
        *(_ours(name, widest=_widest(name)) for name in error_columns(heading)[1:]),
    ]


def _warning_columns(heading: Heading, say: Say) -> list[Column]:
    note = say(sentence("The row number in the input. Click it to see the cell in the sheet Results."))
    about = say(sentence("These rows are not held back by this. With --strict they would be."))
    names = warning_columns(heading)[1:]
    return [
        _ours("row", NUMBER, note, widest=9),
        *(_ours(name, note=about if name == "code" else "", widest=_widest(name)) for name in names),
    ]


def _widest(name: str) -> int:
    return 100 if name == "message" else 40


def _change_columns(heading: Heading) -> list[Column]:
    return [
        _ours("row", NUMBER, widest=9),
        *(_ours(name, widest=100 if name == "reason" else 40) for name in change_columns(heading)[1:]),
    ]


def _ours(header: str, style: Style = PLAIN, note: str = "", widest: int = 40) -> Column:
    return Column(header=header, header_style=OURS_HEADER, style=style, note=note, widest=widest)
