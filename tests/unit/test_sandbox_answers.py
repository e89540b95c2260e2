import json
from typing import Any

import pytest

from batch.sandbox import answers
from batch.sandbox.answers import Answer
from batch.sandbox.faults import parse_fault
from batch.sandbox.groups import GroupStatus, Maker, StoredGroup
from batch.sandbox.options import ErrorShape

GROUP = StoredGroup(
    id="550e8400-e29b-41d4-a716-446655440000",
    number=1,
    account="default",
    created_at=1736496000.9,
    maker=Maker.API,
    body={"name": "Bakkerij", "business_name": None, "phone_number_type": "local", "city": "Voorbeeldstad"},
)
SHOWN = {
    "id": GROUP.id,
    "name": "Bakkerij",
    "phone_number_type": "local",
    "status": "pending",
    "locality": "Voorbeeldstad",
    "business_name": None,
    "created_at": "2025-01-10T08:00:00Z",
}
CREATED = answers.created(201, GROUP.id)


def body(answer: Answer) -> Any:
    return json.loads(answer.body)


def spoilt(kind: str, answer: Answer = CREATED) -> Answer:
    return answers.spoilt(
        answer, parse_fault(kind), shape=ErrorShape.VENDOR, path="/v1/x", now=1736496000.0, retry_seconds=2.5
    )


def test_created_is_the_reply_of_the_seed() -> None:
    assert body(CREATED) == {"message": "Verification group created", "data": {"requirement_group_id": GROUP.id}}
    assert (CREATED.status, CREATED.group_id) == (201, GROUP.id)


def test_listed_shows_what_the_list_shows_and_no_more() -> None:
    answer = answers.listed([(GROUP, GroupStatus.PENDING)], total=7, limit=1, offset=3)
    assert body(answer) == {"data": [SHOWN], "meta": {"total": 7, "limit": 1, "offset": 3}}


def test_one_adds_documents_and_phone_numbers() -> None:
    shown = body(answers.one(GROUP, GroupStatus.PENDING))["data"]
    assert {name: shown[name] for name in SHOWN} == SHOWN
    assert shown["phone_numbers"] == []
    assert [document["status"] for document in shown["documents"]] == ["pending", "pending"]


def test_of_a_rejected_group_one_document_is_to_blame() -> None:
    documents = body(answers.one(GROUP, GroupStatus.REJECTED))["data"]["documents"]
    assert [(document["type"], document["status"]) for document in documents] == [
        ("business_registration", "approved"),
        ("proof_of_address", "rejected"),
    ]


def test_the_three_error_shapes() -> None:
    given = {"city": "city is required", "name": "name is required"}
    shapes = {shape: body(answers.refused(shape, "invalid_parameters", fields=given)) for shape in ErrorShape}
    error = {"code": "invalid_parameters", "message": "Missing or invalid fields"}
    assert shapes[ErrorShape.DETAILS] == {"error": {**error, "details": given}}
    assert shapes[ErrorShape.PARAM] == {
        "error": {
            "code": "invalid_parameters",
            "message": "city is required",
            "type": "invalid_request_error",
            "param": "city",
        }
    }
    assert shapes[ErrorShape.FLAT] == {"error": "Bad Request", "message": "Missing or invalid fields"}
    assert shapes[ErrorShape.VENDOR] == shapes[ErrorShape.PARAM]


def test_the_vendor_uses_each_shape_where_its_pages_show_it() -> None:
    assert body(answers.refused(ErrorShape.VENDOR, "unauthorized")) == {
        "error": "Unauthorized",
        "message": "Invalid or missing API key",
    }
    assert "details" in body(answers.refused(ErrorShape.VENDOR, "conflict"))["error"]
    assert "param" not in body(answers.refused(ErrorShape.VENDOR, "invalid_parameters"))["error"]


@pytest.mark.parametrize("code", [code for code in answers.STATUSES if code not in ("bad_gateway", "gateway_timeout")])
@pytest.mark.parametrize("shape", ErrorShape)
def test_every_code_has_its_status_and_a_sentence_in_every_shape(code: str, shape: ErrorShape) -> None:
    answer = answers.refused(shape, code)
    assert answer.status == answers.STATUSES[code]
    said = body(answer)
    assert (said["error"]["message"] if isinstance(said["error"], dict) else said["message"]) != ""


def test_the_rate_limit_asks_to_wait_in_whole_seconds() -> None:
    answer = answers.throttled(ErrorShape.VENDOR, 0.2)
    assert (answer.status, answer.headers) == (429, (("retry-after", "1"),))


def test_faults_of_delivery_leave_the_answer_as_it_is() -> None:
    assert spoilt("drop_after") == CREATED


@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("500_after", 500, b'{"error"'),
        ("502_after", 502, b"<html>"),
        ("503_before", 503, b"{"),
        ("504_after", 504, b""),
    ],
)
def test_server_errors_come_as_json_as_a_page_and_as_nothing(kind: str, status: int, start: bytes) -> None:
    answer = spoilt(kind)
    assert answer.status == status
    assert answer.body.startswith(start)
    assert answer.from_proxy == (status in (502, 504))
    assert answer.group_id is None


def test_retry_after_in_seconds_as_a_date_and_not_at_all() -> None:
    assert spoilt("429").headers == (("retry-after", "3"),)
    assert spoilt("429:7").headers == (("retry-after", "7"),)
    assert spoilt("429_date:30").headers == (("retry-after", "Fri, 10 Jan 2025 08:00:30 GMT"),)
    assert spoilt("429_bare").headers == ()
    assert spoilt("503_retry:0").headers == (("retry-after", "0"),)


def test_garbled_answers_keep_their_status() -> None:
    assert (spoilt("not_json_after").status, spoilt("not_json_after").body) == (201, b"Verification group created")
    assert (spoilt("empty_after").status, spoilt("empty_after").body) == (201, b"")
    assert body(spoilt("id_missing_after")) == {"message": "Verification group created", "data": {}}
    assert body(spoilt("id_not_uuid_after"))["data"] == {"requirement_group_id": "group-12345"}


def test_ids_of_a_list_are_garbled_too() -> None:
    listed = answers.listed([(GROUP, GroupStatus.PENDING)], total=1, limit=20, offset=0)
    assert [group["id"] for group in body(spoilt("id_not_uuid_after", listed))["data"]] == ["group-12345"]
    assert "id" not in body(spoilt("id_missing_after", listed))["data"][0]


def test_a_blank_list_has_no_groups_at_all() -> None:
    listed = answers.listed([(GROUP, GroupStatus.PENDING)], total=1, limit=20, offset=0)
    assert body(spoilt("blank", listed)) == {"data": [], "meta": {"total": 0, "limit": 20, "offset": 0}}


def test_a_redirect_leads_back_to_the_same_endpoint() -> None:
    answer = spoilt("redirect")
    assert (answer.status, answer.headers) == (307, (("location", "/v1/x?moved=1"),))
