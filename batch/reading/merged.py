"""Merged cells: which cells of a chunk are covered by the first one of their area."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from batch.model import CellFlag, Chunk
from batch.reading.remarks import MERGED_CELL
from batch.reading.sheetxml import column_number

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of cells: row numbers as Excel shows them, columns from 0, all inclusive."""

    top: int
    bottom: int
    left: int
    right: int
    name: str


def area(reference: str) -> Area | None:
    """The area that a reference such as `B2:C3` names; None if it is not one."""
    match = _AREA.fullmatch(reference)
    if match is None:
        return None
    left, right = column_number(match[1]), column_number(match[3] or match[1])
    top, bottom = int(match[2]), int(match[4] or match[2])
    return Area(top=top, bottom=bottom, left=left, right=right, name=reference.replace("$", ""))


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
            chunk = replace(chunk, flags=tuple(every))  # noqa: PLW2901 (the same chunk, with more flags)
        yield chunk


def _covered(chunk: Chunk, rows: NDArray[np.int64], found: Area) -> Iterator[CellFlag]:
    first, after = np.searchsorted(rows, found.top), np.searchsorted(rows, found.bottom, "right")
    for column in range(found.left, min(found.right + 1, chunk.cells.shape[1])):
        for row in rows[first:after]:
            if (int(row), column) != (found.top, found.left):
                yield MERGED_CELL.at(int(row), column)
