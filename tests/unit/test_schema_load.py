"""The request schema file: what is read from it, and what is refused, by name and place."""

import hashlib
import json
from pathlib import Path

import pytest

from batch.errors import SettingsError
from batch.schema import Field, JsonType, Schema, label, load_schema, parse_schema, schemas_folder, spelled
from batch.schema.documents import parse_document

REQUEST = "verification-group.request.json"
SEED_FILES = {
    REQUEST: "010ceda575ca91075c08e91c598c5c06b13f950140bb5a3119801fced2450456",
    "verification-group.response.json": "73cd18bf624c6abf5d409c0a3a66eb7b7c8b1d2a8ae21383ed3bcb51ce5b10e8",
}


def parsed(document: object) -> Schema:
    return parse_schema(parse_document(json.dumps(document), source="s.json"), source="s.json")


def of_property(spec: object, **more: object) -> Schema:
    return parsed({"type": "object", "properties": {"a": spec}, **more})


def refusal(document: object) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        parsed(document)
    return caught.value


def property_refusal(spec: object) -> str:
    return refusal({"type": "object", "properties": {"a": spec}}).message


@pytest.mark.parametrize("name", SEED_FILES)
def test_the_vendors_schemas_stand_here_byte_for_byte(name: str) -> None:
    assert hashlib.sha256((schemas_folder() / name).read_bytes()).hexdigest() == SEED_FILES[name]


def test_the_request_schema_gives_its_fields_in_the_order_of_the_file() -> None:
    schema = load_schema(schemas_folder() / REQUEST)
    assert schema.names == (
        "phone_number_type",
        "name",
        "business_name",
        "contact_person_first_name",
        "contact_person_last_name",
        "contact_person_phone",
        "street_name",
        "house_number",
        "postal_code",
        "city",
        "province",
        "description",
    )
    assert schema.required == schema.names[:-1]
    assert schema.additional is True


def test_a_field_has_what_the_schema_says_of_it() -> None:
    field = load_schema(schemas_folder() / REQUEST).field("phone_number_type")
    assert field == Field(
        name="phone_number_type",
        label="Phone number type",
        type=JsonType.STRING,
        required=True,
        description="Type of phone numbers this group will be used for",
        rules={"enum": ("local", "mobile", "national")},
    )
    assert field.enum == ("local", "mobile", "national")


def test_an_unknown_name_has_no_field() -> None:
    assert of_property({"type": "string"}).field("b") is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("phone_number_type", "Phone number type"),
        ("postalCode", "Postal code"),
        ("KVK", "KVK"),
        ("kvkNumber", "Kvk number"),
        ("vat-id.main", "Vat id main"),
        ("_", "_"),
    ],
)
def test_a_label_is_the_name_as_a_person_would_write_it(name: str, words: str) -> None:
    assert label(name) == words


def test_a_title_is_the_label() -> None:
    field = of_property({"type": "string", "title": "Postcode"}).field("a")
    assert field is not None
    assert field.label == "Postcode"


@pytest.mark.parametrize(
    ("spec", "choices"),
    [
        ({"type": "string"}, ()),
        ({"type": "string", "enum": ["x", "y", "x"]}, ("x", "y")),
        ({"type": "string", "enum": ["x", "y"], "const": "y"}, ("y",)),
        ({"type": "integer", "enum": [1, 2.0]}, ("1", "2")),
        ({"type": "boolean"}, ("true", "false")),
        ({"type": "boolean", "const": True}, ("true",)),
    ],
)
def test_the_choices_are_spelled_as_a_cell_would(spec: object, choices: tuple[str, ...]) -> None:
    field = of_property(spec).field("a")
    assert field is not None
    assert field.enum == choices


def test_fractions_stay_exact(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"type": "object", "properties": {"a": {"type": "number", "multipleOf": 0.10, "maximum": 1e3}}}')
    field = load_schema(path).field("a")
    assert field is not None
    assert {name: spelled(limit) for name, limit in field.rules.items()} == {"multipleOf": "0.10", "maximum": "1000"}


def test_only_examples_that_keep_the_rules_are_kept() -> None:
    field = of_property({"type": "string", "maxLength": 2, "examples": ["ab", "abc", 3]}).field("a")
    assert field is not None
    assert field.examples == ("ab",)


def test_a_default_is_kept() -> None:
    field = of_property({"type": "integer", "default": 3}).field("a")
    assert field is not None
    assert field.default == 3


@pytest.mark.parametrize(
    ("additional", "expected"),
    [({}, True), ({"additionalProperties": True}, True), ({"additionalProperties": {}}, True)],
)
def test_other_columns_may_be_anything_unless_the_schema_says_otherwise(
    additional: dict[str, object], expected: bool
) -> None:
    schema = of_property({"type": "string"}, **additional)
    assert schema.additional is expected
    assert schema.other_field("free_text") == Field(
        name="free_text", label="Free text", type=JsonType.STRING, required=False, rules={}
    )


