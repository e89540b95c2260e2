"""How a run is brought to a halt: a signal or a stop by the API is seen by every worker, also by one that sleeps."""

from __future__ import annotations

import asyncio

from batch.errors import BatchError


class Halted(Exception):  # noqa: N818 -- not an error: the way out of a worker that must not begin anything more
    """Nothing new may begin; never leaves the run."""


class Halt:
    """Asked for once, by the first reason; workers end what is under way and begin nothing more."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self.cause: BatchError | None = None
        self.signal: int | None = None

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def by_error(self, cause: BatchError) -> None:
        if not self.asked:
            self.cause = cause
        self._asked.set()

    def by_signal(self, number: int) -> None:
        if not self.asked:
            self.signal = number
        self._asked.set()

    def check(self) -> None:
        """Raises Halted once a halt was asked for."""
        if self.asked:
            raise Halted

    async def sleep(self, seconds: float) -> None:
        """Sleeps, unless or until a halt is asked for; then raises Halted."""
        try:
            await asyncio.wait_for(self._asked.wait(), timeout=seconds)
        except TimeoutError:
            return
        raise Halted
