"""Rows against the request schema: every error of every row, in order, with its code and sentence."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pandera.config
import pandera.pandas as pan
import pytest

from batch.model import RowError
from batch.schema import Schema, load_schema, parse_schema, schemas_folder
from batch.schema.documents import parse_document
from batch.validate import Verdict, validate
from batch.validate.checks import pandera_schema


def schema_of(properties: object, **more: object) -> Schema:
    text = json.dumps({"type": "object", "properties": properties, **more})
    return parse_schema(parse_document(text, source="s.json"), source="s.json")


def frame_of(columns: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(list(cells), dtype="str") for name, cells in columns.items()})


def judged(schema: Schema, columns: Mapping[str, Sequence[str]], labels: Mapping[str, str] | None = None) -> Verdict:
    frame = frame_of(columns)
    return validate(frame, range(2, 2 + len(frame)), labels or {name: name.upper() for name in columns}, schema)


def only_error(spec: object, text: str, *, name: str = "postal_code") -> RowError:
    verdict = judged(schema_of({name: spec}), {name: [text]})
    assert len(verdict.errors) == 1
    assert verdict.valid.tolist() == [False]
    return verdict.errors[0]


def message(spec: object, text: str) -> str:
    return only_error(spec, text).message


A_NUMBER = "a number in digits, with a point before any decimals, such as 12 or 12.5"
REQUEST = load_schema(schemas_folder() / "verification-group.request.json")
GROUP = {
    "phone_number_type": "local",
    "name": "Groep Eén",
    "business_name": "Voorbeeld B.V.",
    "contact_person_first_name": "Jo",
    "contact_person_last_name": "Verzonnen",
    "contact_person_phone": "+31201234567",
    "street_name": "Nergensstraat",
    "house_number": "1-2",
    "postal_code": "1234 AB",
    "city": "Nergenshuizen",
    "province": "Utrecht",
    "description": "",
}


def test_a_right_row_is_valid() -> None:
    verdict = judged(REQUEST, {name: [text] for name, text in GROUP.items()})
    assert verdict.errors == ()
    assert verdict.valid.tolist() == [True]


def test_a_wrong_choice_is_told_with_what_was_meant() -> None:
    verdict = judged(
        REQUEST,
        {name: [text] for name, text in {**GROUP, "phone_number_type": "lokaal"}.items()},
        {**{name: name for name in GROUP}, "phone_number_type": "Soort nummer"},
    )
    assert [str(error.sentence) for error in verdict.errors] == [
        "Phone number type must be one of local, mobile, national; found 'lokaal'. Did you mean local?"
    ]
    error = verdict.errors[0]
    assert (error.row, error.column, error.field, error.value, error.code) == (
        2,
        "Soort nummer",
        "phone_number_type",
        "lokaal",
        "enum",
    )


def test_every_error_of_every_row_is_told_in_row_order_then_in_the_order_of_the_fields() -> None:
    schema = schema_of(
        {
            "a": {"type": "string", "minLength": 3, "pattern": "^[a-z]*$"},
            "b": {"type": "integer", "minimum": 5, "multipleOf": 2},
            "c": {"type": "string"},
        },
        required=["c", "a"],
        additionalProperties=False,
    )
    verdict = judged(
        schema,
        {"x": ["", "stray", ""], "c": ["", "c", "c"], "b": ["3", "x", "6"], "a": ["A", "abc", "abc"]},
    )
    assert [(error.row, error.field, error.code) for error in verdict.errors] == [
        (2, "a", "minLength"),
        (2, "a", "pattern"),
        (2, "b", "minimum"),
        (2, "b", "multipleOf"),
        (2, "c", "required"),
        (3, "b", "type"),
        (3, "x", "additionalProperties"),
    ]
    assert verdict.valid.tolist() == [False, False, True]


def test_an_empty_required_field_is_one_error() -> None:
    schema = schema_of({"postal_code": {"type": "string", "minLength": 1, "enum": ["x"]}}, required=["postal_code"])
    verdict = judged(schema, {"postal_code": [""]})
    assert [(error.code, error.value, error.message) for error in verdict.errors] == [
        ("required", "", "Postal code is empty; it is required.")
    ]


def test_an_empty_field_that_is_not_required_is_absent() -> None:
    schema = schema_of({"a": {"type": "integer", "minimum": 3, "enum": [4]}, "b": {"type": "string", "minLength": 5}})
    assert judged(schema, {"a": [""], "b": [""]}).errors == ()


def test_a_required_field_without_a_column_is_missing_in_every_row() -> None:
    schema = schema_of({"a": {"type": "string"}, "b": {"type": "string"}}, required=["b"])
    verdict = judged(schema, {"a": ["1", "2"]})
    assert [(error.row, error.column, error.field, error.code, error.message) for error in verdict.errors] == [
        (2, None, "b", "required", "B is required, but the file has no column for it."),
        (3, None, "b", "required", "B is required, but the file has no column for it."),
    ]


def test_a_field_without_a_column_is_absent_where_it_is_not_required() -> None:
    assert judged(schema_of({"a": {"type": "string"}, "b": {"type": "integer"}}), {"a": ["x"]}).errors == ()


def test_no_rows_give_no_errors() -> None:
    verdict = judged(REQUEST, {name: [] for name in GROUP})
    assert verdict.errors == ()
    assert verdict.valid.tolist() == []


def test_the_index_of_the_frame_does_not_matter() -> None:
    schema = schema_of({"a": {"type": "string", "maxLength": 1}})
    frame = frame_of({"a": ["x", "xx", "x", "xx"]})[1:].set_axis([7, 7, 7], axis="index")
    verdict = validate(frame, [12, 13, 15], {"a": "A"}, schema)
    assert [error.row for error in verdict.errors] == [12, 15]
    assert verdict.valid.tolist() == [False, True, False]


def test_the_frame_is_left_as_it_was() -> None:
    frame = frame_of({"a": ["x"]})
    before = frame.copy()
    validate(frame, [2], {"a": "A"}, schema_of({"a": {"type": "string"}, "b": {"type": "string"}}, required=["b"]))
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(("kind", "right", "wrong"), [
    ("integer", ["0", "-0", "7", "-12", "9" * 100],
     ["07", "+7", "7.0", "7,0", "1e3", "1 000", "1.000", " 7", "--7", "-", "x", "\u0667", "9" * 101, "7\n"]),
    ("number", ["0", "-0.0", "7", "12.50", "-0.001", "0." + "1" * 100],
     [".5", "5.", "05.1", "1,5", "1.2E+11", "1e3", "+1.5", "NaN", "Infinity", "1.234.567", "0." + "1" * 101]),
    ("boolean", ["true", "false"], ["TRUE", "True", "1", "0", "yes", "ja", "waar", "true "]),
    ("string", ["x", "true", "7", "null"], []),
])  # fmt: skip
def test_text_is_a_value_only_where_it_is_spelled_as_json_spells_it(
    kind: str, right: list[str], wrong: list[str]
) -> None:
    verdict = judged(schema_of({"a": {"type": kind}}), {"a": right + wrong})
    assert verdict.valid.tolist() == [True] * len(right) + [False] * len(wrong)
    assert {error.code for error in verdict.errors} <= {"type"}


@pytest.mark.parametrize(
    ("spec", "text", "expected"),
    [
        ({"type": "integer"}, "7,5", "Postal code must be a whole number in digits only, such as 12; found '7,5'."),
        ({"type": "number"}, "7,5", f"Postal code must be {A_NUMBER}; found '7,5'."),
        ({"type": "boolean"}, "TRUE", "Postal code must be true or false; found 'TRUE'. Did you mean true?"),
        ({"type": "boolean"}, "ja", "Postal code must be true or false; found 'ja'."),
        ({"type": "string", "enum": ["a", "b"]}, "zzz", "Postal code must be one of a, b; found 'zzz'."),
        ({"type": "string", "enum": ["aab", "baa"]}, "aa", "Postal code must be one of aab, baa; found 'aa'."),
        ({"type": "string", "const": "NL"}, "BE", "Postal code must be NL; found 'BE'."),
        ({"type": "integer", "enum": [10, 20]}, "15", "Postal code must be one of 10, 20; found '15'."),
        ({"type": "string", "minLength": 6}, "12", "Postal code must have at least 6 characters; '12' has 2."),
        ({"type": "string", "maxLength": 2}, "123", "Postal code must have at most 2 characters; '123' has 3."),
        ({"type": "string", "maxLength": 1}, "123", "Postal code must have at most 1 character; '123' has 3."),
        ({"type": "string", "maxLength": 0}, "123", "Postal code must be empty; found '123'."),
        (
            {"type": "string", "pattern": "^[0-9]{4}$"},
            "12",
            "Postal code is not written as it should be (by the pattern ^[0-9]{4}$); found '12'.",
        ),
        (
            {"type": "string", "pattern": "^[0-9]{4} [A-Z]{2}$", "examples": ["1234 AB"]},
            "12",
            "Postal code is not written as it should be; found '12'. A right one: 1234 AB.",
        ),
        ({"type": "string", "format": "email"}, "x", "Postal code must be an e-mail address, with an @; found 'x'."),
        (
            {"type": "string", "format": "date"},
            "31-1-2025",
            "Postal code must be a date that exists, written as 2025-01-31 (year-month-day); found '31-1-2025'.",
        ),
        ({"type": "number", "minimum": 2.5}, "2", "Postal code must be 2.5 or more; found 2."),
        ({"type": "number", "exclusiveMinimum": 2}, "2", "Postal code must be more than 2; found 2."),
        ({"type": "number", "maximum": 2}, "2.1", "Postal code must be 2 or less; found 2.1."),
        ({"type": "number", "exclusiveMaximum": 2}, "2.0", "Postal code must be less than 2; found 2.0."),
        ({"type": "number", "multipleOf": 0.5}, "2.1", "Postal code must be a multiple of 0.5; found 2.1."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_a_customers_words(spec: object, text: str, expected: str) -> None:
    assert message(spec, text) == expected


@pytest.mark.parametrize("name", ["uuid", "uri", "date-time"])
def test_each_format_has_a_sentence_of_its_own(name: str) -> None:
    error = only_error({"type": "string", "format": name}, "x y")
    assert error.code == "format"
    assert error.message.startswith("Postal code must be a ")
    assert error.message.endswith("found 'x y'.")


def test_a_long_value_is_whole_in_the_error_and_cut_in_its_sentence() -> None:
    error = only_error({"type": "string", "maxLength": 5}, "x" * 1_000_000)
    assert len(error.value) == 1_000_000
    assert error.message == f"Postal code must have at most 5 characters; '{'x' * 59}…' has 1000000."


def test_what_cannot_be_seen_is_made_visible_in_the_sentence() -> None:
    expected = "Postal code must have at most 1 character; 'a⏎b⇥c[U+202E][U+0000]' has 7."
    assert message({"type": "string", "maxLength": 1}, "a\nb\tc\u202e\x00") == expected


def test_lengths_count_characters_as_unicode_does() -> None:
    schema = schema_of({"a": {"type": "string", "minLength": 2, "maxLength": 2}})
    assert judged(schema, {"a": ["😀é", "é", "e\u0301", "👨‍👩‍👧"]}).valid.tolist() == [True, False, True, False]


def test_a_pattern_that_looks_around_is_checked_too() -> None:
    schema = schema_of({"a": {"type": "string", "pattern": "^(?!0)[0-9]+$"}})
    assert judged(schema, {"a": ["12", "02", "12", ""]}).valid.tolist() == [True, False, True, True]


def test_a_pattern_that_is_too_large_for_re2_is_checked_too() -> None:
    schema = schema_of({"a": {"type": "string", "pattern": "^(?:(?:[a-z]{50}){50}){50}|x$"}})
    assert judged(schema, {"a": ["x", "y"]}).valid.tolist() == [True, False]


def test_a_pattern_that_would_take_python_forever_does_not() -> None:
    schema = schema_of({"a": {"type": "string", "pattern": "^(a+)+$"}})
    assert judged(schema, {"a": ["a" * 5000 + "!"]}).valid.tolist() == [False]


@pytest.mark.parametrize(
    ("rule", "text", "kept"),
    [
        ({"multipleOf": 0.01}, "19.99", True),
        ({"multipleOf": 0.01}, "19.999", False),
        ({"multipleOf": 0.1}, "0.3", True),
        ({"multipleOf": 3}, "9007199254740993", True),
        ({"multipleOf": 2}, "9007199254740993", False),
        ({"multipleOf": 7}, "-21", True),
        ({"multipleOf": 7}, "0", True),
        ({"multipleOf": 123456789012345678}, "246913578024691356", True),
        ({"maximum": 9007199254740992}, "9007199254740993", False),
        ({"minimum": 9007199254740993}, "9007199254740992", False),
        ({"exclusiveMinimum": 9007199254740992}, "9007199254740993", True),
        ({"maximum": 0.1}, "0.1", True),
        ({"maximum": 0.1}, "0.1000000000000000000001", False),
        ({"exclusiveMaximum": 0.1}, "0.0999999999999999999999", True),
        ({"enum": [0.1, 0.2]}, "0.20", True),
        ({"enum": [0.1, 0.2]}, "0.2000000000000000000001", False),
        ({"const": 5}, "5.000", True),
    ],
)
def test_numbers_are_the_decimals_that_are_written(rule: Mapping[str, object], text: str, kept: bool) -> None:
    schema = schema_of({"a": {"type": "number", **rule}})
    assert judged(schema, {"a": [text, "", "x"]}).valid.tolist() == [kept, True, False]


def test_other_columns_are_judged_by_the_schema_for_them() -> None:
    schema = schema_of({"a": {"type": "string"}}, additionalProperties={"type": "integer", "minimum": 3})
    verdict = judged(schema, {"a": ["x", "x", "x"], "my_count": ["3", "2", ""]})
    assert [(error.row, error.column, error.field, error.code, error.message) for error in verdict.errors] == [
        (3, "MY_COUNT", "my_count", "minimum", "My count must be 3 or more; found 2.")
    ]


def test_other_columns_must_be_empty_where_there_may_be_none() -> None:
    schema = schema_of({"a": {"type": "string"}}, additionalProperties=False)
    verdict = judged(schema, {"a": ["x", "x"], "b": ["", "stray"]})
    assert [(error.row, error.column, error.field, error.value) for error in verdict.errors] == [(3, "B", "b", "stray")]
    assert verdict.errors[0].code == "additionalProperties"
    assert verdict.errors[0].message == "There is no field named b, so this cell must be empty; found 'stray'."


@pytest.mark.parametrize("allowed", [{}, {"additionalProperties": True}])
def test_other_columns_may_be_anything_where_the_schema_allows_it(allowed: Mapping[str, object]) -> None:
    assert judged(schema_of({}, **allowed), {"b": ["anything"]}).errors == ()


def test_the_same_failure_cases_come_from_pandera_itself() -> None:
    columns = {name: [text, text, ""] for name, text in GROUP.items()}
    columns["phone_number_type"] = ["lokaal", "local", "vast"]
    frame = frame_of(columns)
    switched_on = pandera.config.config_context(validation_enabled=True, validation_depth="SCHEMA_AND_DATA")
    with switched_on, pytest.raises(pan.errors.SchemaErrors) as caught:
        pandera_schema(REQUEST, ()).validate(frame, lazy=True)
    cases = caught.value.failure_cases
    theirs = sorted(zip(cases["index"], cases["column"], cases["check"], strict=True))
    ours = [(error.row, error.field, error.code) for error in validate(frame, range(3), {}, REQUEST).errors]
    assert sorted(ours) == theirs


def test_pandera_cannot_be_switched_off_from_outside() -> None:
    schema = schema_of({"a": {"type": "string"}}, required=["a"])
    for switch in ({"validation_enabled": False}, {"validation_depth": "SCHEMA_ONLY"}):
        with pandera.config.config_context(**switch):
            assert judged(schema, {"a": [""]}).valid.tolist() == [False]


def test_a_rule_that_nobody_checks_stops_the_run() -> None:
    schema = schema_of({"a": {"type": "string"}})
    broken = Schema(fields=(schema.fields[0].__class__(**{
        name: getattr(schema.fields[0], name) for name in ("name", "label", "type", "required")
    }, rules={"contains": "x"}),))  # fmt: skip
    with pytest.raises(AssertionError, match="contains"):
        judged(broken, {"a": ["x"]})


def test_many_rows_are_judged_by_whole_columns() -> None:
    count = 50_000
    columns = {name: [text] * count for name, text in GROUP.items()}
    columns["city"] = ["" if at % 2 else "Nergenshuizen" for at in range(count)]
    verdict = judged(REQUEST, columns)
    assert len(verdict.errors) == count // 2
    assert np.flatnonzero(~verdict.valid).tolist() == list(range(1, count, 2))
    assert len({id(error.sentence) for error in verdict.errors}) == 1, "one sentence serves all rows"
