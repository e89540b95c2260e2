"""One seed burnt through: programs begun and killed until they end by themselves, then judged by the server's state."""

from __future__ import annotations

import json
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from batch.sandbox.groups import Maker, StoredGroup
from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import Embedded
from batch.sandbox.world import World
from tests.chaos.customers import CustomerFile, expected, make_files, mend, mended
from tests.chaos.nursery import Child, start
from tests.chaos.scenario import Scenario
from tests.chaos.verdict import Wrong, answers_true, is_settled, once_each

_ENDS_BY_ITSELF_SECONDS = 300.0  # a busy machine may need as long for thousands of rows
_SOFT_END_SECONDS = 20.0
_MOST_UNFINISHED = 40  # runs that end by themselves and leave something open; each must leave less to do
_POLL_SECONDS = 0.002
_FEW_ROWS = 40  # so few left to send that waiting for the results costs no other kill its rows
_EXPECTED_CODES = frozenset({0, 1, 4})


@dataclass(slots=True)
class Server:
    """The sandbox, which may die and come back with what it had made; in a thread, so that its state can be read."""

    options: SandboxOptions
    _embedded: Embedded = field(init=False)
    _posts_before: int = 0
    _requests_before: int = 0
    deaths: int = 0

    def __enter__(self) -> Self:
        self._embedded = Embedded(self.options).__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._embedded.stop()

    @property
    def world(self) -> World:
        return self._embedded.state

    @property
    def url(self) -> str:
        return self._embedded.base_url

    @property
    def key(self) -> str:
        return self._embedded.api_key

    @property
    def posts(self) -> int:
        return self._posts_before + self.world.posts_seen

    @property
    def reads(self) -> int:
        return self._requests_before + self.world.requests_seen - self.posts

    def groups(self) -> list[StoredGroup]:
        return self.world.groups()

    def die_and_come_back(self, away_seconds: float) -> None:
        port = int(self.url.rpartition(":")[2])
        self._embedded.stop()
        self._posts_before += self.world.posts_seen
        self._requests_before += self.world.requests_seen
        self.deaths += 1
        time.sleep(away_seconds)
        self._embedded = Embedded(self.options, port).__enter__()


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was done to the programs; `at` counts kills by the moment that was waited for."""

    kills: int = 0
    soft: int = 0
    starts: int = 0
    unfinished: int = 0
    at: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(slots=True, kw_only=True)
class Burning:
    """One scenario under way in a folder of its own."""

    scenario: Scenario
    folder: Path
    server: Server
    ledger: str
    tally: Tally = field(default_factory=Tally)
    wanted: set[str] = field(default_factory=set)

    def burn(self) -> Tally:
        """Raises Wrong where a promise is broken."""
        draw = random.Random(self.scenario.seed)
        s = self.scenario
        files = make_files(self.folder, count=s.files, rows=s.fire.rows, overlap=s.overlap, draw=draw)
        self.wanted = expected(row for file in files for row in file.valid)
        documents = self._stage("given", [file.path for file in files], kills=s.fire.kills * 4 // 5)
        self._mended(documents[0], files)
        self._nothing_more([file.path for file in files])
        return self.tally

    def _mended(self, document: dict[str, Any], files: Sequence[CustomerFile]) -> None:
        """The failed files, edited by a person, are run in their turn."""
        paths: list[Path] = []
        lacking = 0
        for file in document["files"]:
            if file["failed_file"] is not None:
                paths.append(self.folder / f"verbeterd-{len(paths) + 1}.csv")
                lacking += mend(Path(file["failed_file"]), paths[-1])
        if sum(len(file.rows) - len(file.valid) for file in files) != lacking:
            raise Wrong(f"the failed files have {lacking} of the invalid rows")
        if lacking:
            self.wanted = expected(mended(row) for file in files for row in file.rows)
            self._stage("mended", paths, kills=self.scenario.fire.kills - self.tally.kills)

    def _nothing_more(self, paths: Sequence[Path]) -> None:
        """When all is done, the same files cost no POST, and nothing is in doubt."""
        before = self.server.posts
        self._run_to_end(0, paths, random.Random(0), _Budget(0), "again")
        if self.server.posts != before:
            raise Wrong(f"{self.server.posts - before} rows were sent again by a run that had nothing to do")
        child = self._start(["history", "--json"], "history")
        child.wait(_ENDS_BY_ITSELF_SECONDS)
        in_doubt = json.loads(child.out.read_text())["in_doubt"]
        if in_doubt:
            raise Wrong(f"{len(in_doubt)} rows are in doubt after all, for example {in_doubt[0]}")

    def _stage(self, name: str, paths: Sequence[Path], *, kills: int) -> list[dict[str, Any]]:
        """All programs on these files until each ends by itself with nothing left open."""
        seed, programs = self.scenario.seed, self.scenario.programs
        budget = _Budget(kills)
        stop = threading.Event()
        with ThreadPoolExecutor(programs + 1) as threads:
            breaker = threads.submit(self._break_server, stop)
            try:
                ends = [
                    threads.submit(
                        self._run_to_end, number, paths, random.Random(f"{seed}/{name}/{number}"), budget, name
                    )
                    for number in range(programs)
                ]
                documents = [end.result() for end in ends]
            finally:
                stop.set()
                breaker.result()
        once_each(self.server.groups(), self.wanted, whole=True)
        return documents

    def _break_server(self, stop: threading.Event) -> None:
        draw = random.Random(f"{self.scenario.seed}/server")
        for _ in range(self.scenario.restarts_of_server):
            if stop.wait(draw.uniform(0.5, 4.0)):
                return
            self.server.die_and_come_back(draw.uniform(0.05, 0.4))

    def _run_to_end(
        self, number: int, paths: Sequence[Path], draw: random.Random, budget: _Budget, stage: str
    ) -> dict[str, Any]:
        """The answer of the run that ended by itself and left nothing open."""
        for attempt in range(budget.kills + _MOST_UNFINISHED):
            child = self._start(self._words(paths), f"{stage}-{number}-{attempt}")
            killed = budget.any_left and self._torment(child, draw, budget)
            if killed:
                budget.spend()
            code = child.wait(_ENDS_BY_ITSELF_SECONDS)
            once_each(self.server.groups(), self.wanted, whole=False)
            self._said_nothing_wrong(child, code, killed=killed)
            document = self._answer(child, killed=killed)
            if document is not None and is_settled(answers_true(document, self.server.groups())):
                return document
            self.tally.unfinished += not killed
        raise Wrong(f"program {number} still has something to do after {_MOST_UNFINISHED} undisturbed runs")

    def _said_nothing_wrong(self, child: Child, code: int, *, killed: bool) -> None:
        self.tally.codes[code] += 1
        said = child.err.read_text()
        if "Traceback" in said or "should not" in said or self.server.key in said:
            raise Wrong(f"the program said: {said}")
        if code not in _EXPECTED_CODES and not killed:
            raise Wrong(f"the program ended by itself with code {code}, saying: {said}")

    def _answer(self, child: Child, *, killed: bool) -> dict[str, Any] | None:
        """What the run wrote at its end; a run that was killed may not have come so far."""
        text = child.out.read_text()
        if not text.endswith("}\n"):
            if not killed:
                raise Wrong(f"the program ended by itself without an answer, saying: {child.err.read_text()}")
            return None
        document: dict[str, Any] = json.loads(text)
        return document

    def _start(self, words: Sequence[str], name: str) -> Child:
        environment = {
            **self.scenario.environment(),
            "FLIREO_BASE_URL": self.server.url,
            "FLIREO_API_KEY": self.server.key,
            "FLIREO_LEDGER": self.ledger,
            "FLIREO_LOG_FILE": str(self.folder / "program.log.jsonl"),
            "XDG_CONFIG_HOME": str(self.folder),
            "XDG_STATE_HOME": str(self.folder),
        }
        self.tally.starts += 1
        return start(words, environment=environment, folder=self.folder, name=name)

    def _words(self, paths: Sequence[Path]) -> list[str]:
        form = "xlsx" if self.scenario.workbook else "csv"
        return ["run", *map(str, paths), "--json", "--format", form, "--failed-format", "csv"]

    def _torment(self, child: Child, draw: random.Random, budget: _Budget) -> bool:
        """Ends the child at a random moment, unless it ends before that; whether it did."""
        name, moment = self._moment(draw, budget)
        while not moment():
            if child.code() is not None:
                return False
            time.sleep(_POLL_SECONDS)
        time.sleep(draw.uniform(0.0, 0.01))
        soft = draw.random() < self.scenario.soft_share
        with self.tally.lock:
            self.tally.at[name] += 1
            self.tally.soft += soft
            self.tally.kills += not soft
        if not soft:
            child.send(signal.SIGKILL)
            return True
        return self._ask_to_end(child, draw)

    def _ask_to_end(self, child: Child, draw: random.Random) -> bool:
        child.send(draw.choice([signal.SIGINT, signal.SIGTERM]))
        if draw.random() < 0.5:  # an impatient person
            time.sleep(draw.uniform(0.0, 0.05))
            if child.code() is None:
                child.send(draw.choice([signal.SIGINT, signal.SIGKILL]))
        child.wait(_SOFT_END_SECONDS)
        return True

    def _moment(self, draw: random.Random, budget: _Budget) -> tuple[str, Callable[[], bool]]:
        """What to wait for: rows that were sent, list requests (a reconcile), results being written, or just time.

        However long that takes, a kill comes before more rows were sent than its share of what is left; so there is
        something left to send until the last kill. Only the writing of results is waited for to the end of a run.
        """
        left = len(self.wanted) - sum(group.maker is Maker.API for group in self.server.groups())
        share = max(1.0, left / max(1, budget.left))
        kinds = {"posts": 10, "reads": 4, "time": 3, "writing": 1 if left <= _FEW_ROWS else 0}
        kind = draw.choices(list(kinds), list(kinds.values()))[0]
        enough = _reaches(lambda: self.server.posts, 1 + int(2 * share))
        if kind == "posts":
            return kind, _reaches(lambda: self.server.posts, 1 + int(draw.uniform(0, share)))
        if kind == "reads":
            read = _reaches(lambda: self.server.reads, draw.randint(1, 8))
            return kind, lambda: read() or enough()
        if kind == "writing":
            return kind, lambda: any(
                any(folder.iterdir()) for folder in self.folder.glob(".*flireo-partial") if folder.is_dir()
            )
        end = time.monotonic() + draw.uniform(0.0, 1.0)
        return kind, lambda: time.monotonic() >= end or enough()


def _reaches(count: Callable[[], int], more: int) -> Callable[[], bool]:
    goal = count() + more
    return lambda: count() >= goal


class _Budget:
    """How many kills are left, shared by the programs of a stage."""

    def __init__(self, kills: int) -> None:
        self.kills = kills
        self.left = kills

    @property
    def any_left(self) -> bool:
        return self.left > 0

    def spend(self) -> None:
        self.left -= 1
