"""The request budget of one API key in use: nobody sends without leave, and every reply is booked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from batch.errors import ApiStop
from batch.halt import Halt
from batch.ledger import Claim, Journal, Known, Settlement
from batch.ledger.budget import Finished, Observation
from batch.ledger.values import Answers, Entries
from batch.model import Reply, Sentence, sentence
from batch.rate import RateLimit
from batch.retry import REST_NOT_SENT, asked_wait, is_outage
from batch.sharing import SharedKey

_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Leave to send one request now; `bucket` is where it is counted."""

    bucket: int


class Pacer:
    """Leave to send, shared through the journal by all workers and by every process on the ledger."""

    def __init__(
        self,
        journal: Journal,
        *,
        halt: Halt,
        max_wait_seconds: float,
        retry_base_seconds: float,
        limit: RateLimit,
        clock: Callable[[], float],
        rest: Sentence = REST_NOT_SENT,
    ) -> None:
        self._journal = journal
        self._shared = SharedKey(limit, clock)
        self._halt = halt
        self._max_wait = max_wait_seconds
        self._retry_base = retry_base_seconds
        self._clock = clock
        self._rest = rest
        self.requests = 0
        self._under_way = 0
        self._held_until = 0.0
        self.waiting_until: float | None = None

    async def leave_to_send(self, claim: Claim) -> Leave | Known:
        """Waits for room in the window; then the row's intent is durable and it may be sent once. Returns what the
        ledger holds instead, if another row or run stands in the way.
        """
        while True:
            self._halt.check()
            await self._shared.turn()
            with self._shared.asking():
                answers = await self._journal.write(Entries(claims=(claim,)))
            if claim.fingerprint in answers.blocked:
                return answers.blocked[claim.fingerprint]
            if claim.fingerprint in answers.granted:
                return self._granted(answers.bucket)
            await self._wait(answers.wait_seconds, paused=answers.paused)

    async def leave_to_ask(self) -> Leave:
        """The same for a request that changes nothing."""
        while True:
            await self._shared.turn()
            with self._shared.asking():
                answers = await self._journal.write(Entries(requests=1))
            if answers.requests:
                return self._granted(answers.bucket)
            await self._wait(answers.wait_seconds, paused=answers.paused)

    async def finished(self, leave: Leave, reply: Reply, settlement: Settlement | None = None) -> None:
        """Books a request that is over, and durably what it settled."""
        self._under_way -= 1
        try:
            answers = await self._journal.write(
                Entries(
                    finished=(Finished(bucket=leave.bucket, observation=self._observation(reply)),),
                    settlements=() if settlement is None else (settlement,),
                    pause_until=self._pause(reply),
                )
            )
            if answers.shared:
                self._shared.seen()
        finally:
            self._shared.heard()

    def give_back(self, leave: Leave, settlement: Settlement) -> asyncio.Future[Answers]:
        """Books that a request for which there was leave was not made; it counts all the same. Durable when awaited, or
        when the journal ends.
        """
        self.requests -= 1
        self._under_way -= 1
        self._shared.heard()
        return self._journal.post(Entries(finished=(Finished(bucket=leave.bucket),), settlements=(settlement,)))

    def heed(self, reply: Reply) -> None:
        """Takes note of a reply that asks everyone to wait, before it is booked."""
        self._held_until = max(self._held_until, self._pause(reply) or 0.0)

    @property
    def is_held(self) -> bool:
        """Whether a reply to this process has asked everyone to wait."""
        return self._clock() < self._held_until

    def _granted(self, bucket: int) -> Leave:
        self.requests += 1
        self._under_way += 1
        self._shared.sent()
        self.waiting_until = None
        return Leave(bucket=bucket)

    async def _wait(self, seconds: float, *, paused: bool) -> None:
        if paused and seconds > self._max_wait:
            said = sentence(
                "The API asks to wait {seconds:.0f} seconds before the next request, longer than the limit of {most:g}"
                " seconds (FLIREO_MAX_WAIT_SECONDS). {rest}",
                seconds=seconds,
                most=self._max_wait,
                rest=self._rest,
            )
            raise ApiStop("rate_limited", said)
        self.waiting_until = self._clock() + seconds
        await self._halt.sleep(seconds)

    def _pause(self, reply: Reply) -> float | None:
        """Until when nobody is to use the key: what the API asks for, be it too many requests or too much to do."""
        if reply.http_status == _TOO_MANY_REQUESTS:
            wait = asked_wait(reply)
            return self._clock() + (self._retry_base if wait is None else wait)
        if is_outage(reply) and reply.retry_after_seconds is not None:
            return self._clock() + reply.retry_after_seconds
        return None

    def _observation(self, reply: Reply) -> Observation | None:
        limits = reply.limits
        if limits is None or limits.remaining is None:
            return None
        reserve = self._shared.reserve(limits.limit)
        return Observation(remaining=limits.remaining, in_flight=self._under_way, reserve=reserve)
