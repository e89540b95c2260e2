"""SIGINT and SIGTERM during a run: the first asks for a halt, the second does not wait for answers any more."""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType
from typing import Protocol

from batch.cli.event_loop import new_event_loop
from batch.halt import Halt
from batch.interrupts import INTERRUPTS

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Work(Protocol):
    """The asynchronous middle of a command, which ends in order when it is asked to halt."""

    async def work(self) -> None: ...


class Conductor:
    """Drives the asynchronous middle of a command; see `pipeline.run.Drive`.

    Once it listens, a signal while files are still being read ends the reading, and a second one the program: nothing
    was sent. From the asynchronous middle on results are always written.
    """

    def __init__(self, halt: Halt) -> None:
        self._halt = halt
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._driven = False

    def listen(self) -> None:
        """From now on a signal asks for a halt; a run that has not begun to send then sends nothing."""
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)

    def __call__(self, work: Work) -> None:
        self.listen()
        self._driven = True
        # Not asyncio.run: it has a SIGINT handler of its own, which cancels where we want to settle.
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            self._loop = runner.get_loop()
            self._loop.run_until_complete(self._drive(work))
        self._loop = None

    async def _drive(self, work: Work) -> None:
        self._task = asyncio.current_task()
        try:
            await work.work()
        finally:
            self._task = None

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        again = self._halt.asked
        if not self._driven:
            self._halt.by_signal(number)
            INTERRUPTS.hear(number)  # whoever reads looks there
        elif self._loop is None:
            self._halt.by_signal(number)  # results are being written; that is soon done
        elif again:
            self._loop.call_soon_threadsafe(self._cancel)
        else:
            self._loop.call_soon_threadsafe(self._halt.by_signal, number)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


class NightWatch:
    """Signals during a night of many runs: between runs they are noted here, within one they halt that run too."""

    def __init__(self) -> None:
        self.number: int | None = None
        self._heard = threading.Event()

    def listen(self) -> None:
        for number in _SIGNALS:
            signal.signal(number, lambda number, _: self.hear(number))

    def hear(self, number: int | None) -> None:
        if number is not None and self.number is None:
            self.number = number
            self._heard.set()

    def sleep(self, seconds: float) -> None:
        """Sleeps, unless or until a signal comes."""
        self._heard.wait(seconds)

    def conductor(self, halt: Halt) -> Conductor:
        """For the next run of the night, already listening."""
        conductor = Conductor(halt)
        conductor.listen()
        if self.number is not None:
            halt.by_signal(self.number)
        return conductor

    def listen_again(self, halt: Halt) -> None:
        """After a run."""
        self.listen()
        self.hear(halt.signal)
