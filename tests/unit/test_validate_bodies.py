"""Valid rows as JSON: exact, compact, and in the order of the schema."""

import json
from collections.abc import Mapping, Sequence

import pandas as pd

from batch.schema import Schema, load_schema, parse_schema, schemas_folder
from batch.schema.documents import parse_document
from batch.validate import bodies


def made(columns: Mapping[str, Sequence[str]], properties: object, **more: object) -> list[bytes]:
    text = json.dumps({"type": "object", "properties": properties, **more})
    schema = parse_schema(parse_document(text, source="s.json"), source="s.json")
    return of(columns, schema)


def of(columns: Mapping[str, Sequence[str]], schema: Schema) -> list[bytes]:
    frame = pd.DataFrame({name: pd.Series(list(cells), dtype="str") for name, cells in columns.items()})
    return list(bodies(frame, schema))


def test_a_body_has_the_fields_in_the_order_of_the_schema_and_no_absent_one() -> None:
    schema = load_schema(schemas_folder() / "verification-group.request.json")
    columns = {"city": ["Ede", "Hoorn"], "description": ["", "twee"], "name": ["één", "2"]}
    assert of(columns, schema) == [
        '{"name":"één","city":"Ede"}'.encode(),
        b'{"name":"2","city":"Hoorn","description":"twee"}',
    ]


def test_values_have_their_type_and_numbers_the_spelling_of_the_cell() -> None:
    properties = {"i": {"type": "integer"}, "n": {"type": "number"}, "b": {"type": "boolean"}, "s": {"type": "string"}}
    columns = {"i": ["12345678901234567890"], "n": ["1.50"], "b": ["true"], "s": ["true"]}
    assert made(columns, properties) == [b'{"i":12345678901234567890,"n":1.50,"b":true,"s":"true"}']


def test_text_is_escaped_as_json_wants_it() -> None:
    every = "".join(map(chr, range(0x300))) + "\u2028\ufeff😀"
    texts = ['say "hi"', "back\\slash", "\\n", '\\"', every]
    assert made({'a"b\\': texts}, {'a"b\\': {"type": "string"}}) == [
        json.dumps({'a"b\\': text}, ensure_ascii=False, separators=(",", ":")).encode() for text in texts
    ]


def test_other_columns_follow_with_their_type() -> None:
    columns = {"z": ["1"], "y": ["2"], "a": ["x"]}
    assert made(columns, {"a": {"type": "string"}}) == [b'{"a":"x","z":"1","y":"2"}']
    counted = made(columns, {"a": {"type": "string"}}, additionalProperties={"type": "integer"})
    assert counted == [b'{"a":"x","z":1,"y":2}']
    assert made({"a": ["x"], "z": [""]}, {"a": {"type": "string"}}, additionalProperties=False) == [b'{"a":"x"}']


def test_a_row_without_values_is_an_empty_object() -> None:
    assert made({"a": [""]}, {"a": {"type": "string"}}) == [b"{}"]
    assert made({"a": ["", "x", ""]}, {"a": {"type": "string"}}) == [b"{}", b'{"a":"x"}', b"{}"]
    schema = parse_schema({"type": "object"}, source="s.json")
    assert list(bodies(pd.DataFrame(index=range(2)), schema)) == [b"{}", b"{}"]


def test_no_rows_have_no_bodies() -> None:
    assert made({"a": []}, {"a": {"type": "string"}}) == []
