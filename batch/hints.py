"""What people call the fields and their values, read from `schemas/hints.json`: data that helps, never a rule.

A field without hints works by its name and label. Hints for a field that the schema does not have do nothing.
"""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from batch.errors import SettingsError
from batch.likeness import spaced


class Kind(StrEnum):
    """What a field's text is to a person, beyond its JSON type."""

    PHONE = "phone"
    BUSINESS = "business"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    STREET = "street"
    HOUSE_NUMBER = "house_number"
    POSTAL_CODE = "postal_code"
    CITY = "city"
    PROVINCE = "province"


class Words(StrEnum):
    """Lists of words by what they do in a cell: in addresses and names that are split, and in rows that are no data."""

    MONTHS = "months"
    SQUARES = "squares"  # a year behind one of these is a name: Plein 1940
    ROADS_BEFORE_NAME = "roads_before_name"  # Rue de la Loi
    ROADS_BEHIND_NAME = "roads_behind_name"  # Baker Street
    NUMBER_SIGNS = "number_signs"  # Dorpsstraat nr. 5
    ADDITIONS = "additions"  # Dorpsstraat 5 hs
    UNITS = "units"  # Dorpsstraat 5 bus 3
    PARTICLES = "particles"  # Jan van der Berg
    TITLES = "titles"  # mr. Jan Berg
    TWO_LETTERS = "two_letters"  # 3454 DE MEERN
    COUNTRIES = "countries"  # 1234 AB Ede Nederland
    TOTALS = "totals"  # Totaal, with or without a number
    COUNTED = "counted"  # Aantal: 15, 15 rows
    REMARKS = "remarks"  # Let op: ...
    STAMPS = "stamps"  # Last updated on ...
    PAGES = "pages"  # Page 1 of 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldHints:
    """What is known of one field.

    `headers` are other names for its column, `called` the first of them in each language. `meanings` leads from a
    synonym (as `likeness.spaced` gives it) to the value of the enum. `parts` are headers of columns that hold a piece
    of this field (an infix, a house letter). `stand_ins` are fields whose column people also mean for this one; they
    are suggested, never taken.
    """

    headers: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    meanings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    kind: Kind | None = None
    parts: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """Headers of columns that hold several fields in one cell."""

    headers: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """All hints. `decorations` are the words that, in brackets, say nothing about which field it is ("required"); one
    that ends with ... stands for all that begin so ("e.g. ...").

    `words` are the word lists, each word as `likeness.spaced` gives it, with a straight apostrophe.
    `country` are headers of a column that says in which country the address is; it feeds no field.
    """

    fields: Mapping[str, FieldHints] = field(default_factory=lambda: MappingProxyType({}))
    combined: tuple[Combined, ...] = ()
    decorations: tuple[str, ...] = ()
    words: Mapping[Words, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    country: tuple[str, ...] = ()

    def of(self, name: str) -> FieldHints:
        """The hints for the field `name`; empty ones if there are none."""
        return self.fields.get(name, FieldHints())

    def listed(self, which: Words) -> frozenset[str]:
        """The words of one list; none if the file does not have it."""
        return self.words.get(which, frozenset())


def load_hints(path: Path) -> Hints:
    """The hints in the file at `path`. Raises SettingsError if it is missing, is not JSON or holds what is unknown."""
    try:
        document: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise SettingsError(
            "hints_unreadable", f"{path.name} cannot be read: {cause}. Reinstall the program."
        ) from cause
    return _Reader(path.name).hints(document)


class _Reader:
    """Turns the JSON document into `Hints`, knowing where it is, so that a mistake is named with its place."""

    def __init__(self, file: str) -> None:
        self.file = file

    def hints(self, document: object) -> Hints:
        top = self.members(document, "the document", {"about", "fields", "combined", "decorations", "words", "country"})
        fields = self.members(top.get("fields", {}), "fields", None)
        combined = self.items(top.get("combined", []), "combined")
        words = self.members(top.get("words", {}), "words", set(Words))
        return Hints(
            fields=MappingProxyType({name: self.field(body, f"fields.{name}") for name, body in fields.items()}),
            combined=tuple(self.combined(body, f"combined[{index}]") for index, body in enumerate(combined)),
            decorations=self.by_language(top.get("decorations", {}), "decorations"),
            words=MappingProxyType({Words(name): self.words(body, f"words.{name}") for name, body in words.items()}),
            country=self.by_language(top.get("country", {}), "country"),
        )

    def field(self, body: object, at: str) -> FieldHints:
        members = self.members(body, at, {"kind", "headers", "values", "parts", "stand_ins"})
        return FieldHints(
            headers=self.by_language(members.get("headers", {}), f"{at}.headers"),
            called=self.called(members.get("headers", {}), f"{at}.headers"),
            meanings=self.meanings(members.get("values", {}), f"{at}.values"),
            kind=self.kind(members["kind"], f"{at}.kind") if "kind" in members else None,
            parts=self.by_language(members.get("parts", {}), f"{at}.parts"),
            stand_ins=self.texts(members.get("stand_ins", []), f"{at}.stand_ins"),
        )

    def called(self, body: object, at: str) -> Mapping[str, str]:
        named = ((language, self.texts(texts, at)) for language, texts in self.members(body, at, None).items())
        return MappingProxyType({language: texts[0] for language, texts in named if texts})

    def combined(self, body: object, at: str) -> Combined:
        members = self.members(body, at, {"fields", "headers"})
        return Combined(
            fields=self.texts(members.get("fields", []), f"{at}.fields"),
            headers=self.by_language(members.get("headers", {}), f"{at}.headers"),
        )

    def words(self, body: object, at: str) -> frozenset[str]:
        return frozenset(spaced(text) for text in self.by_language(body, at))

    def kind(self, value: object, at: str) -> Kind:
        kind = next((kind for kind in Kind if kind == value), None)
        return kind or self.refuse(at, f"one of {', '.join(Kind)}", value)

    def meanings(self, body: object, at: str) -> Mapping[str, str]:
        meanings: dict[str, str] = {}
        for value, synonyms in self.members(body, at, None).items():
            for synonym in self.by_language(synonyms, f"{at}.{value}"):
                if meanings.setdefault(spaced(synonym), value) != value:
                    self.refuse(
                        f"{at}.{value}", f"a synonym that does not also mean {meanings[spaced(synonym)]}", synonym
                    )
        return MappingProxyType(meanings)

    def by_language(self, body: object, at: str) -> tuple[str, ...]:
        languages = self.members(body, at, None)
        return tuple(text for language, texts in languages.items() for text in self.texts(texts, f"{at}.{language}"))

    def texts(self, body: object, at: str) -> tuple[str, ...]:
        texts = self.items(body, at)
        return tuple(text if isinstance(text, str) else self.refuse(at, "a list of texts", text) for text in texts)

    def items(self, body: object, at: str) -> list[object]:
        return body if isinstance(body, list) else self.refuse(at, "a list", body)

    def members(self, body: object, at: str, known: AbstractSet[str] | None) -> Mapping[str, object]:
        if not isinstance(body, dict):
            self.refuse(at, "an object", body)
        unknown = sorted(set(body) - known) if known is not None else []
        if unknown:
            self.refuse(at, f"nothing but {', '.join(sorted(known or ()))}", unknown[0])
        return body

    def refuse(self, at: str, expected: str, found: object) -> NoReturn:
        raise SettingsError("hints_malformed", f"{self.file}: {at} should be {expected}; found {json.dumps(found)}.")
