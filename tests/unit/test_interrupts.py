"""A signal that ends the program: at once, or after what would lose it; and never twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from batch.cli import signals
from batch.cli.signals import Conductor
from batch.halt import Halt
from batch.interrupts import Interrupts

BOTH = pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)], ids=["INT", "TERM"]
)


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupts = Interrupts()
    interrupts.listen()
    yield interrupts
    for number, handler in before.items():
        signal.signal(number, handler)


@BOTH
def test_a_signal_strikes_at_once(interrupts: Interrupts, number: int, error: type[BaseException]) -> None:
    with pytest.raises(error):
        signal.raise_signal(number)
    assert interrupts.number == number


@BOTH
def test_a_held_signal_strikes_at_the_end(interrupts: Interrupts, number: int, error: type[BaseException]) -> None:
    done = []

    def work() -> None:
        with interrupts.held():
            with interrupts.held():
                signal.raise_signal(number)
                done.append("inner")
            done.append("outer")

    with pytest.raises(error):
        work()
    assert done == ["inner", "outer"]


@BOTH
def test_a_second_signal_does_not_wait(interrupts: Interrupts, number: int, error: type[BaseException]) -> None:
    with suppress(error), interrupts.held():
        signal.raise_signal(number)
        with pytest.raises(error):
            signal.raise_signal(number)


@BOTH
def test_where_it_is_only_noted_the_second_signal_ends_the_program(
    interrupts: Interrupts, number: int, error: type[BaseException]
) -> None:
    with interrupts.noted():
        with interrupts.held():
            signal.raise_signal(number)
        assert interrupts.number == number
        with pytest.raises(error):
            signal.raise_signal(number)


@BOTH
def test_a_run_that_reads_is_halted_by_the_first_signal_and_ended_by_the_second(
    interrupts: Interrupts, monkeypatch: pytest.MonkeyPatch, number: int, error: type[BaseException]
) -> None:
    monkeypatch.setattr(signals, "INTERRUPTS", interrupts)
    halt = Halt()
    Conductor(halt).listen()
    signal.raise_signal(number)
    assert (halt.signal, interrupts.number) == (number, number)
    with pytest.raises(error):
        signal.raise_signal(number)


def test_held_without_a_signal_is_nothing(interrupts: Interrupts) -> None:
    with interrupts.held():
        pass
    assert interrupts.number is None


def test_a_signal_that_the_shell_has_ignored_stays_ignored() -> None:
    script = """
import os, signal
from batch.interrupts import Interrupts
signal.signal(signal.SIGINT, signal.SIG_IGN)
Interrupts().listen()
os.kill(os.getpid(), signal.SIGINT)
print("still here")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (0, "still here\n")


_LOST = """
import os, signal, sys
from batch.interrupts import INTERRUPTS

def lose(*_, **__):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000): pass
    except BaseException:  # as native code does that passes over whatever goes wrong
        pass
    return {}

INTERRUPTS.listen()
"""


@pytest.mark.parametrize(
    "within",
    [
        "from batch.cli.loading import loading\nwith loading():\n    lose()",
        "from batch import settings\nsettings.SettingsConfigDict = lose\nsettings.load_settings()",
    ],
    ids=["imports", "settings"],
)
def test_code_that_loses_errors_does_not_lose_a_signal(within: str) -> None:
    """pydantic-core passes over an error that strikes it: of 50 interrupts while it made a model, one was lost."""
    command = [sys.executable, "-c", f"{_LOST}{within}\nprint('went on')"]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (143, "", "")
