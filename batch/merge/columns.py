"""The columns of all rounds as one set: those of the first file in its order, then what later files have more."""

from __future__ import annotations

from collections.abc import Sequence

BEYOND = "\0"  # the key of what stands to the right of the last header


class MergedColumns:
    """A column is known by its header, and among several of the same by which it is, wherever it was moved."""

    def __init__(self) -> None:
        self._index: dict[tuple[str, int], int] = {}
        self.headers: list[str] = []
        self.labels: list[str] = []

    def positions(self, headers: Sequence[str], labels: Sequence[str]) -> tuple[int, ...]:
        """Where each column of a round stands among all, which grow by those that are new."""
        seen: dict[str, int] = {}
        found = []
        for header, label in zip(headers, labels, strict=True):
            nth = seen[label] = seen.get(label, -1) + 1
            found.append(self._position(label, nth, header))
        return tuple(found)

    def beyond(self, count: int) -> tuple[int, ...]:
        """The same for values that stand under no header."""
        return tuple(self._position(BEYOND, nth, "") for nth in range(count))

    def _position(self, label: str, nth: int, header: str) -> int:
        found = self._index.get((label, nth))
        if found is None:
            found = self._index[label, nth] = len(self.headers)
            self.headers.append(header)
            self.labels.append("" if label == BEYOND else label)
        return found


def spread(cells: Sequence[str], positions: Sequence[int]) -> tuple[str, ...]:
    """A round's cells in the order of the merged columns, without blanks at the end, so that equal rows are equal."""
    merged = [""] * (max(positions, default=-1) + 1)
    for cell, position in zip(cells, positions, strict=True):
        merged[position] = cell
    while merged and not merged[-1]:
        merged.pop()
    return tuple(merged)
