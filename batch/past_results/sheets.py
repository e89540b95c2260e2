"""The tables of an answer as rows of text, whether they are sheets of one workbook or files that stand side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from batch.errors import InputError
from batch.formula_guard import unguard
from batch.model import SourceRow
from batch.reading import Limits, ReadOptions, Source, open_source
from batch.results import Form
from batch.results.headings import CHANGE_COLUMNS, ERROR_COLUMNS, SUMMARY_COLUMNS, WARNINGS
from batch.results.names import Side, beside

_TEXT_FORMATS = frozenset({"csv", "tsv"})
_WARNINGS = re.compile(rf"{WARNINGS}( \(\d+\))?")  # a long one goes on in "Warnings (2)"


_COLUMNS = {
    Side.ERRORS: ERROR_COLUMNS,
    Side.WARNINGS: ERROR_COLUMNS,
    Side.CHANGES: CHANGE_COLUMNS,
    Side.SUMMARY: SUMMARY_COLUMNS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet, or one CSV file. `header` is its first row."""

    source: Source
    sheet: str
    header: tuple[str, ...]

    def rows(self, after: int = 1) -> Iterator[SourceRow]:
        """The rows with a number above `after` that hold something, as text, wide enough for the header."""
        guarded = self.source.format in _TEXT_FORMATS
        for chunk in self.source.chunks(self.sheet, after=after, width=len(self.header)):
            columns = [chunk.cells[at].tolist() for at in chunk.cells.columns]
            for number, cells in zip(chunk.rows, zip(*columns, strict=True), strict=True):
                yield SourceRow(number=int(number), cells=tuple(map(unguard, cells)) if guarded else cells)


@dataclass(slots=True, kw_only=True)
class Sheets:
    """An open answer. To be closed. What stands beside a CSV file is opened when it is asked for."""

    path: Path
    form: Form
    tables: list[Table]
    _options: ReadOptions
    _held: ExitStack = field(repr=False)
    _sides: dict[Side, tuple[Table, ...]] = field(default_factory=dict)

    def close(self) -> None:
        self._held.close()

    def with_header(self, *names: str) -> tuple[Table, ...]:
        """The tables whose header begins with these names; a long one goes on in several sheets."""
        return tuple(table for table in self.tables if table.header[: len(names)] == names)

    def side(self, side: Side) -> tuple[Table, ...]:
        """The tables of a side. Errors and warnings have the same header, and are told apart by their names."""
        if side not in self._sides:
            found = self._beside(side) if self.form is Form.CSV else self.with_header(*_COLUMNS[side])
            self._sides[side] = tuple(table for table in found if _may_be(table, side))
        return self._sides[side]

    def without_header(self, *headers: tuple[str, ...]) -> Table | None:
        """The first table whose header is none of these: in a workbook, the summary."""
        return next(
            (table for table in self.tables if all(table.header[: len(names)] != names for names in headers)), None
        )

    def _beside(self, side: Side) -> Iterator[Table]:
        """The CSV file, if it is there and can be read; without it less is known, and nothing is wrong."""
        path = beside(self.path, side)
        if path.is_file():
            try:
                table = _table(self._held.enter_context(open_source(path, self._options)), "")
            except InputError:
                return
            if table.header[: len(_COLUMNS[side])] == _COLUMNS[side]:
                yield table


def open_sheets(path: Path, limits: Limits) -> Sheets:
    """Raises InputError where the file cannot be read."""
    with ExitStack() as held:
        options = ReadOptions(limits=limits)
        source = held.enter_context(open_source(path, options))
        is_text = source.format in _TEXT_FORMATS
        return Sheets(
            path=path,
            form=Form.CSV if is_text else Form.XLSX,
            tables=[_table(source, sheet.name) for sheet in source.sheets],
            _options=options,
            _held=held.pop_all(),
        )


def _may_be(table: Table, side: Side) -> bool:
    """Whether the table's name does not speak against it. A file that stands beside has none, and was looked for."""
    warns = _WARNINGS.fullmatch(table.sheet) is not None
    return not table.sheet or side not in (Side.ERRORS, Side.WARNINGS) or warns is (side is Side.WARNINGS)


def _table(source: Source, sheet: str) -> Table:
    head = source.head(sheet, 1)
    return Table(source=source, sheet=sheet, header=head[0].cells if head else ())
