"""Rows as columns of text on their way from a parser to chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batch.likeness import BLANK
from batch.reading.remarks import Remark
from batch.reading.survey import Extent

CELLS_AT_ONCE = 4_000_000  # so that one row of 16,384 cells does not make 10,000 others as wide
Mask = NDArray[np.bool_]
_FIRST_VISIBLE = np.uint8(ord("!"))
_VISIBLE = np.uint8(ord("~") - ord("!") + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows as columns of text (pyarrow large_string, equally long, no nulls) with their row numbers.

    `counts` says how many values each row had before it was padded; None where that means nothing (a workbook).
    `remarks` are (row number, column or None, remark).
    """

    rows: NDArray[np.int64]
    columns: list[pa.Array]
    counts: NDArray[np.int64] | None
    remarks: tuple[tuple[int, int | None, Remark], ...] = ()


def batches(
    numbers: Sequence[int],
    cells: Sequence[Sequence[str | bytes]],
    remarks: tuple[tuple[int, int | None, Remark], ...],
    *,
    counted: bool,
) -> Iterator[Batch]:
    """Rows of unequal length (text, or its UTF-8) as batches that are nowhere wider than memory allows."""
    counts = np.fromiter(map(len, cells), np.int64, len(cells))
    widest = int(counts.max(initial=0))
    if widest * len(cells) > CELLS_AT_ONCE and len(cells) > 1:
        half = len(cells) // 2
        yield from batches(numbers[:half], cells[:half], remarks, counted=counted)
        yield from batches(numbers[half:], cells[half:], remarks, counted=counted)
        return
    columns = [pa.array(column, pa.large_string()) for column in zip_longest(*cells, fillvalue="")]
    rows = np.array(numbers, np.int64)
    known = set(numbers) if remarks else set()
    yield Batch(
        rows=rows,
        columns=columns,
        counts=counts if counted else None,
        remarks=tuple(remark for remark in remarks if remark[0] in known),
    )


def blank(count: int) -> pa.Array:
    """A column of `count` empty texts."""
    return pa.array([""] * count, pa.large_string())


def filled(columns: Sequence[pa.Array], count: int) -> Mask:
    """Which of `count` rows hold something that can be seen."""
    found = np.zeros(count, np.bool_)
    for column in columns:
        found |= filled_in(column)
        if found.all():
            break
    return found


def joined(found: Iterable[Batch], size: int) -> Iterator[Batch]:
    """The same rows in batches of at least `size` rows, unless their widths differ too much for that."""
    waiting: list[Batch] = []
    for batch in found:
        widest = max(len(other.columns) for other in (*waiting, batch))
        count = sum(len(other.rows) for other in waiting)
        if waiting and (count >= size or widest * (count + len(batch.rows)) > CELLS_AT_ONCE):
            yield _one(waiting)
            waiting = []
        waiting.append(batch)
    if waiting:
        yield _one(waiting)


def _one(parts: list[Batch]) -> Batch:
    if len(parts) == 1:
        return parts[0]
    width = max(len(part.columns) for part in parts)
    padded = [part.columns + [blank(len(part.rows))] * (width - len(part.columns)) for part in parts]
    return Batch(
        rows=np.concatenate([part.rows for part in parts]),
        columns=[pa.concat_arrays(columns) for columns in zip(*padded, strict=True)],
        counts=None,
        remarks=tuple(remark for part in parts for remark in part.remarks),
    )


def extent(found: Iterable[Batch]) -> Extent:
    """How many rows of the batches hold something, and the last column that does."""
    rows = columns = 0
    for batch in found:
        rows += int(filled(batch.columns, len(batch.rows)).sum())
        for position in range(columns, len(batch.columns)):
            if filled_in(batch.columns[position]).any():
                columns = position + 1
    return Extent(rows=rows, columns=columns)


def filled_in(column: pa.Array) -> Mask:
    """Which cells of a column hold something that can be seen."""
    offsets, data = stored(column)
    if offsets[0] == offsets[-1]:  # far quicker for the many empty columns of a sparse sheet
        return np.zeros(len(column), np.bool_)
    sized = offsets[1:] > offsets[:-1]
    first = data.take(offsets[:-1] - offsets[0], mode="clip")
    found: Mask = sized & ((first - _FIRST_VISIBLE) < _VISIBLE)  # below the first wraps around
    open_at = np.flatnonzero(sized & ~found)
    if len(open_at):
        bare = pc.utf8_trim(column.take(pa.array(open_at)), characters=BLANK)
        found[open_at] = pc.not_equal(bare, "").to_numpy(zero_copy_only=False)
    return found


def stored(column: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Where each cell starts (and the last one ends), and the bytes of them all in UTF-8, without a copy."""
    _, offsets_buffer, data_buffer = column.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)[offsets[0] : offsets[-1]]
    return offsets, data
