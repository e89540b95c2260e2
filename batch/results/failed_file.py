"""The failed file: the rows that need someone, in the customer's own columns, ready to correct and to send back."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from batch.model import sentence
from batch.results.delimited import csv_file
from batch.results.disk import disk_errors
from batch.results.faults import Positions, marked, told, with_ours
from batch.results.headings import LINEAGE_COLUMNS
from batch.results.howto import HOWTO_WIDTHS, lay_out_howto
from batch.results.summary_page import STATUS_STYLES
from batch.results.xlsx.book import Book
from batch.results.xlsx.cells import Cell, Column
from batch.results.xlsx.choices import Choices
from batch.results.xlsx.style import OURS_HEADER, QUIET, QUIET_NUMBER, THEIRS_HEADER, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from batch.results.report import Heading, ResultRow, Say

DATA_SHEET = "To correct"
HOWTO_SHEET = "How to"
_REASON = Style(color="93370D")

_NOTES = {
    "flireo_row": sentence("The row number in the file that was sent first. Leave it as it is."),
    "flireo_source": sentence("The file that was sent first. Leave it as it is."),
    "flireo_status": sentence("How the row ended in the last run. Leave it as it is."),
    "flireo_errors": sentence("What to correct. Leave it as it is; the next run writes it anew."),
}


class FailedWorkbook:
    """A `FailedWriter` of a workbook: the sheet of rows first, then how to use it."""

    def __init__(self, path: Path, heading: Heading, enums: Mapping[str, tuple[str, ...]], say: Say) -> None:
        self._path = path
        self._say = say
        self._width = len(heading.labels)
        self._positions = Positions(heading.labels)
        self._book = Book(say(sentence("Rows of {file} that need someone", file=heading.input_name)))
        self._table = self._book.table(DATA_SHEET, _columns(heading, enums, say), frozen="A2")
        lay_out_howto(self._book.page(HOWTO_SHEET, HOWTO_WIDTHS), DATA_SHEET)

    def add(self, rows: Iterable[ResultRow]) -> None:
        with disk_errors(self._path):
            for row in rows:
                status = Cell(row.status.value, STATUS_STYLES[row.status])
                ours = (row.origin.row, row.origin.source, status, told(row.errors, self._say))
                self._table.append(with_ours(marked(row, self._positions, self._say), self._width, ours))

    def save(self) -> None:
        with disk_errors(self._path):
            self._book.save(self._path, shown=DATA_SHEET)

    def close(self) -> None:
        self._book.close()


class FailedCsv:
    """A `FailedWriter` of the same rows and columns as a guarded CSV file."""

    def __init__(self, path: Path, heading: Heading, say: Say, delimiter: str) -> None:
        self._path = path
        self._say = say
        self._width = len(heading.labels)
        self._file = ExitStack()
        with disk_errors(path):
            header = (*heading.written_headers, *LINEAGE_COLUMNS)
            self._append = self._file.enter_context(csv_file(path, header, delimiter))

    def add(self, rows: Iterable[ResultRow]) -> None:
        with disk_errors(self._path):
            for row in rows:
                ours = (row.origin.row, row.origin.source, row.status.value, told(row.errors, self._say))
                self._append(with_ours(row.cells, self._width, ours))

    def save(self) -> None:
        with disk_errors(self._path):
            self._file.close()

    def close(self) -> None:
        with suppress(OSError):  # of a file that nobody wants any more
            self._file.close()


def _columns(heading: Heading, enums: Mapping[str, tuple[str, ...]], say: Say) -> list[Column]:
    theirs = [
        Column(header=header, header_style=THEIRS_HEADER, choices=_choices(label, enums.get(label, ()), say))
        for header, label in zip(heading.written_headers, heading.labels, strict=True)
    ]
    styles = {"flireo_row": QUIET_NUMBER, "flireo_errors": _REASON}
    ours = [
        Column(
            header=name,
            header_style=OURS_HEADER,
            style=styles.get(name, QUIET),
            note=say(_NOTES[name]),
            widest=100 if name == "flireo_errors" else 40,
        )
        for name in LINEAGE_COLUMNS
    ]
    return [*theirs, *ours]


def _choices(label: str, values: tuple[str, ...], say: Say) -> Choices | None:
    if not values:
        return None
    message = sentence("Choose one of {values}. Keep what you typed?", values=", ".join(values))
    return Choices(values=values, title=label, message=say(message), strict=False)
