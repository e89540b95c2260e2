"""Which cells of a row are faulty: errors, which name a column by its label, led back to the cells they mean."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from batch.results.xlsx.cells import Cell
from batch.results.xlsx.style import FAULTY

_Own = TypeVar("_Own")
_Ours = TypeVar("_Ours")

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batch.model import RowError
    from batch.results.report import ResultRow, Say


class Positions:
    """The columns of an input by label; a label may stand above several."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._by_label: dict[str, list[int]] = defaultdict(list)
        for position, label in enumerate(labels):
            self._by_label[label].append(position)

    def of(self, label: str | None, value: str, cells: Sequence[str] = ()) -> int | None:
        """The position of the column `label`, from 0; among several the one whose cell holds `value`."""
        found = self._by_label.get(label, ()) if label is not None else ()
        same = (position for position in found if position < len(cells) and cells[position] == value)
        return next(same, found[0] if found else None)


def told(errors: Iterable[RowError], say: Say, between: str = " ") -> str:
    """All reasons as one text."""
    return between.join(say(error.sentence) for error in errors)


def with_ours(cells: Sequence[_Own], width: int, ours: Sequence[_Ours]) -> list[_Own | _Ours | str]:
    """The first `width` cells, then ours; what a row has beyond its headers comes after, so that nothing is lost."""
    return [*cells[:width], *[""] * (width - len(cells)), *ours, *cells[width:]]


def marked(row: ResultRow, positions: Positions, say: Say) -> list[str | Cell]:
    """The row's own cells, the faulty ones red and with the reasons as a note. One that is missing is red too."""
    cells: list[str | Cell] = list(row.cells)
    for position, errors in _by_position(row, positions).items():
        cells += [""] * (position + 1 - len(cells))
        cells[position] = Cell(str(cells[position]), FAULTY, note=told(errors, say, "\n"))
    return cells


def _by_position(row: ResultRow, positions: Positions) -> dict[int, list[RowError]]:
    found: dict[int, list[RowError]] = defaultdict(list)
    for error in row.errors:
        position = positions.of(error.column, error.value, row.cells)
        if position is not None:
            found[position].append(error)
    return found
