"""Counting what is written, row by row: for the summary's charts, and so that a file never contradicts its figures."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from batch.errors import OutputError
from batch.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batch.results.report import Report, ResultRow


class Tally:
    """Rows by status, and errors by column label (None: the row as a whole) of the rows that were refused."""

    def __init__(self) -> None:
        self.statuses: Counter[Status] = Counter()
        self.errors: Counter[str | None] = Counter()

    def counting(self, rows: Iterable[ResultRow]) -> Iterator[ResultRow]:
        """The same rows, counted as they pass."""
        for row in rows:
            self.statuses[row.status] += 1
            if row.errors and row.status is not Status.NOT_SENT:
                self.errors.update(error.column for error in row.errors)
            yield row

    def check(self, report: Report) -> None:
        """Raise OutputError unless exactly the rows that the report counts have passed."""
        for status in Status:
            if self.statuses[status] != report.count(status):
                raise OutputError(
                    "rows_do_not_add_up",
                    f"The results of {report.input_name} were not written, because they do not add up: "
                    f"{report.count(status):,} rows should be {status}, {self.statuses[status]:,} are. "
                    "This is a mistake in flireo-batch; what was sent is safe in the ledger (flireo-batch history).",
                )
