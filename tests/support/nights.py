"""Nights for tests: real folders and files, and a process that does with a file what its content says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from batch.errors import ApiStop, BatchError, InputError, OutputError
from batch.inbox import Folders, InboxOptions, Night, NightResult, Stillness
from batch.inbox.diary import as_line
from batch.model import Status
from batch.pipeline.values import BatchResult, FileResult
from batch.results.names import numbered, stem_of
from batch.results.report import Form

DAY = "2026-11-24"
MEMORY = Path("/dev/shm")  # noqa: S108 -- another file system, where there is one
MIDNIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

_COUNTS = {
    "fine": {Status.CREATED: 3},
    "known": {Status.ALREADY_CREATED: 3},
    "messy": {Status.CREATED: 2, Status.INVALID: 1},
    "doubt": {Status.CREATED: 2, Status.IN_DOUBT: 1},
    "refused": {Status.NOT_SENT: 3},
    "stop": {Status.CREATED: 1, Status.NOT_SENT: 2},
    "limit": {Status.CREATED: 1, Status.NOT_SENT: 2},
    "signal": {Status.CREATED: 1, Status.NOT_SENT: 2},
    "empty": {},
}
_ERRORS = {
    "unreadable": InputError("corrupt_file", "The file is damaged."),
    "no_disk": OutputError("disk_full", "The disk is full."),
    "long": OutputError("name_too_long", "The name is too long."),
}


@dataclass(slots=True)
class Runs:
    """A process that remembers; the first word of a file says how it ends."""

    seen: list[str] = field(default_factory=list)
    limits: list[int | None] = field(default_factory=list)
    during: Callable[[Path], None] = lambda _: None
    signal: int | None = None

    def __call__(self, path: Path, *, limit: int | None, first: bool) -> BatchResult:
        word = path.read_text(encoding="utf-8").split()[0]
        self.seen.append(path.name)
        self.limits.append(limit)
        self.during(path)
        counts = {status: _COUNTS.get(word, {}).get(status, 0) for status in Status}
        error: BatchError | None = _ERRORS.get(word)
        if error is not None:
            return BatchResult(run_id="run", files=(FileResult(path=path, error=error),))
        if word == "signal":
            self.signal = 15
        names = numbered(path.parent, stem_of(path), 1, Form.XLSX, Form.XLSX)
        if names.failed == path:
            names = numbered(path.parent, stem_of(path), 2, Form.XLSX, Form.XLSX)
        needs_someone = any(count and status.needs_someone for status, count in counts.items())
        for name in (names.failed, names.results) if needs_someone else (names.results,):
            name.write_text(f"answer to {path.name}", encoding="utf-8")
        return BatchResult(
            run_id="run",
            files=(
                FileResult(
                    path=path,
                    rows=sum(counts.values()),
                    counts=counts,
                    results_file=names.results,
                    failed_file=names.failed if needs_someone else None,
                ),
            ),
            sent=counts[Status.CREATED],
            requests=1,
            stopped=ApiStop("key_refused", "The API refused the key.") if word in ("stop", "refused") else None,
            signal=self.signal,
        )


def night(root: Path, runs: Runs | None = None, *, now: datetime = MIDNIGHT, **options: object) -> NightResult:
    """One night in the folder `root`, without waiting."""
    return make_night(root, runs or Runs(), now=now, **options).work()


def make_night(root: Path, runs: Runs, *, now: datetime = MIDNIGHT, **options: object) -> Night:
    trial = bool(options.pop("trial", False))
    chosen = InboxOptions(folders=Folders(root=root, trial=trial), **{"quiet_seconds": 0.0, **options})  # type: ignore[arg-type]
    return Night(
        options=chosen,
        process=runs,
        exit_code=lambda _: 0,
        warn=lambda _: None,
        begins=lambda: None,
        now=lambda: now,
        stillness=Stillness(quiet_seconds=chosen.quiet_seconds, now=lambda: time.time() + 3600, sleep=lambda _: None),
        signalled=lambda: runs.signal,
    )


def put(root: Path, name: str, word: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{word} {name}", encoding="utf-8")
    return path


def tree(root: Path) -> list[str]:
    """Every file below `root` but the lock and the summary."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir())
    return sorted(name for name in found if not name.endswith((".flireo-inbox.lock", "inbox.jsonl")))


def places(result: NightResult) -> dict[str, str]:
    return {handled.result.path.name: str(as_line(handled)["place"]) for handled in result.handled}


def reasons(result: NightResult) -> dict[str, str]:
    return {left.name: left.code for left in result.left}
