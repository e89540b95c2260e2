"""For any schema of covered keywords and any rows, the verdict per row and field is that of the jsonschema library.

The library is asked about the row as JSON, with fractions as Decimal: a text is a value of its field's type only where
it is spelled as `validate.texts` says, else it stays a text, which the library then finds to be of the wrong type.
FLIREO_TEST_EXAMPLES asks for more examples.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import TypeAlias

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from batch.schema import Schema, parse_schema
from batch.schema.documents import parse_document
from batch.schema.formats import has_format
from batch.validate import bodies, validate

Spec: TypeAlias = dict[str, object]
Rows: TypeAlias = list[dict[str, str]]

EXAMPLES = int(os.environ.get("FLIREO_TEST_EXAMPLES", "120"))
NAMES = ("a", "phone_type", "Ünï codé", "d")
OTHERS = ("other", "x|y")
UUID_LENGTH = 36

OFTEN, SELDOM = st.booleans(), st.sampled_from([False, False, True])
ASCII = st.characters(min_codepoint=32, max_codepoint=126)
ANYTHING = st.characters(exclude_categories=["Cs"], include_characters="é😀\u00a0\u0301\u200b")
WORDS = st.sampled_from(["local", "mobile", "national", "ab", "abc", "x1", "1234 AB", "true", "0", "A-B", "😀é"])
WHOLE = st.integers(-30, 30) | st.integers(-(10**20), 10**20) | st.integers(2**53 - 2, 2**53 + 2)
FRACTIONS = st.decimals(-20, 20, places=2) | st.decimals(-2, 2, places=17) | st.decimals(-9, 9, places=1)
STEPS = st.sampled_from(["1", "2", "3", "7", "0.5", "0.01", "0.1", "2.5", "1000"])
PATTERNS = st.lists(
    st.sampled_from(
        ["a", "b", "[0-9]", "[A-Z]", "[^a-c]", "(?:ab|1)", "é", " ", "-", "[a-z]{2}", "x?", "[0-9]*", "l+"]
    ),
    min_size=1,
    max_size=4,
).map("".join)
# What Python's re, which the library uses, reads as ECMAScript does only within ASCII.
ASCII_PATTERNS = st.lists(
    st.sampled_from([r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", ".", r"\b", "a", "[0-9]+", r"(?=\w)", "(?<=a)"]),
    min_size=1,
    max_size=4,
).map("".join)  # fmt: skip
MAYBE_ANCHORED = st.sampled_from(["{}", "^{}", "{}$", "^(?:{})$"])
FORMAT_TEXTS = {
    "uuid": st.uuids().map(str) | st.uuids().map(lambda value: value.hex),
    "email": st.emails() | WORDS,
    "uri": st.sampled_from(["https://example.com/a?b#c", "urn:x", "//a", "http://[::1]/", "http://a b", "a:%zz"]),
    "date": st.dates().map(str) | st.sampled_from(["2023-02-29", "2024-02-29", "0000-01-01", "2024-2-9"]),
    "date-time": st.datetimes().map(lambda value: value.isoformat() + "Z") | st.datetimes().map(str),
}


def checker() -> FormatChecker:
    """The library's own, with two gaps filled: it overlooks further hyphens in a uuid, and knows no uri by itself."""
    own = FormatChecker(formats=Draft202012Validator.FORMAT_CHECKER.checkers)
    own.checkers = dict(Draft202012Validator.FORMAT_CHECKER.checkers)
    lax = Draft202012Validator.FORMAT_CHECKER

    @own.checks("uuid")
    def strict(value: object) -> bool:
        return not isinstance(value, str) or (len(value) == UUID_LENGTH and lax.conforms(value, "uuid"))

    @own.checks("uri")
    def known(value: object) -> bool:
        return not isinstance(value, str) or has_format("uri", value)

    return own


CHECKER = checker()


