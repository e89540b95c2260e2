"""Merged cells: which cells of a chunk are covered by the first one of their area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

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
        flags = [flag for place in touched for flag in _covered(chunk, areas[int(place)])]
        if flags:
            every = sorted(
                (*chunk.flags, *flags), key=lambda flag: (flag.row, -1 if flag.column is None else flag.column)
            )
            yield replace(chunk, flags=tuple(every))
        else:
            yield chunk


def _covered(chunk: ReadRows, found: Area) -> Iterator[CellFlag]:
    first, after = np.searchsorted(chunk.rows, found.top), np.searchsorted(chunk.rows, found.bottom, "right")
    for column in range(found.left, min(found.right + 1, len(chunk.columns))):
        for row in chunk.rows[first:after]:
            if (int(row), column) != (found.top, found.left):
                yield MERGED_CELL.at(int(row), column)
