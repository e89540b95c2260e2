"""Writing the two files of an answer, whatever their form; what the disk refuses becomes an OutputError."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch.results.delimited import PERSON_DELIMITER
from batch.results.disk import disk_errors
from batch.results.failed_file import write_failed_csv, write_failed_workbook
from batch.results.report import Form
from batch.results.results_csv import write_results_csv
from batch.results.results_workbook import write_results_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from batch.model import Change
    from batch.results.report import Report, ResultRow, Say


def write_results(
    path: Path, report: Report, rows: Iterable[ResultRow], changes: Iterable[Change], *, form: Form, say: Say = str
) -> None:
    """Write the results of one input to `path`, which is a staged name: see `outputs`.

    `rows` are all data rows in the input's order; both streams are read once, in constant memory. Raises OutputError
    if the disk refuses or the rows are not those that the report counts.
    """
    write = {Form.XLSX: write_results_workbook, Form.CSV: write_results_csv}[form]
    with disk_errors(path):
        write(path, report, rows, changes, say)


def write_failed(
    path: Path,
    report: Report,
    rows: Iterable[ResultRow],
    enums: Mapping[str, tuple[str, ...]],
    *,
    form: Form,
    delimiter: str = PERSON_DELIMITER,
    say: Say = str,
) -> None:
    """Write the failed file of one input to `path`, a staged name.

    `rows` are only those that need someone; `enums` are the values to choose from, by column label; `delimiter` is
    the input's own, if it was a text file. Raises OutputError if the disk refuses.
    """
    with disk_errors(path):
        if form is Form.CSV:
            write_failed_csv(path, report, rows, say, delimiter)
        else:
            write_failed_workbook(path, report, rows, enums, say)