def test_no_other_column_has_a_field_where_they_are_forbidden() -> None:
    assert of_property({"type": "string"}, additionalProperties=False).other_field("x") is None


def test_other_columns_have_the_rules_that_the_schema_gives_them() -> None:
    other = of_property({"type": "string"}, additionalProperties={"type": "integer", "minimum": 3}).other_field("my_x")
    assert other == Field(name="my_x", label="My x", type=JsonType.INTEGER, required=False, rules={"minimum": 3})


@pytest.mark.parametrize(
    "keyword",
    [
        "$ref", "$defs", "allOf", "anyOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas",
        "patternProperties", "propertyNames", "minProperties", "maxProperties", "unevaluatedProperties",
        "contentEncoding", "nullable", "x-order", "minlength",
    ],
)  # fmt: skip
@pytest.mark.parametrize("inside", [False, True])
def test_a_keyword_that_is_not_covered_is_refused_by_name_and_place(keyword: str, inside: bool) -> None:
    inner = {"type": "string", keyword: {}} if inside else {"type": "string"}
    outer: dict[str, object] = {} if inside else {keyword: {}}
    error = refusal({"type": "object", "properties": {"a": inner}, **outer})
    assert error.code == "schema_keyword"
    assert f"'{keyword}'" in error.message
    assert ("at properties/a:" if inside else "at the top level:") in error.message
    assert ("minLength" if inside else "additionalProperties") in error.message, "says what is covered"


def test_a_keyword_of_the_schema_for_other_columns_is_refused_as_well() -> None:
    message = refusal({"type": "object", "additionalProperties": {"type": "string", "contains": {}}}).message
    assert "at additionalProperties:" in message


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("title", "T"),
        ("description", "D"),
        ("$id", "https://example.com/s"),
        ("$comment", "C"),
        ("$schema", "https://json-schema.org/draft/2020-12/schema"),
        ("$schema", "http://json-schema.org/draft-07/schema#"),
        ("examples", ["x"]),
        ("deprecated", True),
        ("readOnly", False),
        ("writeOnly", False),
    ],
)
def test_notes_are_let_through(keyword: str, value: object) -> None:
    assert of_property({"type": "string", keyword: value}).names == ("a",)
    assert of_property({"type": "string"}, **{keyword: value}).names == ("a",)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"type": "string", "minLength": "x"}, 'a whole number, 0 or more was expected; found "x"'),
        ({"type": "string", "minLength": True}, "a whole number, 0 or more was expected; found true"),
        ({"type": "string", "maxLength": -1}, "a whole number, 0 or more was expected; found -1"),
        ({"type": "string", "maxLength": 1.5}, "a whole number, 0 or more was expected; found 1.5"),
        ({"type": "string", "pattern": 3}, "a regular expression in quotes was expected; found 3"),
        ({"type": "string", "pattern": "["}, "at character 1, a set of characters is not closed"),
        ({"type": "string", "pattern": r"\p{L}"}, "a regular expression that every program reads alike"),
        ({"type": "string", "format": "ipv4"}, "one of the formats that are checked (uuid, email, uri, date, date-"),
        ({"type": "string", "format": 1}, "one of the formats"),
        ({"type": "number", "minimum": "1"}, 'a number was expected; found "1"'),
        ({"type": "number", "exclusiveMaximum": True}, "a number was expected; found true"),
        ({"type": "number", "multipleOf": 0}, "a number above 0 was expected; found 0"),
        ({"type": "number", "multipleOf": "1"}, "a number above 0"),
        ({"type": "string", "enum": []}, "a list of values was expected; found []"),
        ({"type": "string", "enum": "local"}, 'a list of values was expected; found "local"'),
        ({"type": "string", "title": 3}, "text was expected; found 3"),
        ({"type": "string", "examples": "x"}, 'a list was expected; found "x"'),
        ({"type": "string", "deprecated": "no"}, 'true or false was expected; found "no"'),
        ({"type": "string", "$schema": "https://example.com/own"}, "a dialect of json-schema.org"),
        ({"type": ["string", "null"]}, 'must be one of string, integer, number, boolean; found ["string", "null"]'),
        ({"type": "object"}, 'found "object"'),
        ({"minLength": 1}, "found null"),
        (True, "an object was expected; found true"),
    ],
)  # fmt: skip
def test_a_malformed_value_is_refused_with_what_was_expected(spec: object, expected: str) -> None:
    message = property_refusal(spec)
    assert message.startswith("Schema file s.json, at properties/a")
    assert expected in message


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            {"type": "string", "minimum": 3},
            "'minimum' says something of integer or number, but the type here is string",
        ),
        ({"type": "integer", "pattern": "x"}, "'pattern' says something of string, but the type here is integer"),
        ({"type": "boolean", "format": "date"}, "the type here is boolean"),
        ({"type": "integer", "enum": [1, "2"]}, '"2" can never be a value here: the type is integer'),
        ({"type": "integer", "enum": [True]}, "true can never be a value here"),
        ({"type": "string", "const": None}, "null can never be a value here"),
        ({"type": "integer", "const": 1.5}, "1.5 can never be a value here"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "'minLength' 3 and 'maxLength' 2 leave no value"),
        ({"type": "number", "minimum": 3, "maximum": 2}, "leave no value that keeps both"),
        ({"type": "number", "exclusiveMinimum": 3, "maximum": 3}, "leave no value that keeps both"),
        ({"type": "number", "minimum": 3, "exclusiveMaximum": 3}, "leave no value that keeps both"),
        ({"type": "number", "exclusiveMinimum": 3, "exclusiveMaximum": 3}, "leave no value that keeps both"),
        ({"type": "string", "minLength": 2, "default": "x"}, "\"x\" breaks the rule 'minLength' beside it"),
        ({"type": "string", "default": 3}, "3 breaks the rule 'type' beside it"),
    ],
)
def test_a_contradiction_is_refused(spec: object, expected: str) -> None:
    assert expected in property_refusal(spec)


