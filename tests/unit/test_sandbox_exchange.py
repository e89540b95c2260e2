import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

import httpx
import pytest

from batch.rate import RateLimit
from batch.sandbox.faults import Endpoint
from batch.sandbox.options import SandboxOptions
from batch.sandbox.plans import FaultPlan
from batch.sandbox.serving import Embedded
from batch.sandbox.windows import WindowKind

PATH = "/v1/verification-groups"
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


@contextmanager
def sandbox(**options: object) -> Iterator[tuple[Embedded, httpx.Client]]:
    with (
        Embedded(SandboxOptions(**options)) as running,  # type: ignore[arg-type]
        httpx.Client(
            base_url=running.base_url, headers={"Authorization": f"Bearer {running.api_key}"}, trust_env=False
        ) as client,
    ):
        yield running, client


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic fl_test_sandbox", "fl_test_sandbox"])
def test_without_a_known_key_there_is_no_way_in(header: str | None) -> None:
    with sandbox() as (running, client):
        client.headers.pop("Authorization")
        reply = client.post(PATH, json=BODY, headers={} if header is None else {"Authorization": header})
        assert (reply.status_code, reply.json()["error"]) == (401, "Unauthorized")
        assert running.state.groups() == []


def test_the_word_bearer_is_read_in_any_case() -> None:
    with sandbox() as (running, client):
        assert client.get(PATH, headers={"Authorization": f"bearer {running.api_key}"}).status_code == 200


def test_every_answer_bears_the_three_headers_of_the_rate_limit() -> None:
    with sandbox(rate_limit=RateLimit(requests=5, seconds=60)) as (running, client):
        before = running.state.now()
        replies = [
            client.get(PATH),
            client.post(PATH, json={}),
            client.get(f"{PATH}/nobody"),
            client.post(PATH, json=BODY),
        ]
        assert [reply.status_code for reply in replies] == [200, 400, 404, 201]
        assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == ["4", "3", "2", "1"]
        assert {reply.headers["X-RateLimit-Limit"] for reply in replies} == {"5"}
        assert all(0 <= int(reply.headers["X-RateLimit-Reset"]) - before - 60 < 2 for reply in replies)
        refused = client.get(PATH, headers={"Authorization": "Bearer wrong"})
        assert refused.headers["X-RateLimit-Limit"] == "5"


@pytest.mark.parametrize("window", WindowKind)
def test_over_the_limit_is_429_with_retry_after_and_creates_nothing(window: WindowKind) -> None:
    with sandbox(rate_limit=RateLimit(requests=2, seconds=3600), window=window) as (running, client):
        statuses = [client.post(PATH, json=BODY).status_code for _ in range(2)]
        refused = client.post(PATH, json=BODY)
        assert [*statuses, refused.status_code] == [201, 201, 429]
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert refused.json()["error"]["code"] == "rate_limit_exceeded"
        assert len(running.state.groups()) == 2


def test_keys_have_limits_of_their_own_but_may_share_groups() -> None:
    keys = {"fl_test_a": "one", "fl_test_b": "one", "fl_test_c": "two"}
    with sandbox(keys=keys, rate_limit=RateLimit(requests=2, seconds=3600)) as (_, client):
        as_key = {key: {"Authorization": f"Bearer {key}"} for key in keys}
        assert [client.post(PATH, json=BODY, headers=as_key["fl_test_a"]).status_code for _ in range(3)] == [
            201,
            201,
            429,
        ]
        totals = [client.get(PATH, headers=as_key[key]).json()["meta"]["total"] for key in ("fl_test_b", "fl_test_c")]
        assert totals == [2, 0]


def test_without_a_limit_there_are_no_such_headers() -> None:
    with sandbox(rate_limit=None) as (_, client):
        assert "X-RateLimit-Limit" not in client.get(PATH).headers


def test_a_key_is_refused_from_its_kth_request_on() -> None:
    with sandbox(refuse_key_from=3) as (running, client):
        assert [client.post(PATH, json=BODY).status_code for _ in range(4)] == [201, 201, 401, 401]
        assert len(running.state.groups()) == 2


