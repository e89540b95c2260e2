"""Replies held against the response schema files."""

import json
from pathlib import Path

import pytest

from batch.errors import SettingsError
from batch.reply_schema import ReplySchema, load_reply_schema, reply_problem
from batch.schema import schemas_folder

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
GROUP = {
    "id": ID,
    "name": None,
    "phone_number_type": "local",
    "status": "pending",
    "locality": "Nergenshuizen",
    "business_name": "Voorbeeld B.V.",
    "created_at": "2025-01-10T08:00:00Z",
}
META = {"total": 1, "limit": 20, "offset": 0}


def stored(name: str) -> ReplySchema:
    return load_reply_schema(schemas_folder() / f"{name}.response.json")


@pytest.mark.parametrize(
    ("name", "reply", "problem"),
    [
        ("verification-group", {"message": "made", "data": {"requirement_group_id": ID}}, None),
        ("verification-group", {"data": {"requirement_group_id": ID, "new": [1]}, "new": None}, None),
        ("verification-group", {"data": {"requirement_group_id": "17"}},
         'data.requirement_group_id breaks the rule format "uuid"'),
        ("verification-group", {"data": None}, "data should be of type object, not null"),
        ("verification-group", [], "the reply should be of type object, not array"),
        ("verification-group-list", {"data": [], "meta": META}, None),
        ("verification-group-list", {"data": [GROUP], "meta": META}, None),
        ("verification-group-list", {"data": []}, "meta is missing"),
        ("verification-group-list", {"data": [GROUP, {**GROUP, "name": 7}], "meta": META},
         "data[1].name should be of type string or null, not integer"),
        ("verification-group-list", {"data": [{"id": ID}], "meta": META}, "data[0].name is missing"),
        ("verification-group-list", {"data": [], "meta": {**META, "total": -1}},
         "meta.total breaks the rule minimum 0"),
        ("verification-group-list", {"data": [], "meta": {**META, "total": 1.5}},
         "meta.total should be of type integer, not number"),
        ("verification-group-list", {"data": [], "meta": {**META, "total": float("nan")}},
         "meta.total should be of type integer, not a number that JSON does not have"),
        ("verification-group-one", {"data": {**GROUP, "documents": [{"id": "1"}], "phone_numbers": []}}, None),
        ("verification-group-one", {"data": {**GROUP, "documents": [3]}},
         "data.documents[0] should be of type object, not integer"),
        ("error", {"error": {"code": "invalid_parameters", "message": "no", "details": {}}}, None),
        ("error", {"error": {"code": "x", "message": "no", "param": "city", "type": "invalid_request"}}, None),
        ("error", {"error": "Unauthorized", "message": "Invalid or missing API key"}, None),
        ("error", {"error": {"code": "x"}}, "error.message is missing"),
        ("error", {"error": 3}, "error should be of type object or string, not integer"),
        ("error", {"message": "x"}, "error is missing"),
    ],
)  # fmt: skip
def test_a_reply_is_right_or_the_first_problem_is_told(name: str, reply: object, problem: str | None) -> None:
    assert reply_problem(stored(name), reply) == problem


def own(folder: Path, document: object) -> ReplySchema:
    path = folder / "own.json"
    path.write_text(json.dumps(document))
    return load_reply_schema(path)


def test_a_problem_holds_no_value_of_the_reply(tmp_path: Path) -> None:
    schema = own(tmp_path, {"properties": {"a": {"type": "string", "maxLength": 2}}, "additionalProperties": False})
    assert reply_problem(schema, {"a": "secret"}) == "a breaks the rule maxLength 2"
    assert reply_problem(schema, {"secret": 1}) == "the reply has a member that the schema does not allow"


def test_other_members_and_items_have_the_schema_given_for_them(tmp_path: Path) -> None:
    document = {"type": "object", "additionalProperties": {"type": "array", "items": {"enum": ["x", None, 0.1]}}}
    schema = own(tmp_path, document)
    assert reply_problem(schema, {"b": ["x", None, 0.1]}) is None
    assert reply_problem(schema, {"b": ["x", "y"]}) == 'b[1] breaks the rule enum ["x", null, 0.1]'


def test_a_schema_that_says_nothing_takes_anything(tmp_path: Path) -> None:
    assert reply_problem(own(tmp_path, {}), [{"a": None}]) is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"properties": {"a": {"oneOf": []}}}, "at properties/a: the keyword 'oneOf' is not checked here"),
        ({"items": {"$ref": "#"}}, "at items: the keyword '$ref' is not checked here"),
        ({"type": "array", "minItems": 1}, "the keyword 'minItems'"),
        ({"type": "array", "properties": {}}, "'properties' is for an object, but the type here is [\"array\"]"),
        ({"type": ["object", "null"], "items": {}}, "'items' is for an array"),
        ({"type": "text"}, 'boolean, null, object, array were expected; found "text"'),
        ({"type": []}, "at type: types among"),
        ({"type": ["string", 3]}, "at type: types among"),
        ({"type": "null", "minLength": 1}, "'minLength' says something of string, but the type here is null"),
        ({"type": ["string", "null"], "enum": ["a", 1]}, "1 can never be a value here: the type is null or string"),
        ({"additionalProperties": 1}, "at additionalProperties: an object was expected"),
    ],
)  # fmt: skip
def test_what_would_go_unchecked_is_refused(tmp_path: Path, document: object, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        own(tmp_path, document)
    assert expected in caught.value.message


def test_a_rule_for_one_of_the_types_leaves_the_others_alone(tmp_path: Path) -> None:
    schema = own(tmp_path, {"type": ["string", "null", "number"], "minLength": 2, "minimum": 3})
    assert [reply_problem(schema, value) for value in ("ab", None, 3)] == [None] * 3
    assert reply_problem(schema, "a") == "the reply breaks the rule minLength 2"
    assert reply_problem(schema, 2.5) == "the reply breaks the rule minimum 3"
