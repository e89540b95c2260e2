"""Starts the loopback server of a run as a process of its own, and asks it afterwards what it saw."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from batch.sandbox.options import DEFAULT_KEY
from tests.benchmarks.cost import Running

ROOT = Path(__file__).resolve().parents[2]
_POLL_SECONDS = 0.01
_TOO_MANY = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the server counted. Times are Unix seconds; 0.0 where there was none such."""

    groups: int
    duplicates: int
    missing: int
    posts: int
    requests: int
    throttled: int
    first_post_at: float
    last_post_at: float
    first_request_at: float
    last_request_at: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server under way."""

    url: str
    key: str
    _process: subprocess.Popen[str] = field(repr=False)
    _cpu_before: float

    def seen(self, names: Collection[str]) -> Seen:
        """`names` are those of the rows that had to become groups, each once."""
        made = Counter(str(group["body"]["name"]) for group in self._ask("groups")["groups"])
        requests = self._ask("requests")["requests"]
        posts = sorted(float(request["at"]) for request in requests if request["method"] == "POST")
        times = sorted(float(request["at"]) for request in requests)
        return Seen(
            groups=made.total(),
            duplicates=made.total() - len(made),
            missing=sum(name not in made for name in names),
            posts=len(posts),
            requests=len(times),
            throttled=sum(request["status"] == _TOO_MANY for request in requests),
            first_post_at=posts[0] if posts else 0.0,
            last_post_at=posts[-1] if posts else 0.0,
            first_request_at=times[0] if times else 0.0,
            last_request_at=times[-1] if times else 0.0,
            cpu_seconds=_cpu_seconds(self._process.pid) - self._cpu_before,
        )

    def meet(self, faults: Sequence[str | None]) -> None:
        """The next POSTs meet these faults of the sandbox, one each."""
        body = json.dumps({"next": {"create": list(faults)}}).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/faults", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=60):
            pass

    def wait_for_posts(self, count: int, running: Running, most_seconds: float = 120.0) -> bool:
        """Whether so many came in before the command ended."""
        end = time.monotonic() + most_seconds
        while time.monotonic() < end and running.alive:
            if int(self._ask("groups?account=none")["posts"]) >= count:
                return True
            time.sleep(_POLL_SECONDS)
        return False

    def _ask(self, what: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/_sandbox/{what}", timeout=120) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found


def _cpu_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@contextmanager
def fast_server(latency_seconds: float = 0.0) -> Iterator[Server]:
    """One that answers at once, or after so long."""
    with _started(["-m", "tests.benchmarks.fast_server", "--latency", str(latency_seconds)]) as server:
        yield server


@contextmanager
def sandbox(options: Mapping[str, str]) -> Iterator[Server]:
    """The project's own double of the API, with these flags of `flireo-batch sandbox`."""
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    with _started(["-m", "batch", "sandbox", *words]) as server:
        yield server


@contextmanager
def _started(words: Sequence[str]) -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        url = _url(process.stdout.readline())
        yield Server(url=url, key=DEFAULT_KEY, _process=process, _cpu_before=_cpu_seconds(process.pid))
    finally:
        process.kill()
        process.communicate()


def _url(line: str) -> str:
    """The first address in what a server says when it is ready."""
    found = [word.rstrip(";") for word in line.split() if word.startswith("http://127.0.0.1:")]
    assert found, f"the server did not start: {line!r}"
    return found[0]
