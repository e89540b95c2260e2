"""A workbook's rows on their way from a format's own parser to chunks: bounded, and of any size that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from batch.errors import InputError
from batch.model import SourceRow
from batch.reading.batches import CELLS_AT_ONCE, Batch, batches, extent, filled, joined
from batch.reading.chunks import chunks
from batch.reading.options import Limits
from batch.reading.pulse import beat
from batch.reading.readrows import ReadRows
from batch.reading.refusals import refusal
from batch.reading.remarks import Remark
from batch.reading.survey import Extent

NO_REMARKS: tuple[tuple[int, Remark], ...] = ()


class RawRow(NamedTuple):
    """One row: its number, the positions of `texts` in ascending order, and (position, remark) pairs."""

    number: int
    columns: Sequence[int]
    texts: Sequence[str]
    remarks: Sequence[tuple[int, Remark]] = NO_REMARKS

    @property
    def width(self) -> int:
        return self.columns[-1] + 1 if self.columns else 0

    def cells(self) -> Sequence[str]:
        """The row from its first column on, gaps as empty text."""
        if len(self.texts) == self.width:
            return self.texts
        cells = [""] * self.width
        for column, text in zip(self.columns, self.texts, strict=True):
            cells[column] = text
        return cells


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStream:
    """The rows of one sheet, as its parser has them ready; parsed anew at each call of `parse`."""

    file: str
    sheet: str
    limits: Limits
    parse: Callable[[], Iterator[Batch]]

    def head(self, count: int) -> tuple[SourceRow, ...]:
        found: list[SourceRow] = []
        for batch in self._bounded():
            kept = np.flatnonzero(filled(batch.columns, len(batch.rows)))[: count - len(found)]
            for place in kept:
                cells = [column[int(place)].as_py() for column in batch.columns]
                while not cells[-1]:
                    cells.pop()
                found.append(SourceRow(number=int(batch.rows[place]), cells=tuple(cells)))
            if len(found) >= count:
                break
        return tuple(found)

    def chunks(self, *, after: int, width: int, size: int) -> Iterator[ReadRows]:
        for batch in joined(self._bounded(), size):
            yield from chunks(batch, after=after, width=width, size=size)

    def measure(self) -> Extent:
        return extent(self._bounded())

    def _bounded(self) -> Iterator[Batch]:
        """The rows, until they would make a table that is too large."""
        cells = 0
        for batch in self.parse():
            beat()
            cells += len(batch.rows) * len(batch.columns)
            last = int(batch.rows[-1])
            if last > self.limits.rows or len(batch.columns) > self.limits.columns or cells > self.limits.cells:
                raise sheet_too_large(self.file, self.sheet, self.limits)
            yield batch


def sheet_too_large(file: str, sheet: str, limits: Limits) -> InputError:
    return refusal(
        file,
        "sheet_too_large",
        "sheet {sheet!r} is too large: at most {rows:,} rows, {columns:,} columns and {cells:,} cells are read. "
        "Split it over several files.",
        sheet=sheet,
        rows=limits.rows,
        columns=limits.columns,
        cells=limits.cells,
    )


def raw_batches(rows: list[RawRow]) -> Iterator[Batch]:
    """Rows as batches; rows far apart in width apart, since each batch is as wide as its widest row."""
    widest = max((row.width for row in rows), default=0)
    if widest * len(rows) > CELLS_AT_ONCE and len(rows) > 1:
        half = len(rows) // 2
        yield from raw_batches(rows[:half])
        yield from raw_batches(rows[half:])
    elif rows:
        remarks = tuple((row.number, column, remark) for row in rows for column, remark in row.remarks)
        yield from batches([row.number for row in rows], [row.cells() for row in rows], remarks, counted=False)
