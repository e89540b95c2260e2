"""The table of fields, made from the schema."""

import json

import pytest

from batch.field_docs import fields_markdown, rule_words
from batch.hints import FieldHints, Hints
from batch.schema import Schema, load_schema, parse_schema, schemas_folder
from batch.schema.documents import parse_document

ABOUT_THE_TYPE = "Type of phone numbers this group will be used for"


def schema_of(properties: object, **more: object) -> Schema:
    text = json.dumps({"type": "object", "properties": properties, **more})
    return parse_schema(parse_document(text, source="s.json"), source="s.json")


def test_each_field_of_the_request_schema_has_a_line() -> None:
    lines = fields_markdown(load_schema(schemas_folder() / "verification-group.request.json")).splitlines()
    assert lines[:4] == [
        "| Field | Label | Required | Rule | Description |",
        "| --- | --- | --- | --- | --- |",
        f"| `phone_number_type` | Phone number type | yes | one of local, mobile, national | {ABOUT_THE_TYPE} |",
        "| `name` | Name | yes | text; not empty | Internal name for the verification group |",
    ]
    assert lines[13] == "| `description` | Description | no | text | Optional description |"
    assert lines[15] == "Other columns may be sent along by mapping them; they are sent as text."


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"type": "string", "minLength": 0}, "text"),
        ({"type": "string", "minLength": 2, "maxLength": 9}, "text; at least 2 characters; at most 9 characters"),
        ({"type": "string", "maxLength": 1, "pattern": "^x"}, "text; at most 1 character; by the pattern ^x"),
        ({"type": "string", "format": "date"}, "date, written as 2025-01-31"),
        ({"type": "string", "const": "NL"}, "NL"),
        ({"type": "boolean", "default": False}, "one of true, false; false if left empty"),
        ({"type": "integer", "enum": [1, 2]}, "one of 1, 2"),
        ({"type": "integer", "minimum": 1, "exclusiveMaximum": 9}, "whole number; at least 1; less than 9"),
        (
            {"type": "number", "exclusiveMinimum": 0, "maximum": 9.5, "multipleOf": 0.5},
            "number, with a point before decimals; more than 0; at most 9.5; a multiple of 0.5",
        ),
    ],
)
def test_the_rules_are_put_in_words(spec: object, words: str) -> None:
    field = schema_of({"a": spec}).field("a")
    assert field is not None
    assert rule_words(field) == words


def test_what_markdown_would_read_as_its_own_is_escaped() -> None:
    table = fields_markdown(schema_of({"a|b": {"type": "string", "description": "x|y\n*z* <b>", "title": "A_b"}}))
    assert r"| `a\|b` | A\_b | no | text | x\|y \*z\* \<b\> |" in table


@pytest.mark.parametrize(
    ("additional", "sentence"),
    [
        (False, "No other column may be sent."),
        ({"type": "integer"}, "Any other column: whole number."),
    ],
)
def test_the_docs_say_what_other_columns_may_be(additional: object, sentence: str) -> None:
    assert sentence in fields_markdown(schema_of({}, additionalProperties=additional))


def test_other_headers_are_listed_once_each() -> None:
    hints = Hints(fields={"a": FieldHints(headers=("Ah", "Ach", "Ah"))})
    table = fields_markdown(schema_of({"a": {"type": "string"}, "b": {"type": "string"}}), hints)
    assert table.endswith("\n\nHeaders that are recognised beside the field and its label:\n\n- A: Ah, Ach\n")
