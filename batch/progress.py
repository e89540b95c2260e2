"""What a run tells whoever watches it; implemented by the command line, ignored by those who do not care."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from batch.errors import BatchError
from batch.model import Notice
from batch.rate import RateLimit
from batch.submit import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a run is about to send, and how long that takes at least, in seconds."""

    rows: int
    to_send: int
    rate_limit: RateLimit
    seconds: float
    dry_run: bool = False


class Observer(Protocol):
    """Called from the run's own thread; must be quick and must not raise."""

    def reading(self, path: Path, rows: int) -> None: ...
    def noticed(self, path: Path, notices: Sequence[Notice]) -> None: ...
    def refused(self, path: Path, error: BatchError) -> None: ...
    def warned(self, text: str) -> None: ...
    def forecast(self, forecast: Forecast) -> None: ...
    def sending(self, path: Path, rows: int) -> None: ...
    def sent(self, event: Event) -> None: ...
    def settling(self, rows: int) -> None: ...
    def waiting(self, reason: str, seconds: float) -> None: ...
    def stopped(self, cause: BatchError) -> None: ...


def least_seconds(requests: int, limit: RateLimit) -> float:
    """How long so many requests take at least when the window is free: full speed, then one window after another."""
    return max(0, (requests - 1) // limit.requests) * limit.seconds
