"""SIGINT and SIGTERM during a run: the first asks for a halt, the second does not wait for answers any more."""

from __future__ import annotations

import asyncio
import signal
from types import FrameType

from batch.halt import Halt
from batch.pipeline.batch_run import BatchRun

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Conductor:
    """Drives the asynchronous middle of a run; see `pipeline.run.Drive`.

    Before it, a signal simply ends the program: nothing was sent. From then on results are always written.
    """

    def __init__(self, halt: Halt) -> None:
        self._halt = halt
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def __call__(self, work: BatchRun) -> None:
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)
        # Not asyncio.run: it has a SIGINT handler of its own, which cancels where we want to settle.
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._loop.run_until_complete(self._drive(work))
        self._loop = None

    async def _drive(self, work: BatchRun) -> None:
        self._task = asyncio.current_task()
        try:
            await work.work()
        finally:
            self._task = None

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        again = self._halt.asked
        if self._loop is None:
            self._halt.by_signal(number)  # results are being written; that is soon done
        elif again:
            self._loop.call_soon_threadsafe(self._cancel)
        else:
            self._loop.call_soon_threadsafe(self._halt.by_signal, number)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
