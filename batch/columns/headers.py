"""What a header text means: the field it names, exactly or loosely or by a synonym, or what it only comes near to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from batch.columns.layout import LINEAGE
from batch.columns.splitting import Splitters
from batch.hints import Hints
from batch.likeness import likeness, loose, nearest, trimmed, words
from batch.schema import Schema

_ANY: Final = "..."
_BRACKETED: Final = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All the names of all the fields, ready to be looked up.

    The three ways to a field stand in the order in which they win: its `names`, the `loosely` equal names and labels,
    the `synonyms`. A key that several fields claim leads to none of them. `combined` and `parts` lead from headers of
    columns that do not fit one to one to the fields concerned; `splittable` are the combined fields that can be
    split. `stand_ins` are the fields whose column may be meant for a field too. `spellings` are a field's names for
    "did you mean". `countries` are columns that say in which country a row is. `decorations` in brackets say nothing,
    nor does what begins with one of `openings`.
    """

    names: frozenset[str]
    loosely: Mapping[str, str]
    synonyms: Mapping[str, str]
    combined: Mapping[str, tuple[str, ...]]
    splittable: frozenset[tuple[str, ...]]
    parts: Mapping[str, str]
    stand_ins: Mapping[str, tuple[str, ...]]
    spellings: Mapping[str, tuple[str, ...]]
    countries: frozenset[str]
    decorations: frozenset[str]
    openings: tuple[str, ...]

    def field_of(self, header: str) -> str | None:
        """The field that `header` surely names, or None."""
        label = trimmed(header)
        if label in self.names:
            return label
        key = self._key(label)
        return self.loosely.get(key) or self.synonyms.get(key)

    def is_country(self, header: str) -> bool:
        """Whether a column of this name says in which country a row is."""
        return loose(header) in self.countries

    def combined_in(self, header: str) -> tuple[str, ...]:
        """The fields that a column of this name holds together, () if it is no such column."""
        return self.combined.get(self._key(header), ())

    def part_of(self, header: str) -> str | None:
        """The field of which a column of this name holds a piece."""
        return self.parts.get(self._key(header))

    def near(self, header: str, fields: Iterable[str]) -> str | None:
        """The one of `fields` that the sender probably meant by `header`; to be suggested, never taken."""
        owners = {spelling: name for name in fields for spelling in self.spellings[name]}
        spelling = nearest(header, owners)
        return owners[spelling] if spelling is not None else None

    def nearest_header(self, field: str, headers: Iterable[str]) -> str | None:
        """The one of `headers` that comes nearest to any name of `field`, None if none is near."""
        near = [header for header in headers if self.near(header, [field])]
        return max(near, key=lambda header: max(likeness(header, name) for name in self.spellings[field]), default=None)

    def _key(self, header: str) -> str:
        return loose(_BRACKETED.sub(self._undecorated, header))

    def _undecorated(self, bracketed: re.Match[str]) -> str:
        said = words(bracketed[1])
        return "" if said in self.decorations or said.startswith(self.openings) else bracketed[0]


def vocabulary(schema: Schema, hints: Hints, splitters: Splitters) -> Vocabulary:
    """The vocabulary of the fields of `schema`; hints for other fields are left out."""
    known = {field.name for field in schema.fields}
    return Vocabulary(
        names=frozenset(known),
        loosely=_unambiguous((name, field.name) for field in schema.fields for name in (field.name, field.label)),
        synonyms=_unambiguous((name, field.name) for field in schema.fields for name in hints.of(field.name).headers),
        combined={
            loose(header): fields.fields
            for fields in hints.combined
            if known.issuperset(fields.fields)
            for header in fields.headers
        },
        splittable=frozenset(each.fields for each in hints.combined if splitters.splitter(each.fields)),
        parts=_unambiguous((name, field.name) for field in schema.fields for name in hints.of(field.name).parts),
        stand_ins={field.name: hints.of(field.name).stand_ins for field in schema.fields},
        spellings={field.name: (field.name, field.label, *hints.of(field.name).headers) for field in schema.fields},
        countries=frozenset(map(loose, hints.country)),
        decorations=frozenset(words(text) for text in hints.decorations if not text.endswith(_ANY)),
        openings=tuple(f"{words(text)} " for text in hints.decorations if text.endswith(_ANY)),
    )


def lineage_of(header: str) -> str | None:
    """The flireo_ column that `header` is, or None."""
    name = trimmed(header).casefold()
    return name if name in LINEAGE else None


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    claims: dict[str, set[str]] = {}
    for name, field in pairs:
        claims.setdefault(loose(name), set()).add(field)
    return {key: min(fields) for key, fields in claims.items() if key and len(fields) == 1}
