"""One JSON value held against the checked keywords; whole columns are held against the same rules in `validate`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from batch.schema.formats import has_format
from batch.schema.patterns import read_pattern

Number: TypeAlias = int | Decimal

_TYPES: Mapping[str, type | tuple[type, ...]] = MappingProxyType(
    {
        "string": str,
        "integer": int,
        "number": (int, Decimal),
        "boolean": bool,
        "null": type(None),
        "object": dict,
        "array": list,
    }
)
TYPE_NAMES = tuple(_TYPES)


def broken_rules(value: object, rules: Mapping[str, object]) -> tuple[str, ...]:
    """The keywords of `rules` that the value breaks. A keyword for other types is kept, as JSON Schema says.

    Fractions are exact: hand them in as Decimal.
    """
    return tuple(keyword for keyword, limit in rules.items() if not _keeps(value, keyword, limit))


def exact(value: object) -> object:
    """A JSON value as decoded by `json.loads`, but a fraction as the decimal it was most likely written as.

    Infinity and NaN, which Python reads and JSON does not know, stay floats: they have no JSON type.
    """
    return Decimal(repr(value)) if isinstance(value, float) and math.isfinite(value) else value


def is_multiple(value: Number, step: Number) -> bool:
    """Whether value / step is whole, in decimals as they are written: 19.99 is a multiple of 0.01."""
    return (Fraction(value) / Fraction(step)).denominator == 1


def same(one: object, other: object) -> bool:
    """Equality of JSON values: 1 equals 1.0, but neither equals true."""
    match one, other:
        case (bool(), _) | (_, bool()):
            return one is other
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case dict(), dict():
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        case _:
            return exact(one) == exact(other)


def is_type(value: object, name: str) -> bool:
    """Whether the JSON value has the type of that name; a bool is no number, and 1.0 is an integer."""
    if name == "integer" and isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _keeps(value: object, keyword: str, limit: object) -> bool:
    match value, keyword, limit:
        case _, "enum", tuple():
            return any(same(member, value) for member in limit)
        case _, "const", _:
            return same(limit, value)
        case bool(), _, _:
            return True
        case str(), _, int() | str():
            return _text_keeps(value, keyword, limit)
        case int() | Decimal(), _, int() | Decimal():
            return _number_keeps(value, keyword, limit)
    return True


def _text_keeps(value: str, keyword: str, limit: int | str) -> bool:
    match keyword, limit:
        case "minLength", int():
            return len(value) >= limit
        case "maxLength", int():
            return len(value) <= limit
        case "pattern", str():
            return read_pattern(limit).python.search(value) is not None
        case "format", str():
            return has_format(limit, value)
    return True


def _number_keeps(value: Number, keyword: str, limit: Number) -> bool:
    match keyword:
        case "minimum":
            return value >= limit
        case "exclusiveMinimum":
            return value > limit
        case "maximum":
            return value <= limit
        case "exclusiveMaximum":
            return value < limit
        case "multipleOf":
            return is_multiple(value, limit)
    return True
