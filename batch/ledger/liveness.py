"""Which runs are alive: a lock that the system drops with the process, so that dead is known at once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

import filelock
import sqlalchemy as sa

from batch.errors import LedgerError


class Liveness(Protocol):
    """Holds this process's runs alive and tells whether others are."""

    def hold(self, run_id: str) -> None:
        """Marks a run of this process as alive until `release` or the end of the process."""

    def release(self, run_id: str) -> None:
        """Ends the mark."""

    def alive(self, run_id: str) -> bool:
        """Whether some process holds the run alive now."""

    def close(self) -> None:
        """Gives up every mark and connection."""

    def confirm(self) -> None:
        """Raises when the marks of this process may have been lost, so that others may take its runs for dead."""


class FileLiveness:
    """A locked file for each run in a folder beside a SQLite ledger."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, filelock.FileLock] = {}

    def hold(self, run_id: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self._lock(run_id)
        lock.acquire(blocking=False)
        self._held[run_id] = lock

    def release(self, run_id: str) -> None:
        lock = self._held.pop(run_id)
        # Removed while still held: whoever asks afterwards finds no file, which means dead, as it should.
        self._path(run_id).unlink(missing_ok=True)
        lock.release()

    def alive(self, run_id: str) -> bool:
        if run_id in self._held:
            return True
        if not self._path(run_id).exists():
            return False
        lock = self._lock(run_id)
        try:
            # Not at once: another process may be asking the same question, and holds the lock while it does.
            lock.acquire(timeout=0.1, poll_interval=0.02)
        except filelock.Timeout:
            return True
        self._path(run_id).unlink(missing_ok=True)
        lock.release()
        return False

    def confirm(self) -> None:
        """Nothing to confirm: the system keeps a file's lock as long as the process lives."""

    def close(self) -> None:
        for run_id in tuple(self._held):
            self.release(run_id)

    def _path(self, run_id: str) -> Path:
        return self._folder / f"{run_id}.lock"

    def _lock(self, run_id: str) -> filelock.FileLock:
        return filelock.FileLock(self._path(run_id), thread_local=False, is_singleton=False)


class AdvisoryLiveness:
    """A PostgreSQL advisory lock for each run, bound to one connection of its own.

    The server drops it when the connection ends, however it ends. Should the connection break while the process
    lives, others take the run for dead; `confirm` finds that out, and the run must not send any more.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._held: set[str] = set()

    def hold(self, run_id: str) -> None:
        if not self._ask("pg_try_advisory_lock", run_id):
            raise LedgerError("run_id_taken", f"The run {run_id} is already held by another process. Start again.")
        self._held.add(run_id)

    def release(self, run_id: str) -> None:
        self._held.discard(run_id)
        self._ask("pg_advisory_unlock", run_id)

    def alive(self, run_id: str) -> bool:
        if run_id in self._held:
            return True
        if not self._ask("pg_try_advisory_lock", run_id):
            return True
        self._ask("pg_advisory_unlock", run_id)
        return False

    def confirm(self) -> None:
        self._connection.execute(sa.select(1))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, function: str, run_id: str) -> bool:
        number = int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:8], "big", signed=True)
        return bool(self._connection.execute(sa.select(getattr(sa.func, function)(number))).scalar_one())
