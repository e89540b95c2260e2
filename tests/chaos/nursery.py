"""The program as processes of its own, begun quickly: each is a fork of one process that has done the imports.

A kill that comes within two seconds of a plain start hits nothing but imports. What is forked here runs the program's
own `main` with arguments, environment and folder of its own, and dies by a signal like any other process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
_POLL_SECONDS = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One process of the program; its output is in files."""

    nursery: Nursery
    pid: int
    out: Path
    err: Path

    def code(self) -> int | None:
        """The exit code, minus the signal's number if one ended it, or None while it lives."""
        return self.nursery.poll(self.pid)

    def wait(self, seconds: float) -> int:
        end = time.monotonic() + seconds
        while (code := self.code()) is None:
            if time.monotonic() > end:
                self.send(signal.SIGKILL)
                raise AssertionError(f"The program did not end within {seconds:g} seconds.")
            time.sleep(_POLL_SECONDS)
        return code

    def send(self, number: int) -> None:
        """Signals the process; safe, because a process that ended is not reaped before its code was asked for."""
        os.kill(self.pid, number)


class Nursery:
    """Starts children; a context manager, safe for several threads. On leaving, children that still live are killed."""

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._ended: dict[int, int] = {}
        self._living: set[int] = set()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=_clean_environment() | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        )
        assert self._ask({"ping": True}) == {"pong": True}
        return self

    def __exit__(self, *_: object) -> None:
        for pid in tuple(self._living):
            if self.poll(pid) is None:
                os.kill(pid, signal.SIGKILL)
        self._process.communicate()

    def start(self, words: Sequence[str], *, environment: Mapping[str, str], folder: Path, name: str) -> Child:
        out, err = folder / f"{name}.out", folder / f"{name}.err"
        for path in (out, err):
            path.write_bytes(b"")  # a child that is killed at once may not come so far
        told = {"words": list(words), "environment": dict(environment), "folder": str(folder)}
        pid = int(self._ask({"start": {**told, "out": str(out), "err": str(err)}})["pid"])
        self._living.add(pid)
        return Child(nursery=self, pid=pid, out=out, err=err)

    def poll(self, pid: int) -> int | None:
        if pid not in self._ended:
            code = self._ask({"poll": pid})["code"]
            if code is None:
                return None
            self._ended[pid] = int(code)
            self._living.discard(pid)
        return self._ended[pid]

    def _ask(self, question: Mapping[str, object]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with self._lock:
            stdin.write(json.dumps(question) + "\n")
            stdin.flush()
            answer: dict[str, Any] = json.loads(stdout.readline())
        return answer


def _clean_environment() -> dict[str, str]:
    """Without settings of this machine, and without coverage: what is killed cannot write its figures anyway."""
    strange = ("FLIREO_", "COVERAGE_", "COV_CORE_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(strange) and not name.lower().endswith("_proxy")
    }


def _serve() -> None:
    """Answers questions on standard input until it ends; a child leaves this function and runs the program."""
    import_all()
    for line in iter(sys.stdin.readline, ""):
        question = json.loads(line)
        if "start" in question:
            pid = os.fork()
            if pid == 0:
                _become(question["start"])
                return
            _answer({"pid": pid})
        elif "poll" in question:
            ended, status = os.waitpid(question["poll"], os.WNOHANG)
            _answer({"code": os.waitstatus_to_exitcode(status) if ended else None})
        else:
            _answer({"pong": True})


def import_all() -> None:
    """What a run imports on its way, in any order."""
    import importlib

    for name in (
        "batch.cli.app",
        "batch.cli.batches",
        "batch.cli.reports",
        "batch.reading.source",
        "batch.results",
        "httpx",
        "openpyxl",
        "pandera.pandas",
        "phonenumbers",
        "sqlalchemy.dialects.postgresql",
        "sqlalchemy.dialects.sqlite",
    ):
        importlib.import_module(name)


def _answer(answer: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _become(told: Mapping[str, Any]) -> None:
    from batch.cli import main

    # Until `main` is reached, a signal ends the child silently, as it would have ended a plain start.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for target, path, mode in (
        (0, os.devnull, os.O_RDONLY),
        (1, told["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, told["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(path, mode, 0o600)
        os.dup2(opened, target)
        os.close(opened)
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    sys.argv = ["flireo-batch", *told["words"]]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()


if __name__ == "__main__":
    _serve()
