"""The writers of the two files of an answer, whatever their form: opened by a heading, fed with rows, saved last."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from batch.results.delimited import PERSON_DELIMITER
from batch.results.report import Form
from batch.results.results_csv import ResultsCsv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from batch.model import Change, Notice
    from batch.results.report import Heading, Report, ResultRow, Say


class ResultsWriter(Protocol):
    """The results of one input. Every method raises OutputError where the disk refuses."""

    def add(self, rows: Iterable[ResultRow], changes: Sequence[Change], warnings: Sequence[Notice] = ()) -> None:
        """The next data rows in the input's order, what was changed in them and what is odd about them."""
        ...

    def save(self, report: Report) -> None:
        """Finish the file. Raises OutputError too if the rows were not those that the report counts."""
        ...

    def close(self) -> None:
        """Let go of everything; a file that was not saved is of no use."""
        ...


class FailedWriter(Protocol):
    """The failed file of one input. Every method raises OutputError where the disk refuses."""

    def add(self, rows: Iterable[ResultRow]) -> None:
        """The next rows that need someone."""
        ...

    def save(self) -> None: ...

    def close(self) -> None:
        """Let go of everything; a file that was not saved is of no use."""
        ...


def load_writers() -> None:
    """Loads what writes workbooks ahead of its use: no upgrade of the program during a run of hours can break it."""
    with suppress(ImportError):  # whoever writes is told of it
        import batch.results.failed_file  # noqa: PLC0415 -- ahead of its use
        import batch.results.results_workbook  # noqa: F401, PLC0415 -- ahead of its use


@contextmanager
def results_writer(path: Path, heading: Heading, *, form: Form, say: Say = str) -> Iterator[ResultsWriter]:
    """Open the results of one input at `path`, a staged name (see `outputs`). Memory does not grow with the rows."""
    writer = ResultsCsv(path, heading, say) if form is Form.CSV else _results_workbook(path, heading, say)
    try:
        yield writer
    finally:
        writer.close()


def _results_workbook(path: Path, heading: Heading, say: Say) -> ResultsWriter:
    from batch.results.results_workbook import ResultsWorkbook  # noqa: PLC0415 -- openpyxl takes long to load

    return ResultsWorkbook(path, heading, say)


@contextmanager
def failed_writer(
    path: Path,
    heading: Heading,
    enums: Mapping[str, tuple[str, ...]],
    *,
    form: Form,
    delimiter: str = PERSON_DELIMITER,
    say: Say = str,
) -> Iterator[FailedWriter]:
    """Open the failed file of one input at `path`, a staged name. Memory does not grow with the rows.

    `enums` are the values to choose from, by column label; `delimiter` is the input's own, if it was a text file.
    """
    from batch.results.failed_file import FailedCsv, FailedWorkbook  # noqa: PLC0415 -- as above, and most need none

    writer: FailedWriter = (
        FailedCsv(path, heading, say, delimiter) if form is Form.CSV else FailedWorkbook(path, heading, enums, say)
    )
    try:
        yield writer
    finally:
        writer.close()
