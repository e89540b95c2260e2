"""The ledger's contract, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from batch.errors import LedgerError, SettingsError
from batch.ledger import Claim, Ledger, LedgerState, Settlement, open_ledger
from batch.ledger.budget import Finished, Observation
from batch.ledger.values import Answers, Entries, Listed, SettledBy
from batch.rate import RateLimit

ID = "550e8400-e29b-41d4-a716-446655440000"
OTHER_ID = "650e8400-e29b-41d4-a716-446655440000"
WIDE = RateLimit(requests=1000, seconds=60.0)
URL = "https://api.example.com"


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class World:
    """A ledger with one account and live runs in it."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.clock = Clock()
        self.stack = ExitStack()
        self.ledger = self.open()
        self.scope = self.ledger.scope("default", URL, "fl_test_a")

    def open(self) -> Ledger:
        return self.stack.enter_context(closing(open_ledger(self.location, clock=self.clock)))

    def live(self, run_id: str, ledger: Ledger | None = None) -> str:
        self.stack.enter_context((ledger or self.ledger).running(run_id, self.scope, "run", ["customers.csv"]))
        return run_id

    def commit(
        self, run_id: str = "run-1", limit: RateLimit = WIDE, ledger: Ledger | None = None, **entries: object
    ) -> Answers:
        return (ledger or self.ledger).commit(self.scope, run_id, limit, Entries(**entries))  # type: ignore[arg-type]

    def begin(self, *claims: Claim, run_id: str = "run-1", limit: RateLimit = WIDE) -> Answers:
        return self.commit(run_id, limit, claims=claims)

    def settle(self, claim: Claim, state: LedgerState, *, run_id: str = "run-1", group_id: str | None = None) -> None:
        of_run = replace(settlement(claim.fingerprint, state, group_id, at=self.clock()), run_id=run_id, candidates=())
        self.commit(run_id, settlements=(of_run,))

    def state(self, claim: Claim) -> LedgerState:
        found = self.ledger.lookup(self.scope, fingerprints=[claim.fingerprint], group_keys=[])
        return found[0].state


@pytest.fixture
def world(ledger_location: str) -> Iterator[World]:
    world = World(ledger_location)
    with world.stack:
        yield world


def claim(name: str = "f1", key: str | None = None, row: int = 2) -> Claim:
    return Claim(
        fingerprint=name, group_key=key or f"key-{name}", source="customers.csv", row=row, details={"city": "ab12"}
    )


def settlement(
    fingerprint: str,
    state: LedgerState,
    group_id: str | None = None,
    *,
    at: float = 1.0,
    code: str | None = None,
) -> Settlement:
    return Settlement(
        fingerprint=fingerprint,
        run_id="run-1",
        state=state,
        settled_by=SettledBy.REPLY,
        at=at,
        requirement_group_id=group_id,
        code=code,
        candidates=("one", "two") if state is LedgerState.IN_DOUBT else (),
    )


# Intents


def test_an_intent_is_there_for_every_process_once_it_is_granted(world: World) -> None:
    assert world.begin(claim()).granted == {"f1"}
    other = world.open()
    (known,) = other.lookup(world.scope, fingerprints=["f1"], group_keys=[])
    assert (known.state, known.run_id, known.source, known.row) == (LedgerState.SENDING, "run-1", "customers.csv", 2)
    assert known.attempts == 1
    assert known.sent_at == world.clock()
    assert known.details == {"city": "ab12"}


def test_a_row_that_is_being_sent_is_not_granted_to_anyone(world: World) -> None:
    world.begin(claim())
    answers = world.begin(claim(), run_id="run-2")
    assert not answers.granted
    assert answers.blocked["f1"].run_id == "run-1"
    assert answers.blocked["f1"].state is LedgerState.SENDING


@pytest.mark.parametrize("state", [LedgerState.CREATED, LedgerState.IN_DOUBT])
def test_a_created_or_doubtful_row_is_never_granted_again(world: World, state: LedgerState) -> None:
    world.begin(claim())
    world.settle(claim(), state, group_id=ID if state is LedgerState.CREATED else None)
    assert world.begin(claim(), run_id="run-2").blocked["f1"].state is state


