"""One row's journey: leave to send, intent on disk, the POST, what came of it; and the workers who walk it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from batch.client import ApiClient
from batch.errors import ApiStop, BatchError
from batch.halt import Halt, Halted
from batch.ledger import Claim, Known, LedgerState, Settlement
from batch.ledger.values import Answers, SettledBy
from batch.model import Record, Reply, sentence
from batch.outage import Outage
from batch.pacing import Leave, Pacer
from batch.rate import RateLimit
from batch.retry import (
    Again,
    Conflict,
    Created,
    Decision,
    InDoubt,
    Rejected,
    RetryPolicy,
    Stop,
    decide,
    is_outage,
    stop_message,
)

Fate = Decision | Known
"""What sending one row came to; `Known` is the ledger's row that stood in its way."""

CONFLICT = "conflict"
# While some rows are on their way, the intents of others and the answers of yet others are written, the more of them
# together the faster: 12 were measured to send an eighth more rows a second than 6, and 24 an eighth more than 12.
_MOST_ROWS_A_CONNECTION = 24
# Where a limit has them wait all the time, more of them only ask for leave more often: two runs that share a ledger
# took 1.03 times the least time with 100 rows in hand each, and 1.017 with 24 (100 requests a window of 6 seconds).
_FEWEST_ROWS_A_CONNECTION = 3
_PART_OF_A_WINDOW = 32
_KEPT = Again(code="kept", sentence=sentence("it was not sent, because the API went down or the run ended first"))
_IDS_REMEMBERED = 10_000
_CUT_OFF = InDoubt(code="interrupted", sentence=sentence("the run was interrupted before the API answered"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One exchange of one row, for the log and the progress bar; holds no customer data. `attempt` counts from 1."""

    record: Record
    reply: Reply
    decision: Decision
    attempt: int

    @property
    def is_sent(self) -> bool:
        """Whether the row counts as sent: it was not held off, to go again, nor did the exchange stop the run."""
        return not isinstance(self.decision, Again | Stop)

    @property
    def is_doubtful(self) -> bool:
        """Whether the list has to tell what became of the row, which may then be sent once more."""
        return isinstance(self.decision, InDoubt)


def rows_in_hand(concurrency: int, limit: RateLimit) -> int:
    """How many rows to work on at a time over so many connections. Each is a row to settle after a kill, and asks for
    leave anew whenever there may be room: there are many only where they are a small part of what a window has room
    for, and never more than that.
    """
    many = min(_MOST_ROWS_A_CONNECTION * concurrency, limit.requests // _PART_OF_A_WINDOW)
    return max(concurrency, min(limit.requests, max(_FEWEST_ROWS_A_CONNECTION * concurrency, many)))


@dataclass(slots=True, kw_only=True)
class Course:
    """What became of the rows of one file that were begun, and how often each was sent, by position."""

    fates: dict[int, Fate] = field(default_factory=dict)
    attempts: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    """Sends rows, each once; everything that touches the world is handed in. It works on `in_hand` rows at a time, of
    which `concurrency` may be on their way.
    """

    run_id: str
    client: ApiClient
    pacer: Pacer
    outage: Outage
    policy: RetryPolicy
    halt: Halt
    concurrency: int
    in_hand: int
    clock: Callable[[], float]
    details: Callable[[Record], Mapping[str, str]]
    on_event: Callable[[Event], None]
    sends: Counter[str] = field(default_factory=Counter)
    given: dict[str, Record] = field(default_factory=dict)
    """The rows whose groups the API made last, by the IDs of these."""
    connections: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "connections", asyncio.Semaphore(self.concurrency))

    @property
    def repeats(self) -> int:
        """How many sends were not the first of their row."""
        return self.sends.total() - len(self.sends)

    async def send_all(self, records: Iterable[Record], course: Course) -> None:
        """Notes in `course` what became of every row that was begun; rows that are missing there were not sent.

        Ends early, with what is under way settled, once a halt is asked for. When cancelled, it notes what is under
        way as in doubt.
        """
        queue = iter(records)
        # While some rows wait for the disk, others use the connections; and the disk is asked for many at a time.
        workers = [asyncio.create_task(self._work(queue, course)) for _ in range(self.in_hand)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, queue: Iterator[Record], course: Course) -> None:
        for record in queue:
            try:
                self.halt.check()
                fate = await self._journey(record, course)
            except Halted:
                return
            except BatchError as error:
                self.halt.by_error(error)
                return
            if isinstance(fate, Stop):
                self._stop(fate)
                return
            course.fates[record.position] = fate

    async def _journey(self, record: Record, course: Course) -> Fate | Stop:
        async def send() -> Fate | Stop:
            return await self._send_once(record, course)

        return await self.policy.repeat(send, self.policy.max_attempts - self.sends[record.fingerprint])

    async def _send_once(self, record: Record, course: Course) -> Fate | Stop:
        while True:
            async with self.outage.passage() as passage:
                leave = await self.pacer.leave_to_send(self._claim(record))
                if isinstance(leave, Known):
                    return leave
                await self._connection(record, leave)
                try:
                    # Waiting for a connection took its time, and what others were told meanwhile counts for this row.
                    held = self.halt.asked or self.pacer.is_held or not passage.is_open
                    answer = None if held else await self._exchange(record, course)
                finally:
                    self.connections.release()
                if answer is not None:
                    return await self._answered(record, leave, *answer, course)
                await self._written(self._give_back(record, leave))
            self.halt.check()

    async def _connection(self, record: Record, leave: Leave) -> None:
        """Takes one of the connections; a row that is cancelled while it waits for one is given back."""
        try:
            await self.connections.acquire()
        except asyncio.CancelledError:
            self._give_back(record, leave).add_done_callback(lambda written: written.exception())
            raise

    async def _exchange(self, record: Record, course: Course) -> tuple[Reply, Decision]:
        # Until something better is known: should this task be cancelled, that is how the row stands.
        course.fates[record.position] = _CUT_OFF
        reply = await self.client.create(record.body)
        # Before the connection is free again, so that no other row goes where this one has learnt not to go.
        self._book_health(reply)
        self.pacer.heed(reply)
        decision = self._of_its_own(record, decide(reply))
        if isinstance(decision, Stop):
            self._stop(decision)
        return reply, decision

    def _of_its_own(self, record: Record, decision: Decision) -> Decision:
        """The decision, unless it gives the row a group that another row has: then the answer is to another request, or
        the API made none.
        """
        if not isinstance(decision, Created):
            return decision
        owner = self.given.setdefault(decision.requirement_group_id.lower(), record)
        if len(self.given) > _IDS_REMEMBERED:
            self.given.pop(next(iter(self.given)))
        if owner.fingerprint == record.fingerprint:
            return decision
        said = sentence("the API answered with the ID of another group, that of row {row}", row=owner.row)
        return InDoubt(code="id_of_another_row", sentence=said)

    async def _answered(
        self, record: Record, leave: Leave, reply: Reply, decision: Decision, course: Course
    ) -> Decision:
        self.sends[record.fingerprint] += 1
        attempt = self.sends[record.fingerprint]
        course.attempts[record.position] += 1
        self.on_event(Event(record=record, reply=reply, decision=decision, attempt=attempt))
        course.fates[record.position] = decision
        await self._written(self.pacer.finished(leave, reply, self._settlement(record, decision)))
        return decision

    def _give_back(self, record: Record, leave: Leave) -> asyncio.Future[Answers]:
        return self.pacer.give_back(leave, self._settlement(record, _KEPT))

    def _stop(self, stop: Stop) -> None:
        self.halt.by_error(ApiStop(stop.code, stop_message(stop)))

    async def _written(self, writing: Awaitable[object]) -> None:
        try:
            await writing
        except BatchError as error:
            # What the API said is still true and goes into the results; the next run settles the row by the list.
            self.halt.by_error(error)

    def _book_health(self, reply: Reply) -> None:
        if is_outage(reply):
            self.outage.failed(reply.problem or f"HTTP {reply.http_status}")
        else:
            self.outage.succeeded()

    def _settlement(self, record: Record, decision: Decision) -> Settlement:
        state, code, found = _new_state(decision)
        return Settlement(
            fingerprint=record.fingerprint,
            run_id=self.run_id,
            state=state,
            settled_by=SettledBy.REPLY,
            at=self.clock(),
            requirement_group_id=found,
            code=code,
        )

    def _claim(self, record: Record) -> Claim:
        return Claim(
            fingerprint=record.fingerprint,
            group_key=record.group_key,
            source=record.origin.source,
            row=record.origin.row,
            details=self.details(record),
        )


def _new_state(decision: Decision) -> tuple[LedgerState, str | None, str | None]:
    match decision:
        case Created(requirement_group_id=group_id):
            return LedgerState.CREATED, None, group_id
        case Rejected(code=why):
            return LedgerState.REJECTED, why, None
        case Conflict():
            return LedgerState.IN_DOUBT, CONFLICT, None
        case InDoubt(code=why):
            return LedgerState.IN_DOUBT, why, None
        case Again(code=why) | Stop(code=why):
            return LedgerState.PLANNED, why, None
