"""One row's journey: leave to send, intent on disk, the POST, what came of it; and the workers who walk it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from batch.client import ApiClient
from batch.errors import ApiStop, BatchError
from batch.halt import Halt, Halted
from batch.ledger import Claim, Known, LedgerState, Settlement
from batch.ledger.values import SettledBy
from batch.model import Record, Reply, sentence
from batch.outage import Outage
from batch.pacing import Leave, Pacer
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
_INTERRUPTED = sentence("the run was interrupted before the API answered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One exchange of one row, for the log and the progress bar; holds no customer data. `attempt` counts from 1."""

    record: Record
    reply: Reply
    decision: Decision
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    """Sends rows, each once; everything that touches the world is handed in."""

    run_id: str
    client: ApiClient
    pacer: Pacer
    outage: Outage
    policy: RetryPolicy
    halt: Halt
    concurrency: int
    clock: Callable[[], float]
    details: Callable[[Record], Mapping[str, str]]
    on_event: Callable[[Event], None]
    sends: Counter[str] = field(default_factory=Counter)

    @property
    def repeats(self) -> int:
        """How many sends were not the first of their row."""
        return self.sends.total() - len(self.sends)

    async def send_all(self, records: Iterable[Record], fates: dict[int, Fate]) -> None:
        """Notes in `fates` what became of every row that was begun, by position; rows that are missing were not sent.

        Ends early, with what is under way settled, once a halt is asked for. When cancelled, it notes what is under
        way as in doubt.
        """
        queue = iter(records)
        workers = [asyncio.create_task(self._work(queue, fates)) for _ in range(self.concurrency)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, queue: Iterator[Record], fates: dict[int, Fate]) -> None:
        for record in queue:
            try:
                self.halt.check()
                fate = await self._journey(record, fates)
            except Halted:
                return
            except BatchError as error:
                self.halt.by_error(error)
                return
            if isinstance(fate, Stop):
                self.halt.by_error(ApiStop(fate.code, stop_message(fate)))
                return
            fates[record.position] = fate

    async def _journey(self, record: Record, fates: dict[int, Fate]) -> Fate | Stop:
        async def send() -> Fate | Stop:
            return await self._send_once(record, fates)

        return await self.policy.repeat(send, self.policy.max_attempts - self.sends[record.fingerprint])

    async def _send_once(self, record: Record, fates: dict[int, Fate]) -> Fate | Stop:
        async with self.outage.passage():
            leave = await self.pacer.leave_to_send(self._claim(record))
            if isinstance(leave, Known):
                return leave
            # Until something better is known: should this task be cancelled, that is how the row stands.
            fates[record.position] = InDoubt(code="interrupted", sentence=_INTERRUPTED)
            reply = await self.client.create(record.body)
            decision = decide(reply)
            self._book_health(reply)
            self.sends[record.fingerprint] += 1
            attempt = self.sends[record.fingerprint]
            self.on_event(Event(record=record, reply=reply, decision=decision, attempt=attempt))
            fates[record.position] = decision
            await self._book(record, leave, reply, decision)
        return decision

    async def _book(self, record: Record, leave: Leave, reply: Reply, decision: Decision) -> None:
        try:
            await self.pacer.finished(leave, reply, _settlement(self.run_id, record, decision, self.clock()))
        except BatchError as error:
            # What the API said is still true and goes into the results; the next run settles the row by the list.
            self.halt.by_error(error)

    def _book_health(self, reply: Reply) -> None:
        if is_outage(reply):
            self.outage.failed(reply.problem or f"HTTP {reply.http_status}")
        else:
            self.outage.succeeded()

    def _claim(self, record: Record) -> Claim:
        return Claim(
            fingerprint=record.fingerprint,
            group_key=record.group_key,
            source=record.origin.source,
            row=record.origin.row,
            details=self.details(record),
        )


def _settlement(run_id: str, record: Record, decision: Decision, at: float) -> Settlement:
    state, code, found = _new_state(decision)
    return Settlement(
        fingerprint=record.fingerprint,
        run_id=run_id,
        state=state,
        settled_by=SettledBy.REPLY,
        at=at,
        requirement_group_id=found,
        code=code,
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