@pytest.mark.parametrize("state", [LedgerState.PLANNED, LedgerState.REJECTED])
def test_a_row_that_left_no_trace_may_be_sent_again_and_is_counted(world: World, state: LedgerState) -> None:
    world.begin(claim())
    world.settle(claim(), state)
    assert world.begin(claim(row=9), run_id="run-2").granted == {"f1"}
    (known,) = world.ledger.lookup(world.scope, fingerprints=["f1"], group_keys=[])
    assert (known.attempts, known.run_id, known.row, known.settled_at) == (2, "run-2", 9, None)


@pytest.mark.parametrize("state", [LedgerState.SENDING, LedgerState.IN_DOUBT, LedgerState.CREATED])
def test_another_version_of_a_group_is_not_granted_beside_the_first(world: World, state: LedgerState) -> None:
    world.begin(claim("f1", "same"))
    if state is not LedgerState.SENDING:
        world.settle(claim("f1", "same"), state)
    assert world.begin(claim("f2", "same")).blocked["f2"].fingerprint == "f1"


def test_another_version_of_a_rejected_group_is_granted(world: World) -> None:
    world.begin(claim("f1", "same"))
    world.settle(claim("f1", "same"), LedgerState.REJECTED)
    assert world.begin(claim("f2", "same")).granted == {"f2"}


def test_two_versions_of_a_group_in_one_commit_are_not_both_granted(world: World) -> None:
    answers = world.begin(claim("f1", "same"), claim("f2", "same"))
    assert answers.granted == {"f1"}
    assert set(answers.blocked) == {"f2"}


def test_of_many_that_claim_at_once_exactly_one_gets_the_row(world: World) -> None:
    ledgers = [world.open() for _ in range(6)]
    barrier = threading.Barrier(len(ledgers))
    granted: list[str] = []

    def race(number: int, ledger: Ledger) -> None:
        barrier.wait()
        for name in [f"f{n}" for n in range(20)]:
            answers = world.commit(f"run-{number}", ledger=ledger, claims=(claim(name),))
            granted.extend(answers.granted)

    threads = [threading.Thread(target=race, args=item) for item in enumerate(ledgers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(granted) == sorted(f"f{n}" for n in range(20))


# Settlements


def test_an_outcome_is_kept_with_its_id(world: World) -> None:
    world.begin(claim())
    world.settle(claim(), LedgerState.CREATED, group_id=ID)
    (known,) = world.open().lookup(world.scope, fingerprints=["f1"], group_keys=[])
    assert (known.state, known.requirement_group_id) == (LedgerState.CREATED, ID)
    assert known.settled_by is SettledBy.REPLY


def test_a_settlement_that_comes_too_late_changes_nothing(world: World) -> None:
    world.begin(claim())
    world.settle(claim(), LedgerState.PLANNED)
    world.begin(claim(), run_id="run-2")
    world.settle(claim(), LedgerState.PLANNED, run_id="run-1")
    assert world.state(claim()) is LedgerState.SENDING
    world.settle(claim(), LedgerState.CREATED, run_id="run-2", group_id=ID)
    world.settle(claim(), LedgerState.PLANNED, run_id="run-2")
    assert world.state(claim()) is LedgerState.CREATED


@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 200])
def test_of_many_rows_in_one_commit_each_gets_what_is_its_own(world: World, count: int) -> None:
    claims = [claim(f"f{number}", row=number) for number in range(count)]
    assert world.begin(*claims).granted == {each.fingerprint for each in claims}
    world.begin(claim("other"), run_id="run-2")
    states = (LedgerState.CREATED, LedgerState.REJECTED, LedgerState.IN_DOUBT)
    settled = {
        number: settlement(f"f{number}", states[number % 3], f"id-{number}", at=1000.5 + number, code=f"why-{number}")
        for number in range(count)
    }
    world.commit(settlements=(*settled.values(), settlement("other", LedgerState.CREATED, "stolen")))
    found = world.ledger.lookup(world.scope, fingerprints=[*(each.fingerprint for each in claims)], group_keys=[])
    assert len(found) == count
    for known in found:
        made = settled[known.row]
        assert (known.fingerprint, known.state, known.code) == (made.fingerprint, made.state, made.code)
        assert (known.requirement_group_id, known.settled_at) == (made.requirement_group_id, made.at)
        assert (known.run_id, known.source, known.attempts) == ("run-1", "customers.csv", 1)
        assert known.candidates == made.candidates
    assert world.state(claim("other")) is LedgerState.SENDING


