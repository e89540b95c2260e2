import json
from typing import Any
from uuid import UUID

import pytest

from batch.sandbox import endpoints
from batch.sandbox.answers import Answer
from batch.sandbox.body_check import load_body_check
from batch.sandbox.endpoints import Call
from batch.sandbox.groups import Maker
from batch.sandbox.options import ErrorShape, SandboxOptions
from batch.sandbox.world import World

CHECK = load_body_check(None)
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


def world(**options: object) -> World:
    return World(SandboxOptions(**options), clock=lambda: 1736496000.0)  # type: ignore[arg-type]


def call(*, body: object = BODY, query: str = "", group_id: str = "", acts: bool = True) -> Call:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Call(account="default", query=query, body=content, group_id=group_id, acts=acts)


def create(of: World, body: object = BODY, *, acts: bool = True) -> Answer:
    return endpoints.create(of, CHECK, call(body=body, acts=acts))


def listed(of: World, query: str = "") -> Any:
    answer = endpoints.list_groups(of, CHECK, call(query=query))
    return json.loads(answer.body)


def error(answer: Answer) -> Any:
    return json.loads(answer.body)["error"]


def test_a_right_body_becomes_a_group_just_as_it_was_sent() -> None:
    of = world(created_status=200)
    answer = create(of, {**BODY, "extra": "kept"})
    (group,) = of.groups()
    assert answer.status == 200
    assert json.loads(answer.body)["data"]["requirement_group_id"] == group.id == answer.group_id
    assert group.body == {**BODY, "extra": "kept"}
    assert group.maker is Maker.API


def test_the_same_body_again_is_a_second_group() -> None:
    of = world()
    assert create(of).group_id != create(of).group_id
    assert len(of.groups()) == 2


@pytest.mark.parametrize("body", [b"", b"{", b'{"name": NaN}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    of = world()
    assert "not JSON" in error(create(of, body))["message"]
    assert of.groups() == []


def test_a_wrong_field_is_refused_by_name() -> None:
    of = world()
    answer = create(of, {**BODY, "city": ""})
    assert answer.status == 400
    assert error(answer)["param"] == "city"
    assert of.groups() == []


def test_all_wrong_fields_are_in_the_details() -> None:
    answer = create(world(error_shape=ErrorShape.DETAILS), {"name": ""})
    assert len(error(answer)["details"]) == len(BODY)


def test_credits_run_out() -> None:
    of = world(credits=1)
    assert [create(of).status, create(of).status] == [201, 402]
    assert len(of.groups()) == 1


def test_names_may_have_to_be_unique() -> None:
    of = world(unique_names=True)
    statuses = [create(of).status, create(of).status, create(of, {**BODY, "name": "Bakkerij Zuid"}).status]
    assert statuses == [201, 409, 201]


def test_without_effect_the_answer_names_a_group_that_is_not_there() -> None:
    of = world()
    answer = create(of, acts=False)
    assert UUID(json.loads(answer.body)["data"]["requirement_group_id"])
    assert of.groups() == []


def test_the_list_shows_twenty_unless_asked_for_more() -> None:
    of = world()
    for at in range(30):
        create(of, {**BODY, "name": f"Groep {at}"})
    assert len(listed(of)["data"]) == 20
    assert listed(of)["meta"] == {"total": 30, "limit": 20, "offset": 0}
    assert [group["name"] for group in listed(of, "limit=2&offset=3")["data"]] == ["Groep 26", "Groep 25"]
    assert listed(of, "limit=100&offset=29")["meta"] == {"total": 30, "limit": 100, "offset": 29}
    assert listed(of, "status=&limit=")["meta"]["total"] == 30


def test_the_list_can_be_filtered() -> None:
    of = world()
    create(of)
    create(of, {**BODY, "phone_number_type": "mobile"})
    assert listed(of, "phone_number_type=mobile")["meta"]["total"] == 1
    assert listed(of, "status=pending")["meta"]["total"] == 2
    assert listed(of, "status=deleted")["meta"]["total"] == 0


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=%C2%B2", "limit"),
        ("offset=-1", "offset"),
        ("offset=1.5", "offset"),
        ("offset=9999999999999999999", "offset"),
        ("status=odd", "status"),
        ("phone_number_type=vast", "phone_number_type"),
    ],
)
def test_wrong_list_parameters_are_refused_by_name(query: str, param: str) -> None:
    answer = endpoints.list_groups(world(), CHECK, call(query=query))
    assert answer.status == 400
    assert error(answer)["param"] == param


def test_one_group_is_found_in_its_account_only() -> None:
    of = world(keys={"fl_test_a": "default", "fl_test_b": "other"})
    mine = create(of).group_id or ""
    theirs = of.create("other", BODY, Maker.API, of.now()).id
    found = endpoints.get_group(of, CHECK, call(group_id=mine))
    assert json.loads(found.body)["data"]["id"] == mine
    for unknown in (theirs, "nonsense"):
        answer = endpoints.get_group(of, CHECK, call(group_id=unknown))
        assert (answer.status, error(answer)["code"]) == (404, "not_found")
