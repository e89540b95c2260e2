"""One JSON value against the rules."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from batch.schema.scalars import TYPE_NAMES, broken_rules, exact, is_type, same


@pytest.mark.parametrize(
    ("value", "types"),
    [
        ("x", {"string"}),
        (1, {"integer", "number"}),
        (Decimal("1.0"), {"integer", "number"}),
        (Decimal("1.5"), {"number"}),
        (True, {"boolean"}),
        (None, {"null"}),
        ({}, {"object"}),
        ([], {"array"}),
        (float("nan"), set()),
    ],
)
def test_the_types_of_a_value(value: object, types: set[str]) -> None:
    assert {name for name in TYPE_NAMES if is_type(value, name)} == types


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, Decimal("1.0"), True),
        (0.1, Decimal("0.1"), True),
        (1, True, False),
        (False, 0, False),
        (True, True, True),
        ("1", 1, False),
        (None, None, True),
        ([1, [2]], [1.0, [2]], True),
        ([1], [1, 2], False),
        ([True], [1], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, {"a": True}, False),
        ({}, [], False),
    ],
)
def test_equality_is_that_of_json(one: object, other: object, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


@pytest.mark.parametrize(
    ("value", "rules", "broken"),
    [
        ("ab", {"minLength": 2, "maxLength": 2, "pattern": "b$", "enum": ("ab",), "const": "ab"}, ()),
        ("abc", {"minLength": 4, "maxLength": 2, "pattern": "x", "format": "date", "enum": ("x",), "const": "y"},
         ("minLength", "maxLength", "pattern", "format", "enum", "const")),
        (5, {"minimum": 5, "maximum": 5, "multipleOf": 5}, ()),
        (5, {"exclusiveMinimum": 5, "exclusiveMaximum": 5}, ("exclusiveMinimum", "exclusiveMaximum")),
        (5, {"minimum": 6, "maximum": 4, "multipleOf": 2}, ("minimum", "maximum", "multipleOf")),
        (Decimal("19.99"), {"multipleOf": Decimal("0.01")}, ()),
        (Decimal("19.999"), {"multipleOf": Decimal("0.01")}, ("multipleOf",)),
        (5, {"minLength": 9, "pattern": "x", "format": "uuid"}, ()),
        ("x", {"minimum": 9, "multipleOf": 2}, ()),
        (True, {"minimum": 9, "minLength": 9}, ()),
        (None, {"minimum": 9, "minLength": 9}, ()),
        (True, {"enum": (1,)}, ("enum",)),
        ("😀é", {"minLength": 2, "maxLength": 2}, ()),
    ],
)  # fmt: skip
def test_a_value_breaks_the_rules_that_are_for_its_type(
    value: object, rules: Mapping[str, object], broken: tuple[str, ...]
) -> None:
    assert broken_rules(value, rules) == broken


def test_a_fraction_is_taken_as_the_decimal_that_was_written() -> None:
    assert exact(0.1) == Decimal("0.1")
    assert exact(7) == 7
    assert exact("0.1") == "0.1"
    assert exact(float("inf")) == float("inf")