def test_settlements_of_one_row_in_one_commit_follow_each_other(world: World) -> None:
    world.begin(claim("f1"), claim("f2"))
    in_doubt, created = (settlement("f1", state, ID) for state in (LedgerState.IN_DOUBT, LedgerState.CREATED))
    late = settlement("f2", LedgerState.REJECTED)
    world.commit(settlements=(in_doubt, settlement("f2", LedgerState.CREATED, OTHER_ID), created, late))
    assert world.state(claim("f1")) is LedgerState.CREATED
    assert world.state(claim("f2")) is LedgerState.CREATED  # what is certain is not settled again


def test_open_rows_are_those_that_nobody_is_sure_of(world: World) -> None:
    for name, state in (("a", LedgerState.CREATED), ("b", LedgerState.IN_DOUBT), ("c", LedgerState.REJECTED)):
        world.begin(claim(name))
        world.settle(claim(name), state)
    world.begin(claim("d"))
    assert {known.fingerprint for known in world.ledger.open_rows(world.scope)} == {"b", "d"}
    assert {known.fingerprint for known in world.ledger.all_open_rows()} == {"b", "d"}


def test_open_rows_are_found_without_going_through_the_others(tmp_path: Path) -> None:
    """In a ledger of a million rows that makes seconds; PostgreSQL chooses by what it has counted, SQLite always so."""
    plans: list[str] = []
    with closing(open_ledger(str(tmp_path / "ledger.sqlite3"))) as ledger:

        def explain(_connection: object, cursor: Any, statement: str, values: Any, *_: object) -> None:
            if statement.startswith("SELECT flireo_rows."):
                plans.extend(str(row) for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values))

        sa.event.listen(ledger._engine, "before_cursor_execute", explain)
        ledger.open_rows(ledger.scope("acme", "https://api.example.com", "k" * 20))
        ledger.all_open_rows()
    assert len(plans) == 2
    assert all("flireo_rows_open" in plan for plan in plans)


def test_a_scope_of_which_nothing_is_known(world: World) -> None:
    other = world.ledger.scope("other", URL, "fl_test_b")
    assert world.ledger.knows_nothing_of(world.scope)
    world.begin(claim())
    assert not world.ledger.knows_nothing_of(world.scope)
    assert world.ledger.knows_nothing_of(other)
    world.ledger.note_listed(other, [listed("somebody's", "k")])
    assert not world.ledger.knows_nothing_of(other)


def test_rows_are_found_by_group_too_and_each_once(world: World) -> None:
    world.begin(claim("f1", "same"))
    found = world.ledger.lookup(world.scope, fingerprints=["f1", "f9"], group_keys=["same", "else"])
    assert [known.fingerprint for known in found] == ["f1"]


def test_lookups_of_many_thousands_are_possible(world: World) -> None:
    names = [f"f{n}" for n in range(3000)]
    world.begin(*map(claim, names[:1200]), limit=RateLimit(requests=100_000, seconds=60))
    assert len(world.ledger.lookup(world.scope, fingerprints=names, group_keys=names)) == 1200


def test_known_ids_are_those_of_rows(world: World) -> None:
    world.begin(claim())
    world.settle(claim(), LedgerState.CREATED, group_id=ID)
    assert world.ledger.known_ids(world.scope, [ID, OTHER_ID]) == {ID}
    assert world.ledger.known_ids(world.scope, []) == frozenset()


def test_settling_nothing_is_fine(world: World) -> None:
    world.ledger.settle(world.scope, [])


