"""The pace, measured against a sandbox that counts as the vendor does: how many 429s, how far from the best time."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx

from batch.rate import RateLimit
from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import Embedded
from batch.sandbox.windows import WindowKind
from batch.sandbox.world import LoggedRequest, World
from tests.chaos.nursery import start
from tests.support.program import named, write_csv

LIMIT = RateLimit(requests=100, seconds=3.0)
_TOO_MANY = 429
_ENOUGH_SECONDS = 180.0
_WORST_SHARE = 0.03
_HANDFUL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the server saw. `seconds` run from its first to its last request; `best_seconds` is the least that the limit
    allows for as many; `longest_gap_seconds` is the longest time in which it saw none of ours.
    """

    codes: tuple[int, ...]
    created: int
    requests: int
    refused: int
    seconds: float
    best_seconds: float
    longest_gap_seconds: float

    @property
    def over(self) -> float:
        """The share of time beyond the best."""
        return self.seconds / self.best_seconds - 1 if self.best_seconds else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One measurement: `rows` for each of `programs`; a foreign client that asks every so many seconds (0: none)."""

    name: str
    window: WindowKind = WindowKind.SLIDING
    limit: RateLimit = LIMIT
    rows: int = 800
    programs: int = 1
    skew_seconds: float = 0.0
    foreign_every_seconds: float = 0.0


CASES = (
    Case(name="alone, sliding window"),
    Case(name="alone, fixed window", window=WindowKind.FIXED),
    Case(name="alone, window opened by the first request", window=WindowKind.OPENED),
    Case(name="alone, server's clock an hour ahead", skew_seconds=3600.0),
    Case(name="alone, server's clock 90 s behind, fixed window", window=WindowKind.FIXED, skew_seconds=-90.0),
    Case(name="two programs on one key, sliding window", rows=400, programs=2),
    Case(name="two programs on one key, fixed window", window=WindowKind.FIXED, rows=400, programs=2),
    Case(name="a foreign client takes 1 in 5, sliding window", rows=500, foreign_every_seconds=0.15),
    Case(
        name="a foreign client takes 1 in 5, fixed window",
        window=WindowKind.FIXED,
        rows=500,
        foreign_every_seconds=0.15,
    ),
)


def measure(case: Case, folder: Path) -> Pace:
    """Runs the case's programs, each with a file of its own, and reads the server's log."""
    options = SandboxOptions(rate_limit=case.limit, window=case.window, clock_skew_seconds=case.skew_seconds)
    with Embedded(options) as server, _foreigner(server, case):
        environment = {
            "FLIREO_BASE_URL": server.base_url,
            "FLIREO_API_KEY": server.api_key,
            "FLIREO_LEDGER": str(folder / "ledger.sqlite3"),
            "FLIREO_LOG_FILE": str(folder / "program.log.jsonl"),
            "FLIREO_RATE_LIMIT": str(case.limit),
            "XDG_CONFIG_HOME": str(folder),
        }
        children = []
        for number in range(case.programs):
            path = write_csv(folder / f"klant-{number}.csv", *named(case.rows, f"Klant {number}"))
            words = ["run", str(path), "--json", "--quiet", "--format", "csv"]
            children.append(start(words, environment=environment, folder=folder, name=f"program-{number}"))
        codes = tuple(child.wait(_ENOUGH_SECONDS) for child in children)
        created = sum(json.loads(child.out.read_text())["files"][0]["counts"]["created"] for child in children)
        return _pace(case, codes, created, server.state)


def _pace(case: Case, codes: tuple[int, ...], created: int, world: World) -> Pace:
    everyone = sorted(world.requests, key=lambda request: request.at)
    ours = [request for request in everyone if not _is_foreign(request)]
    times = [request.at for request in ours]
    # Under foreign load the server's places are shared: what the foreigner got counts as used.
    used = [request for request in everyone if request.status != _TOO_MANY and request.at <= times[-1]]
    return Pace(
        codes=codes,
        created=created,
        requests=len(ours),
        refused=sum(request.status == _TOO_MANY for request in ours),
        seconds=times[-1] - times[0],
        best_seconds=(len(used) - 1) // case.limit.requests * case.limit.seconds,
        longest_gap_seconds=max((after - before for before, after in pairwise(times)), default=0.0),
    )


def _is_foreign(request: LoggedRequest) -> bool:
    return "status=rejected" in request.query


@contextmanager
def _foreigner(server: Embedded, case: Case) -> Iterator[None]:
    """Someone else with the same key, who asks for lists in a rhythm of their own; known by their filter."""
    if not case.foreign_every_seconds:
        yield
        return
    stop = threading.Event()

    def act() -> None:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        with httpx.Client(base_url=server.base_url, headers=headers, trust_env=False) as client:
            while not stop.wait(case.foreign_every_seconds):
                client.get("/v1/verification-groups", params={"limit": 1, "status": "rejected"})

    thread = threading.Thread(target=act, name="foreigner", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def measure_all(say: Callable[[str], None] = print) -> int:
    """Measures every case and says what came of it; 1 if one breaks a bound of the issue, else 0."""
    broken = 0
    began = time.monotonic()
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            pace = measure(case, Path(folder))
        faults = shortcomings(case, pace)
        broken += bool(faults)
        say(
            f"{case.name}: {pace.requests} requests, {pace.refused} times 429, {pace.seconds:.2f} s for"
            f" {pace.best_seconds:.2f} s at best ({pace.over:+.1%}), longest gap {pace.longest_gap_seconds:.2f} s"
            + "".join(f"\n  FAILED: {fault}" for fault in faults)
        )
    say(f"{len(CASES)} cases in {time.monotonic() - began:.0f} s")
    return 1 if broken else 0


def shortcomings(case: Case, pace: Pace) -> list[str]:
    """Which of the issue's bounds were not kept."""
    alone = not case.foreign_every_seconds
    bounds = {
        "a row was not created": pace.created == case.rows * case.programs,
        "a program did not end with 0": set(pace.codes) == {0},
        "there were 429s": pace.refused <= (0 if alone else _HANDFUL),
        "it took more than 3% over the best time": not alone or pace.over <= _WORST_SHARE,
        "it stalled": pace.longest_gap_seconds <= case.limit.seconds * 1.5,
    }
    return [text for text, kept in bounds.items() if not kept]