@pytest.mark.parametrize(
    "spec",
    [
        {"type": "number", "minimum": 3, "maximum": 3},
        {"type": "string", "minLength": 2, "maxLength": 2},
        {"type": "integer", "enum": [1.0]},
        {"type": "string", "minLength": 2.0, "pattern": "^a", "format": "email"},
    ],
)
def test_what_is_narrow_is_no_contradiction(spec: object) -> None:
    assert of_property(spec).names == ("a",)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], "at the top level: an object was expected; found []"),
        ({"properties": {}}, "'type' must be \"object\" here; found null"),
        ({"type": "array"}, '\'type\' must be "object" here; found "array"'),
        ({"type": "object", "properties": []}, "at properties: an object of named properties was expected; found []"),
        ({"type": "object", "properties": {"": {}}}, "an object of named properties was expected"),
        ({"type": "object", "required": "a"}, 'at required: a list of names was expected; found "a"'),
        ({"type": "object", "required": [1]}, "a list of names was expected; found [1]"),
        ({"type": "object", "required": ["a", "a"]}, "a name stands twice"),
        ({"type": "object", "required": ["b"]}, "\"b\" is required, but 'properties' does not describe it"),
        ({"type": "object", "additionalProperties": 3}, "at additionalProperties: an object was expected; found 3"),
    ],
)
def test_a_malformed_structure_is_refused(document: object, expected: str) -> None:
    error = refusal(document)
    assert error.code == "schema_value"
    assert expected in error.message


def test_a_long_value_is_cut_in_the_message() -> None:
    message = property_refusal({"type": "string", "minLength": "x" * 1000})
    assert "…" in message
    assert len(message) < 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"type": "object"', "not JSON that can be trusted"),
        ('{"type": "object", "type": "object"}', '"type" stands twice in one object'),
        ('{"type": "object", "minLength": NaN}', "NaN is no number in JSON"),
        ('{"a": 1' + "0" * 400 + "}", "is too large"),
        ('{"a": 1e999}', "is too large or too small"),
        ('{"a": 1e-999}', "is too large or too small"),
        ("[" * 100_000, "not JSON that can be trusted"),
    ],
)
def test_a_file_that_is_no_trustworthy_json_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_schema(path)
    assert caught.value.code == "schema_not_json"
    assert expected in caught.value.message
    assert str(path) in caught.value.message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "latin.json"
    broken.write_bytes(b'{"title": "\xe9"}')
    for path in (tmp_path / "absent.json", broken):
        with pytest.raises(SettingsError, match=path.name) as caught:
            load_schema(path)
        assert caught.value.code == "schema_unreadable"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(b'\xef\xbb\xbf{"type": "object"}')
    assert load_schema(path).fields == ()


def test_an_installed_package_has_its_schemas_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (schemas_folder() / REQUEST).is_file()
    (tmp_path / "schemas").mkdir()
    monkeypatch.setattr("batch.schema.documents._PACKAGE", tmp_path)
    assert schemas_folder() == tmp_path / "schemas"
    monkeypatch.setattr("batch.schema.documents._PACKAGE", tmp_path / "package")
    assert schemas_folder() == tmp_path / "schemas"