def test_a_persons_decision_is_booked_once_and_only_on_the_row_as_it_was_seen(world: World) -> None:
    world.begin(claim("f1"), claim("f2"))
    one, two = sorted(world.ledger.open_rows(world.scope), key=lambda known: known.fingerprint)
    world.ledger.settle_by_hand(one, ID)
    assert world.state(claim("f1")) is LedgerState.CREATED
    with pytest.raises(SettingsError, match="has changed in the meantime"):
        world.ledger.settle_by_hand(one, None)
    with pytest.raises(SettingsError, match=r"belongs to row 2 of customers\.csv already"):
        world.ledger.settle_by_hand(two, ID)
    assert world.state(claim("f2")) is LedgerState.SENDING
    world.ledger.settle_by_hand(two, None)
    assert world.state(claim("f2")) is LedgerState.PLANNED


# Scopes


def test_accounts_and_addresses_do_not_share_rows(world: World) -> None:
    world.begin(claim())
    for account, url in (("default", "http://127.0.0.1:8000"), ("other", URL)):
        scope = world.ledger.scope(account, url, "fl_test_a")
        assert world.ledger.lookup(scope, fingerprints=["f1"], group_keys=["key-f1"]) == ()
        assert scope.key != world.scope.key


def test_a_key_that_was_never_used_gives_way(world: World) -> None:
    world.ledger.scope("new", URL, "fl_test_mistyped")
    typed_right = world.ledger.scope("new", URL, "fl_test_a")
    assert world.ledger.scope("new", URL, "fl_test_a").id == typed_right.id
    world.ledger.note_listed(typed_right, [])
    with pytest.raises(SettingsError, match="--accept-new-key"):
        world.ledger.scope("new", URL, "fl_test_mistyped")


def test_another_key_under_an_accounts_name_is_refused_until_confirmed(world: World) -> None:
    world.begin(claim())
    with pytest.raises(SettingsError, match="--accept-new-key") as caught:
        world.ledger.scope("default", URL, "fl_test_b")
    assert caught.value.code == "key_changed"
    assert "fl_test_b" not in str(caught.value)
    accepted = world.ledger.scope("default", URL, "fl_test_b", accept_key=True)
    assert accepted.id == world.scope.id
    with pytest.raises(SettingsError):
        world.ledger.scope("default", URL, "fl_test_a")


def test_the_secret_stays_the_same_for_everyone(world: World) -> None:
    other = world.open().scope("default", URL, "fl_test_a")
    assert other.secret == world.scope.secret
    assert len(other.secret) == 32
    assert "secret" not in repr(other)


# Groups that are not ours


def listed(name: str, key: str) -> Listed:
    return Listed(id=name, group_key=key, created_at=1.0)


def test_what_the_account_has_is_remembered_until_the_next_look(world: World) -> None:
    assert world.scope.surveyed_at is None
    world.ledger.note_listed(world.scope, [listed("a", "k1"), listed("b", "k2")])
    assert world.ledger.scope("default", URL, "fl_test_a").surveyed_at == world.clock()
    assert [group.id for group in world.ledger.listed(world.scope, ["k1", "k3"])] == ["a"]
    world.ledger.note_listed(world.scope, [])
    assert world.ledger.listed(world.scope, ["k1", "k2"]) == ()


def test_a_group_that_a_row_has_by_now_is_no_longer_somebody_elses(world: World) -> None:
    world.ledger.note_listed(world.scope, [listed(ID, "k1")])
    world.begin(claim())
    world.settle(claim(), LedgerState.CREATED, group_id=ID)
    assert world.ledger.listed(world.scope, ["k1"]) == ()


# Runs


def test_a_run_is_alive_for_others_until_it_ends(world: World) -> None:
    other = world.open()
    with world.ledger.running("run-1", world.scope, "run", ["a.csv", "b.csv"]) as end:
        assert world.ledger.alive("run-1")
        assert other.alive("run-1")
        assert other.history(5)[0].alive
        end.counts = {"created": 3}
        end.stopped = "api_down"
    assert not other.alive("run-1")
    assert not world.ledger.alive("run-1")
    (run,) = other.history(5)
    assert (run.id, run.files, run.counts, run.stopped, run.alive) == (
        "run-1",
        ("a.csv", "b.csv"),
        {"created": 3},
        "api_down",
        False,
    )
    assert run.ended_at == world.clock()


