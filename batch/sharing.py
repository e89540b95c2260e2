"""Someone else on the API key: what they have taken since the last reply is unknown, so a run then feels its way."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from batch.rate import RateLimit

_RESERVED_SHARE = 0.02  # of the places, left to the other for hardly ever being turned away
_REMEMBERED_WINDOWS = 2  # how long after the last sign of someone else
_STALE_SHARE = 0.01  # of the window: how long a reply tells what is left


class SharedKey:
    """Whether someone else uses the key. While they do, and no reply has come lately, one request goes ahead of all
    others; its reply says what is left.
    """

    def __init__(self, limit: RateLimit, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._until = -math.inf
        self._heard_at = -math.inf
        self._busy = 0
        self._changed = asyncio.Event()

    @property
    def in_use(self) -> bool:
        """Whether somebody else was seen on the key lately."""
        return self._clock() < self._until

    def reserve(self, most: int | None = None) -> int:
        """Places in the window to leave unused. `most` is how many the server says there are, if it says: a share of
        more than those could be all of them.
        """
        places = self._limit.requests if most is None else min(most, self._limit.requests)
        return math.ceil(_RESERVED_SHARE * places) if self.in_use else 0

    def seen(self) -> None:
        """A reply has shown that someone else uses the key."""
        self._until = self._clock() + _REMEMBERED_WINDOWS * self._limit.seconds

    async def turn(self) -> None:
        """Returns when the caller may ask for leave to send."""
        while self._busy and self.in_use and self._clock() - self._heard_at > _STALE_SHARE * self._limit.seconds:
            await self._changed.wait()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """While leave to send is asked for; begun right after `turn`, with nothing awaited in between."""
        self._busy += 1
        try:
            yield
        finally:
            self._left()

    def sent(self) -> None:
        """A request is under way."""
        self._busy += 1

    def heard(self) -> None:
        """The request has ended, and its reply is booked."""
        self._heard_at = self._clock()
        self._left()

    def _left(self) -> None:
        self._busy -= 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
