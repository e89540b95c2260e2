"""What a table is made of, as plain values; whoever only has such values need not load openpyxl."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from batch.results.xlsx.style import PLAIN, Style

if TYPE_CHECKING:
    from batch.results.xlsx.choices import Choices


class Cell(NamedTuple):
    """A cell that differs from its column: `link` is a place in this workbook, as in 'Errors'!A2."""

    value: str | int
    style: Style
    note: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its header as text, how its cells look, and the drop-down if it has `choices`.

    `note` stands at the header. Widths are in characters.
    """

    header: str
    header_style: Style
    style: Style = PLAIN
    note: str = ""
    choices: Choices | None = None
    narrowest: int = 9
    widest: int = 40
