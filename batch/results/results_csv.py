"""The results as CSV, for programs: the sheets of the workbook as files that stand beside one another."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from batch.model import Status
from batch.results.delimited import csv_file
from batch.results.faults import told, with_ours
from batch.results.headings import CHANGE_COLUMNS, ERROR_COLUMNS, ORIGIN_COLUMNS, OWN_COLUMNS, SUMMARY_COLUMNS
from batch.results.names import beside
from batch.results.summary import advice, figures, headline
from batch.results.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from batch.model import Change, RowError
    from batch.results.report import Report, ResultRow, Say


def write_results_csv(
    path: Path, report: Report, rows: Iterable[ResultRow], changes: Iterable[Change], say: Say
) -> None:
    """Write `path` and its errors, changes and summary. Raises OutputError if the rows are not the report's."""
    tally = Tally()
    origin = ORIGIN_COLUMNS if report.from_failed_file else ()
    with ExitStack() as files:
        append = files.enter_context(csv_file(path, (*OWN_COLUMNS, *report.written_headers, *origin)))
        append_error = files.enter_context(csv_file(beside(path, "errors"), ERROR_COLUMNS))
        for row in tally.counting(rows):
            append(
                (row.row, row.status.value, row.requirement_group_id or "", told(row.errors, say), *_own(row, report))
            )
            for error in row.errors:
                append_error(_error(error, say))
    tally.check(report)
    with csv_file(beside(path, "changes"), CHANGE_COLUMNS) as append_change:
        for change in changes:
            reason = report.reasons.get(change.code)
            text = say(reason) if reason else ""
            append_change((change.row, change.column, change.field, change.before, change.after, change.code, text))
    with csv_file(beside(path, "summary"), SUMMARY_COLUMNS) as append_line:
        for line in _summary(report, tally, say):
            append_line(line)


def _own(row: ResultRow, report: Report) -> Iterable[str | int]:
    if not report.from_failed_file:
        return row.cells
    return with_ours(row.cells, len(report.labels), (row.origin.row, row.origin.source))


def _error(error: RowError, say: Say) -> tuple[str | int, ...]:
    return (error.row, error.column or "", error.value, error.code, say(error.sentence))


def _summary(report: Report, tally: Tally, say: Say) -> Iterator[tuple[str, str, str | int]]:
    """What the sheet Summary says, as section, name, value. Sections are for programs: never translated."""
    yield ("input", "", report.input_name)
    yield from (("what_happened", "", say(told)) for told in headline(report))
    yield from (("what_to_do_next", "", say(step)) for step in advice(report))
    yield from (("rows", status.value, report.count(status)) for status in Status)
    yield from (("errors_by_column", column or "", count) for column, count in tally.errors.most_common())
    yield from (("run", say(name), value) for name, value in figures(report))
    yield from (("notice", notice.code, say(notice.sentence)) for notice in report.notices)
