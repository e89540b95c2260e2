"""What was altered in the values that a merged answer shows, and what is odd about them, by the account of the round
they come from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from batch.merge.outcomes import Known
from batch.model import Change, Notice, Origin
from batch.past_results import PastResults

OfRow = TypeVar("OfRow", Change, Notice)


class Alterations:
    """The changes and warnings of all rounds, as far as they concern values that are shown. `labels` are of the merged
    columns.
    """

    def __init__(self, rounds: Sequence[PastResults], known: Sequence[Known], labels: Sequence[str]) -> None:
        self._labels = labels
        shown = {_place(one) for one in known}
        self._changes = _Lines(rounds, (past.changes() for past in rounds), shown)
        self._warnings = _Lines(rounds, (past.warnings() for past in rounds), shown)

    def changes(self, one: Known) -> Iterator[Change]:
        """The changes in a row, under its number in the merged answer. A row may have been copied with its number; a
        change is this row's if it has the value that was altered.
        """
        for change in self._changes.of(one):
            if self._has(one, change.column, change.before):
                yield replace(change, row=one.origin.row, source=one.origin.source)

    def warnings(self, one: Known) -> Iterator[Notice]:
        """What is odd about a row, likewise."""
        for odd in self._warnings.of(one):
            if odd.column is None or self._has(one, odd.column, odd.value):
                yield replace(odd, row=one.origin.row, source=one.origin.source, sheet=None)

    def _has(self, one: Known, column: str, value: str) -> bool:
        cells = zip(self._labels, one.shown.cells, strict=False)
        return any(label == column and cell == value for label, cell in cells)


class _Lines(Generic[OfRow]):
    """Lines of another sheet, by the round and the origin of the row that they are about."""

    def __init__(
        self, rounds: Sequence[PastResults], lines: Iterable[Iterator[OfRow]], shown: Container[tuple[int, Origin]]
    ) -> None:
        self._of: dict[tuple[int, Origin], list[OfRow]] = defaultdict(list)
        for number, (past, of_round) in enumerate(zip(rounds, lines, strict=True), 1):
            for line in of_round:
                place = number, Origin(source=line.source or past.input_name, row=line.row or 0)
                if place in shown:
                    self._of[place].append(line)

    def of(self, one: Known) -> Sequence[OfRow]:
        return self._of.get(_place(one), ())


def _place(one: Known) -> tuple[int, Origin]:
    return one.shown.round, one.shown.origin
