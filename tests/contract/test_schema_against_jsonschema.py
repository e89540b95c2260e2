"""The project's reading of JSON Schema against the library jsonschema's: schema files, keywords, formats, replies."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from batch.reply_schema import ReplySchema, load_reply_schema, reply_problem
from batch.schema import parse_schema, schemas_folder
from batch.schema.documents import Json, parse_document
from batch.schema.formats import has_format
from batch.validate import validate

UNHURRIED = settings(deadline=None)
CHECKER = Draft202012Validator.FORMAT_CHECKER
SCHEMA_FILES = sorted(schemas_folder().glob("*.re*.json"))
REPLY_FILES = sorted(schemas_folder().glob("*.response.json"))


def theirs(document: object) -> Draft202012Validator:
    assert isinstance(document, dict)
    return Draft202012Validator(document, format_checker=CHECKER)


@pytest.mark.parametrize("path", SCHEMA_FILES, ids=lambda path: path.name)
def test_every_schema_file_is_a_schema_by_the_standard(path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_there_is_a_file_for_each_reply_and_for_the_request() -> None:
    assert [path.name for path in SCHEMA_FILES] == [
        "error.response.json",
        "verification-group-list.response.json",
        "verification-group-one.response.json",
        "verification-group.request.json",
        "verification-group.response.json",
    ]


TEXTS = ("", "a", "ab", "abc", "ABC", "😀é", "2025-01-31", "2025-02-30", "a@b", "x", "local")
NUMBERS = ("0", "-0", "1", "2", "2.5", "3", "3.0", "-7", "1000000", "0.3")
KEYWORDS: tuple[tuple[str, dict[str, object], tuple[str, ...]], ...] = (
    ("type string", {"type": "string"}, TEXTS),
    ("type integer", {"type": "integer"}, ("1", "-3", "x", "1.5", "true")),
    ("type number", {"type": "number"}, ("1", "-3.25", "x", "true")),
    ("type boolean", {"type": "boolean"}, ("true", "false", "x", "1")),
    ("enum of strings", {"type": "string", "enum": ["a", "ABC", ""]}, TEXTS),
    ("enum of numbers", {"type": "number", "enum": [1, 2.5, -7.0]}, NUMBERS),
    ("enum of booleans", {"type": "boolean", "enum": [True]}, ("true", "false")),
    ("const of strings", {"type": "string", "const": "ab"}, TEXTS),
    ("const of integers", {"type": "integer", "const": 2}, ("1", "2")),
    ("const of booleans", {"type": "boolean", "const": False}, ("true", "false")),
    ("minLength", {"type": "string", "minLength": 2}, TEXTS),
    ("maxLength", {"type": "string", "maxLength": 2}, TEXTS),
    ("pattern", {"type": "string", "pattern": "b"}, TEXTS),
    ("anchored pattern", {"type": "string", "pattern": "^[a-z]{2,3}$"}, TEXTS),
    ("format", {"type": "string", "format": "date"}, TEXTS),
    ("minimum", {"type": "number", "minimum": 2.5}, NUMBERS),
    ("exclusiveMinimum", {"type": "number", "exclusiveMinimum": 2.5}, NUMBERS),
    ("maximum", {"type": "integer", "maximum": 2}, ("1", "2", "3")),
    ("exclusiveMaximum", {"type": "integer", "exclusiveMaximum": 2}, ("1", "2", "3")),
    ("multipleOf", {"type": "number", "multipleOf": 0.5}, NUMBERS),
    ("description, title, default", {"type": "string", "description": "d", "title": "t", "default": "x"}, TEXTS),
)


def instance_of(spec: dict[str, object], text: str) -> dict[str, object]:
    """The row as JSON: an empty cell is absent, a text of another type stays a text."""
    if not text:
        return {}
    try:
        return {"a": text if spec["type"] == "string" else json.loads(text)}
    except ValueError:
        return {"a": text}


@pytest.mark.parametrize("required", [False, True], ids=["optional", "required"])
@pytest.mark.parametrize(("spec", "texts"), [case[1:] for case in KEYWORDS], ids=[case[0] for case in KEYWORDS])
def test_every_covered_keyword_means_what_the_library_says(
    spec: dict[str, object], texts: tuple[str, ...], required: bool
) -> None:
    document = {"type": "object", "properties": {"a": spec}, "required": ["a"] if required else []}
    schema = parse_schema(parse_document(json.dumps(document), source="s"), source="s")
    frame = pd.DataFrame({"a": pd.Series(list(texts), dtype="str")})
    verdict = validate(frame, range(len(texts)), {}, schema)
    assert verdict.valid.tolist() == [theirs(document).is_valid(instance_of(spec, text)) for text in texts]


def near_dates() -> Iterator[str]:
    for year in (0, 1, 4, 99, 100, 400, 1900, 1999, 2000, 2023, 2024, 2100, 9999):
        for month in range(14):
            for day in range(33):
                yield f"{year:04}-{month:02}-{day:02}"


def test_dates_are_those_of_the_library() -> None:
    for name, tail in (("date", ""), ("date-time", "T23:59:59.5+01:00")):
        wrong = [text for text in near_dates() if has_format(name, text + tail) != CHECKER.conforms(text + tail, name)]
        assert wrong == []


def mangled(texts: st.SearchStrategy[str], letters: str) -> st.SearchStrategy[str]:
    """The texts, some with a piece cut out or put in."""

    def cut(text: str, at: int, length: int, put: str) -> str:
        start = at % (len(text) + 1)
        return text[:start] + put + text[start + length :]

    return texts | st.builds(cut, texts, st.integers(0, 99), st.integers(0, 2), st.text(letters, max_size=2))


UUID_LENGTH = 36
FORMAT_TEXTS = {
    "uuid": mangled(st.uuids().map(str), "0aF-gZ"),
    "email": mangled(st.emails(), "@ .é"),
    "date": mangled(st.dates().map(dt.date.isoformat), "019-T "),
    "date-time": mangled(
        st.builds("{}T{}{}".format, st.dates(), st.times(), st.sampled_from(["Z", "z", "+01:00", "-23:59", "+24:00"])),
        "019:-TtZz+. ",
    ),
}


@pytest.mark.parametrize("name", FORMAT_TEXTS)
@UNHURRIED
@given(data=st.data())
def test_formats_take_what_the_library_takes(name: str, data: st.DataObject) -> None:
    text = data.draw(FORMAT_TEXTS[name])
    expected = CHECKER.conforms(text, name)
    if name == "uuid":  # the library overlooks further hyphens, which RFC 4122 does not have
        expected = expected and len(text) == UUID_LENGTH
    assert has_format(name, text) == expected


SCALARS: st.SearchStrategy[Json] = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 9), st.sampled_from(["", "a", "ab", "abc", "2025-01-31"])
)
REPLIES = st.recursive(
    SCALARS | st.sampled_from([0.5, 1.0, 2.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def with_types(inner: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
    """Schemas of arrays and objects around the inner ones, some of them nullable or of any type."""
    kinds = st.sampled_from(["object", "array"])

    def shape(kind: str, nullable: bool, typed: bool, parts: dict[str, object]) -> dict[str, object]:
        types: object = [kind, "null"] if nullable else kind
        mine = ("properties", "required", "additionalProperties") if kind == "object" else ("items",)
        return {**({"type": types} if typed else {}), **{key: parts[key] for key in mine if key in parts}}

    parts = st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
            "required": st.lists(st.sampled_from("abc"), unique=True, max_size=2),
            "additionalProperties": st.booleans() | inner,
            "items": inner,
        },
    )
    return st.builds(shape, kinds, st.booleans(), st.booleans(), parts)


LEAVES: st.SearchStrategy[dict[str, object]] = st.one_of(
    st.just({}),
    st.sampled_from(["string", "integer", "number", "boolean", "null"]).map(lambda kind: {"type": kind}),
    st.builds(lambda low: {"type": ["string", "null"], "minLength": low}, st.integers(0, 3)),
    st.builds(lambda high: {"type": "string", "maxLength": high, "pattern": "^[a-z]*$"}, st.integers(0, 3)),
    st.just({"type": "string", "format": "date"}),
    st.builds(lambda low, step: {"minimum": low, "multipleOf": step}, st.integers(-3, 3), st.sampled_from([1, 2, 0.5])),
    st.builds(lambda high: {"type": ["integer", "string"], "exclusiveMaximum": high}, st.integers(-3, 9)),
    st.builds(lambda members: {"enum": members}, st.lists(SCALARS, min_size=1, max_size=3)),
    st.builds(lambda only: {"const": only}, REPLIES),
)


@UNHURRIED
@given(document=st.recursive(LEAVES, with_types, max_leaves=6), reply=REPLIES)
def test_replies_are_judged_as_the_library_judges_them(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, object], reply: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "reply.json"
    path.write_text(json.dumps(document))
    assert (reply_problem(load_reply_schema(path), reply) is None) == theirs(document).is_valid(reply)


MEMBERS = ("data", "meta", "error", "message", "id", "name", "code", "requirement_group_id", "total", "status")


@pytest.mark.parametrize("path", REPLY_FILES, ids=lambda path: path.name)
@UNHURRIED
@given(
    reply=st.recursive(
        SCALARS | st.uuids().map(str),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
        max_leaves=10,
    )
)
def test_the_stored_reply_schemas_are_read_as_the_library_reads_them(path: Path, reply: object) -> None:
    document = json.loads(path.read_text())
    schema: ReplySchema = load_reply_schema(path)
    assert (reply_problem(schema, reply) is None) == theirs(document).is_valid(reply)


def test_only_binary_fractions_make_the_library_see_other_multiples() -> None:
    """With fractions read as decimals, which it supports, the library agrees that 19.99 is a multiple of 0.01."""
    document = {"type": "object", "properties": {"a": {"type": "number", "multipleOf": 0.01}}}
    exact = json.loads(json.dumps(document), parse_float=Decimal)
    assert theirs(exact).is_valid({"a": Decimal("19.99")})
    assert not theirs(document).is_valid({"a": 19.99})
    schema = parse_schema(parse_document(json.dumps(document), source="s"), source="s")
    assert validate(pd.DataFrame({"a": ["19.99"]}, dtype="str"), [2], {}, schema).errors == ()
