"""Data rows as a reader gives them: columns of Arrow text, which cost nothing to hand over to another process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from batch.model import CellFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRows:
    """What becomes a `Chunk`: row numbers, columns of text (pyarrow large_string, equally long, no nulls), flags.

    `flags` is in row order. `share` is how far into the file they reach, from 0 to 1, if that is known.
    """

    rows: NDArray[np.int64]
    columns: Sequence[pa.Array]
    flags: tuple[CellFlag, ...] = ()
    share: float | None = None
