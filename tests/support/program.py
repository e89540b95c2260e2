"""The real program as a process, and its files read back."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from tests.support.line import FIELDS, Api
from tests.support.log_scan import scan, values_in
from tests.support.nursery import Process, shared_nursery

COMMAND = [sys.executable, "-m", "batch"]
KEY_WORDS = "fl_test_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def file(self) -> dict[str, Any]:
        """The only file of the document."""
        (only,) = self.json["files"]
        found: dict[str, Any] = only
        return found


@dataclass(slots=True, kw_only=True)
class Program:
    """The program in a folder of its own, with an account at a sandbox."""

    folder: Path
    api: Api | None = None
    settings: dict[str, str] = field(default_factory=dict)
    _scanned: int = 0
    _values: set[str] = field(default_factory=set)

    @property
    def log(self) -> Path:
        """Beside the folder, in which tests look at what is there."""
        return self.folder.with_name(f"{self.folder.name}.log.jsonl")

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FLIREO_")}
        account = {} if self.api is None else {"FLIREO_BASE_URL": self.api.url, "FLIREO_API_KEY": self.api.key}
        quick = {
            "FLIREO_LEDGER": str(self.folder / "ledger.sqlite3"),
            "FLIREO_RETRY_BASE_SECONDS": "0.01",
            "FLIREO_SETTLE_SECONDS": "0",
            "FLIREO_TIMEOUT_SECONDS": "1.5",  # what a rerun waits for after a kill, beside the settle time
            "FLIREO_RATE_LIMIT": "100000/minute",
            "FLIREO_LOG_FILE": str(self.log),
        }
        return {**kept, **quick, **account, **self.settings}

    def __call__(self, *words: object, timeout: float = 60.0) -> Done:
        process = self.start(*words)
        try:
            return self.finish(process, timeout)
        finally:
            process.kill()

    def start(self, *words: object) -> Process:
        environment = self.environment
        self._values |= values_in(path for word in words if (path := self.folder / str(word)).exists())
        if hasattr(os, "fork") and not _read_at_start(environment):
            told = list(map(str, words))
            return shared_nursery().start(told, environment=environment, folder=self.folder)
        return self.start_plainly(*words)

    def start_plainly(self, *words: object) -> subprocess.Popen[str]:
        """A start from nothing, imports and all."""
        return subprocess.Popen(
            [*COMMAND, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
        )

    def finish(self, process: Process, timeout: float = 60.0) -> Done:
        out, err = process.communicate(timeout=timeout)
        self.inspect_output(out + err)
        return Done(code=process.wait(), out=out, err=err)

    def inspect_output(self, text: str) -> None:
        """What must never be on a screen or in a log."""
        assert "Traceback" not in text
        key = self.environment.get("FLIREO_API_KEY")
        assert key is None or key not in text
        self.events()

    def events(self) -> list[dict[str, Any]]:
        """What was logged since this was asked last; looked through for what must not be there."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as stream:
            stream.seek(self._scanned)
            logged = stream.read()
        whole = logged[: logged.rfind(b"\n") + 1]
        self._scanned += len(whole)
        return scan(whole.decode(), self.environment.get("FLIREO_API_KEY"), self._values)


def _read_at_start(environment: Mapping[str, str]) -> bool:
    """Whether it differs from this process's in what an interpreter reads only when it starts."""
    names = {name for name in {*environment, *os.environ} if name.startswith(("PYTHON", "LANG", "LC_"))}
    return any(environment.get(name) != os.environ.get(name) for name in names)


def wait_until(holds: Any, seconds: float = 60.0) -> None:
    """Polls another process's doing; fails when it takes too long."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def interrupt(process: Process, number: int = signal.SIGINT) -> None:
    process.send_signal(number)


def write_csv(path: Path, *rows: dict[str, str]) -> Path:
    """A customer's file with these rows; what a row leaves out is as in FIELDS."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(FIELDS))
        writer.writeheader()
        writer.writerows({**FIELDS, **row} for row in rows)
    return path


def named(count: int, prefix: str = "Vestiging") -> list[dict[str, str]]:
    return [{"name": f"{prefix} {number}"} for number in range(1, count + 1)]


def sheet(path: Path | str, name: str | None = None) -> list[dict[str, Any]]:
    """A sheet of a workbook as rows by header, as text; the first sheet without a name."""
    book = openpyxl.load_workbook(path, data_only=False)
    try:
        rows = list((book[name] if name else book.worksheets[0]).iter_rows(values_only=True))
    finally:
        book.close()
    header = [str(cell) for cell in rows[0]]
    return [dict(zip(header, row, strict=False)) for row in rows[1:]]


def statuses(path: Path | str) -> list[str]:
    return [str(row["status"]) for row in sheet(path, "Results")]
