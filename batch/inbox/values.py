"""What the nightly job is asked for, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from batch.errors import BatchError
from batch.model import Sentence
from batch.pipeline.values import ErrorLimit, FileResult


class Place(StrEnum):
    """Where a file stands after a night."""

    DONE = "done"  # nobody has to do anything
    ATTENTION = "attention"  # a row, or the file as a whole, needs someone
    INBOX = "inbox"  # not finished: the next night takes it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where things stand in an inbox. Trials against the sandbox have places of their own."""

    root: Path
    trial: bool = False

    @property
    def base(self) -> Path:
        return self.root / "sandbox" if self.trial else self.root

    @property
    def working(self) -> Path:
        """Files in hand, each in a folder of its own."""
        return self.base / "working"

    @property
    def summary(self) -> Path:
        return self.base / "inbox.jsonl"

    @property
    def lock(self) -> Path:
        return self.root / ".flireo-inbox.lock"

    def dated(self, place: Place, day: str) -> Path:
        """`day` is as 2026-11-24."""
        return self.base / place / day


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxOptions:
    """What the nightly job is asked for. `out` is where results go, by default beside the moved input.

    A file is left alone until it has been unchanged for `quiet_seconds`. `keep_days` None: nothing is ever removed.
    """

    folders: Folders
    out: Path | None = None
    overwrite: bool = False
    limit: int | None = None
    max_errors: ErrorLimit | None = None
    quiet_seconds: float = 10.0
    keep_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Something in the folder that was not taken, and why; `name` is always text that can be printed."""

    name: str
    code: str
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What became of one file: `result.path` is where it was found, `stands_at` where it is now.

    `night_id` tells which night took it: a file that was interrupted is finished, and counted, by a later one.
    """

    night_id: str
    run_id: str
    result: FileResult
    place: Place
    stands_at: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class NightResult:
    """What became of a whole night. `stopped` is why it ended early, `signal` the signal that ended it."""

    night_id: str
    handled: tuple[Handled, ...] = ()
    left: tuple[Left, ...] = ()
    removed: tuple[Path, ...] = field(default=())
    requests: int = 0
    retries: int = 0
    seconds: float = 0.0
    stopped: BatchError | None = None
    signal: int | None = None
