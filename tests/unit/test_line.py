"""submit, pacing, listing and reconcile together, over real HTTP to a sandbox and with a real ledger."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from batch.errors import ApiStop, SettingsError
from batch.halt import Halted
from batch.ledger import LedgerState, open_ledger
from batch.matching import Absent, Found, Undecided
from batch.pipeline.survey import survey
from batch.rate import RateLimit
from batch.retry import Again, Conflict, Created, InDoubt, Rejected
from batch.sandbox import answers
from batch.submit import Course, Fate, rows_in_hand
from tests.support.line import FIELDS, Api, Line, again, line_to, sandbox

pytestmark = pytest.mark.anyio


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def line(api: Api, tmp_path: Path) -> Iterator[Line]:
    with line_to(api, tmp_path, concurrency=1) as line:
        yield line


async def send(line: Line, *names: str) -> dict[int, Fate]:
    course = Course()
    async with line.session() as session:
        await session.submitter.send_all(line.records(*names), course)
    return course.fates


def states(line: Line) -> dict[str, int]:
    with closing(open_ledger(line.location)) as ledger:
        found: dict[str, int] = {}
        for record in line.records(*(f"n{i}" for i in range(50))):
            for known in ledger.lookup(line.scope(), fingerprints=[record.fingerprint], group_keys=[]):
                found[known.state.value] = found.get(known.state.value, 0) + 1
        return found


# Sending


async def test_every_row_is_created_once_and_its_id_is_in_the_ledger(api: Api, line: Line) -> None:
    fates = await send(line, "n0", "n1", "n2")
    ids = [fate.requirement_group_id for fate in fates.values() if isinstance(fate, Created)]
    assert (len(ids), set(ids)) == (3, api.ids())
    assert states(line) == {"created": 3}


async def test_the_intent_is_on_disk_before_the_request_arrives(api: Api, line: Line) -> None:
    seen: list[dict[str, int]] = []
    async with line.session() as session:
        original = session.submitter.client.create

        async def create(body: bytes) -> object:
            seen.append(states(line))
            return await original(body)

        session.submitter.client.create = create  # type: ignore[method-assign, assignment]
        await session.submitter.send_all(line.records("n0", "n1"), Course())
    # Both wait for the one connection; the answer to the first is written while the second is sent.
    assert seen[0] == {"sending": 2}
    assert seen[1] in ({"sending": 2}, {"created": 1, "sending": 1})


@pytest.mark.parametrize(
    ("fault", "fate", "state"),
    [
        ("500_before", InDoubt, "in_doubt"),
        ("502_after", InDoubt, "in_doubt"),
        ("drop_after", InDoubt, "in_doubt"),
        ("not_json_after", InDoubt, "in_doubt"),
        ("id_missing_after", InDoubt, "in_doubt"),
        ("redirect", InDoubt, "in_doubt"),
        ("400", Rejected, "rejected"),
        ("422", Rejected, "rejected"),
        ("409", Conflict, "in_doubt"),
    ],
)
async def test_what_one_answer_means(api: Api, line: Line, fault: str, fate: type, state: str) -> None:
    api.next(fault)
    fates = await send(line, "n0")
    assert isinstance(fates[0], fate)
    assert states(line) == {state: 1}
    assert api.posts == 1


async def test_too_many_requests_are_waited_out_and_sent_again(api: Api, line: Line) -> None:
    api.next("429:0.3", "429_bare")
    started = time.monotonic()
    fates = await send(line, "n0", "n1")
    assert all(isinstance(fate, Created) for fate in fates.values())
    assert len(api.groups()) == 2
    assert time.monotonic() - started >= 0.3


async def test_an_overloaded_api_that_asks_for_a_wait_gets_it_from_everyone(api: Api, line: Line) -> None:
    api.next("503_retry:0.3")
    started = time.monotonic()
    fates = await send(line, "n0", "n1", "n2")
    assert [type(fates[position]) for position in range(3)] == [InDoubt, Created, Created]
    first, *others = [float(str(entry["at"])) for entry in api.requests()]
    assert min(others) - first >= 0.29
    assert time.monotonic() - started >= 0.3


async def test_rows_that_are_refused_again_and_again_are_given_up(api: Api, line: Line) -> None:
    api.next(*["429:0"] * 5)
    fates = await send(line, "n0")
    assert isinstance(fates[0], Again)
    assert states(line) == {"planned": 1}
    assert api.posts == 5


@pytest.mark.parametrize("fault", ["401", "401_expired", "402", "403"])
async def test_a_stop_ends_the_run_and_spends_no_other_row(api: Api, line: Line, fault: str) -> None:
    api.next(None, fault)
    fates = await send(line, "n0", "n1", "n2", "n3")
    assert isinstance(fates[0], Created)
    assert set(fates) == {0, 1}
    assert line.halt.cause is not None
    assert api.posts == 2
    ledger = states(line)
    assert ledger.pop("created") == 1
    assert list(ledger) == ["planned"]  # with rows that had leave, waited for the connection, and were given back


async def test_a_wait_longer_than_the_limit_stops_the_run(api: Api, line: Line) -> None:
    api.next("429:3000")
    fates = await send(line, "n0", "n1")
    assert line.halt.cause is not None
    assert line.halt.cause.code == "rate_limited"
    assert "3000 seconds" in line.halt.cause.message
    assert fates.keys() <= {0}


@pytest.mark.parametrize(
    ("concurrency", "requests", "rows"),
    [(8, 100, 24), (8, 3_200, 100), (8, 1_000_000, 192), (1, 100, 3), (1, 1_000_000, 24), (8, 10, 10), (8, 5, 8)],
)
def test_the_more_rows_are_in_hand_the_more_a_window_has_room_for_and_never_more(
    concurrency: int, requests: int, rows: int
) -> None:
    assert rows_in_hand(concurrency, RateLimit(requests=requests, seconds=60.0)) == rows


async def test_a_row_that_is_known_is_not_sent(api: Api, line: Line) -> None:
    await send(line, "n0")
    fates = await send(again(line), "n0")
    assert api.posts == 1
    known = fates[0]
    assert not isinstance(known, Created)
    assert known.state is LedgerState.CREATED  # type: ignore[union-attr]


async def test_workers_send_side_by_side(api: Api, tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.1) as slow, line_to(slow, tmp_path, concurrency=8) as line:
        async with line.session() as session:
            under_way: list[int] = [0]
            original = session.submitter.client.create

            async def create(body: bytes) -> object:
                under_way.append(under_way[-1] + 1)
                reply = await original(body)
                under_way.append(under_way[-1] - 1)
                return reply

            session.submitter.client.create = create  # type: ignore[method-assign, assignment]
            await session.submitter.send_all(line.records(*(f"n{i}" for i in range(16))), Course())
        assert max(under_way) == 8
        assert len(slow.groups()) == 16


async def test_a_halt_lets_what_is_under_way_finish_and_begins_nothing(tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.2) as slow, line_to(slow, tmp_path, concurrency=2) as line:
        course = Course()
        async with line.session() as session:
            task = asyncio.create_task(session.submitter.send_all(line.records(*(f"n{i}" for i in range(9))), course))
            await asyncio.sleep(0.1)
            line.halt.by_signal(2)
            await task
        assert len(slow.groups()) == 2
        assert [type(fate) for fate in course.fates.values()] == [Created, Created]


async def test_a_cancelled_row_is_in_doubt(tmp_path: Path) -> None:
    with sandbox(latency_seconds=5.0) as slow, line_to(slow, tmp_path, concurrency=1) as line:
        course = Course()
        async with line.session() as session:
            task = asyncio.create_task(session.submitter.send_all(line.records("n0", "n1"), course))
            while slow.posts == 0:  # noqa: ASYNC110 -- it is another process's doing
                await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert isinstance(course.fates[0], InDoubt)
        assert set(course.fates) == {0}
        assert states(line) == {"sending": 1, "planned": 1}  # the other waited for the connection


async def test_an_outage_is_sat_out_and_nothing_is_lost(api: Api, line: Line) -> None:
    api.next(*["503_before"] * 4)
    fates = await send(line, *(f"n{i}" for i in range(8)))
    assert [type(fate) for fate in fates.values()] == [InDoubt] * 4 + [Created] * 4


async def test_rows_that_wait_for_a_connection_are_kept_when_the_api_goes_down(api: Api, line: Line) -> None:
    api.next(*["503_before"] * 3)
    async with line.session() as session:
        course = Course()
        await session.submitter.send_all(line.records(*(f"n{i}" for i in range(6))), course)
        asked = [entry["method"] for entry in api.requests()]
        assert asked[:4] == ["POST"] * 3 + ["GET"]  # first of all it is asked whether the API is there again
        assert session.pacer.requests == len(asked)
    assert [type(course.fates[position]) for position in range(6)] == [InDoubt] * 3 + [Created] * 3


# Pacing


async def test_full_speed_until_the_window_is_full_then_the_next(tmp_path: Path) -> None:
    limit = RateLimit(requests=10, seconds=0.6)
    with sandbox(rate_limit=limit) as api, line_to(api, tmp_path, rate_limit=limit, concurrency=4) as line:
        started = time.monotonic()
        await send(line, *(f"n{i}" for i in range(25)))
        assert time.monotonic() - started >= 1.2
        assert len(api.groups()) == 25
        assert [entry["status"] for entry in api.requests() if entry["status"] == 429] == []


async def test_someone_else_on_the_key_is_noticed(tmp_path: Path) -> None:
    limit = RateLimit(requests=10, seconds=2.0)
    with sandbox(rate_limit=limit) as api, line_to(api, tmp_path, rate_limit=limit, concurrency=1) as line:
        import httpx

        with httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {api.key}"}) as other:
            for _ in range(6):
                other.get(f"{api.url}/v1/verification-groups")
        await send(line, *(f"n{i}" for i in range(6)))
        assert len(api.groups()) == 6
        assert len([entry for entry in api.requests() if entry["status"] == 429]) <= 1


async def test_a_limit_that_was_set_far_too_high_does_not_stall_a_run(tmp_path: Path) -> None:
    limit = RateLimit(requests=100_000, seconds=60.0)
    with sandbox(rate_limit=RateLimit(requests=100, seconds=60.0)) as api:
        with line_to(api, tmp_path, rate_limit=limit, concurrency=1) as line:
            async with asyncio.timeout(20):
                await send(line, *"abcd")
        assert len(api.groups()) == 4


# The list


def others(count: int, name: str = "other") -> list[dict[str, str]]:
    return [{**FIELDS, "name": f"{name} {i}"} for i in range(count)]


@pytest.mark.parametrize("order", ["newest", "oldest", "random", "shuffled"])
async def test_a_sweep_sees_everything_whatever_the_order(tmp_path: Path, order: str) -> None:
    from batch.sandbox.options import ListOrder

    with sandbox(list_order=ListOrder(order)) as api, line_to(api, tmp_path) as line:
        ids = api.place(*others(250))
        async with line.session() as session:
            sweep = await session.listing.sweep()
    if order == "shuffled" and sweep.problem:
        return  # it may be that six passes do not add up; then it says so
    assert set(sweep.groups) == set(ids)
    assert sweep.problem is None


async def test_a_sweep_of_an_empty_account_takes_one_request(api: Api, line: Line) -> None:
    async with line.session() as session:
        sweep = await session.listing.sweep()
    assert (sweep.groups, sweep.problem) == ({}, None)
    assert len(api.requests()) == 1


async def test_a_sweep_sees_everything_while_others_create(tmp_path: Path) -> None:
    with sandbox(foreign_every=1) as api, line_to(api, tmp_path) as line:
        ids = api.place(*others(250))
        async with line.session() as session:
            sweep = await session.listing.sweep()
    assert set(ids) <= set(sweep.groups)
    assert sweep.problem is None


@pytest.mark.parametrize(("fault", "words"), [("403", "HTTP 403"), ("404", "HTTP 404")])
async def test_a_refused_list_is_a_problem_of_the_sweep(api: Api, line: Line, fault: str, words: str) -> None:
    api.plan("list", fraction=1.0, weights={fault: 1})
    async with line.session() as session:
        sweep = await session.listing.sweep()
    assert sweep.problem is not None
    assert words in sweep.problem


async def test_a_list_that_stays_silent_is_a_problem_of_the_sweep(api: Api, line: Line) -> None:
    api.plan("list", fraction=1.0, weights={"drop_before": 1})
    async with line.session() as session:
        sweep = await session.listing.sweep()
    assert sweep.problem is not None
    assert "does not answer" in sweep.problem


async def test_a_page_that_fails_is_asked_again(api: Api, line: Line) -> None:
    api.place(*others(3))
    api.next("500_before", "drop_before", "429:0", "not_json_before", endpoint="list")
    async with line.session() as session:
        assert len((await session.listing.sweep()).groups) == 3


# Greeting


async def test_the_first_request_is_the_cheap_list_call(api: Api, line: Line) -> None:
    async with line.session() as session:
        await session.greet()
    (entry,) = api.requests()
    assert (entry["method"], str(entry["path"]).partition("?")[0]) == ("GET", "/v1/verification-groups")


async def test_a_wrong_key_is_found_out_before_any_row_is_spent(api: Api, tmp_path: Path) -> None:
    with line_to(api, tmp_path) as line:
        line.key = "fl_test_wrong"
        async with line.session() as session:
            with pytest.raises(ApiStop, match="refused the key"):
                await session.greet()
    assert api.posts == 0


async def test_an_api_that_is_down_at_first_is_waited_for(api: Api, line: Line) -> None:
    api.next("503_before", "503_before", "drop_before", endpoint="list")
    async with line.session() as session:
        await session.greet()
    assert len(api.requests()) == 4


async def test_an_api_that_stays_down_stops_the_run(api: Api, line: Line) -> None:
    line.settings = line.settings.model_copy(update={"max_wait_seconds": 0.05})
    api.plan("list", fraction=1.0, weights={"503_before": 1})
    async with line.session() as session:
        with pytest.raises(ApiStop) as caught:
            await session.greet()
    assert caught.value.code == "api_down"


# Reconciling


async def reconcile(line: Line) -> dict[str, object]:
    async with line.session() as session:
        result = await session.reconciler.reconcile(session.run_id)
    return dict(result.verdicts)


@pytest.mark.parametrize("fault", ["drop_after", "500_after", "truncated_after", "id_missing_after", "not_json_after"])
async def test_a_row_whose_group_was_made_is_found(api: Api, line: Line, fault: str) -> None:
    api.place(*others(5))
    api.next(fault)
    await send(line, "n0")
    (verdict,) = (await reconcile(again(line))).values()
    made = next(group for group in api.groups() if group["maker"] == "post" or group["body"]["name"] == "n0")  # type: ignore[index]
    assert verdict == Found(requirement_group_id=str(made["id"]))
    assert states(line) == {"created": 1}


@pytest.mark.parametrize("fault", ["drop_before", "500_before", "reset_before", "not_json_before"])
async def test_a_row_whose_group_was_not_made_may_be_sent_again(api: Api, line: Line, fault: str) -> None:
    api.place(*others(5))
    api.next(fault)
    await send(line, "n0")
    assert list((await reconcile(again(line))).values()) == [Absent()]
    assert states(line) == {"planned": 1}
    await send(again(line), "n0")
    assert [body["name"] for body in api.bodies()].count("n0") == 1


async def test_one_sweep_settles_all_rows_in_doubt(api: Api, line: Line) -> None:
    api.next(*["drop_after", None] * 6)
    await send(line, *(f"n{i}" for i in range(12)))
    before = len(api.requests())
    verdicts = await reconcile(again(line))
    assert len(verdicts) == 6
    assert all(isinstance(verdict, Found) for verdict in verdicts.values())
    assert len(api.requests()) - before == 1


async def test_an_older_group_of_the_same_name_is_neither_the_rows_own_nor_proof_of_its_absence(
    api: Api, line: Line
) -> None:
    (older,) = api.place({**FIELDS, "name": "n0"}, created_at_seconds=time.time() - 3600)
    api.next("drop_before")
    await send(line, "n0")
    undecided = Undecided(reason="older_group", candidates=(older,))
    assert list((await reconcile(again(line))).values()) == [undecided]


async def test_a_clock_that_is_ahead_or_behind_does_no_harm(tmp_path: Path) -> None:
    for skew in (-7200.0, 7200.0):
        with sandbox(clock_skew_seconds=skew) as api, line_to(api, tmp_path / str(skew), concurrency=1) as line:
            api.next("drop_after")
            await send(line, "n0")
            (verdict,) = (await reconcile(again(line))).values()
            assert isinstance(verdict, Found)


async def test_two_groups_that_fit_leave_it_to_a_person(api: Api, line: Line) -> None:
    api.next("drop_after")
    await send(line, "n0")
    api.place({**FIELDS, "name": "n0"})
    (verdict,) = (await reconcile(again(line))).values()
    assert isinstance(verdict, Undecided)
    assert (verdict.reason, set(verdict.candidates)) == ("several_groups", api.ids())
    assert states(line) == {"in_doubt": 1}


async def test_a_refused_list_leaves_the_row_in_doubt_and_the_next_run_asks_again(api: Api, line: Line) -> None:
    api.next("drop_after")
    await send(line, "n0")
    api.plan("list", fraction=1.0, weights={"403": 1})
    (verdict,) = (await reconcile(again(line))).values()
    assert verdict == Undecided(reason="list_unreliable")
    assert states(line) == {"in_doubt": 1}
    api.plan("list")
    (verdict,) = (await reconcile(again(line))).values()
    assert isinstance(verdict, Found)


async def test_a_conflict_that_the_list_explains_is_a_group_that_exists(api: Api, line: Line) -> None:
    (existing,) = api.place({**FIELDS, "name": "n0"}, created_at_seconds=1_700_000_000.0)
    api.next("409")
    await send(line, "n0")
    assert list((await reconcile(again(line))).values()) == [Found(requirement_group_id=existing)]


async def test_a_conflict_that_the_list_does_not_explain_is_a_refusal(api: Api, line: Line) -> None:
    api.next("409")
    await send(line, "n0")
    assert list((await reconcile(again(line))).values()) == [Absent()]
    assert states(line) == {"rejected": 1}


async def test_the_list_is_believed_only_after_the_settle_time(tmp_path: Path) -> None:
    with sandbox(list_lag_seconds=0.4) as api, line_to(api, tmp_path, settle_seconds=0.8, concurrency=1) as line:
        api.next("drop_after")
        await send(line, "n0")
        started = time.monotonic()
        (verdict,) = (await reconcile(again(line))).values()
        assert isinstance(verdict, Found)
        assert time.monotonic() - started >= 0.6


async def test_a_halt_during_the_settle_time_leaves_the_row_as_it_is(tmp_path: Path) -> None:
    with sandbox() as api, line_to(api, tmp_path, settle_seconds=30.0, concurrency=1) as line:
        api.next("drop_after")
        await send(line, "n0")
        later = again(line)
        async with later.session() as session:
            task = asyncio.create_task(session.reconciler.reconcile(session.run_id))
            await asyncio.sleep(0.1)
            later.halt.by_signal(2)
            with pytest.raises(Halted):
                await task
        assert states(line) == {"in_doubt": 1}


async def test_rows_that_a_live_run_is_sending_are_left_alone(api: Api, line: Line) -> None:
    api.next("silent_after")
    async with line.session("run-live") as session:
        task = asyncio.create_task(session.submitter.send_all(line.records("n0"), Course()))
        while api.posts == 0:  # noqa: ASYNC110 -- it is the server's doing
            await asyncio.sleep(0.02)
        assert await reconcile(again(line)) == {}
        assert states(line) == {"sending": 1}
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    (verdict,) = (await reconcile(again(line))).values()
    assert isinstance(verdict, Found)


async def test_a_list_that_hides_what_was_certainly_created_proves_nothing(api: Api, line: Line) -> None:
    api.next(None, "drop_after")
    await send(line, "n0", "n1")
    api.plan("list", fraction=1.0, weights={"blank": 1})
    (verdict,) = (await reconcile(again(line))).values()
    assert verdict == Undecided(reason="list_unreliable")
    assert states(line) == {"created": 1, "in_doubt": 1}


def show_otherwise(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    """From now on the sandbox lists its groups as `change` makes them look."""
    listed = answers.listed

    def otherwise(*words: Any, **more: Any) -> Any:
        answer = listed(*words, **more)
        body = json.loads(answer.body)
        return replace(answer, body=json.dumps({**body, "data": change(body["data"])}).encode())

    monkeypatch.setattr(answers, "listed", otherwise)


@pytest.mark.parametrize("field", ["name", "business_name", "locality"])
async def test_a_list_that_does_not_show_every_field_proves_nothing(
    api: Api, line: Line, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_otherwise(monkeypatch, lambda groups: [{**group, field: None} for group in groups])
    api.next("drop_after")
    await send(line, "n0")
    (verdict,) = (await reconcile(again(line))).values()
    assert verdict == Undecided(reason="incomplete_groups", candidates=tuple(api.ids()))
    assert states(line) == {"in_doubt": 1}


@pytest.mark.parametrize("changed", [1, 2], ids=["one", "more"])
async def test_a_list_that_shows_groups_otherwise_than_they_were_sent_proves_nothing(
    api: Api, line: Line, changed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renamed(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
        others = [{**group, "name": group["name"] + "&amp;"} for group in groups[:changed]]
        return [*others, *groups[changed:]]

    api.next(None, None, None, "drop_before")
    await send(line, "n0", "n1", "n2", "n3")
    show_otherwise(monkeypatch, renamed)
    (verdict,) = (await reconcile(again(line))).values()
    assert verdict == (Absent() if changed == 1 else Undecided(reason="list_unreliable"))


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_new_ledger_is_told_of_groups_that_it_cannot_know_again(
    api: Api, line: Line, hidden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.place(*others(3))
    if hidden:
        show_otherwise(monkeypatch, lambda groups: [{**groups[0], "locality": None}, *groups[1:]])
    async with line.session() as session:
        told = await survey(session)
    assert (told or "").startswith("1 of 3 groups" if hidden else "")
    assert (told is not None) is hidden


async def test_a_row_that_a_run_was_sending_to_its_end_has_the_time_that_the_run_would_have_waited(
    tmp_path: Path,
) -> None:
    with sandbox() as api, line_to(api, tmp_path, timeout_seconds=0.6, settle_seconds=0.2, concurrency=1) as line:
        api.next("silent_after")
        async with line.session() as session:
            task = asyncio.create_task(session.submitter.send_all(line.records("n0"), Course()))
            while api.posts == 0:  # noqa: ASYNC110 -- it is the server's doing
                await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert states(line) == {"sending": 1}
        started = time.monotonic()
        (verdict,) = (await reconcile(again(line))).values()
        assert time.monotonic() - started >= 0.75
        assert isinstance(verdict, Found)


async def test_a_group_of_a_row_is_known_however_its_id_is_written(api: Api, line: Line) -> None:
    await send(line, "n0")
    api.next("silent_after")
    line.settings = line.settings.model_copy(update={"timeout_seconds": 0.1})
    await send(again(line), "n1")
    with closing(open_ledger(line.location)) as ledger:
        (row,) = ledger.all_open_rows()
        with pytest.raises(SettingsError, match="belongs to row"):
            ledger.settle_by_hand(row, api.id_of("n0").upper())


async def test_an_id_that_another_row_has_is_not_believed(
    api: Api, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = answers.created
    given: list[str] = []

    def twice(status: int, group_id: str) -> Any:
        given.append(group_id)
        return created(status, given[0] if len(given) == 2 else group_id)

    monkeypatch.setattr(answers, "created", twice)
    fates = await send(line, "n0", "n1", "n2")
    assert [type(fate) for _, fate in sorted(fates.items())] == [Created, InDoubt, Created]
    assert states(line) == {"created": 2, "in_doubt": 1}
    (verdict,) = (await reconcile(again(line))).values()
    assert verdict == Found(requirement_group_id=given[1])


async def test_a_list_that_lags_longer_than_the_settle_time_gets_more_time(tmp_path: Path) -> None:
    with sandbox(list_lag_seconds=1.0) as api, line_to(api, tmp_path, settle_seconds=0.5, concurrency=1) as line:
        api.place(*others(3), created_at_seconds=time.time() - 60)
        api.next(None, "drop_after", None)
        await send(line, "n0", "n1", "n2")
        (verdict,) = (await reconcile(again(line))).values()
        assert isinstance(verdict, Found)
