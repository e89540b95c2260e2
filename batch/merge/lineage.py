"""Follows every row of a batch through its rounds: from the first file, by way of failed files or of the file again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from batch.merge.alignment import Card, Rarity, align, same
from batch.merge.values import Line, Seen
from batch.model import Origin
from batch.results.headings import sheet_of_source

Numbering = dict[Origin, list[Line]]


@dataclass(slots=True)
class Lineage:
    """The lines of the batch, in the order in which they came in."""

    lines: list[Line] = field(default_factory=list)
    _of_round: dict[int, Numbering] = field(default_factory=dict)
    _first_files: set[str] = field(default_factory=set)

    def add_round(
        self, number: int, rows: Sequence[Seen], *, source: str, is_failed_file: bool, parent: int | None
    ) -> None:
        """The rows of a round over the file `source`; `parent` is the round whose failed file that was, if it is known.

        Rows whose origin is that file itself came in with it: the file for the first time, or the same one again.
        The others say by their origin which rows they are, in the numbering of the parent. A failed file may have been
        given the name of the first file; then its rows are of the other kind, as far as they can be.
        """
        renamed = is_failed_file and source in self._first_files
        unheard_of = not is_failed_file and source not in self._first_files
        if not is_failed_file:
            self._first_files.add(source)
        new = [seen for seen in rows if _is_of(source, seen.origin) and not renamed]
        known = [seen for seen in rows if not _is_of(source, seen.origin) or renamed]
        found = {**self._again(new, source), **self._inherited(known, parent)}
        strangers = [seen for seen in rows if seen.place not in found]
        found.update(self._strangers(strangers, found.values(), guess=unheard_of))
        numbering: Numbering = defaultdict(list)
        for seen in rows:
            line = found.get(seen.place) or self._begin(seen)
            line.add(seen)
            numbering[seen.origin].append(line)
        self._of_round[number] = numbering

    def _begin(self, seen: Seen) -> Line:
        line = Line(origin=seen.origin, last=seen)
        self.lines.append(line)
        return line

    def _again(self, rows: Sequence[Seen], source: str) -> Mapping[int, Line]:
        """Rows of a file that was run before, under the numbers that it has now."""
        lines = [line for line in self.lines if _is_of(source, line.last.origin)]
        lines.sort(key=lambda line: -line.last.round)  # what stood in the file last goes first
        pairs = align(list(map(_card, rows)), list(map(_card_of, lines)), self._rarity(rows))
        return {rows[row].place: lines[line] for row, line in pairs.items()}

    def _strangers(self, rows: Sequence[Seen], taken: Iterable[Line], *, guess: bool) -> Mapping[int, Line]:
        """Rows whose origin is new, although the row need not be: their file may have been given another name.

        Where only some rows are new, a person has added them: then what is quite the same is the same. What is only
        much the same can be a row that was added to an earlier failed file; a row of a first file would say so.
        """
        held = set(map(id, taken))
        lines = [line for line in self.lines if id(line) not in held]
        cards = [replace(_card(seen), place=None) for seen in rows]
        line_cards = list(map(_card_of, lines))
        pairs = align(cards, line_cards, self._rarity(rows)) if guess else same(cards, line_cards)
        found = {rows[row].place: lines[line] for row, line in pairs.items()}
        return found if guess else {**found, **self._added([seen for seen in rows if seen.place not in found], held)}

    def _added(self, rows: Sequence[Seen], held: Container[int]) -> Mapping[int, Line]:
        """Rows without a known origin that were added before, too, and have no group yet."""
        lines = [line for line in self.lines if line.own_id is None and not self._is_of_first_file(line)]
        lines = [line for line in lines if id(line) not in held]
        cards = [replace(_card(seen), place=None) for seen in rows]
        pairs = align(cards, list(map(_card_of, lines)), self._rarity(rows))
        return {rows[row].place: lines[line] for row, line in pairs.items()}

    def _is_of_first_file(self, line: Line) -> bool:
        return any(_is_of(source, line.origin) for source in self._first_files)

    def _inherited(self, rows: Sequence[Seen], parent: int | None) -> Mapping[int, Line]:
        """Rows of a failed file; a person may have copied one, so that several have the same origin."""
        same: dict[Origin, list[Seen]] = defaultdict(list)
        for seen in rows:
            same[seen.origin].append(seen)
        found: dict[int, Line] = {}
        unsure: list[tuple[list[Seen], list[Line]]] = []
        for origin, several in same.items():
            lines = self._named(origin, parent)
            if len(several) == len(lines) == 1 and lines[0].own_id in (None, several[0].own_id):
                found[several[0].place] = lines[0]
            elif lines:
                unsure.append((several, lines))
        return {**found, **self._weighed(unsure, rows)}

    def _weighed(self, unsure: Sequence[tuple[list[Seen], list[Line]]], rows: Sequence[Seen]) -> Mapping[int, Line]:
        """Rows that say themselves which line they are, held against it."""
        if not unsure:
            return {}
        found: dict[int, Line] = {}
        cards = [_card(seen) for several, lines in unsure for seen in (*several, *(line.last for line in lines))]
        rarity = self._rarity(rows)(cards)
        for several, lines in unsure:
            row_cards, line_cards = list(map(_card, several)), list(map(_card_of, lines))
            pairs = align(row_cards, line_cards, lambda _: rarity)
            for row, line in pairs.items():
                if rarity.may_be(row_cards[row], line_cards[line]):
                    found[several[row].place] = lines[line]
        return found

    def _rarity(self, rows: Sequence[Seen]) -> Callable[[Iterable[Card]], Rarity]:
        """By what all rows of the batch have."""
        return lambda cards: Rarity(map(_card, rows), map(_card_of, self.lines), cards)

    def _named(self, origin: Origin, parent: int | None) -> list[Line]:
        """The lines that a round called so: the parent, else any, the latest first."""
        numberings = [self._of_round[parent]] if parent is not None else reversed(self._of_round.values())
        found = [line for numbering in numberings for line in numbering.get(origin, ())]
        return list({id(line): line for line in found}.values())


def _is_of(source: str, origin: Origin) -> bool:
    """Whether a row came in with the file, in its only sheet or in one of several."""
    return origin.source == source or sheet_of_source(source, origin.source) is not None


def _card(seen: Seen) -> Card:
    return Card(place=seen.origin, cells=seen.cells, group_id=seen.own_id)


def _card_of(line: Line) -> Card:
    """As the line was seen last, with the group that it was ever given."""
    return Card(place=line.last.origin, cells=line.last.cells, group_id=line.own_id)