def test_a_run_that_nobody_has_heard_of_is_dead(world: World) -> None:
    assert not world.ledger.alive("run-9")


def test_a_run_dies_with_its_ledger(world: World) -> None:
    gone = open_ledger(world.location, clock=world.clock)
    gone._liveness.hold("run-1")
    assert world.ledger.alive("run-1")
    gone.close()
    # PostgreSQL hears of the end of a connection a moment later.
    deadline = time.monotonic() + 10
    while world.ledger.alive("run-1"):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_history_shows_the_newest_first(world: World) -> None:
    for name in ("one", "two", "three"):
        world.clock.now += 1
        with world.ledger.running(name, world.scope, "run", []):
            pass
    assert [run.id for run in world.ledger.history(2)] == ["three", "two"]


# The request budget

SMALL = RateLimit(requests=3, seconds=10.0)


def take(world: World, want: int, limit: RateLimit = SMALL) -> Answers:
    return world.commit(limit=limit, requests=want)


def test_no_more_than_the_limit_in_any_window(world: World) -> None:
    assert take(world, 2).requests == 2
    world.clock.now += 5
    assert take(world, 2).requests == 1
    full = take(world, 1)
    assert full.requests == 0
    assert 5.0 <= full.wait_seconds <= 5.02
    world.clock.now += full.wait_seconds
    assert take(world, 9).requests == 2


def test_a_request_counts_until_a_window_after_its_end(world: World) -> None:
    began = take(world, 3)
    world.clock.now += 4
    world.commit(limit=SMALL, finished=(Finished(bucket=began.bucket), Finished(bucket=began.bucket)))
    world.clock.now += 6.1
    assert take(world, 9).requests == 1
    world.clock.now += 4
    assert take(world, 9).requests == 2


def test_a_request_that_ends_at_once_stays_where_it_was(world: World) -> None:
    began = take(world, 3)
    world.commit(limit=SMALL, finished=(Finished(bucket=began.bucket),))
    assert take(world, 1).requests == 0


def test_the_budget_is_shared_by_processes_and_not_by_keys(world: World) -> None:
    take(world, 3)
    other = world.open()
    assert world.commit(limit=SMALL, ledger=other, requests=1).requests == 0
    elsewhere = other.scope("second", URL, "fl_test_other")
    assert other.commit(elsewhere, "run-2", SMALL, Entries(requests=1)).requests == 1


def test_an_intent_is_written_only_with_leave_to_send(world: World) -> None:
    answers = world.begin(*(claim(f"f{n}") for n in range(5)), limit=SMALL)
    assert answers.granted == {"f0", "f1", "f2"}
    assert world.ledger.lookup(world.scope, fingerprints=["f3"], group_keys=[]) == ()
    assert world.begin(claim("f3"), limit=SMALL).wait_seconds > 9


def test_plain_requests_go_before_intents(world: World) -> None:
    answers = world.commit(limit=SMALL, requests=2, claims=(claim("f1"), claim("f2")))
    assert answers.requests == 2
    assert answers.granted == {"f1"}


def test_a_pause_holds_for_every_process_and_the_longest_counts(world: World) -> None:
    world.commit(limit=SMALL, pause_until=world.clock() + 30)
    world.commit(limit=SMALL, pause_until=world.clock() + 5)
    answers = world.commit(limit=SMALL, ledger=world.open(), requests=1)
    assert (answers.requests, answers.paused) == (0, True)
    assert answers.wait_seconds == pytest.approx(30)
    world.commit(limit=SMALL, pause_until=world.clock() + 40)
    world.clock.now += 41
    assert take(world, 1).requests == 1


def observed(bucket: int, remaining: int, in_flight: int = 0, reserve: int = 0) -> Finished:
    observation = Observation(remaining=remaining, in_flight=in_flight, reserve=reserve)
    return Finished(bucket=bucket, observation=observation)


def test_the_server_is_believed_when_it_has_counted_more(world: World) -> None:
    limit = RateLimit(requests=10, seconds=10.0)
    began = take(world, 1, limit)
    world.commit(limit=limit, finished=(observed(began.bucket, remaining=4),))
    assert take(world, 9, limit).requests == 4
    world.clock.now += 10.1
    assert take(world, 9, limit).requests == 9


