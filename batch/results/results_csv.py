"""The results as CSV, for programs: the sheets of the workbook as files that stand beside one another."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from batch.errors import OutputError
from batch.model import Status
from batch.results.delimited import csv_file
from batch.results.disk import disk_errors
from batch.results.faults import told, with_ours
from batch.results.headings import (
    ORIGIN_COLUMNS,
    OWN_COLUMNS,
    SUMMARY_COLUMNS,
    change_columns,
    error_columns,
    warning_columns,
)
from batch.results.names import beside
from batch.results.summary import advice, figures, headline
from batch.results.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from batch.model import Change, Notice, RowError
    from batch.results.delimited import Append
    from batch.results.report import Heading, Report, ResultRow, Say


class ResultsCsv:
    """A `ResultsWriter` of the file at `path` and its errors, warnings, changes and summary."""

    def __init__(self, path: Path, heading: Heading, say: Say) -> None:
        self._path = path
        self._heading = heading
        self._say = say
        self._tally = Tally()
        self._files = ExitStack()
        origin = ORIGIN_COLUMNS if heading.shows_origin else ()
        try:
            with disk_errors(path):
                self._append = self._open(path, (*OWN_COLUMNS, *heading.extras, *heading.written_headers, *origin))
                self._append_error = self._open(beside(path, "errors"), error_columns(heading))
                self._append_warning = self._open(beside(path, "warnings"), warning_columns(heading))
                self._append_change = self._open(beside(path, "changes"), change_columns(heading))
        except OutputError:
            self.close()  # of those that could be opened: nobody else can
            raise

    def add(self, rows: Iterable[ResultRow], changes: Sequence[Change], warnings: Sequence[Notice] = ()) -> None:
        with disk_errors(self._path):
            for row in self._tally.counting(rows):
                self._add_row(row)
            for change in changes:
                self._add_change(change)
            for odd in warnings:
                self._add_warning(odd)

    def save(self, report: Report) -> None:
        self._tally.check(report)
        with disk_errors(self._path):
            append_line = self._open(beside(self._path, "summary"), SUMMARY_COLUMNS)
            for line in _summary(report, self._tally, self._say):
                append_line(line)
            self._files.close()

    def close(self) -> None:
        with suppress(OSError):  # of a file that nobody wants any more
            self._files.close()

    def _open(self, path: Path, header: Iterable[str]) -> Append:
        return self._files.enter_context(csv_file(path, header))

    def _add_row(self, row: ResultRow) -> None:
        reasons = told(row.errors, self._say)
        own = (row.row, row.status.value, row.requirement_group_id or "", reasons)
        self._append((*own, *row.extras, *self._own(row)))
        for error in row.errors:
            self._append_error((*_error(error, self._say), *self._source(row.origin.source)))

    def _own(self, row: ResultRow) -> Iterable[str | int]:
        if not self._heading.shows_origin:
            return row.cells
        return with_ours(row.cells, len(self._heading.labels), (row.origin.row, row.origin.source))

    def _add_change(self, change: Change) -> None:
        reason = self._heading.reasons.get(change.code)
        text = self._say(reason) if reason else ""
        values = (change.row, change.column, change.field, change.before, change.after, change.code, text)
        self._append_change((*values, *self._source(change.source)))

    def _add_warning(self, odd: Notice) -> None:
        values = (odd.row or "", odd.column or "", odd.value, odd.code, self._say(odd.sentence))
        self._append_warning((*values, *self._source(odd.source)))

    def _source(self, source: str) -> tuple[str, ...]:
        return (source,) if self._heading.shows_origin else ()


def _error(error: RowError, say: Say) -> tuple[str | int, ...]:
    return (error.row, error.column or "", error.value, error.code, say(error.sentence))


def _summary(report: Report, tally: Tally, say: Say) -> Iterator[tuple[str, str, str | int]]:
    """What the sheet Summary says, as section, name, value. Sections are for programs: never translated."""
    yield ("input", "", report.input_name)
    yield from (("what_happened", "", say(told)) for told in headline(report))
    yield from (("what_to_do_next", "", say(step)) for step in advice(report))
    yield from (("rows", status.value, report.count(status)) for status in Status)
    for table in report.told.tables if report.told else ():
        yield from ((table.section, name, count) for name, count, _ in table.lines)
        yield from ((f"{table.section}_note", note.code, say(note.what)) for note in table.notes)
    yield from (("errors_by_column", column or "", count) for column, count in tally.errors.most_common())
    yield from (("warnings", code, count) for code, count in report.warnings.counts.items())
    yield from (("run", say(name), say(value)) for name, value in figures(report))
    yield from (("notice", note.code, say(note.what)) for note in (report.told.notes if report.told else ()))
    yield from (("notice", notice.code, say(notice.sentence)) for notice in report.notices.first)
    yield from (("notices_left_out", code, count) for (code, *_), count in report.notices.more.items())
