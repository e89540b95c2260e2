"""Children that are started before they are needed: they load their parsers while the parent does other work."""

from __future__ import annotations

import atexit

from batch.reading.confined.worker import Worker


class Spares:
    """At most one child waits, and only as long as more files are expected."""

    def __init__(self) -> None:
        self._expected = 0
        self._waiting: Worker | None = None

    def expect(self, files: int) -> None:
        """So many files are going to be opened; without this, a child is started when its file is opened."""
        self._expected = files
        self._start()

    def take(self) -> Worker:
        """The child that waits, else a new one; whoever takes it closes it."""
        taken, self._waiting = self._waiting or Worker(), None
        self._expected -= 1
        self._start()
        return taken

    def let_go(self) -> None:
        """No more files are expected."""
        self._expected = 0
        if self._waiting:
            self._waiting.close()
            self._waiting = None

    def _start(self) -> None:
        if self._expected > 0 and not self._waiting:
            self._waiting = Worker()


# The one thing here that outlives a call: what is started before any file is opened has no other place to wait.
SPARES = Spares()
atexit.register(SPARES.let_go)
