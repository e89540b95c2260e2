import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from batch.sandbox.app import create_app
from batch.sandbox.faults import KINDS, Endpoint
from batch.sandbox.options import SandboxOptions
from batch.sandbox.plans import FaultPlan
from batch.sandbox.serving import Embedded

PATH = "/v1/verification-groups"
BODY = {"name": "Bakkerij Noord", "business_name": "Voorbeeld Bakkerij BV", "city": "Voorbeeldstad"}
KEYS = {"fl_test_a": "one", "fl_test_b": "two"}


@pytest.fixture
def sandbox() -> Iterator[Embedded]:
    with Embedded(SandboxOptions(keys=KEYS)) as running:
        yield running


@pytest.fixture
def client(sandbox: Embedded) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with httpx.Client(base_url=sandbox.base_url, headers=headers, trust_env=False) as client:
        yield client


def get(client: httpx.Client, what: str) -> Any:
    reply = client.get(f"/_sandbox/{what}")
    assert reply.status_code == 200
    return reply.json()


def post(client: httpx.Client, what: str, body: object) -> Any:
    reply = client.post(f"/_sandbox/{what}", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def problem(client: httpx.Client, what: str, body: object) -> str:
    reply = client.post(f"/_sandbox/{what}", json=body)
    assert reply.status_code == 400
    return str(reply.json()["error"]["message"])


def test_groups_are_read_back_with_their_bodies_and_the_count_of_posts(client: httpx.Client) -> None:
    client.post(PATH, json={})
    client.post(PATH, json=BODY, headers={"X-Sandbox-Fault": "drop_before:0", "Authorization": "Bearer wrong"})
    (placed,) = post(client, "groups", {"groups": [BODY]})["ids"]
    told = get(client, "groups")
    assert (told["posts"], told["requests"]) == (2, 2)
    (group,) = told["groups"]
    assert (group["id"], group["body"], group["account"], group["maker"]) == (placed, BODY, "one", "control")
    assert group["status"] == "pending"


def test_groups_can_be_placed_in_any_account_at_any_time(client: httpx.Client) -> None:
    asked = {"groups": [BODY, {**BODY, "name": None}], "account": "two", "created_at_seconds": 1736496000}
    ids = post(client, "groups", asked)["ids"]
    assert [group["id"] for group in get(client, "groups?account=two")["groups"]] == ids
    assert get(client, "groups?account=one")["groups"] == []
    listed = client.get(PATH, headers={"Authorization": "Bearer fl_test_b"}).json()["data"]
    assert {group["created_at"] for group in listed} == {"2025-01-10T08:00:00Z"}
    assert [group["name"] for group in listed] == [None, BODY["name"]]


def test_a_status_can_be_set(client: httpx.Client) -> None:
    (placed,) = post(client, "groups", {"groups": [BODY]})["ids"]
    post(client, "status", {"id": placed, "status": "rejected"})
    assert client.get(f"{PATH}/{placed}").json()["data"]["status"] == "rejected"
    assert get(client, "groups")["groups"][0]["status"] == "rejected"


def test_the_log_can_be_read_from_a_number_on(client: httpx.Client) -> None:
    for _ in range(3):
        client.get(PATH)
    told = get(client, "requests")
    assert [entry["number"] for entry in told["requests"]] == [1, 2, 3]
    assert set(told["requests"][0]) >= {"method", "path", "status", "at", "fault"}
    assert [entry["number"] for entry in get(client, "requests?after=2")["requests"]] == [3]


def test_control_requests_are_not_counted_or_logged(client: httpx.Client) -> None:
    get(client, "groups")
    assert get(client, "requests") == {"requests": [], "requests_seen": 0}


def test_a_plan_and_next_faults_can_be_set_and_seen(client: httpx.Client, sandbox: Embedded) -> None:
    told = post(
        client,
        "faults",
        {"plans": {"list": {"fraction": 1, "weights": {"404": 1}}}, "next": {"list": ["403", None], "create": ["402"]}},
    )
    assert told["plans"] == {"list": {"fraction": 1.0, "weights": {"404": 1.0}, "seed": 0, "at_most": None}}
    assert told["queued"] == {"create": 1, "list": 2, "one": 0}
    assert [client.get(PATH).status_code for _ in range(4)] == [403, 200, 404, 404]
    told = get(client, "faults")
    assert told["committed"] == {"403": 1, "404": 2}
    assert told["kinds"] == list(KINDS)
    assert "unclear" in told["families"]
    post(client, "faults", {"plans": {"list": None}})
    assert client.get(PATH).status_code == 200


def test_reset_forgets_groups_log_and_faults(client: httpx.Client) -> None:
    post(client, "groups", {"groups": [BODY]})
    post(client, "faults", {"plans": {"list": {"fraction": 1}}})
    assert post(client, "reset", {}) == {"reset": True}
    assert get(client, "groups") == {"posts": 0, "requests": 0, "groups": []}
    assert get(client, "faults")["plans"] == {}


def test_reset_takes_no_body(client: httpx.Client) -> None:
    assert client.post("/_sandbox/reset").status_code == 200


@pytest.mark.parametrize(
    ("what", "body", "expected"),
    [
        ("faults", {"plan": {}}, "no plan here; expected plans, next"),
        ("faults", {"plans": {"odd": None}}, "'odd' is not a valid Endpoint"),
        ("faults", {"plans": []}, "Expected plans to be a JSON object"),
        ("faults", {"plans": {"create": {"fraction": 2}}}, "between 0 and 1"),
        ("faults", {"next": {"create": "409"}}, "JSON list"),
        ("faults", {"next": {"create": ["nonsense"]}}, "no fault 'nonsense'"),
        ("groups", {"groups": [BODY], "account": "three"}, "no account 'three'"),
        ("groups", {"groups": [1]}, "Expected a group to be a JSON object"),
        ("groups", {}, "Expected groups to be a JSON list"),
        ("groups", {"groups": [], "created_at_seconds": None}, "Expected created_at_seconds to be a number"),
        ("groups", {"groups": [], "created_at_seconds": True}, "Expected created_at_seconds to be a number"),
        ("status", {"id": "nobody", "status": "approved"}, "no group 'nobody'"),
        ("status", {"id": "nobody", "status": "odd"}, "'odd' is not a valid GroupStatus"),
        ("status", [], "Expected the body to be a JSON object"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_expected(
    client: httpx.Client, what: str, body: object, expected: str
) -> None:
    assert expected in problem(client, what, body)


def test_a_wrong_part_leaves_everything_as_it_was(client: httpx.Client, sandbox: Embedded) -> None:
    plan = FaultPlan(fraction=1)
    sandbox.state.faults.plan(Endpoint.LIST, plan)
    problem(client, "faults", {"plans": {"list": None, "create": {"fraction": 1, "weights": {"blank": 1}}}})
    problem(client, "faults", {"plans": {"list": None}, "next": {"create": ["blank"]}})
    assert sandbox.state.faults.plans() == {Endpoint.LIST: plan}
    assert get(client, "faults")["plans"]["list"]["weights"] == {"unclear": 1.0}


@pytest.mark.parametrize("text", ["{", "["])
def test_what_is_not_json_is_refused(client: httpx.Client, text: str) -> None:
    assert client.post("/_sandbox/faults", content=text).status_code == 400


def test_another_method_is_refused(client: httpx.Client) -> None:
    assert [client.get("/_sandbox/reset").status_code, client.post("/_sandbox/requests").status_code] == [405, 405]


@pytest.mark.parametrize(
    ("peer", "host", "status"),
    [
        ("127.0.0.1", "localhost:8000", 200),
        ("::1", "[::1]:8000", 200),
        ("10.0.0.9", "127.0.0.1", 403),
        ("127.0.0.1", "sandbox.example.com", 403),
    ],
)
def test_the_control_routes_answer_this_machine_under_its_own_name_only(peer: str, host: str, status: int) -> None:
    async def ask() -> int:
        transport = httpx.ASGITransport(create_app(SandboxOptions()), client=(peer, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            return (await client.get("/_sandbox/groups", headers={"Host": host})).status_code

    assert asyncio.run(ask()) == status
