"""One night at a time in an inbox: a lock that the system drops with the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from batch.errors import BusyError
from batch.results.disk import disk_errors


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Holds the inbox for this process. Raises BusyError if another has it, OutputError if it cannot be locked."""
    # Not a lock that stays behind when the program is killed, which this library takes where there is none other.
    holder = filelock.FileLock(lock, thread_local=False, fallback_to_soft=False)
    with disk_errors(lock):
        try:
            holder.acquire(blocking=False)
        except filelock.Timeout:
            raise BusyError(
                "inbox_busy", f"Another run of the program is at work in {lock.parent}; this one leaves it to that."
            ) from None
    try:
        yield
    finally:
        holder.release()
