"""approval: what the API says of groups, asked over real HTTP, and waited for on a clock that only sleeping moves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from batch.approval import Approvals
from batch.approval.asking import Asker
from batch.approval.states import approval
from batch.approval.watch import Patience, watch
from batch.approval.words import bands, detail
from batch.errors import ApiStop
from batch.halt import Halt, Halted
from batch.model import ApprovalState, Document
from batch.results.told import Tone
from tests.support.line import FIELDS, Api, Line, line_to, sandbox

pytestmark = pytest.mark.anyio
NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def line(api: Api, tmp_path: Path) -> Iterator[Line]:
    with line_to(api, tmp_path, concurrency=1) as line:
        yield line


def place(api: Api, count: int, *states: str) -> list[str]:
    """Groups of the account; the first of them with these states."""
    ids = api.place(*({**FIELDS, "name": f"n{number}"} for number in range(count)))
    for group_id, state in zip(ids, states, strict=False):
        api.decide(group_id, state)
    return ids


async def ask(line: Line, ids: list[str], *, detailed: bool = False) -> tuple[Approvals, int]:
    """What is known of the groups afterwards, and how many requests it took."""
    approvals = Approvals(ids)
    async with line.session() as session:
        asker = Asker(listing=session.listing, outage=session.outage, clock=line.clock)
        try:
            await asker.ask(approvals.open(), approvals)
            if detailed:
                await asker.detail(approvals)
        finally:
            requests = session.pacer.requests
    return approvals, requests


def words(approvals: Approvals) -> list[str]:
    return [known.word for _, known in approvals]


async def test_the_states_of_a_batch_take_one_page(api: Api, line: Line) -> None:
    ids = place(api, 60, "approved", "rejected", "deleted")
    approvals, requests = await ask(line, ids)
    assert words(approvals) == ["approved", "rejected", "deleted", *["pending"] * 57]
    assert requests == 1
    assert approvals.need_someone == 2
    assert len(approvals.open()) == approvals.pending == 57


async def test_one_group_is_asked_for_by_itself_however_its_id_is_written(api: Api, line: Line) -> None:
    (group_id,) = place(api, 1, "approved")
    approvals, requests = await ask(line, [group_id.upper()])
    assert words(approvals) == ["approved"]
    assert (requests, api.requests()[-1]["path"]) == (1, f"/v1/verification-groups/{group_id}")


async def test_a_group_of_another_account_is_not_found(api: Api, line: Line) -> None:
    approvals, _ = await ask(line, [*place(api, 3, "approved"), NEVER])
    assert words(approvals) == ["approved", "pending", "pending", "not_found"]
    approvals, _ = await ask(line, [NEVER])
    assert approvals.counts()[ApprovalState.NOT_FOUND] == 1
    assert approvals.open() == ()


async def test_the_documents_of_rejected_groups_are_asked_for(api: Api, line: Line) -> None:
    ids = place(api, 4, "approved", "rejected", "pending", "rejected")
    approvals, requests = await ask(line, ids, detailed=True)
    assert requests == 3
    known = approvals.get(ids[1])
    assert known is not None
    assert str(detail(ids[1], known)) == f"{ids[1]} is rejected (proof_of_address: rejected)."
    approvals.note(ids[1], approval("rejected", 1.0))
    assert approvals.get(ids[1]) == approval("rejected", 1.0, known.documents)


async def test_a_lost_answer_is_asked_for_again_and_an_outage_is_sat_out(api: Api, line: Line) -> None:
    ids = place(api, 3)
    api.next("drop_before", "500_after", endpoint="list")
    assert words((await ask(line, ids))[0]) == ["pending"] * 3
    line.settings = line.settings.model_copy(update={"max_attempts": 1})
    api.next(*["503_before"] * 4, endpoint="list")
    assert words((await ask(line, ids))[0]) == ["pending"] * 3


async def test_an_outage_beyond_the_limit_a_refused_key_and_nonsense_stop_it(api: Api, line: Line) -> None:
    ids = place(api, 3)
    line.settings = line.settings.model_copy(update={"max_attempts": 1, "max_wait_seconds": 0.0})
    for faults, code in ((["503_before"], "api_down"), (["401"], "key_refused"), (["404"], "approval_unreadable")):
        api.next(*faults, endpoint="list")
        with pytest.raises(ApiStop) as stopped:
            await ask(line, ids)
        assert stopped.value.code == code
    api.next("id_not_uuid_after", endpoint="one")
    with pytest.raises(ApiStop, match="a group"):
        await ask(line, ids[:1])


# Waiting


class Clock:
    """Time that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []


class ClockHalt(Halt):
    def __init__(self, clock: Clock, *, interrupted_after: float = math.inf) -> None:
        super().__init__()
        self.clock, self.end = clock, interrupted_after

    async def sleep(self, seconds: float) -> None:
        self.clock.slept.append(seconds)
        self.clock.now += seconds
        if self.clock.now >= self.end:
            raise Halted


