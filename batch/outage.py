"""How a run meets an API that is down or overloaded: everyone waits, one asks, with pauses that grow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self

from batch.errors import ApiStop
from batch.model import Sentence, sentence
from batch.retry import REST_NOT_SENT, RetryPolicy

_FAILURES_IN_A_ROW = 3  # one lost answer is bad luck; this many without a success in between are an outage


class Passage:
    """Leave to try the API; an async context manager, held while one request is under way. Alone in an outage.

    Entering raises ApiStop when the outage has lasted too long.
    """

    __slots__ = ("_alone", "_outage")

    def __init__(self, outage: Outage) -> None:
        self._outage = outage
        self._alone = False

    async def __aenter__(self) -> Self:
        if self._outage.is_declared:
            self._alone = await self._outage.wait_for_turn()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._alone:
            self._outage.end_turn()

    @property
    def is_open(self) -> bool:
        """Not, if an outage was declared since."""
        return self._alone or not self._outage.is_declared


class Outage:
    """Lets requests pass while the API answers; else one at a time, each after a probe that succeeded.

    `probe` is a request that does no harm (the list call) and returns whether the API answered it. After
    `max_wait_seconds` without a success, `passage` raises ApiStop for everyone, saying what became of the `rest`.
    """

    def __init__(
        self,
        *,
        policy: RetryPolicy,
        max_wait_seconds: float,
        probe: Callable[[], Awaitable[bool]],
        clock: Callable[[], float],
        rest: Sentence = REST_NOT_SENT,
    ) -> None:
        self._policy = policy
        self._max_wait = max_wait_seconds
        self._probe = probe
        self._clock = clock
        self._rest = rest
        self._failures = 0
        self._down_since: float | None = None
        self._pauses = 0
        self._reason = ""
        self._one_at_a_time = asyncio.Lock()

    def passage(self) -> Passage:
        return Passage(self)

    async def wait_for_turn(self) -> bool:
        """Returns once the API has answered, or is known to answer; whether the caller is alone until `end_turn`."""
        await self._one_at_a_time.acquire()
        alone = False
        try:
            down_since = self._since()  # asked again: waiting for the lock took its time
            if down_since is not None:
                await self._until_answered(down_since)
                alone = True
        finally:
            if not alone:
                self.end_turn()
        return alone

    def end_turn(self) -> None:
        self._one_at_a_time.release()

    @property
    def is_declared(self) -> bool:
        """Whether the API is held to be down."""
        return self._down_since is not None

    def succeeded(self) -> None:
        """The API answered a request as it should."""
        self._failures = 0
        self._pauses = 0
        self._down_since = None

    def failed(self, reason: str) -> None:
        """The API could not be reached, did not answer, or failed itself (5xx)."""
        self._failures += 1
        self._reason = reason
        if self._failures >= _FAILURES_IN_A_ROW:
            self.declare(reason)

    def declare(self, reason: str) -> None:
        """The API is down: from now on everyone waits."""
        self._reason = reason
        if self._down_since is None:
            self._down_since = self._clock()

    def _since(self) -> float | None:
        return self._down_since

    async def _until_answered(self, down_since: float) -> None:
        answered = False
        while not answered:
            left = down_since + self._max_wait - self._clock()
            if left <= 0:
                said = sentence(
                    "The API has not answered for {seconds:g} seconds ({reason}). {rest}",
                    seconds=self._max_wait,
                    reason=self._reason,
                    rest=self._rest,
                )
                raise ApiStop("api_down", said)
            self._pauses += 1
            await self._policy.sleep(min(self._policy.backoff(self._pauses), left))
            answered = await self._probe()
