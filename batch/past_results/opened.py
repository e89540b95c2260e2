"""Opens an earlier answer and gives its rows back as they were: with their own cells, reasons and origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from batch.columns import column_label
from batch.errors import InputError
from batch.likeness import trimmed
from batch.model import Change, Notice, Origin, RowError, Sentence, SourceRow, Status, sentence
from batch.past_results.reasons import Reasons
from batch.past_results.sheets import Sheets, Table, open_sheets
from batch.past_results.summary import PastSummary, from_lines, from_page
from batch.reading import Limits
from batch.results import Form, ResultRow
from batch.results.extras import APPROVAL, CHECKED_AT, ROUND
from batch.results.headings import CHANGE_COLUMNS, ERROR_COLUMNS, ORIGIN_COLUMNS, OWN_COLUMNS, sheet_of_source
from batch.results.names import Side, rounds_beside

_EXTRAS = ((APPROVAL, CHECKED_AT), (ROUND,))
_MADE = frozenset({Status.CREATED, Status.ALREADY_CREATED})
_ROW, _STATUS, _ID, _ERRORS = range(len(OWN_COLUMNS))


def open_past_results(path: Path, limits: Limits | None = None) -> PastResults:
    """The results at `path`, a workbook or the CSV file with the rows.

    Raises InputError where it cannot be read or is not an answer of this program.
    """
    sheets = open_sheets(path, limits or Limits())
    if not sheets.with_header(*OWN_COLUMNS):
        sheets.close()
        raise InputError("not_results", _not_results(path))
    return PastResults(sheets)


class PastResults:
    """An answer that may be read any number of times; a context manager. Reading may raise InputError.

    `labels`, `headers`, `extras` and `shows_origin` are as in the heading that it was written with.
    """

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self._tables = sheets.with_header(*OWN_COLUMNS)
        header = self._tables[0].header
        self.path: Path = sheets.path
        self.form: Form = sheets.form
        self.extras = _extras(header)
        first = len(OWN_COLUMNS) + len(self.extras)
        self._origin = {name: header.index(name, first) for name in ORIGIN_COLUMNS if name in header[first:]}
        self.shows_origin = len(self._origin) == len(ORIGIN_COLUMNS)
        named = range(first, len(header))
        self._own = tuple(at for at in named if not self.shows_origin or at not in self._origin.values())
        self.headers = tuple(header[at] for at in self._own)
        self.labels = tuple(trimmed(text) or column_label(place) for place, text in enumerate(self.headers))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sheets.close()

    @cached_property
    def summary(self) -> PastSummary:
        if self.form is Form.CSV:
            lines = self._sheets.side(Side.SUMMARY)
            return from_lines(lines[0].rows()) if lines else PastSummary()
        page = self._sheets.without_header(OWN_COLUMNS, ERROR_COLUMNS, CHANGE_COLUMNS)
        return from_page(page.rows(after=0)) if page else PastSummary()

    @property
    def input_name(self) -> str:
        """The file whose answer it is."""
        return self.summary.input_name or self.path.name

    @cached_property
    def reasons(self) -> Mapping[str, Sentence]:
        """What was said of each kind of change."""
        return {
            row.cells[5]: sentence("{text}", text=row.cells[6])
            for table in self._sheets.side(Side.CHANGES)
            for row in table.rows()
        }

    def rows(self) -> Iterator[ResultRow]:
        """All rows, in the order of the file."""
        reasons = Reasons(self._errors())
        for table in self._tables:
            for row in table.rows():
                yield self._row(row, table, reasons)

    def changes(self) -> Iterator[Change]:
        for table in self._sheets.side(Side.CHANGES):
            for row in table.rows():
                number, column, field, before, after, code = row.cells[:6]
                yield Change(
                    row=self._whole(number, row, table),
                    column=column,
                    field=field,
                    before=before,
                    after=after,
                    code=code,
                    source=self._source(row, CHANGE_COLUMNS),
                )

    def warnings(self) -> Iterator[Notice]:
        for table in self._sheets.side(Side.WARNINGS):
            for row in table.rows():
                number, column, value, code, message = row.cells[:5]
                source = self._source(row, ERROR_COLUMNS)
                yield Notice(
                    code=code,
                    sentence=sentence("{text}", text=message),
                    row=self._whole(number, row, table),
                    column=column or None,
                    value=value,
                    sheet=sheet_of_source(self.input_name, source),
                    source=source,
                )

    def _source(self, row: SourceRow, columns: tuple[str, ...]) -> str:
        """What the row number of a line of another sheet is of; "" where that is not said."""
        return row.cells[len(columns)] if self.shows_origin and len(row.cells) > len(columns) else ""

    def _errors(self) -> Iterator[RowError]:
        for table in self._sheets.side(Side.ERRORS):
            for row in table.rows():
                number, column, value, code, message = row.cells[:5]
                yield RowError(
                    row=self._whole(number, row, table),
                    column=column or None,
                    field=None,
                    value=value,
                    code=code,
                    sentence=sentence("{text}", text=message),
                )

    def _row(self, row: SourceRow, table: Table, reasons: Reasons) -> ResultRow:
        cells = row.cells
        number = self._whole(cells[_ROW], row, table)
        group_id = cells[_ID].strip() or None
        if cells[_STATUS] not in list(Status) or not _is_id(group_id, cells[_STATUS]):
            found = sentence("status '{status}' and ID '{id}'", status=cells[_STATUS], id=cells[_ID])
            raise self._damaged(row, table, found)
        first = len(OWN_COLUMNS)
        return ResultRow(
            row=number,
            status=Status(cells[_STATUS]),
            requirement_group_id=group_id,
            errors=reasons.of(number, cells[_ERRORS]),
            cells=self._cells(cells),
            origin=self._origin_of(number, row, table),
            extras=tuple(map(_extra, self.extras, cells[first : first + len(self.extras)])),
        )

    def _cells(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        beyond = cells[len(self._tables[0].header) :]
        while beyond and not beyond[-1]:
            beyond = beyond[:-1]
        return (*(cells[at] for at in self._own), *beyond)

    def _origin_of(self, number: int, row: SourceRow, table: Table) -> Origin:
        if not self.shows_origin:
            return Origin(source=self.input_name, row=number)
        first_row, source = (row.cells[self._origin[name]] for name in ORIGIN_COLUMNS)
        return Origin(source=source, row=self._whole(first_row, row, table))

    def _whole(self, text: str, row: SourceRow, table: Table) -> int:
        if not (text.isascii() and text.isdigit()):
            raise self._damaged(row, table, sentence("'{text}' where a row number should be", text=text))
        return int(text)

    def _damaged(self, row: SourceRow, table: Table, found: Sentence) -> InputError:
        said = sentence(
            "{file}{sheet}, row {row}: found {found}. The columns {columns} must be as the program wrote them. Take the"
            " results file as it was; if it is gone, run the input again: nothing is created twice.",
            file=self.path.name,
            sheet=sentence(", sheet {sheet}", sheet=table.sheet) if table.sheet else "",
            row=row.number,
            found=found,
            columns=", ".join(OWN_COLUMNS),
        )
        return InputError("results_changed", said)


def _extras(header: tuple[str, ...]) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for names in _EXTRAS:
        at = len(OWN_COLUMNS) + len(found)
        if header[at : at + len(names)] == names:
            found += names
    return found


def _extra(name: str, text: str) -> str | int:
    return int(text) if name == ROUND and text.isascii() and text.isdigit() else text


def _is_id(text: str | None, status: str) -> bool:
    """Whether it is an ID as the program writes them, which a row that is created has."""
    if text is None:
        return status not in _MADE
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _not_results(path: Path) -> Sentence:
    near = [other.name for other in rounds_beside(path) if other != path]
    return sentence(
        "{file} is not a results file of this program: its first columns are not {columns}. Give a file that run wrote,"
        " such as customers.results.xlsx.{hint}",
        file=path.name,
        columns=", ".join(OWN_COLUMNS),
        hint=sentence(" Did you mean {file}?", file=near[-1]) if near else "",
    )