@st.composite
def string_fields(draw: st.DrawFn) -> tuple[Spec, st.SearchStrategy[str]]:
    spec: Spec = {"type": "string"}
    words, alphabet = WORDS, ANYTHING
    cells: list[st.SearchStrategy[str]] = []
    if draw(SELDOM):
        spec["minLength"] = draw(st.integers(0, 4))
    if draw(SELDOM):
        spec["maxLength"] = draw(st.integers(int(str(spec.get("minLength", 0))), 6))
    match draw(st.sampled_from(["pattern", "ascii pattern", "format", "none"])):
        case "pattern":
            pattern = draw(PATTERNS)
            spec["pattern"] = draw(MAYBE_ANCHORED).format(pattern)
            cells.append(st.from_regex(pattern, fullmatch=True))
        case "ascii pattern":
            spec["pattern"] = draw(MAYBE_ANCHORED).format(draw(ASCII_PATTERNS))
            words, alphabet = WORDS.filter(str.isascii), ASCII
        case "format":
            spec["format"] = draw(st.sampled_from(sorted(FORMAT_TEXTS)))
            cells += [FORMAT_TEXTS[str(spec["format"])]] * 3
    if draw(SELDOM):
        members = draw(st.lists(words, min_size=1, max_size=6))
        spec["enum"] = members
        cells.append(st.sampled_from(members))
    if draw(SELDOM):
        spec["const"] = draw(words)
        cells += [st.just(str(spec["const"]))] * 2
    return spec, st.one_of(*cells, words, st.text(alphabet, max_size=7))


@st.composite
def number_fields(draw: st.DrawFn) -> tuple[Spec, st.SearchStrategy[str]]:
    kind = draw(st.sampled_from(["integer", "number"]))
    numbers = WHOLE.map(Decimal) if kind == "integer" else WHOLE.map(Decimal) | FRACTIONS
    spec: Spec = {"type": kind}
    cells = [numbers]
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    if draw(OFTEN):
        spec["exclusiveMinimum" if low < high and draw(OFTEN) else "minimum"] = low
        cells += [st.sampled_from([low, low - 1, low + 1, high])]
    if draw(OFTEN):
        spec["exclusiveMaximum" if low < high and draw(OFTEN) else "maximum"] = high
        cells += [st.sampled_from([low, high - 1, high, high + 1])]
    if draw(SELDOM):
        step = Decimal(draw(STEPS))
        spec["multipleOf"] = step
        multiples = st.integers(-40, 40).map(lambda count: count * step)
        cells.append(
            multiples
            if kind == "number"
            else multiples.filter(lambda each: each == int(each)).map(lambda each: Decimal(int(each)))
        )
    if draw(SELDOM):
        members = [*draw(st.lists(numbers, min_size=1, max_size=3)), low]
        spec["enum"] = members
        cells += [st.sampled_from(members)] * 2
    if draw(SELDOM):
        spec["const"] = draw(st.sampled_from([low, high]))
        cells += [st.sampled_from([low, high])]
    texts = st.one_of(cells).map(lambda number: format(Decimal(number), "f"))
    return spec, texts | texts | st.sampled_from(["1e3", "1,5", "007", "+1", "x", "-0", "3.", "true"])


@st.composite
def boolean_fields(draw: st.DrawFn) -> tuple[Spec, st.SearchStrategy[str]]:
    spec: Spec = {"type": "boolean"}
    if draw(SELDOM):
        spec["enum"] = draw(st.lists(st.booleans(), min_size=1, max_size=2))
    if draw(SELDOM):
        spec["const"] = draw(st.booleans())
    return spec, st.sampled_from(["true", "false"]) | st.sampled_from(["true", "false", "TRUE", "1", "yes"])


FIELDS = string_fields() | number_fields() | string_fields() | number_fields() | boolean_fields()


