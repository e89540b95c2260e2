"""From columns of text to `Chunk`s: blank rows left out, rows made as wide as the header, oddities flagged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batch.model import CellFlag, Chunk
from batch.reading.remarks import (
    EXCEL_CELL_LENGTH,
    Remark,
    beyond_header,
    cell_too_long,
    control_character,
    long_row,
    short_row,
)
from batch.reading.survey import Extent

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_IS_CONTROL = np.isin(np.arange(256), [*range(9), 11, 12, *range(14, 32)])
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF in UTF-8
CELLS_AT_ONCE = 4_000_000  # so that one row of 16,384 cells does not make 10,000 others as wide
_TEXT = pd.StringDtype(storage="pyarrow", na_value=np.nan)
Mask = NDArray[np.bool_]


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
    """Which of `count` rows hold something other than white space."""
    found = np.zeros(count, np.bool_)
    for column in columns:
        found |= _filled(column)
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
            if _filled(batch.columns[position]).any():
                columns = position + 1
    return Extent(rows=rows, columns=columns)


def chunks(batch: Batch, *, after: int, width: int, size: int) -> Iterator[Chunk]:
    """The rows with a number above `after` that hold something, at most `size` to a chunk."""
    kept = filled(batch.columns, len(batch.rows)) & (batch.rows > after)
    if not kept.any():
        return
    batch = batch if kept.all() else _only(batch, kept)
    batch, flags = _as_wide(batch, width)
    flags += [remark.at(row, column) for row, column, remark in batch.remarks if row > after]
    for position, column in enumerate(batch.columns):
        flags += _cell_flags(batch.rows, position, column)
    flags.sort(key=lambda flag: (flag.row, -1 if flag.column is None else flag.column))
    yield from _pieces(batch, flags, size)


def _filled(column: pa.Array) -> Mask:
    offsets, _ = _bytes(column)
    if offsets[0] == offsets[-1]:  # far quicker for the many empty columns of a sparse sheet
        return np.zeros(len(column), np.bool_)
    marks = pc.and_not(pc.not_equal(column, ""), pc.utf8_is_space(column))
    found: Mask = marks.to_numpy(zero_copy_only=False)
    return found


def _only(batch: Batch, kept: Mask) -> Batch:
    rows = batch.rows[kept]
    left = set(rows.tolist()) if batch.remarks else set()
    return Batch(
        rows=rows,
        columns=[column.filter(pa.array(kept)) for column in batch.columns],
        counts=None if batch.counts is None else batch.counts[kept],
        remarks=tuple(remark for remark in batch.remarks if remark[0] in left),
    )


def _as_wide(batch: Batch, width: int) -> tuple[Batch, list[CellFlag]]:
    """The batch with at least `width` columns, more only if values stand there; and what to say of its rows."""
    extra = np.zeros(len(batch.rows), np.int64)
    for column in batch.columns[width:]:
        extra += _filled(column)
    columns = batch.columns if extra.any() else batch.columns[:width]
    columns = columns + [blank(len(batch.rows))] * (width - len(columns))
    flags = _beyond(batch, extra, width) + _short(batch, width)
    return Batch(rows=batch.rows, columns=columns, counts=batch.counts, remarks=batch.remarks), flags


def _beyond(batch: Batch, extra: NDArray[np.int64], width: int) -> list[CellFlag]:
    places = np.flatnonzero(extra)
    if batch.counts is None:
        return [beyond_header(int(extra[place])).at(int(batch.rows[place]), None) for place in places]
    return [long_row(int(batch.counts[place]), width).at(int(batch.rows[place]), None) for place in places]


def _short(batch: Batch, width: int) -> list[CellFlag]:
    if batch.counts is None:
        return []
    places = np.flatnonzero(batch.counts < width)
    return [short_row(int(batch.counts[place]), width).at(int(batch.rows[place]), None) for place in places]


def _cell_flags(rows: NDArray[np.int64], position: int, column: pa.Array) -> list[CellFlag]:
    """Flags for cells that no spreadsheet can hold; the bytes of the whole column are looked at first."""
    offsets, data = _bytes(column)
    flags: list[CellFlag] = []
    if not len(data):
        return flags
    if _holds_control(data):
        for place, text in enumerate(column.to_pylist()):
            if found := CONTROL.search(text):
                flags.append(control_character(found[0]).at(int(rows[place]), position))
    for place in np.flatnonzero(np.diff(offsets) > EXCEL_CELL_LENGTH):
        length = len(column[int(place)].as_py().encode("utf-16-le")) // 2  # as Excel counts
        if length > EXCEL_CELL_LENGTH:
            flags.append(cell_too_long(length).at(int(rows[place]), position))
    return flags


def _bytes(column: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    _, offsets_buffer, data_buffer = column.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)[offsets[0] : offsets[-1]]
    return offsets, data


def _holds_control(data: NDArray[np.uint8]) -> bool:
    if (data < ord(" ")).any() and _IS_CONTROL[data].any():
        return True
    return bool((data == _NONCHARACTERS[0][0]).any()) and any(mark in data.tobytes() for mark in _NONCHARACTERS)


def _pieces(batch: Batch, flags: list[CellFlag], size: int) -> Iterator[Chunk]:
    """The batch in chunks of nearly equal size, each with its own flags."""
    count = -(-len(batch.rows) // size)
    start = 0
    for piece in range(1, count + 1):
        stop = len(batch.rows) * piece // count
        last = int(batch.rows[stop - 1])
        mine = [flag for flag in flags if flag.row <= last] if flags else []
        flags = flags[len(mine) :]
        frame = pd.DataFrame(
            {
                position: pd.arrays.ArrowStringArray(pa.chunked_array([column[start:stop]]), dtype=_TEXT)
                for position, column in enumerate(batch.columns)
            },
            copy=False,
        )
        yield Chunk(rows=_numbers(batch.rows[start:stop]), cells=frame, flags=tuple(mine))
        start = stop


def _numbers(rows: NDArray[np.int64]) -> Sequence[int]:
    first, last = int(rows[0]), int(rows[-1])
    return range(first, last + 1) if last - first + 1 == len(rows) else rows.tolist()
