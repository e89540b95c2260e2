"""The program as processes of its own, begun quickly: each is a fork of one process that has done the imports.

A plain start spends more than a second on imports. What is forked here (see `tests.support.zygote`) runs the program's
own `main` with arguments, environment, folder and streams of its own, and ends as any other process does.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Protocol, Self, cast

from tests.support.zygote import NUMBER

ROOT = Path(__file__).resolve().parents[2]


class Process(Protocol):
    """What tests ask of a process, however it was started."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]: ...
    def send_signal(self, sig: int, /) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class Running:
    """A fork that became the program; as a `subprocess.Popen[str]` with pipes for what was asked to be heard."""

    def __init__(self, nursery: Nursery, pid: int, end: int, pipes: Sequence[int]) -> None:
        self.pid, self.returncode = pid, cast("int | None", None)
        self._nursery, self._end = nursery, end
        self._readers = [_Reader(pipe) for pipe in pipes]

    def poll(self) -> int | None:
        """The exit code, minus the signal's number if one ended it, or None while it lives."""
        if self.returncode is None and select.select([self._end], [], [], 0)[0]:
            return self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._end], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("flireo-batch", timeout or 0.0)
            told = os.read(self._end, NUMBER.size)
            os.close(self._end)
            assert told, "the nursery itself has died"
            self.returncode = int(NUMBER.unpack(told)[0])
        return self.returncode

    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]:
        """What it wrote until it ended, to standard output and to standard error."""
        deadline = None if timeout is None else time.monotonic() + timeout
        for reader in self._readers:
            reader.join(None if deadline is None else max(deadline - time.monotonic(), 0.0))
            if reader.is_alive():
                raise subprocess.TimeoutExpired("flireo-batch", timeout or 0.0)
        self.wait(None if deadline is None else max(deadline - time.monotonic(), 0.0))
        out, err = (reader.text for reader in self._readers)
        return out, err

    def send_signal(self, sig: int) -> None:
        self._nursery.signal(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Reader(threading.Thread):
    """Empties a pipe, so that nobody waits because it is full."""

    def __init__(self, pipe: int) -> None:
        super().__init__(daemon=True)
        self._pipe, self.text = pipe, ""
        self.start()

    def run(self) -> None:
        with open(self._pipe, encoding="utf-8") as stream:  # noqa: PTH123 -- not a path
            self.text = stream.read()


class Nursery:
    """Starts processes of the program; a context manager, safe for several threads. On leaving, all are killed."""

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._zygote = subprocess.Popen(
                [sys.executable, "-m", "tests.support.zygote", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                # Else numpy starts threads, which a fork does not have.
                env=clean_environment() | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        self.pid = self._zygote.pid
        self._answer()
        return self

    def __exit__(self, *_: object) -> None:
        self._control.close()
        self._zygote.wait()

    def start(
        self,
        words: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        out: int | None = None,
        err: int | None = None,
    ) -> Running:
        """The program with this as its whole environment. Its output goes to these descriptors, or is kept."""
        with ExitStack() as given:
            nothing = given.enter_context(open(os.devnull, "rb"))  # noqa: PTH123 -- not a path
            end, tell = _pipe(given)
            pipes: list[int] = []
            streams = [nothing.fileno()]
            for asked in (out, err):
                if asked is None:
                    pipe, mouth = _pipe(given)
                    pipes.append(pipe)
                    streams.append(mouth)
                else:
                    streams.append(asked)
            told = {"words": list(words), "environment": dict(environment), "folder": str(folder)}
            pid = self._ask(told, [*streams, tell])
        return Running(self, pid, end, pipes)

    def signal(self, pid: int, number: int) -> None:
        """Signals one of its processes; nobody, if it has ended."""
        self._ask({"pid": pid, "number": number})

    def _ask(self, question: Mapping[str, object], fds: Sequence[int] = ()) -> int:
        text = json.dumps(question).encode()
        with self._lock:
            socket.send_fds(self._control, [NUMBER.pack(len(text))], fds)
            self._control.sendall(text)
            return self._answer()

    def _answer(self) -> int:
        answer = self._control.recv(NUMBER.size, socket.MSG_WAITALL)
        assert answer, "the nursery itself has died"
        return int(NUMBER.unpack(answer)[0])


def _pipe(given: ExitStack) -> tuple[int, int]:
    """To read from; and to write to, which is closed here once it was given."""
    read, write = os.pipe()
    given.callback(os.close, write)
    return read, write


@lru_cache(maxsize=1)
def shared_nursery() -> Nursery:
    """The nursery of this test process, begun when it is first needed."""
    nursery = Nursery()
    atexit.register(nursery.__exit__)
    return nursery.__enter__()


def clean_environment() -> dict[str, str]:
    """Without settings of this machine, and without coverage: what is killed cannot write its figures anyway."""
    strange = ("FLIREO_", "COVERAGE_", "COV_CORE_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(strange) and not name.lower().endswith("_proxy")
    }
