"""The names of columns and areas in a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of cells: row numbers as Excel shows them, columns from 0, all inclusive."""

    top: int
    bottom: int
    left: int
    right: int
    name: str


def column_number(letters: str) -> int:
    """The position of a column from 0: A is 0, XFD is 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(position: int) -> str:
    """The name of the column at a position from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def columns_name(first: int, last: int) -> str:
    """The name of columns from one position to another: `C`, or `C:F`."""
    return column_letters(first) if first == last else f"{column_letters(first)}:{column_letters(last)}"


def area(reference: str) -> Area | None:
    """The area that a reference such as `B2:C3` names; None if it is not one."""
    match = _AREA.fullmatch(reference)
    if match is None:
        return None
    left, right = column_number(match[1]), column_number(match[3] or match[1])
    top, bottom = int(match[2]), int(match[4] or match[2])
    return Area(top=top, bottom=bottom, left=left, right=right, name=reference.replace("$", ""))


def area_of(top: int, bottom: int, left: int, right: int) -> Area:
    """The area between rows and columns that are both counted from 0."""
    name = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
    return Area(top=top + 1, bottom=bottom + 1, left=left, right=right, name=name)
