"""Rows that a stray quotation mark swallowed: a quoted value over several lines that read like rows of the table.

By the letter such a value is in order, as where a name begins with a loose mark (`"t Hoekje`) and one some rows below
ends in another (`24"`). Taken at its word it would make one row of several.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LINE_END = re.compile(rb"\r\n|\n|\r")
FEWEST_COLUMNS = 5
"""Of narrower tables a line of prose has as many delimiters as a row."""


def swallowing(cells: Sequence[bytes], delimiter: bytes, width: int) -> int | None:
    """The first of the cells of a record that holds rows of a table of `width` columns, if one does."""
    if width < FEWEST_COLUMNS:
        return None
    return next((at for at, cell in enumerate(cells) if _swallows(cell, at, len(cells), delimiter, width)), None)


def _swallows(cell: bytes, at: int, count: int, delimiter: bytes, width: int) -> bool:
    """Whether a line within the cell is a whole row, or its first and its last are with what is beside the cell."""
    first, *others = LINE_END.split(cell)
    if not others:
        return False
    *between, last = others
    whole = width - 1
    if any(_parts(line, delimiter, whole) for line in between):
        return True
    return _parts(first, delimiter, whole - at) and _parts(last, delimiter, whole - (count - 1 - at))


def _parts(line: bytes, delimiter: bytes, count: int) -> bool:
    """Whether so many delimiters stand in the line, and not as in prose, where most are followed by a blank."""
    return line.count(delimiter) == count and line.count(delimiter + b" ") * 2 <= count