class Decisions:
    """Stands for the asker: groups are approved at their moments, and not found before `shown_at`."""

    def __init__(self, clock: Clock, *moments: float, shown_at: float = 0.0) -> None:
        self.clock, self.shown_at = clock, shown_at
        self.moments = dict(zip("abcdef", moments, strict=False))
        self.asked: list[tuple[str, ...]] = []

    async def ask(self, wanted: tuple[str, ...], approvals: Approvals) -> None:
        self.asked.append(wanted)
        for group_id in wanted:
            word = "approved" if self.clock.now >= self.moments[group_id] else "pending"
            approvals.note(group_id, approval(word if self.clock.now >= self.shown_at else None, self.clock.now))

    async def detail(self, approvals: Approvals) -> None: ...


class Looks:
    def __init__(self) -> None:
        self.seen: list[tuple[int, float | None]] = []

    def approvals(self, counts: Mapping[ApprovalState, int], next_look_seconds: float | None) -> None:
        self.seen.append((counts[ApprovalState.PENDING], next_look_seconds))


async def wait(
    seconds: float, *moments: float, interrupted_after: float = math.inf, shown_at: float = 0.0, settle: float = 0.0
) -> tuple[Clock, Decisions, Looks]:
    clock, looks = Clock(), Looks()
    decisions = Decisions(clock, *moments, shown_at=shown_at)
    await watch(
        Approvals(decisions.moments),
        decisions,  # type: ignore[arg-type]
        Patience(seconds=seconds, pause_seconds=10.0, settle_seconds=settle),
        halt=ClockHalt(clock, interrupted_after=interrupted_after),
        watcher=looks,
        clock=lambda: clock.now,
    )
    return clock, decisions, looks


async def test_without_patience_there_is_one_look() -> None:
    clock, decisions, looks = await wait(0.0, 0.0, 99.0)
    assert (clock.slept, len(decisions.asked), looks.seen) == ([], 1, [(1, None)])


async def test_pauses_grow_while_nothing_changes_and_start_anew_when_something_does() -> None:
    clock, decisions, _ = await wait(10_000.0, 0.0, 30.0, 2_000.0)
    assert clock.slept[:6] == [10.0, 15.0, 22.5, 10.0, 15.0, 22.5]
    assert max(clock.slept) == 200.0
    assert decisions.asked[0] == ("a", "b", "c")
    assert decisions.asked[-1] == ("c",)


async def test_the_wait_ends_at_its_limit_with_a_last_look() -> None:
    clock, decisions, looks = await wait(45.0, math.inf)
    assert sum(clock.slept) == clock.now == 45.0
    assert looks.seen[-1] == (1, None)
    assert len(decisions.asked) == len(clock.slept) + 1


async def test_what_was_only_just_created_is_asked_for_again_before_it_counts_as_not_found() -> None:
    _, decisions, looks = await wait(1_000.0, 0.0, 0.0, shown_at=5.0, settle=5.0)
    assert (decisions.asked, looks.seen[-1]) == ([("a", "b")] * 2, (0, None))
    for settle, looked in ((0.0, 1), (10.0, 2), (12.0, 3)):
        clock, decisions, _ = await wait(1_000.0, 0.0, shown_at=math.inf, settle=settle)
        assert (len(decisions.asked), clock.now >= settle) == (looked, True)
    _, decisions, _ = await wait(0.0, 0.0, shown_at=math.inf, settle=10.0)
    assert len(decisions.asked) == 1
    _, decisions, _ = await wait(100.0, 30.0, math.inf, shown_at=12.0, settle=5.0)
    assert decisions.asked[1] == ("a", "b"), "although it was missing once"


async def test_an_interruption_leaves_what_was_heard() -> None:
    with pytest.raises(Halted):
        await wait(1_000.0, math.inf, interrupted_after=20.0)


# Words


def known(*heard: str | None, unheard: int = 0) -> Approvals:
    approvals = Approvals(map(str, range(len(heard) + unheard)))
    for number, word in enumerate(heard):
        approvals.note(str(number), approval(word, 0.0))
    return approvals


@pytest.mark.parametrize(
    ("approvals", "tone", "said"),
    [
        (known("approved", "approved"), Tone.WELL, "Approval: all 2 groups are approved."),
        (known("approved"), Tone.WELL, "Approval: the group is approved."),
        (known("approved", "pending"), Tone.LOOK, "Approval: 1 of 2 groups are approved, 1 pending."),
        (known("rejected", "pending"), Tone.BAD, "Approval: 0 of 2 groups are approved, 1 pending; 1 needs someone."),
        (known(None, "deleted", "odd"), Tone.BAD, "Approval: 0 of 3 groups are approved, 0 pending; 3 need someone."),
    ],
)
def test_what_is_seen_first(approvals: Approvals, tone: Tone, said: str) -> None:
    (band,) = bands(approvals)
    assert (band.tone, str(band.sentence)) == (tone, said)


def test_groups_that_were_not_asked_about_are_said() -> None:
    assert [str(band.sentence)[:12] for band in bands(known("approved", unheard=2))] == ["Approval: 1 ", "2 groups cou"]


def test_where_there_are_no_groups_nothing_is_said() -> None:
    assert bands(known()) == ()


def test_a_word_that_is_not_known_is_kept_and_needs_someone() -> None:
    found = approval("in_review", 0.0, (Document(type="id", status="approved"),))
    assert (found.state, found.word) == (ApprovalState.UNKNOWN, "in_review")
    assert str(detail("x", found)) == "x is in_review."
    assert approval("", 0.0).word == "unknown"
    assert approval("Approved", 0.0).state is ApprovalState.APPROVED
