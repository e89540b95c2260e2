"""From batches to `ReadRows`: blank rows left out, rows made as wide as the header, oddities flagged."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from batch.model import CellFlag
from batch.reading.batches import Batch, Mask, blank, filled, filled_in, stored
from batch.reading.readrows import ReadRows
from batch.reading.remarks import (
    EXCEL_CELL_LENGTH,
    beyond_header,
    cell_too_long,
    control_character,
    long_row,
    short_row,
)
from batch.reading.spoiled import spoiled

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_IS_CONTROL = np.isin(np.arange(256), [*range(9), 11, 12, *range(14, 32), 127])
_DELETE = 0x7F
_BEYOND_ASCII = re.compile(b"\xc2[\x80-\x9f]|\xef\xbf[\xbe\xbf]")  # U+0080 to U+009F, U+FFFE and U+FFFF in UTF-8


def chunks(batch: Batch, *, after: int, width: int, size: int) -> Iterator[ReadRows]:
    """The rows with a number above `after` that hold something, at most `size` to a chunk."""
    kept = filled(batch.columns, len(batch.rows)) & (batch.rows > after)
    if not kept.any():
        return
    batch = batch if kept.all() else _only(batch, kept)
    batch, flags = _as_wide(batch, width)
    flags += [remark.at(row, column) for row, column, remark in batch.remarks if row > after]
    judged = {(flag.row, flag.column) for flag in flags}
    for position, column in enumerate(batch.columns):
        found = _cell_flags(batch.rows, position, column)
        flags += [flag for flag in found if (flag.row, position) not in judged] if judged else found
    flags.sort(key=lambda flag: (flag.row, -1 if flag.column is None else flag.column))
    yield from _pieces(batch, flags, size)


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
        extra += filled_in(column)
    columns = batch.columns if extra.any() else batch.columns[:width]
    if len(columns) < width:
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
    offsets, data = stored(column)
    flags: list[CellFlag] = []
    if not len(data):
        return flags
    text = data.tobytes()
    flags += [remark.at(int(rows[place]), position) for place, remark in spoiled(column, text)]
    if _holds_control(data, text):
        for place, text in enumerate(column.to_pylist()):
            if found := _CONTROL.search(text):
                flags.append(control_character(found[0]).at(int(rows[place]), position))
    for long in np.flatnonzero(np.diff(offsets) > EXCEL_CELL_LENGTH):
        length = len(column[int(long)].as_py().encode("utf-16-le")) // 2  # as Excel counts
        if length > EXCEL_CELL_LENGTH:
            flags.append(cell_too_long(length).at(int(rows[long]), position))
    return flags


def _holds_control(data: NDArray[np.uint8], text: bytes) -> bool:
    if ((data < ord(" ")) | (data == _DELETE)).any() and _IS_CONTROL[data].any():
        return True
    return not text.isascii() and _BEYOND_ASCII.search(text) is not None


def _pieces(batch: Batch, flags: list[CellFlag], size: int) -> Iterator[ReadRows]:
    """The batch in chunks of nearly equal size, each with its own flags."""
    count = -(-len(batch.rows) // size)
    start = 0
    for piece in range(1, count + 1):
        stop = len(batch.rows) * piece // count
        last = int(batch.rows[stop - 1])
        mine = [flag for flag in flags if flag.row <= last] if flags else []
        flags = flags[len(mine) :]
        yield ReadRows(
            rows=batch.rows[start:stop],
            columns=[column[start:stop] for column in batch.columns],
            flags=tuple(mine),
        )
        start = stop
