"""A process that has imported what the program imports, and forks: each fork becomes the program, as if it was started.

Told what to do through a socket by `tests.support.nursery`. It never runs the program itself, so that a fork finds
nothing but modules: no settings, no ledger, no loop, no thread.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.support.forked_reader import fork_readers

NUMBER = struct.Struct("!i")
# Standard input, output and error, and where the end is told.
_FDS = 4
# What libraries import only when they are used; what is not named here is imported by each fork for itself.
_LATE = (
    "anyio._backends._asyncio",
    "certifi",
    "encodings.cp437",
    "encodings.idna",
    "encodings.utf_8_sig",
    "httpcore",
    "openpyxl",
    "openpyxl.packaging.extended",
    "pandera.accessors.pandas_accessor",
    "pandera.backends.pandas.builtin_checks",
    "pandera.backends.pandas.builtin_hypotheses",
    "pandera.backends.pandas.container",
    "pandera.backends.pandas.register",
    "pandera.strategies.pandas_strategies",
    "phonenumbers.data.region_NL",
    "psycopg",
    "pyarrow.pandas_compat",
    "rich.progress",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "sqlite3",
    "typer._adapters",
    "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.h11_impl",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What a fork becomes: `python -m batch` with these words, here, with this environment and these streams."""

    words: list[str]
    environment: Mapping[str, str]
    folder: str
    streams: tuple[int, int, int]


@dataclass(slots=True)
class _Zygote:
    """`living` holds where the end of each child is told."""

    control: socket.socket
    living: dict[int, int] = field(default_factory=dict)

    def wait_to_be_born(self) -> _Order | None:
        """Serves until the other side hangs up; what it returns then is None, and in each fork what to become."""
        sleeper, waker = socket.socketpair()
        waker.settimeout(0)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno())
        self._answer(0)
        while True:
            ready, _, _ = select.select([self.control, sleeper], [], [])
            if sleeper in ready:
                sleeper.recv(4096)
                self._reap()
            if self.control in ready:
                told, fds = self._hear()
                if told is None:
                    self._end()
                    return None
                if "words" not in told:
                    self._signal(told["pid"], told["number"])
                elif self._bear(fds[:-1], fds[-1]):
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for end in (self.control, sleeper, waker):
                        end.close()
                    return _Order(**told, streams=(fds[0], fds[1], fds[2]))

    def _hear(self) -> tuple[dict[str, Any] | None, list[int]]:
        begun, fds, _, _ = socket.recv_fds(self.control, NUMBER.size, _FDS)
        if not begun:
            return None, []
        text = self.control.recv(NUMBER.unpack(begun)[0], socket.MSG_WAITALL)
        told: dict[str, Any] = json.loads(text)
        return told, fds

    def _bear(self, streams: list[int], tell: int) -> bool:
        """Whether this is the child."""
        pid = os.fork()
        if pid:
            self.living[pid] = tell
            # First, so that whoever hears of the child finds them open there alone.
            for fd in streams:
                os.close(fd)
            self._answer(pid)
            return False
        for fd in (*self.living.values(), tell):
            os.close(fd)
        return True

    def _signal(self, pid: int, number: int) -> None:
        """To nobody else: while a child is in `living`, it is not reaped, and its number not given away."""
        if pid in self.living:
            os.kill(pid, number)
        self._answer(0)

    def _reap(self) -> None:
        for pid in tuple(self.living):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                with suppress(BrokenPipeError):  # nobody wants to know any more
                    os.write(self.living[pid], NUMBER.pack(os.waitstatus_to_exitcode(status)))
                os.close(self.living.pop(pid))

    def _end(self) -> None:
        for pid in self.living:
            os.kill(pid, signal.SIGKILL)

    def _answer(self, number: int) -> None:
        self.control.sendall(NUMBER.pack(number))


def import_all() -> None:
    """The whole program, and what it imports on its way once it runs."""
    import batch

    for module in pkgutil.walk_packages(batch.__path__, "batch."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    import_what_comes_late()


def import_what_comes_late() -> None:
    """What libraries import once they are used; then this process is ready to be forked."""
    for name in _LATE:
        importlib.import_module(name)
    assert threading.active_count() == 1, "a fork would not have the other threads"
    gc.collect()
    gc.freeze()  # a collection in a fork need not look at, and so copy, what was imported


def _become(order: _Order) -> None:
    """What the system and the interpreter do at a start."""
    for target, stream in enumerate(order.streams):
        os.dup2(stream, target)
        os.close(stream)
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    time.tzset()
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, errors="backslashreplace", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.path[0] = order.folder
    sys.argv = ["flireo-batch", *order.words]


def main(control: int) -> None:
    import_all()
    fork_readers()
    # Until the program itself listens to it, this signal ends a fork silently, as it would have ended a plain start.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    order = _Zygote(socket.socket(fileno=control)).wait_to_be_born()
    if order is None:
        return
    _become(order)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    runpy.run_module("batch", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
