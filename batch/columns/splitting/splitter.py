"""How a cell is split into the fields that the user named: the rule for them, and the mark that overrules it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

from batch.columns.splitting.people import People
from batch.columns.splitting.places import Places
from batch.columns.splitting.streets import Streets
from batch.columns.splitting.verdict import UNCLEAR, Parts, Rule, Verdict
from batch.hints import Hints, Kind
from batch.likeness import trimmed
from batch.model import sentence
from batch.schema import JsonType, Schema

MARK: Final = "|"
"""Between the parts of a cell it says where they begin, so that what no rule can split can be corrected in place."""

_LONGEST: Final = 500  # characters; nothing that is longer is an address or a name
_MOST_SEAMS: Final = 24
_LINE_END: Final = re.compile(r"\s*[\n\r\v\f\u2028\u2029]\s*")
_COMMA: Final = re.compile(r"\s*[,;]\s*")
_BLANKS: Final = re.compile(r"\s+")
_WRONG_MARKS = sentence('there must be one "|" between every two parts, and no part may be empty')

_Pair: TypeAlias = tuple[Kind, Kind]


@dataclass(frozen=True, slots=True)
class Splitter:
    """Splits a cell into `fields`, in their order, by the rules for `groups` of one or two of them.

    `loose`: any blank may part two groups, because rules can tell. `example` shows how a cell is written with the mark.
    """

    fields: tuple[str, ...]
    groups: tuple[Rule, ...]
    loose: bool
    example: str

    def split(self, cell: str) -> Verdict:
        """The parts, one for each field, without blanks at their ends; or why they are not certain."""
        text = unicodedata.normalize("NFC", trimmed(cell))
        if len(text) > _LONGEST:
            return UNCLEAR
        if MARK in text:
            return self._marked(text)
        if len(self.groups) == 1:
            return _applied(self.groups[0], text)
        found = {parts for pieces in self._cuts(text) if (parts := self._read(pieces))}
        return found.pop() if len(found) == 1 else UNCLEAR

    def _marked(self, text: str) -> Verdict:
        parts = tuple(map(_flat, text.split(MARK)))
        return parts if len(parts) == len(self.fields) and all(parts) else _WRONG_MARKS

    def _cuts(self, text: str) -> Iterator[Sequence[str]]:
        """The text cut between the groups: at its lines, else its commas; or, where rules can tell, at any blanks."""
        if not self.loose:
            lines = _LINE_END.split(text)
            yield lines if len(lines) > 1 else _COMMA.split(text)
            return
        seams = [match.span() for match in _BLANKS.finditer(text)]
        for chosen in combinations(seams, len(self.groups) - 1) if len(seams) <= _MOST_SEAMS else ():
            starts, ends = (0, *(end for _, end in chosen)), (*(start for start, _ in chosen), len(text))
            yield [text[start:end] for start, end in zip(starts, ends, strict=True)]

    def _read(self, pieces: Sequence[str]) -> Parts | None:
        if len(pieces) != len(self.groups):
            return None
        parts: list[str] = []
        for piece, rule in zip(pieces, self.groups, strict=True):
            found = _applied(rule, piece.strip(" ,;"))
            if not isinstance(found, tuple):
                return None
            parts.extend(found)
        return tuple(parts)


class Splitters:
    """All that can be split, by the kinds of the fields of `schema`."""

    def __init__(self, schema: Schema, hints: Hints) -> None:
        streets, people, places = Streets(hints), People(hints), Places(hints)
        self._kinds = {field.name: hints.of(field.name).kind for field in schema.fields}
        self._whole = frozenset(
            field.name for field in schema.fields if field.type is JsonType.STRING and not field.enum
        )
        self._pairs: Mapping[_Pair, tuple[Rule, str]] = {
            (Kind.STREET, Kind.HOUSE_NUMBER): (streets.number_last, "Dorpsstraat | 12 A"),
            (Kind.HOUSE_NUMBER, Kind.STREET): (streets.number_first, "12 A | Dorpsstraat"),
            (Kind.FIRST_NAME, Kind.LAST_NAME): (people.first_last, "Anna Maria | de Vries"),
            (Kind.LAST_NAME, Kind.FIRST_NAME): (people.last_first, "de Vries | Anna Maria"),
            (Kind.POSTAL_CODE, Kind.CITY): (places.code_first, "1234 AB | Ede"),
            (Kind.CITY, Kind.POSTAL_CODE): (places.city_first, "Ede | 1234 AB"),
        }

    def splitter(self, fields: Sequence[str]) -> Splitter | None:
        """The one for `fields`; None if no rule is known for them."""
        groups = self._groups(fields)
        ruled = [group for group in groups if len(group) > 1]
        whole = [group[0] for group in groups if len(group) == 1]
        if not ruled or len(whole) > 1 or len(set(fields)) < len(fields) or not self._whole.issuperset(whole):
            return None
        rules = [self._pairs[pair] if (pair := self._pair(group)) else (_whole, "Voorbeeld") for group in groups]
        return Splitter(
            fields=tuple(fields),
            groups=tuple(rule for rule, _ in rules),
            loose=not whole,
            example=f" {MARK} ".join(example for _, example in rules),
        )

    def known(self) -> tuple[tuple[str, ...], ...]:
        """The pairs of fields of the schema that can be split."""
        by_kind = {kind: name for name, kind in self._kinds.items() if kind}
        return tuple((by_kind[one], by_kind[two]) for one, two in self._pairs if one in by_kind and two in by_kind)

    def _groups(self, fields: Sequence[str]) -> list[tuple[str, ...]]:
        groups: list[tuple[str, ...]] = []
        at = 0
        while at < len(fields):
            size = 2 if self._pair(fields[at : at + 2]) else 1
            groups.append(tuple(fields[at : at + size]))
            at += size
        return groups

    def _pair(self, fields: Sequence[str]) -> _Pair | None:
        kinds = tuple(self._kinds.get(name) for name in fields)
        return next((pair for pair in self._pairs if pair == kinds), None)


def _applied(rule: Rule, text: str) -> Verdict:
    """What the rule finds in the text; a line end in it is a seam, so that it cannot be within a part."""
    found, lines = rule(_flat(text)), _LINE_END.split(trimmed(text))
    within = len(lines) > 1 and isinstance(found, tuple) and sorted(found) != sorted(map(_flat, lines))
    return UNCLEAR if within else found


def _whole(text: str) -> Verdict:
    """The rule of a field that is taken as it is."""
    return (text,) if text else UNCLEAR


def _flat(text: str) -> str:
    return _BLANKS.sub(" ", trimmed(text))
