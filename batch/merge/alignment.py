"""Which rows of a file are which, when the same file comes again edited, sorted, with rows added and deleted; pure.

Row numbers then prove little. So what proves more goes first: the same content, at the same place or with the same
group if possible; then the same group, since of two rows that came to one group either may now be said to have it;
content that is mostly the same; and only then the same place.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from batch.model import Origin

_ALIKE = 0.5  # of what tells two rows apart, so much must be the same for them to be one row, edited
_AKIN = 0.2  # for one that stands at the same place, too
_COMMON = 40  # rows with the same value in a column: more, and the value leads to nobody
_CONTENDERS = 8

Value = tuple[int, str]
"""A column and what a row has in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a row can be known by. `place` is where it stands, or stood last; None: nobody knows."""

    place: Origin | None
    cells: tuple[str, ...]
    group_id: str | None

    def values(self) -> Iterator[Value]:
        return ((column, cell) for column, cell in enumerate(self.cells) if cell)


class Rarity:
    """How much it means that two rows share a value: little, if many have it in the file, or had it before.

    It is for `cards` only; `rows` and `lines` are all that there are.
    """

    def __init__(self, rows: Iterable[Card], lines: Iterable[Card], cards: Iterable[Card]) -> None:
        values = {value for card in cards for value in card.values()}
        self._counts = _counted(rows, values) | _counted(lines, values)  # of a counter: the larger of the two

    def likeness(self, one: Card, other: Card) -> float:
        """From 0, nothing is the same, to 1, all is."""
        mine, theirs = set(one.values()), set(other.values())
        shared = self._weight(mine & theirs)
        return shared / (max(self._weight(mine), self._weight(theirs)) or 1.0)

    def may_be(self, row: Card, line: Card) -> bool:
        """Whether a row can be the line that it says it is: not if that has a group and is unlike it."""
        return line.group_id in (None, row.group_id) or self.likeness(row, line) >= _ALIKE

    def _weight(self, values: Iterable[Value]) -> float:
        return sum(1 / max(self._counts[value], 1) for value in values)


def _counted(cards: Iterable[Card], values: Container[Value]) -> Counter[Value]:
    return Counter(value for card in cards for value in card.values() if value in values)


@dataclass(slots=True)
class _Pairing:
    rows: Sequence[Card]
    lines: Sequence[Card]
    found: dict[int, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def open_rows(self) -> dict[int, Card]:
        return {at: card for at, card in enumerate(self.rows) if at not in self.found}

    def open_lines(self) -> dict[int, Card]:
        return {at: card for at, card in enumerate(self.lines) if at not in self.taken}

    def pair(self, row: int, line: int) -> None:
        self.found[row] = line
        self.taken.add(line)

    def by(self, key: Callable[[Card], Hashable]) -> None:
        """Pairs what has the same key, in order; None is the key of what has none."""
        lines: dict[Hashable, deque[int]] = defaultdict(deque)
        for at, card in self.open_lines().items():
            lines[key(card)].append(at)
        for at, card in self.open_rows().items():
            same = key(card)
            if same is not None and lines.get(same):
                self.pair(at, lines[same].popleft())

    def by_likeness(self, rarity: Rarity) -> None:
        """Pairs what is most like each other, if that is mutual."""
        rows, lines = self.open_rows(), self.open_lines()
        of_row, of_line = _best(rows, lines, rarity), _best(lines, rows, rarity)
        for row, line in of_row.items():
            if of_line.get(line) == row:
                self.pair(row, line)

    def by_place(self, rarity: Rarity) -> None:
        """What is left: edited where it stood, unless the rows have moved, or two groups speak against it."""
        moved = sum(self.rows[row].place != self.lines[line].place for row, line in self.found.items())
        if moved * 2 > len(self.found):
            return
        lines = {card.place: (at, card) for at, card in reversed(self.open_lines().items())}
        for at, card in self.open_rows().items():
            line, other = lines.get(card.place, (None, card))
            if line is not None and not _two_groups(card, other) and rarity.likeness(card, other) >= _AKIN:
                self.pair(at, line)


def same(rows: Sequence[Card], lines: Sequence[Card]) -> Mapping[int, int]:
    """As `align`, but only by what proves it."""
    pairing = _Pairing(rows, lines)
    for key in (_place_and_cells, _cells_and_group, _cells, _group):
        pairing.by(key)
    return pairing.found


def align(
    rows: Sequence[Card], lines: Sequence[Card], rarity_of: Callable[[Iterable[Card]], Rarity]
) -> Mapping[int, int]:
    """For each row that was there before, which of the `lines` it is; the others are new. The first lines go first."""
    found = dict(same(rows, lines))
    pairing = _Pairing(rows, lines, found, set(found.values()))
    open_rows, open_lines = pairing.open_rows(), pairing.open_lines()
    if open_rows and open_lines:
        rarity = rarity_of((*open_rows.values(), *open_lines.values()))
        pairing.by_likeness(rarity)
        pairing.by_place(rarity)
    return pairing.found


def _place_and_cells(card: Card) -> Hashable:
    return card.place, card.cells


def _cells_and_group(card: Card) -> Hashable:
    return card.cells, card.group_id


def _group(card: Card) -> Hashable:
    return card.group_id


def _cells(card: Card) -> Hashable:
    return card.cells


def _two_groups(row: Card, line: Card) -> bool:
    return None not in (row.group_id, line.group_id) and row.group_id != line.group_id


def _best(cards: Mapping[int, Card], others: Mapping[int, Card], rarity: Rarity) -> dict[int, int]:
    """For each card the other that is most like it, if one is; of several the one at its place, or the first."""
    index: dict[Value, list[int]] = defaultdict(list)
    for at, other in others.items():
        for value in other.values():
            index[value].append(at)
    best: dict[int, int] = {}
    for at, card in cards.items():
        shared: Counter[int] = Counter()
        for value in card.values():
            same = index.get(value, ())
            if len(same) <= _COMMON:
                shared.update(same)
        likely = [
            (rarity.likeness(card, others[of]), others[of].place == card.place, -of)
            for of, _ in shared.most_common(_CONTENDERS)
        ]
        found = max(likely, default=(0.0, False, 0))
        if found[0] >= _ALIKE:
            best[at] = -found[2]
    return best
