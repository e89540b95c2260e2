"""Kills a run at each of its fail points and lets a later run finish the job; `python -m tests.support.fire FOLDER`.

Each death is a process of its own, forked with everything imported already, against a sandbox that outlives it. The
answer is one JSON document on stdout: see `Report`.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.fail_points import Fire, light

if TYPE_CHECKING:  # imported by the fire itself, with hooks in it
    from batch.sandbox.serving import Embedded

FIRE = Fire()
ROWS = 6
ACCOUNT_KEY = "fl_test_sandbox"
_DEADLINE_SECONDS = 60.0
# It may depend on who is first whether a point is passed at all.
_REHEARSALS = 3
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What the API does to the run that is killed; faults are taken one by one, then all is well."""

    name: str
    create: Sequence[str | None] = ()
    list: Sequence[str | None] = ()
    companion: bool = False  # another run has the first row in hand, and dies when this one waits for it
    dead: bool = False  # that run died before this one begins
    shared: bool = False  # someone else uses the key all the time
    settings: Mapping[str, str] = field(default_factory=dict)


ONE = {"FLIREO_CONCURRENCY": "1"}
THREE = {"FLIREO_CONCURRENCY": "3"}
# How long a 429 that does not say how long is heeded: enough to be noticed. One that says so, says it in whole seconds,
# and nearly every death would take several of them.
HEEDED = {"FLIREO_RETRY_BASE_SECONDS": "0.05"}
SCENARIOS = (
    Scenario(
        name="answers get lost, until it looks like an outage",
        create=[
            "drop_after",
            None,
            "500_before",
            "429_bare",
            "drop_before",
            "id_missing_after",
            "503_after",
            "reset_after",
        ],
        list=[None, None, "503_before", None, "drop_after", "429_bare"],
        settings={**THREE, **HEEDED},
    ),
    Scenario(name="the API is down at first", list=["503_before", "drop_before", None, None]),
    Scenario(
        name="the list does not show yet what was made",
        create=[None, "drop_after", "drop_before"],
        list=[None, None, "blank"],
        settings=ONE,
    ),
    Scenario(name="an outage ends while several wait for it", create=["503_before"] * 6, settings=THREE),
    Scenario(
        name="the API asks to wait while all other rows wait for the only connection",
        create=["429_bare"] * 2,
        list=["429_bare"],  # for the first time, so that it is asked again before the pause is over
        settings={**ONE, **HEEDED},
    ),
    Scenario(name="another run has a row in hand and dies", companion=True, create=[None, "drop_after"], settings=ONE),
    Scenario(name="a run died before", companion=True, dead=True, settings=ONE),
    Scenario(
        name="someone else uses the key",
        shared=True,
        # So short a window that a reply tells what is left for but some milliseconds.
        settings={**THREE, "FLIREO_RATE_LIMIT": "200/0.5s"},
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """One kill and what came of it. `problem` is empty when all was well."""

    scenario: str
    location: str
    nth: int
    reached: bool
    problem: str


@dataclass(slots=True, kw_only=True)
class Report:
    """`found` by reading the program, `passed` in the scenarios without a death, and how every death ended."""

    found: list[str]
    passed: list[str]
    calls_that_commit: list[str]
    problems: list[str]
    deaths: list[Death]


def main(folder: Path, at_once: int, deaths_each: int) -> None:
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    light(FIRE)
    _get_ready()
    starts = [_in_child(partial(_rehearse, place, of)) for place, of in _placed(folder, "rehearsal")]
    rehearsals = list(_all(starts, at_once))
    plan = list(_plan([Counter(rehearsal["passed"]) for rehearsal in rehearsals], deaths_each))
    deaths = _all([_in_child(partial(_die, folder / f"death-{at}", *job)) for at, job in enumerate(plan)], at_once)
    report = Report(
        found=sorted(FIRE.found),
        passed=sorted({location for rehearsal in rehearsals for location in rehearsal["passed"]}),
        calls_that_commit=sorted(FIRE.calls_that_commit),
        problems=[problem for rehearsal in rehearsals for problem in rehearsal["problems"]],
        deaths=[Death(**death) for death in deaths],
    )
    sys.stdout.write(json.dumps(asdict(report)))


def _get_ready() -> None:
    """Everything that a run imports is imported before the forks, once for all of them."""
    from tests.support.forked_reader import fork_readers  # these import the program, now with hooks in it
    from tests.support.zygote import import_what_comes_late

    import_what_comes_late()
    fork_readers()
    gc.disable()


def _placed(folder: Path, name: str) -> Iterator[tuple[Path, Scenario]]:
    for number, scenario in enumerate(SCENARIOS):
        yield folder / f"{name}-{number}", scenario


def _plan(passed: Sequence[Counter[str]], deaths_each: int) -> Iterator[tuple[Scenario, str, int]]:
    """Every location in the scenario that passes it most often: the first time, and then evenly spread."""
    for scenario, counts in zip(SCENARIOS, passed, strict=True):
        for location in sorted(counts):
            if scenario is _surest(location, passed):
                times = counts[location]
                chosen = {1 + number * times // deaths_each for number in range(deaths_each)}
                yield from ((scenario, location, nth) for nth in sorted(chosen))


def _surest(location: str, passed: Sequence[Counter[str]]) -> Scenario:
    """Where it is passed most often: there it hardly depends on who happens to be first."""
    return SCENARIOS[max(range(len(passed)), key=lambda number: (passed[number][location], -number))]


# Processes


def _in_child(work: Callable[[], Mapping[str, object]]) -> Callable[[], tuple[int, int]]:
    """Starts `work` in a fork; its answer comes back as JSON through a pipe."""

    def start() -> tuple[int, int]:
        answer, mouth = os.pipe()
        child = os.fork()
        if child:
            os.close(mouth)
            return child, answer
        try:
            os.close(answer)
            with os.fdopen(mouth, "w") as stream:
                json.dump(work(), stream)
        except BaseException:  # noqa: BLE001 -- it must not go on as a second parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    return start


def _all(starts: Sequence[Callable[[], tuple[int, int]]], at_once: int) -> Iterator[dict[str, Any]]:
    running: list[tuple[int, int]] = []
    for start in starts:
        if len(running) >= at_once:
            yield _answer(*running.pop(0))
        running.append(start())
    while running:
        yield _answer(*running.pop(0))


def _answer(child: int, answer: int) -> dict[str, Any]:
    with os.fdopen(answer) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    found: dict[str, Any] = json.loads(text) if text else {}
    if not found:
        msg = "a process of the fire itself failed; its traceback is above"
        raise RuntimeError(msg)
    return found


class _Run:
    """The program, forked before the sandbox starts any thread; goes when told where the API is."""

    def __init__(self, folder: Path, log: Path | None, target: str = "", nth: int = 0) -> None:
        waiting, self._say = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._say)
            settings: dict[str, str] = json.loads(os.read(waiting, 65536) or "{}")
            if not settings:
                os._exit(0)
            _program(folder, settings, log, target, nth)
        os.close(waiting)

    def go(self, settings: Mapping[str, str]) -> None:
        os.write(self._say, json.dumps(dict(settings)).encode())
        os.close(self._say)

    def ended(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None


def _program(folder: Path, settings: Mapping[str, str], log: Path | None, target: str, nth: int) -> None:
    from batch.cli import main as program

    os.environ.update(settings)
    os.chdir(folder)
    out = os.open("out.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    FIRE.passed.clear()
    FIRE.target, FIRE.nth = target, nth
    FIRE.log = None if log is None else os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.argv = ["flireo-batch", "run", "customers.csv", "--json", "--format", "csv"]
    code = 0
    try:
        program()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 -- forked: nothing may get past here
        traceback.print_exc()
        code = 99
    sys.stdout.flush()
    os._exit(code)


# One scenario


def _rehearse(folder: Path, scenario: Scenario) -> dict[str, object]:
    """What the scenario passes at all, and how often at most; several times over."""
    most: Counter[str] = Counter()
    problems = []
    for number in range(_REHEARSALS):
        _, passed, problem = _play(folder / f"{number}", scenario)
        most |= Counter(passed)
        problems += [f"{scenario.name}: {problem}"] if problem else []
    return {"passed": most, "problems": problems}


def _die(folder: Path, scenario: Scenario, location: str, nth: int) -> dict[str, object]:
    reached, problem = False, ""
    for attempt in range(_ATTEMPTS):
        reached, _, problem = _play(folder / f"{attempt}", scenario, location, nth)
        if reached or problem:
            break
    return asdict(Death(scenario=scenario.name, location=location, nth=nth, reached=reached, problem=problem))


def _play(folder: Path, scenario: Scenario, target: str = "", nth: int = 0) -> tuple[bool, dict[str, int], str]:
    """The run that may be killed, then the run that finishes: whether it was killed, what it passed, what is wrong."""
    folder.mkdir(parents=True)
    log = folder / "passed.txt"
    _customers(folder / "customers.csv")
    first, second = _Run(folder, log, target, nth), _Run(folder, None)
    with _sandbox(scenario) as api:
        settings = _settings(folder, api.base_url)
        _set_faults(api, scenario)
        with ExitStack() as companion:
            if scenario.companion:
                _hold_a_row(companion, folder, settings)
            if scenario.dead:
                companion.close()
            if scenario.shared:
                companion.enter_context(_someone_else(api))
            first.go({**settings, **scenario.settings})
            code = _wait_for(first, lambda: _let_go(companion, log))
        _set_faults(api, Scenario(name="all is well"))
        second.go(settings)
        last = _wait_for(second)
        problem = _judged(folder, api, last)
    lines = log.read_text().splitlines() if log.exists() else []
    return code == -signal.SIGKILL, dict(Counter(lines)), problem


def _wait_for(run: _Run, meanwhile: Callable[[], None] = lambda: None) -> int:
    end = time.monotonic() + _DEADLINE_SECONDS
    while (code := run.ended()) is None:
        meanwhile()
        if time.monotonic() > end:
            os.kill(run.pid, signal.SIGABRT)
            os.waitpid(run.pid, 0)
            return -signal.SIGABRT
        time.sleep(0.005)
    return code


@contextmanager
def _sandbox(scenario: Scenario) -> Iterator[Embedded]:
    from batch.rate import RateLimit
    from batch.sandbox.options import SandboxOptions
    from batch.sandbox.serving import Embedded

    shared = SandboxOptions(rate_limit=RateLimit(requests=200, seconds=0.5), latency_seconds=0.02)
    with Embedded(shared if scenario.shared else SandboxOptions(rate_limit=None)) as api:
        yield api


@contextmanager
def _someone_else(api: Embedded) -> Iterator[None]:
    """Asks for lists with the same key until the context ends, at most for the time that a run may take."""
    import httpx

    enough = threading.Event()
    end = time.monotonic() + _DEADLINE_SECONDS

    def ask() -> None:
        headers = {"Authorization": f"Bearer {ACCOUNT_KEY}"}
        with httpx.Client(base_url=api.base_url, headers=headers, trust_env=False) as client:
            while time.monotonic() < end and not enough.is_set():
                client.get("/v1/verification-groups", params={"limit": 1})

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _set_faults(api: Embedded, scenario: Scenario) -> None:
    from batch.sandbox.faults import Endpoint, parse_fault
    from batch.sandbox.plans import FaultDesk

    desk = FaultDesk({})
    for endpoint, kinds in ((Endpoint.CREATE, scenario.create), (Endpoint.LIST, scenario.list)):
        desk.queue(endpoint, [None if kind is None else parse_fault(kind) for kind in kinds])
    api.state.faults = desk


def _settings(folder: Path, base_url: str) -> dict[str, str]:
    return {
        "FLIREO_BASE_URL": base_url,
        "FLIREO_API_KEY": ACCOUNT_KEY,
        "FLIREO_LEDGER": str(folder / "ledger.sqlite3"),
        "FLIREO_LOG_FILE": str(folder / "program.log.jsonl"),
        "FLIREO_RETRY_BASE_SECONDS": "0.01",
        "FLIREO_SETTLE_SECONDS": "0.02",
        "FLIREO_TIMEOUT_SECONDS": "0.3",  # a later run waits for it
        "FLIREO_RATE_LIMIT": "100000/minute",
        "FLIREO_MAX_WAIT_SECONDS": "30",
    }


def _customers(path: Path) -> None:
    from tests.support.program import named, write_csv

    write_csv(path, *named(ROWS))


def _hold_a_row(companion: ExitStack, folder: Path, settings: Mapping[str, str]) -> None:
    """A run that has begun to send the first row, and will die before it does."""
    from batch.ledger import Claim, open_ledger
    from batch.ledger.values import Entries
    from batch.pipeline.job import load_job
    from batch.pipeline.mapped import FileOptions
    from batch.pipeline.rules import load_rules
    from batch.rate import RateLimit
    from tests.support.line import Heard

    job = load_job(folder / "customers.csv", load_rules(None, "NL"), FileOptions(), Heard())
    ledger = companion.enter_context(closing(open_ledger(settings["FLIREO_LEDGER"])))
    scope = ledger.scope("default", settings["FLIREO_BASE_URL"], ACCOUNT_KEY)
    ledger.note_listed(scope, [])
    record = next(iter(job.records(scope, job.register.open)))
    companion.enter_context(ledger.running("companion", scope, "run", ["customers.csv"]))
    claim = Claim(fingerprint=record.fingerprint, group_key=record.group_key, source="customers.csv", row=2)
    ledger.commit(scope, "companion", RateLimit(requests=1000, seconds=60.0), Entries(claims=(claim,)))


def _let_go(companion: ExitStack, log: Path) -> None:
    if log.exists() and ":_wait_for_others:" in log.read_text():
        companion.close()


def _judged(folder: Path, api: Embedded, code: int) -> str:
    """What is wrong with what the sandbox has and the last results say; empty if nothing is."""
    made = Counter(str(group.body["name"]) for group in api.state.groups())
    wanted = Counter(f"Vestiging {number}" for number in range(1, ROWS + 1))
    if made != wanted:
        return f"groups made: {dict(made - wanted)} too many, {dict(wanted - made)} missing; {_last_words(folder)}"
    if code != 0:
        return f"the run that should finish the job ended with {code}: {_last_words(folder)}"
    told = _told_ids(folder)
    true = {str(group.body["name"]): group.id for group in api.state.groups()}
    return "" if told == true else f"the results say {told}, the server has {true}"


def _told_ids(folder: Path) -> dict[str, str]:
    import csv

    second = folder / "customers.results-2.csv"  # unless the first run died before it wrote its own
    with (second if second.exists() else folder / "customers.results.csv").open(
        encoding="utf-8-sig", newline=""
    ) as stream:
        return {row["name"]: row["requirement_group_id"] for row in csv.DictReader(stream)}


def _last_words(folder: Path) -> str:
    return (folder / "out.txt").read_text()[-1500:]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
