"""The life of a row under random interleavings of everything that can happen to two or three runs of the real program.

Real: the ledger on SQLite, plan, submit, pacing, outage, listing, matching, reconcile, and the run around them.
Simulated: the API, which knows the truth, and the moment at which each write, request and wait takes place.
"""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from batch.model import Delivery, Reply, Status
from tests.support.line import FIELDS
from tests.support.stage import LAG_SECONDS, Player, Request, Stage

_MOST_RUNS = 3
ROWS = [{**FIELDS, "name": name} for name in ("a", "b", "c")]
# The same group as the first row, in the list's eyes, with other details.
VARIANT = {**ROWS[0], "house_number": "99"}
FILES = (ROWS, ROWS[::-1], ROWS[:2], [VARIANT, ROWS[1]])


class RowLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._small_pages = patch.multiple("batch.listing", PAGE=4, _OVERLAP=2)
        self._small_pages.start()
        self._runs = 0

    @initialize(newest_first=st.booleans(), strangers=st.integers(0, 6))
    def begin(self, newest_first: bool, strangers: int) -> None:
        self.stage = Stage(newest_first=newest_first)
        for number in range(strangers):
            self.stage.stranger(number)
        self._start(FILES[0])

    def _start(self, rows: list[dict[str, str]]) -> Player:
        self._runs += 1
        return self.stage.start(f"run-{self._runs}", rows)

    # Runs

    @precondition(lambda self: len(self.stage.players) < _MOST_RUNS)
    @rule(which=st.sampled_from(range(len(FILES))))
    def start(self, which: int) -> None:
        self._start(FILES[which])

    @precondition(lambda self: self.stage.players)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        self.stage.kill(data.draw(st.sampled_from(self.stage.players), label="run"))

    @precondition(lambda self: self.stage.writes)
    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        self.stage.commit(data.draw(st.sampled_from(self.stage.writes)))

    # The API

    @property
    def _posts(self) -> list[Request]:
        return [one for one in self.stage.requests if one.body is not None]

    @property
    def _asked(self) -> list[Request]:
        return [one for one in self.stage.requests if one.body is None]

    @precondition(lambda self: self._posts)
    @rule(data=st.data(), late=st.sampled_from((0.0, LAG_SECONDS)))
    def create(self, data: st.DataObject, late: float) -> None:
        """Also one that nobody waits for any more: it was on its way all the same."""
        request = data.draw(st.sampled_from(self._posts))
        made = self.stage.act(request, late)
        self.stage.answer(request, Reply(delivery=Delivery.ANSWERED, http_status=201, requirement_group_id=made))

    @precondition(lambda self: self._posts)
    @rule(data=st.data(), late=st.sampled_from((0.0, LAG_SECONDS)), status=st.sampled_from((None, 500, 200)))
    def create_and_lose_the_answer(self, data: st.DataObject, late: float, status: int | None) -> None:
        request = data.draw(st.sampled_from(self._posts))
        self.stage.act(request, late)
        self._unclear(request, status)

    @precondition(lambda self: self._posts)
    @rule(data=st.data(), status=st.sampled_from((None, 503, 408)))
    def lose_before_it_takes_effect(self, data: st.DataObject, status: int | None) -> None:
        self._unclear(data.draw(st.sampled_from(self._posts)), status)

    def _unclear(self, request: Request, status: int | None) -> None:
        delivery = Delivery.PERHAPS_SENT if status is None else Delivery.ANSWERED
        self.stage.answer(request, Reply(delivery=delivery, http_status=status, problem="unclear"))

    @precondition(lambda self: any(one.reply for one in self._posts))
    @rule(data=st.data())
    def give_up_waiting(self, data: st.DataObject) -> None:
        """The answer does not come in time; the request is still on its way."""
        self.stage.lose(data.draw(st.sampled_from([one for one in self._posts if one.reply])))

    @precondition(lambda self: self._posts)
    @rule(data=st.data(), status=st.sampled_from((None, 429, 409, 400)))
    def refuse(self, data: st.DataObject, status: int | None) -> None:
        request = data.draw(st.sampled_from(self._posts))
        delivery = Delivery.NEVER_SENT if status is None else Delivery.ANSWERED
        reply = Reply(delivery=delivery, http_status=status, retry_after_seconds=1.0 if status == 429 else None)
        self.stage.answer(request, reply)

    @precondition(lambda self: self._asked)
    @rule(data=st.data())
    def list_page(self, data: st.DataObject) -> None:
        request = data.draw(st.sampled_from(self._asked))
        self.stage.answer(request, self.stage.page(request))

    @precondition(lambda self: self._asked)
    @rule(data=st.data(), status=st.sampled_from((None, 404, 503)))
    def list_fails(self, data: st.DataObject, status: int | None) -> None:
        self._unclear(data.draw(st.sampled_from(self._asked)), status)

    @rule(number=st.integers(100, 10**6))
    def stranger(self, number: int) -> None:
        self.stage.stranger(number)

    @rule(seconds=st.sampled_from((0.5, 3.0, 20.0)))
    def pass_time(self, seconds: float) -> None:
        self.stage.pass_time(seconds)

    # What must hold

    @invariant()
    def no_row_has_two_groups(self) -> None:
        """That no POST goes out too early is asserted by the stage, at the moment when it does."""
        if hasattr(self, "stage"):
            ours = [tuple(made.fields.items())[1] for made in self.stage.groups if made.body]
            assert len(ours) == len(set(ours))

    def teardown(self) -> None:
        try:
            if hasattr(self, "stage"):
                self._settle_everything()
                self.stage.close()
        finally:
            self._small_pages.stop()

    def _settle_everything(self) -> None:
        """From here on all goes well: whatever runs comes to its end, then a last run over every row."""
        self.stage.play_to_the_end()
        last = self._start(ROWS)
        self.stage.play_to_the_end()
        for at, row in enumerate(ROWS):
            outcome = last.outcome(at)
            made = [group for group in self.stage.groups if group.fields["name"] == row["name"]]
            assert len(made) == 1, (row["name"], outcome)
            told = str(outcome.errors) if outcome.requirement_group_id is None else outcome.requirement_group_id
            assert made[0].id in told, "its ID is told, also where another version of the row was first"
            assert outcome.status in (Status.CREATED, Status.ALREADY_CREATED, Status.DUPLICATE), outcome


TestRowLife = RowLife.TestCase
TestRowLife.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
)


def test_a_row_that_was_sent_long_after_its_claim_is_not_sent_again_while_it_may_still_arrive() -> None:
    """A slow connection: the run dies just after the bytes left, long after it wrote the intent."""
    stage = Stage(newest_first=True)
    first = stage.start("run-1", ROWS[:1])
    while not any(request.body for request in stage.requests):
        if stage.writes:
            stage.commit(stage.writes[0])
        else:
            stage.answer(stage.requests[0], stage.page(stage.requests[0]))
    stage.pass_time(20.0)
    stage.kill(first)
    stage.pass_time(1.0)
    stage.start("run-2", ROWS[:1])
    stage.play_to_the_end()
    assert stage.posts == 2, "sent again, but only once the first can no longer arrive"
    assert len(stage.groups) == 1
    stage.close()
