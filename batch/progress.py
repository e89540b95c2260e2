"""What a run tells whoever watches it; implemented by the command line, ignored by those who do not care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from batch.errors import BatchError
from batch.model import ApprovalState, Sentence, Status
from batch.notices import Notices
from batch.rate import RateLimit

if TYPE_CHECKING:  # `check` sends nothing, and need not load what can
    from batch.submit import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a run is about to send, and how long that takes at least, in seconds. `held_by` are the flags that hold rows
    back which could be sent.
    """

    rows: int
    to_send: int
    rate_limit: RateLimit
    seconds: float
    dry_run: bool = False
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEnd:
    """How a row ended, without anything of what it holds.

    `row` is the number that Excel shows, in the row's first file; `position` counts the data rows of the input from 0.
    `fingerprint` is None where nothing could be sent. `attempts` are those of this run. `codes` say why.
    """

    row: int
    position: int
    fingerprint: str | None
    status: Status
    attempts: int
    codes: tuple[str, ...]
    requirement_group_id: str | None


class Observer(Protocol):
    """Called from the run's own thread; must be quick and must not raise.

    `share` is how much of the file is read, or of its answer written: from 0 to 1, None where nobody knows.
    """

    def began(self, run_id: str, paths: Sequence[Path]) -> None: ...
    def reading(self, path: Path, rows: int, share: float | None) -> None: ...
    def writing(self, path: Path, rows: int, share: float) -> None: ...
    def noticed(self, path: Path, notices: Notices) -> None:
        """What a person should know of a file as a whole, or of rows that are no data."""
        ...

    def odd(self, path: Path, warnings: Notices) -> None:
        """What is odd about the rows of a file, once all of them are read."""
        ...

    def refused(self, path: Path, error: BatchError) -> None: ...
    def warned(self, text: str) -> None: ...
    def forecast(self, forecast: Forecast) -> None: ...
    def sending(self, path: Path, rows: int) -> None: ...
    def sent(self, event: Event) -> None: ...
    def settling(self, rows: int) -> None: ...
    def approvals(self, counts: Mapping[ApprovalState, int], next_look_seconds: float | None) -> None: ...
    def waiting(self, reason: Sentence, seconds: float) -> None: ...
    def stopped(self, cause: BatchError) -> None: ...
    def rows_ended(self, path: Path, rows: Iterable[RowEnd]) -> None:
        """How rows of a file ended, each once. They are made while one goes through them, which nobody has to do."""
        ...

    def file_ended(self, path: Path, counts: Mapping[Status, int]) -> None: ...
    def crashed(self, error: Exception) -> None:
        """Something that nobody expected; the error's text could hold what a customer wrote."""
        ...


def least_seconds(requests: int, limit: RateLimit) -> float:
    """How long so many requests take at least when the window is free: full speed, then one window after another."""
    return max(0, (requests - 1) // limit.requests) * limit.seconds
