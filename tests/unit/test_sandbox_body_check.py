import json
from pathlib import Path

import pytest

from batch.errors import SettingsError
from batch.sandbox.body_check import FILE_NAME, BodyCheck, load_body_check
from batch.schema import schemas_folder

BODY = {
    "phone_number_type": "local",
    "name": "Bakkerij Noord",
    "business_name": "Voorbeeld Bakkerij BV",
    "contact_person_first_name": "Fleur",
    "contact_person_last_name": "Voorbeeld",
    "contact_person_phone": "+31201234567",
    "street_name": "Voorbeeldstraat",
    "house_number": "1",
    "postal_code": "1234 AB",
    "city": "Voorbeeldstad",
    "province": "Utrecht",
}


def check_of(folder: Path, **changes: object) -> BodyCheck:
    document = json.loads((schemas_folder() / FILE_NAME).read_text())
    document["properties"] |= changes.pop("properties", {})
    (folder / FILE_NAME).write_text(json.dumps(document | changes))
    return load_body_check(folder)


def test_a_body_by_the_schema_is_not_faulty() -> None:
    assert load_body_check(None).faulty(BODY) is None
    assert load_body_check(None).faulty({**BODY, "description": ""}) is None


@pytest.mark.parametrize("body", [None, [], "text", 1])
def test_a_body_is_an_object(body: object) -> None:
    faulty = load_body_check(None).faulty(body)
    assert faulty is not None
    assert "not a JSON object" in faulty.message


def test_every_field_at_fault_is_named_in_the_order_of_the_schema() -> None:
    body: dict[str, object] = {**BODY, "city": "", "house_number": 12, "phone_number_type": "vast"}
    del body["name"]
    faulty = load_body_check(None).faulty(body)
    assert faulty is not None
    assert list(faulty.fields.items()) == [
        ("phone_number_type", "phone_number_type breaks enum: local, mobile, national"),
        ("name", "name is required"),
        ("house_number", "house_number must be of type string"),
        ("city", "city breaks minLength: 1"),
    ]


def test_a_value_alone_can_be_checked_by_its_field() -> None:
    check = load_body_check(None)
    assert check.field_problem("phone_number_type", "local") is None
    assert check.field_problem("phone_number_type", "vast") is not None
    assert check.field_problem("colour", "red") is None


def test_a_changed_schema_file_changes_what_is_accepted(tmp_path: Path) -> None:
    check = check_of(tmp_path, properties={"postal_code": {"type": "string", "pattern": "^[0-9]{4} [A-Z]{2}$"}})
    assert check.faulty(BODY) is None
    faulty = check.faulty({**BODY, "postal_code": "1234AB"})
    assert faulty is not None
    assert faulty.fields == {"postal_code": "postal_code breaks pattern: ^[0-9]{4} [A-Z]{2}$"}


def test_fractions_are_held_exactly_against_the_rules(tmp_path: Path) -> None:
    check = check_of(tmp_path, properties={"weight": {"type": "number", "multipleOf": 0.1}})
    assert check.faulty({**BODY, "weight": 0.3}) is None
    assert check.faulty({**BODY, "weight": 0.35}) is not None


def test_fields_that_the_schema_does_not_describe_follow_additional_properties(tmp_path: Path) -> None:
    assert load_body_check(None).faulty({**BODY, "colour": 1}) is None
    faulty = check_of(tmp_path, additionalProperties=False).faulty({**BODY, "colour": 1, "city": ""})
    assert faulty is not None
    assert list(faulty.fields.items()) == [("city", "city breaks minLength: 1"), ("colour", "colour is not allowed")]
    faulty = check_of(tmp_path, additionalProperties={"type": "string"}).faulty({**BODY, "colour": 1})
    assert faulty is not None
    assert faulty.fields == {"colour": "colour must be of type string"}


def test_a_schema_file_that_is_no_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_body_check(tmp_path)
