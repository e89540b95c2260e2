"""The JSON Schema keywords that are covered, and what their values must be; every other keyword is refused by name.

    checked     type, enum, const; strings: minLength, maxLength, pattern, format;
                numbers: minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
    structure   properties, required, additionalProperties (and, in replies, items)
    annotations title, description, default, examples, deprecated, readOnly, writeOnly, $id, $comment, and $schema
                where it names a dialect of json-schema.org: none of them restricts a value

A keyword that cannot apply to the type beside it is refused as well: JSON Schema would ignore it, so a rule that
somebody wrote down would go unchecked in silence. The keywords mean what they mean in every dialect since draft 6.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from batch.schema.documents import Json, Place, shown
from batch.schema.formats import FORMATS
from batch.schema.patterns import read_pattern
from batch.schema.scalars import is_type, same

STRINGS = frozenset({"string"})
NUMBERS = frozenset({"integer", "number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """One checked keyword: the types it applies to, and its reader, which raises ValueError saying what it takes."""

    types: frozenset[str]
    read: Callable[[Json], object]


def _length(value: Json) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError("a whole number, 0 or more")


def _number(value: Json) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise ValueError("a number")


def _step(value: Json) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value > 0:
        return value
    raise ValueError("a number above 0")


def _pattern(value: Json) -> str:
    if isinstance(value, str):
        read_pattern(value)
        return value
    raise ValueError("a regular expression in quotes")


def _format(value: Json) -> str:
    if isinstance(value, str) and value in FORMATS:
        return value
    raise ValueError(f"one of the formats that are checked ({', '.join(FORMATS)})")


RULES: Mapping[str, Keyword] = MappingProxyType(
    {
        "minLength": Keyword(types=STRINGS, read=_length),
        "maxLength": Keyword(types=STRINGS, read=_length),
        "pattern": Keyword(types=STRINGS, read=_pattern),
        "format": Keyword(types=STRINGS, read=_format),
        "minimum": Keyword(types=NUMBERS, read=_number),
        "exclusiveMinimum": Keyword(types=NUMBERS, read=_number),
        "maximum": Keyword(types=NUMBERS, read=_number),
        "exclusiveMaximum": Keyword(types=NUMBERS, read=_number),
        "multipleOf": Keyword(types=NUMBERS, read=_step),
    }
)
VALUE_KEYWORDS: tuple[str, ...] = ("type", "enum", "const", *RULES)

_TEXT, _FLAG, _LIST = (str, "text"), (bool, "true or false"), (list, "a list")
_ANNOTATIONS: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        "title": _TEXT,
        "description": _TEXT,
        "default": (object, "any value"),
        "examples": _LIST,
        "deprecated": _FLAG,
        "readOnly": _FLAG,
        "writeOnly": _FLAG,
        "$id": _TEXT,
        "$comment": _TEXT,
        "$schema": _TEXT,
    }
)
_DIALECTS = ("https://json-schema.org/", "http://json-schema.org/")
_NEVER_BOTH = (("minLength", "maxLength"), ("minimum", "maximum"))
_NEVER_EVEN_EQUAL = (
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
)


def covered_object(document: Json, covered: Collection[str], place: Place) -> dict[str, Json]:
    """The document as an object all of whose keywords are covered or harmless. Raises SettingsError."""
    if not isinstance(document, dict):
        raise place.error("schema_value", f"an object was expected; found {shown(document)}.")
    for keyword, value in document.items():
        if keyword in _ANNOTATIONS:
            _check_annotation(keyword, value, place)
        elif keyword not in covered:
            raise place.error(
                "schema_keyword",
                f"the keyword '{keyword}' is not checked here, so rows would go unvalidated. "
                f"Checked here: {', '.join(covered)}. Let through as notes: {', '.join(_ANNOTATIONS)}.",
            )
    return document


def read_rules(document: Mapping[str, Json], types: frozenset[str], place: Place) -> dict[str, object]:
    """The rules on strings and numbers, in the order of RULES. `types` are those the value may have; empty: any."""
    rules: dict[str, object] = {}
    for name in (each for each in RULES if each in document):
        if types and not types & RULES[name].types:
            raise place.error(
                "schema_value",
                f"'{name}' says something of {_names(RULES[name].types)}, but the type here is {_names(types)}.",
            )
        try:
            rules[name] = RULES[name].read(document[name])
        except ValueError as cause:
            raise (place / name).error(
                "schema_value", f"{cause} was expected; found {shown(document[name])}."
            ) from cause
    _refuse_contradictions(rules, place)
    return rules


def read_choices(document: Mapping[str, Json], types: frozenset[str], place: Place) -> dict[str, object]:
    """`enum` (a tuple, each value once) and `const`, whose values must have one of the types; empty: any."""
    choices: dict[str, object] = {}
    if "enum" in document:
        members = document["enum"]
        if not isinstance(members, list) or not members:
            raise (place / "enum").error("schema_value", f"a list of values was expected; found {shown(members)}.")
        choices["enum"] = tuple(
            member for at, member in enumerate(members) if not any(same(member, earlier) for earlier in members[:at])
        )
        for member in members:
            _refuse_other_type(member, types, place / "enum")
    if "const" in document:
        _refuse_other_type(document["const"], types, place / "const")
        choices["const"] = document["const"]
    return choices


def _refuse_other_type(value: Json, types: frozenset[str], place: Place) -> None:
    if types and not any(is_type(value, each) for each in types):
        raise place.error("schema_value", f"{shown(value)} can never be a value here: the type is {_names(types)}.")


def _refuse_contradictions(rules: Mapping[str, object], place: Place) -> None:
    for pairs, equal_too in ((_NEVER_BOTH, False), (_NEVER_EVEN_EQUAL, True)):
        for low, high in pairs:
            least, most = rules.get(low), rules.get(high)
            if not isinstance(least, int | Decimal) or not isinstance(most, int | Decimal):
                continue
            if least > most or (equal_too and least == most):
                raise place.error(
                    "schema_value", f"'{low}' {shown(least)} and '{high}' {shown(most)} leave no value that keeps both."
                )


def _check_annotation(keyword: str, value: Json, place: Place) -> None:
    expected, name = _ANNOTATIONS[keyword]
    if not isinstance(value, expected):
        raise (place / keyword).error("schema_value", f"{name} was expected; found {shown(value)}.")
    if keyword == "$schema" and not str(value).startswith(_DIALECTS):
        raise (place / keyword).error(
            "schema_value", f"a dialect of json-schema.org was expected; found {shown(value)}."
        )


def _names(types: frozenset[str]) -> str:
    return " or ".join(sorted(types))
