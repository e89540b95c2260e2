"""SIGINT and SIGTERM while nothing else listens: they end the program by an error that passes through all its code.

Native code may lose such an error, or tell it as one of its own: pydantic-core does both while it makes a validator.
So the signal is noted too, and it waits where modules are loaded and settings made, which is soon over. Where files are
read it is only noted: whoever reads looks for it, and what is known by then is written.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """What to do with the signals of this process; see `INTERRUPTS`."""

    def __init__(self) -> None:
        self.number: int | None = None
        self._held = False
        self._only_noted = False

    def listen(self) -> None:
        """From now on, until something else listens. A SIGINT that the shell has ignored stays ignored."""
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._on_signal)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within, the first signal waits for the end; the second does not."""
        outer = self._held
        self._held = True
        try:
            yield
        finally:
            self._held = outer
            if self.number is not None and not outer and not self._only_noted:
                self._strike(self.number)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Within, the first signal is only noted, for whoever looks at `number`; the second ends the program."""
        self._only_noted = True
        try:
            yield
        finally:
            self._only_noted = False

    def hear(self, number: int) -> None:
        """What another listener has heard, to be noted here; the second ends the program."""
        again = self.number is not None
        self.number = number
        if again:
            self._strike(number)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.hear(number)
        if not (self._held or self._only_noted):
            self._strike(number)

    def _strike(self, number: int) -> None:
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(code_of(number))


INTERRUPTS = Interrupts()


def code_of(number: int) -> int:
    """The exit code of a program that a signal has ended, as shells tell it."""
    return 128 + number
