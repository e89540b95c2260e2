"""Some of the rows of a chunk, and two chunks as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from batch.model import Chunk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def only(chunk: Chunk, keep: NDArray[np.bool_]) -> Chunk:
    """The rows where `keep` holds, with their flags."""
    if keep.all():
        return chunk
    rows = [row for row, kept in zip(chunk.rows, keep, strict=True) if kept]
    left = set(rows)
    return Chunk(
        rows=rows,
        cells=chunk.cells[keep].reset_index(drop=True),
        flags=tuple(flag for flag in chunk.flags if flag.row in left),
    )


def joined(first: Chunk, second: Chunk) -> Chunk:
    """The rows of both, as wide as the wider of them."""
    width = max(len(first.cells.columns), len(second.cells.columns))
    frames = [chunk.cells.reindex(columns=range(width), fill_value="") for chunk in (first, second)]
    return Chunk(
        rows=[*first.rows, *second.rows],
        cells=pd.concat(frames, ignore_index=True).astype("str"),
        flags=(*first.flags, *second.flags),
    )
