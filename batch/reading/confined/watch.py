"""A child's memory and computing time, looked at by the parent where no kernel keeps them; sole user of psutil.

Only Linux bounds both by itself (see `jail`).
"""

from __future__ import annotations

import sys
from typing import cast

from batch.reading.confined.mishaps import Mishap
from batch.reading.options import Limits

NEEDED = sys.platform != "linux"


class Watch:
    """Over the process `pid` and what it started: on Windows the python of an environment starts the real one."""

    def __init__(self, pid: int) -> None:
        import psutil  # noqa: PLC0415 -- installed only where it is needed

        self._gone = psutil.Error
        self._process = psutil.Process(pid)
        self._granted = 0.0

    def sign_of_life(self) -> None:
        """From now on its computing is counted anew."""
        self._granted = self._used()[1]

    def broken_limit(self, limits: Limits) -> Mishap | None:
        """Which limit it is beyond, if any."""
        memory_bytes, computed_seconds = self._used()
        if memory_bytes > limits.memory_bytes:
            return Mishap.OUT_OF_MEMORY
        return Mishap.TOO_SLOW if computed_seconds - self._granted > limits.stuck_seconds else None

    def _used(self) -> tuple[int, float]:
        """Bytes of memory, and seconds of computing since it started; nothing of what has ended."""
        memory_bytes, computed_seconds = 0, 0.0
        try:
            for process in (self._process, *self._process.children(recursive=True)):
                memory_bytes += cast("int", process.memory_info().rss)
                times = process.cpu_times()
                computed_seconds += times.user + times.system
        except self._gone:
            pass
        return memory_bytes, computed_seconds
