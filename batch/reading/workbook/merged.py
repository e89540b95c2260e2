"""Merged cells: which cells of a chunk are covered by the first one of their area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from batch.model import CellFlag
from batch.reading.readrows import ReadRows
from batch.reading.remarks import MERGED_CELL
from batch.reading.workbook.places import Area


def flag_merged(chunks: Iterator[ReadRows], areas: Sequence[Area]) -> Iterator[ReadRows]:
    """The chunks, with a flag on each cell that is covered by the first cell of its area."""
    tops = np.array([found.top for found in areas], np.int64)
    bottoms = np.array([found.bottom for found in areas], np.int64)
    for chunk in chunks:
        touched = np.flatnonzero((tops <= chunk.rows[-1]) & (bottoms >= chunk.rows[0]))
        flags = _flags(chunk, [areas[int(place)] for place in touched]) if len(touched) else []
        if flags:
            every = sorted(
                (*chunk.flags, *flags), key=lambda flag: (flag.row, -1 if flag.column is None else flag.column)
            )
            yield replace(chunk, flags=tuple(every))
        else:
            yield chunk


def _flags(chunk: ReadRows, areas: Sequence[Area]) -> list[CellFlag]:
    """One flag for each covered cell, however many areas claim to cover it."""
    covered = np.zeros((len(chunk.rows), len(chunk.columns)), np.bool_)
    for found in areas:
        _cover(covered, chunk.rows, found)
    return [MERGED_CELL.at(int(chunk.rows[place]), int(column)) for place, column in np.argwhere(covered)]


def _cover(covered: NDArray[np.bool_], rows: NDArray[np.int64], found: Area) -> None:
    """Marks the cells of the area, all but the first one, which keeps the mark that it has."""
    top, after = np.searchsorted(rows, found.top), np.searchsorted(rows, found.bottom, "right")
    if found.left >= covered.shape[1]:
        return
    has_first = top < len(rows) and rows[top] == found.top
    first = covered[top, found.left] if has_first else False
    covered[top:after, found.left : found.right + 1] = True
    if has_first:
        covered[top, found.left] = first
