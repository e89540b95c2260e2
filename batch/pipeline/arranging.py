"""The cells of one of several sheets, put where they stand in the table that the sheets make up together."""

from __future__ import annotations

import pandas as pd

from batch.columns import Table


def arranged(cells: pd.DataFrame, table: Table, width: int) -> pd.DataFrame:
    """The columns in the order of the whole, which is `width` columns wide; what a row has beyond its own header comes
    after that.
    """
    placed = {place: cells[position] for position, place in enumerate(table.places)}
    beyond = cells.columns[len(table.places) :]
    columns = {place: placed[place] if place in placed else blank(len(cells)) for place in range(width)}
    return pd.DataFrame({**columns, **{width + number: cells[at] for number, at in enumerate(beyond)}})


def blank(rows: int) -> pd.Series[str]:
    """A column of so many empty cells."""
    return pd.Series([""] * rows, dtype="str")
