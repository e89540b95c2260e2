"""Programs whose output is in files, so that it can be read after a kill too."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.nursery import Running, clean_environment, shared_nursery


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One process of the program; its output is in files."""

    running: Running
    out: Path
    err: Path

    def code(self) -> int | None:
        """The exit code, minus the signal's number if one ended it, or None while it lives."""
        return self.running.poll()

    def wait(self, seconds: float) -> int:
        try:
            return self.running.wait(seconds)
        except subprocess.TimeoutExpired:
            self.running.kill()
            raise AssertionError(f"The program did not end within {seconds:g} seconds.") from None

    def send(self, number: int) -> None:
        self.running.send_signal(number)


def start(words: Sequence[str], *, environment: Mapping[str, str], folder: Path, name: str) -> Child:
    """The program with this environment in addition to what is clean in the present one."""
    out, err = folder / f"{name}.out", folder / f"{name}.err"
    with out.open("wb") as to, err.open("wb") as complaints:
        running = shared_nursery().start(
            words,
            environment=clean_environment() | dict(environment),
            folder=folder,
            out=to.fileno(),
            err=complaints.fileno(),
        )
    return Child(running=running, out=out, err=err)