def test_the_clock_is_skewed_in_date_created_at_and_reset() -> None:
    with sandbox(clock_skew_seconds=7200, rate_limit=RateLimit(requests=9, seconds=60)) as (_, client):
        now = time.time()
        reply = client.post(PATH, json=BODY)
        shown = client.get(PATH).json()["data"][0]["created_at"]
        date = parsedate_to_datetime(reply.headers["Date"]).timestamp()
        assert abs(date - now - 7200) < 5
        assert abs(int(reply.headers["X-RateLimit-Reset"]) - now - 7260) < 5
        assert shown.startswith(time.strftime("%Y-%m-%dT%H:", time.gmtime(date)))


def test_a_new_group_shows_in_the_list_after_the_lag_but_is_there_at_once() -> None:
    with sandbox(list_lag_seconds=3600) as (_, client):
        created = client.post(PATH, json=BODY).json()["data"]["requirement_group_id"]
        assert client.get(PATH).json()["meta"]["total"] == 0
        assert client.get(f"{PATH}/{created}").json()["data"]["name"] == BODY["name"]


def test_others_create_groups_in_the_account_meanwhile() -> None:
    with sandbox(foreign_every=2) as (running, client):
        for _ in range(4):
            client.get(PATH)
        assert [group.maker for group in running.state.groups()] == ["foreign", "foreign"]
        assert client.get(PATH).json()["meta"]["total"] == 2


def test_latency_is_added_to_every_request() -> None:
    with sandbox(latency_seconds=0.05) as (_, client):
        started = time.perf_counter()
        assert client.post(PATH, json=BODY).status_code == 201
        assert time.perf_counter() - started >= 0.05


def test_a_request_may_ask_for_a_fault() -> None:
    with sandbox() as (running, client):
        assert client.post(PATH, json=BODY, headers={"X-Sandbox-Fault": "500_after"}).status_code == 500
        assert len(running.state.groups()) == 1
        refused = client.post(PATH, json=BODY, headers={"X-Sandbox-Fault": "nonsense"})
        assert (refused.status_code, "no fault 'nonsense'" in refused.text) == (400, True)
        assert len(running.state.groups()) == 1


def test_a_plan_makes_the_same_of_the_same_rows_whatever_their_order() -> None:
    plans = {Endpoint.CREATE: FaultPlan(fraction=0.5, weights={"server": 1}, seed=11)}
    bodies = [{**BODY, "name": f"Groep {at}"} for at in range(30)]
    outcomes = []
    for order in (bodies, bodies[::-1]):
        with sandbox(plans=plans) as (running, client):
            statuses = {body["name"]: client.post(PATH, json=body).status_code for body in order}
            outcomes.append((statuses, {group.body["name"] for group in running.state.groups()}))
    assert outcomes[0] == outcomes[1]
    assert 5 < sum(status != 201 for status in outcomes[0][0].values()) < 25


def test_a_plan_for_lists_leaves_creating_alone() -> None:
    with sandbox(plans={Endpoint.LIST: FaultPlan(fraction=1, weights={"403": 1})}) as (_, client):
        assert [client.get(PATH).status_code, client.post(PATH, json=BODY).status_code] == [403, 201]


def test_the_api_itself_is_not_heard_through_a_broken_proxy() -> None:
    with sandbox() as (_, client):
        reply = client.get(PATH, headers={"X-Sandbox-Fault": "502_before"})
        assert "X-RateLimit-Limit" not in reply.headers
        assert reply.headers["Content-Type"].startswith("text/html")


def test_a_throttling_fault_says_that_nothing_remains() -> None:
    with sandbox() as (_, client):
        assert client.get(PATH, headers={"X-Sandbox-Fault": "429"}).headers["X-RateLimit-Remaining"] == "0"


def test_large_bodies_arrive_whole() -> None:
    story = "Een lang verhaal. " * 60_000
    with sandbox() as (running, client):
        assert client.post(PATH, json={**BODY, "description": story}).status_code == 201
        assert running.state.groups()[0].body["description"] == story


def test_the_log_tells_what_came_of_each_request_and_holds_no_body() -> None:
    with sandbox() as (running, client):
        client.post(PATH, json=BODY)
        client.get(PATH, params={"limit": 5}, headers={"X-Sandbox-Fault": "503_before"})
        client.get(PATH, headers={"Authorization": "Bearer wrong"})
        created, listed, refused = running.state.requests
        assert (created.number, created.method, created.path, created.status) == (1, "POST", PATH, 201)
        assert created.group_id == running.state.groups()[0].id
        assert (listed.query, listed.status, listed.fault, listed.account) == ("limit=5", 503, "503_before", "default")
        assert (refused.status, refused.account) == (401, None)
        assert BODY["name"] not in repr(running.state.requests)
