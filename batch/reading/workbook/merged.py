"""Merged cells: which cells of a chunk are covered by the first one of their area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from batch.model import CellFlag, Chunk
from batch.reading.remarks import MERGED_CELL
from batch.reading.workbook.places import Area


def flag_merged(chunks: Iterator[Chunk], areas: Sequence[Area]) -> Iterator[Chunk]:
    """The chunks, with a flag on each cell that is covered by the first cell of its area."""
    tops = np.array([found.top for found in areas], np.int64)
    bottoms = np.array([found.bottom for found in areas], np.int64)
    for chunk in chunks:
        touched = np.flatnonzero((tops <= chunk.rows[-1]) & (bottoms >= chunk.rows[0]))
        rows = np.array(chunk.rows, np.int64)
        flags = [flag for place in touched for flag in _covered(chunk, rows, areas[int(place)])]
        if flags:
            every = sorted(
                (*chunk.flags, *flags), key=lambda flag: (flag.row, -1 if flag.column is None else flag.column)
            )
            yield replace(chunk, flags=tuple(every))
        else:
            yield chunk


def _covered(chunk: Chunk, rows: NDArray[np.int64], found: Area) -> Iterator[CellFlag]:
    first, after = np.searchsorted(rows, found.top), np.searchsorted(rows, found.bottom, "right")
    for column in range(found.left, min(found.right + 1, chunk.cells.shape[1])):
        for row in rows[first:after]:
            if (int(row), column) != (found.top, found.left):
                yield MERGED_CELL.at(int(row), column)
