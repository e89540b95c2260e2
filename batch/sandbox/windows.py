"""The rate limit of one API key as a server counts it: sliding, or in fixed windows; time is handed in."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from batch.rate import RateLimit


class WindowKind(StrEnum):
    """How requests are counted.

    `sliding`: at most N in any span. `fixed`: at most N between two strokes of the server's clock, so that nearly 2 N
    may fall together around a stroke. `opened`: a fixed window that the first request after the last one opens.
    """

    SLIDING = "sliding"
    FIXED = "fixed"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The verdict on one request. `reset_at` (Unix seconds) is when a used place is next given back."""

    admitted: bool
    limit: int
    remaining: int
    reset_at: float


class Window(Protocol):
    """Counts the requests of one key. A request that is not admitted uses no place."""

    def admit(self, now: float) -> Allowance: ...


class SlidingWindow:
    """At most N admitted requests in any span of the limit's length."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._admitted_at: deque[float] = deque()

    def admit(self, now: float) -> Allowance:
        times = self._admitted_at
        while times and times[0] + self._limit.seconds <= now:
            times.popleft()
        admitted = len(times) < self._limit.requests
        if admitted:
            times.append(now)
        return Allowance(
            admitted=admitted,
            limit=self._limit.requests,
            remaining=self._limit.requests - len(times),
            reset_at=times[0] + self._limit.seconds,
        )


class FixedWindow:
    """At most N admitted requests from one window's start to its end."""

    def __init__(self, limit: RateLimit, *, on_the_clock: bool) -> None:
        self._limit = limit
        self._on_the_clock = on_the_clock
        self._ends_at = -math.inf
        self._used = 0

    def admit(self, now: float) -> Allowance:
        if now >= self._ends_at:
            self._ends_at = self._start(now) + self._limit.seconds
            self._used = 0
        admitted = self._used < self._limit.requests
        self._used += admitted
        return Allowance(
            admitted=admitted,
            limit=self._limit.requests,
            remaining=self._limit.requests - self._used,
            reset_at=self._ends_at,
        )

    def _start(self, now: float) -> float:
        return now // self._limit.seconds * self._limit.seconds if self._on_the_clock else now


def open_window(limit: RateLimit, kind: WindowKind) -> Window:
    """An empty window of this kind."""
    if kind is WindowKind.SLIDING:
        return SlidingWindow(limit)
    return FixedWindow(limit, on_the_clock=kind is WindowKind.FIXED)
