"""What a row may hold: one frozen `Field` for each property of the request schema, and the `Schema` they make up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s_\-.]+")


class JsonType(StrEnum):
    """The JSON types that the text of a cell can become."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One property of the request schema.

    `label` is its name for a person: the schema's `title`, else made from the name. `rules` holds the keywords that
    are checked, each with its value: numbers are int or Decimal, `enum` is a tuple. `default` is what
    an empty cell stands for; `validate` never fills it in. `examples` are those of the schema that keep its own rules,
    spelled as a cell would.
    """

    name: str
    label: str
    type: JsonType
    required: bool
    description: str = ""
    rules: Mapping[str, object] = field(hash=False)
    default: object | None = field(default=None, hash=False)
    examples: tuple[str, ...] = ()

    @property
    def enum(self) -> tuple[str, ...]:
        """The only values there are, spelled as a cell would, in the schema's order; empty if there is no such list."""
        if "const" in self.rules:
            return (spelled(self.rules["const"]),)
        members = self.rules.get("enum", ())
        if isinstance(members, tuple) and members:
            return tuple(spelled(member) for member in members)
        return ("true", "false") if self.type is JsonType.BOOLEAN else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The whole request schema, its fields in the order of the file.

    `additional` is what `additionalProperties` says of other columns: True (anything, sent as text), False (nothing),
    or the Field whose rules they keep.
    """

    fields: tuple[Field, ...]
    additional: bool | Field = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.fields)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.fields if each.required)

    def field(self, name: str) -> Field | None:
        """The field that the schema describes under this name."""
        return next((each for each in self.fields if each.name == name), None)

    def other_field(self, name: str) -> Field | None:
        """The field that a column outside the described ones becomes; None where the schema allows no such column."""
        if isinstance(self.additional, Field):
            return replace(self.additional, name=name, label=label(name))
        if self.additional:
            return Field(name=name, label=label(name), type=JsonType.STRING, required=False, rules={})
        return None


def label(name: str) -> str:
    """A property's name as a person would write it: "phone_number_type" gives "Phone number type"."""
    words = [
        word if word.isupper() and len(word) > 1 else word.lower()
        for word in _SEPARATORS.split(_WORD_START.sub(" ", name))
        if word
    ]
    text = " ".join(words) or name
    return text[:1].upper() + text[1:]


def spelled(value: object) -> str:
    """A JSON value as the text of a cell: a string as it is, everything else as JSON spells it."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)
