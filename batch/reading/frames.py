"""From `ReadRows` to the `Chunk`s that leave reading; the only user of pandas here, so that a parser starts quickly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from batch.model import Chunk
from batch.reading.readrows import ReadRows

_TEXT = pd.StringDtype(storage="pyarrow", na_value=np.nan)


def as_chunk(found: ReadRows) -> Chunk:
    """The same rows as a frame, without a copy of their text."""
    frame = pd.DataFrame(
        {position: pd.array(column, dtype=_TEXT) for position, column in enumerate(found.columns)}, copy=False
    )
    return Chunk(rows=_numbers(found.rows), cells=frame, flags=found.flags, share=found.share)


def _numbers(rows: NDArray[np.int64]) -> Sequence[int]:
    first, last = int(rows[0]), int(rows[-1])
    if last - first + 1 == len(rows):
        return range(first, last + 1)
    numbers: list[int] = rows.tolist()
    return numbers
