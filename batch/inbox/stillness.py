"""Whether a file is whole: unchanged for a while, and open for writing nowhere, as far as can be told."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

if sys.platform == "linux":  # pragma: no branch  where leases exist
    import fcntl

_TRUSTED_LOCK_SECONDS = 24 * 3600.0  # older than this, a lock file was left behind by a program that crashed

Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stillness:
    """`quiet_seconds`: how long a file must have been unchanged. `now` is Unix seconds; `sleep` may end early."""

    quiet_seconds: float
    now: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep

    def still(self, paths: Iterable[Path]) -> frozenset[Path]:
        """The files that are unchanged, after watching those of which their times do not show it already."""
        seen = {path: stamp for path in paths if (stamp := _stamp(path)) is not None}
        watched = {path for path, stamp in seen.items() if not self._is_old(stamp)}
        if watched and self.quiet_seconds:
            self.sleep(self.quiet_seconds)
        return frozenset(path for path, stamp in seen.items() if path not in watched or _stamp(path) == stamp)

    def is_open_elsewhere(self, path: Path) -> bool:
        """Whether a spreadsheet program says by a lock file that it has the file open."""
        locks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
        stamps = [stamp for lock in locks if (stamp := _stamp(lock)) is not None]
        return any(self.now() - mtime / 1e9 < _TRUSTED_LOCK_SECONDS for _, _, mtime, _ in stamps)

    def _is_old(self, stamp: Stamp) -> bool:
        """By both its times: the one of the content may be copied from elsewhere, or lie in the future."""
        _, _, mtime, ctime = stamp
        return self.now() - max(mtime, ctime) / 1e9 >= self.quiet_seconds


def is_being_written(path: Path) -> bool:
    """Whether a process has the file open for writing; False also where the system does not tell."""
    if sys.platform != "linux":  # pragma: no cover  Windows refuses to move such a file
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        return _lease_is_refused(descriptor)
    finally:
        os.close(descriptor)


if sys.platform == "linux":  # pragma: no branch

    def _lease_is_refused(descriptor: int) -> bool:
        """The system grants a read lease on a file only while nobody has it open for writing."""
        with suppress(OSError):  # not the owner of the file, or a file system without leases
            # Whoever opens it in this instant is let in with a signal, which must not be one that ends the program.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            try:
                fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            except BlockingIOError:
                return True
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False


def _stamp(path: Path) -> Stamp | None:
    try:
        facts = path.lstat()
    except OSError:
        return None
    return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
