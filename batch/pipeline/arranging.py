"""Frames of text put together anew: the cells of one of several sheets in the order of the whole, some of the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from batch.columns import Table


def arranged(cells: pd.DataFrame, table: Table, width: int) -> pd.DataFrame:
    """The columns in the order of the whole, which is `width` columns wide; what a row has beyond its own header comes
    after that.
    """
    placed = {place: cells[position] for position, place in enumerate(table.places)}
    beyond = cells.columns[len(table.places) :]
    columns = {place: placed[place] if place in placed else blank(len(cells)) for place in range(width)}
    return pd.DataFrame({**columns, **{width + number: cells[at] for number, at in enumerate(beyond)}})


def rows_where(frame: pd.DataFrame, keep: NDArray[np.bool_]) -> pd.DataFrame:
    """The rows of a frame of text where `keep` holds, numbered anew unless that is all."""
    if keep.all():
        return frame
    kept = {name: frame[name].array[keep] for name in frame.columns}
    return pd.DataFrame(kept, index=pd.RangeIndex(int(keep.sum())), copy=False)


def blank(rows: int) -> pd.Series[str]:
    """A column of so many empty cells."""
    return pd.Series([""] * rows, dtype="str")