@st.composite
def schemas_and_rows(draw: st.DrawFn) -> tuple[Spec, Sequence[str], Rows]:
    """A schema document, the columns of the frame, and its rows."""
    fields = {name: draw(FIELDS) for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))}
    document: Spec = {"type": "object", "properties": {name: spec for name, (spec, _) in fields.items()}}
    document["required"] = [name for name in fields if draw(SELDOM)]
    other, other_cells = draw(FIELDS)
    additional = draw(st.sampled_from(["absent", True, False, "schema", "schema"]))
    if additional != "absent":
        document["additionalProperties"] = other if additional == "schema" else additional
    columns = draw(st.permutations([*fields, *draw(st.lists(st.sampled_from(OTHERS), unique=True))]))
    columns = columns[: len(columns) - draw(SELDOM)]
    cells = {name: fields[name][1] if name in fields else other_cells for name in columns}
    row = st.fixed_dictionaries({name: each | each | st.just("") | each for name, each in cells.items()})
    return document, columns, draw(st.lists(row, min_size=2, max_size=10))


def value_of(text: str, kind: object) -> object:
    """The grammar of `validate.texts`, once more."""
    match kind:
        case "integer" if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
            return int(text)
        case "number" if re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text):
            return Decimal(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
        case _:
            return text


def spec_of(document: Spec, name: str) -> Mapping[str, object]:
    properties, additional = document["properties"], document.get("additionalProperties")
    assert isinstance(properties, dict)
    found = properties.get(name, additional)
    return found if isinstance(found, dict) else {}


def instance_of(document: Spec, row: Mapping[str, str]) -> dict[str, object]:
    return {name: value_of(text, spec_of(document, name).get("type")) for name, text in row.items() if text}


def expected(document: Spec, instance: Mapping[str, object]) -> dict[str, set[str]]:
    """The keywords that the library finds broken, by field."""
    found: dict[str, set[str]] = {}
    properties, required = document["properties"], document["required"]
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    for error in Draft202012Validator(document, format_checker=CHECKER).iter_errors(instance):
        match error.validator:
            case "required":
                names = [name for name in required if name not in instance]
            case "additionalProperties":
                names = [name for name in instance if name not in properties]
            case _:
                names = [str(error.path[0])]
        for name in names:
            found.setdefault(name, set()).add(str(error.validator))
    return {name: {"type"} if "type" in keywords else keywords for name, keywords in found.items()}


def read(document: Spec) -> Schema:
    text = json.dumps(document, default=lambda _decimal: float("nan"))
    numbers = iter(exact_numbers(document))
    return parse_schema(parse_document(re.sub("NaN", lambda _: next(numbers), text), source="s"), source="s")


def exact_numbers(document: object) -> list[str]:
    """The decimals of a document as text, in the order in which it is written: json would round them."""
    match document:
        case Decimal():
            return [format(document, "f")]
        case dict():
            return [number for each in document.values() for number in exact_numbers(each)]
        case list():
            return [number for each in document for number in exact_numbers(each)]
        case _:
            return []


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas_and_rows())
def test_the_verdict_per_row_and_field_is_that_of_the_library(drawn: tuple[Spec, Sequence[str], Rows]) -> None:
    document, columns, rows = drawn
    schema = read(deepcopy(document))
    frame = pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype="str") for name in columns}, index=range(len(rows))
    )
    verdict = validate(frame, range(len(rows)), {}, schema)
    instances = [instance_of(document, row) for row in rows]
    ours: list[dict[str, set[str]]] = [{} for _ in rows]
    for error in verdict.errors:
        keywords = ours[error.row].setdefault(str(error.field), set())
        assert error.code not in keywords, "told once"
        keywords.add(error.code)
        assert error.message
    assert ours == [expected(document, instance) for instance in instances]
    assert verdict.valid.tolist() == [not errors for errors in ours]
    valid = [instance for instance, errors in zip(instances, ours, strict=True) if not errors]
    sent = [json.loads(body, parse_float=Decimal) for body in bodies(frame[verdict.valid], schema)]
    assert sent == valid
    assert [[*each] for each in sent] == [
        [name for name in order_of(schema, columns) if name in each] for each in valid
    ]


def order_of(schema: Schema, columns: Sequence[str]) -> list[str]:
    return [*schema.names, *(name for name in columns if name not in schema.names)]
