"""Rows put together cell by cell, for formats that store one cell after the other; disorder is not forgiven."""

from __future__ import annotations

from dataclasses import dataclass, field

from batch.reading.remarks import Remark
from batch.reading.workbook.numerals import Shown
from batch.reading.workbook.rawrows import RawRow


class DisorderError(ValueError):
    """Rows or cells that come twice or out of order, so that one would hide another."""


@dataclass(slots=True)
class RowBuilder:
    """The rows so far; `taken` hands over those that are whole."""

    _rows: list[RawRow] = field(default_factory=list)
    _number: int = 0
    _columns: list[int] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _remarks: list[tuple[int, Remark]] = field(default_factory=list)

    def begin(self, number: int) -> None:
        """The row with this number starts, and the one before it ends."""
        if number <= self._number:
            raise DisorderError(f"row {number} comes after row {self._number}")
        self.finish()
        self._number = number

    def add(self, column: int, shown: Shown) -> None:
        if not self._number or (self._columns and column <= self._columns[-1]):
            raise DisorderError(f"cells out of order in row {self._number}")
        if shown.text:
            self._columns.append(column)
            self._texts.append(shown.text)
            if shown.remark:
                self._remarks.append((column, shown.remark))

    def finish(self) -> None:
        """The last row ends."""
        if self._texts:
            self._rows.append(RawRow(self._number, self._columns, self._texts, self._remarks))
        self._columns, self._texts, self._remarks = [], [], []

    def taken(self, at_least: int = 0) -> list[RawRow]:
        """The whole rows, if there are so many."""
        if len(self._rows) < at_least:
            return []
        rows, self._rows = self._rows, []
        return rows