def test_when_someone_else_is_there_what_is_under_way_is_held_back_too(world: World) -> None:
    limit = RateLimit(requests=10, seconds=10.0)
    began = take(world, 3, limit)
    world.commit(limit=limit, finished=(observed(began.bucket, remaining=5, in_flight=2),))
    assert take(world, 9, limit).requests == 3


def test_it_is_said_that_someone_else_is_there(world: World) -> None:
    limit = RateLimit(requests=10, seconds=10.0)
    began = take(world, 2, limit)
    alone = world.commit(limit=limit, finished=(observed(began.bucket, remaining=8),))
    assert not alone.shared
    shared = world.commit(limit=limit, finished=(observed(began.bucket, remaining=7),))
    assert shared.shared


def test_a_reserve_is_kept_once_not_taken_again_with_each_reply(world: World) -> None:
    limit = RateLimit(requests=10, seconds=10.0)
    began = take(world, 4, limit)
    for _ in range(3):
        answers = world.commit(limit=limit, finished=(observed(began.bucket, remaining=6, in_flight=3, reserve=2),))
        assert not answers.shared, "a reserve is no sign of someone else"
    assert take(world, 9, limit).requests == 4


def test_the_server_is_not_believed_when_it_has_counted_less(world: World) -> None:
    limit = RateLimit(requests=10, seconds=10.0)
    began = take(world, 6, limit)
    world.commit(limit=limit, finished=(observed(began.bucket, remaining=9, in_flight=3),))
    assert take(world, 9, limit).requests == 4


# What is wrong is said


def test_a_newer_ledger_is_refused(world: World) -> None:
    with world.ledger._engine.begin() as connection:
        connection.execute(sa.text("UPDATE flireo_meta SET version = 99"))
    with pytest.raises(LedgerError, match="newer version of flireo-batch") as caught:
        open_ledger(world.location)
    assert caught.value.code == "ledger_newer"


def test_an_older_ledger_is_brought_up_to_date(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from batch.ledger import tables

    steps: list[str] = []
    migrations: dict[int, Callable[[sa.Connection], None]] = {1: lambda _: steps.append("1 to 2")}
    monkeypatch.setattr(tables, "VERSION", 2)
    monkeypatch.setattr(tables, "MIGRATIONS", migrations)
    world.begin(claim())
    for _ in range(2):
        open_ledger(world.location).close()
    assert steps == ["1 to 2"]
    assert world.state(claim()) is LedgerState.SENDING


def test_two_processes_may_make_the_ledger_at_the_same_time(ledger_location: str) -> None:
    barrier = threading.Barrier(4)
    secrets: list[bytes] = []

    def make() -> None:
        barrier.wait()
        with closing(open_ledger(ledger_location)) as ledger:
            secrets.append(ledger.scope("default", URL, "fl_test_a").secret)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secrets) == 4
    assert len(set(secrets)) == 1


def test_a_new_ledger_waits_for_the_process_that_is_making_it(tmp_path: Path) -> None:
    """SQLite itself refuses at once there, whatever its timeout: of two cron jobs one would end."""
    path = tmp_path / "ledger.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE begun (it TEXT)")
        with pytest.raises(sqlite3.OperationalError, match="locked"), closing(sqlite3.connect(path)) as plain:
            plain.execute("PRAGMA journal_mode=WAL")
        end = threading.Timer(0.2, other.execute, ["COMMIT"])
        end.start()
        with closing(open_ledger(str(path))) as ledger:
            assert ledger.scope("default", URL, "fl_test_a").surveyed_at is None
        end.join()


def test_nothing_of_a_customer_and_no_key_is_in_the_ledger(world: World, tmp_path: Path) -> None:
    world.begin(claim())
    world.settle(claim(), LedgerState.CREATED, group_id=ID)
    with world.ledger._engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        everything = [str(row) for name in tables for row in connection.execute(sa.text(f"SELECT * FROM {name}"))]  # noqa: S608
    assert "fl_test_a" not in "\n".join(everything)
