"""A child that was started before it is needed, so that it loads its parsers while the parent loads its own rooms."""

from __future__ import annotations

import atexit

from batch.reading.confined.worker import Worker

# The one thing here that outlives a call: what is started before any file is known has no other place to wait.
_waiting: list[Worker] = []


def start_early() -> None:
    """Starts a child for the next file, if none waits yet."""
    if not _waiting:
        _waiting.append(Worker())


def take_worker() -> Worker:
    """The child that waits, else a new one; whoever takes it closes it."""
    try:
        return _waiting.pop()
    except IndexError:
        return Worker()


@atexit.register
def _let_go() -> None:
    while _waiting:
        _waiting.pop().close()
