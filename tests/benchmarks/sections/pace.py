"""Keeping a rate limit: one job, and two jobs on one key that know nothing of each other but what a ledger tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.bench import Bench, Subject
from tests.benchmarks.cost import Cost, Running
from tests.benchmarks.inputs import csv_file
from tests.benchmarks.peers import PEERS
from tests.benchmarks.senders import OWN_SENDER, VENDOR_POLICY, Job, Sender
from tests.benchmarks.servers import sandbox

SENDERS = (OWN_SENDER, *PEERS, VENDOR_POLICY)
WINDOWS = ("sliding", "fixed")
_MOST_SECONDS = 600.0


def case_name(jobs: int, rows: int, window: str) -> str:
    return f"{rows} rows, {window} window" if jobs == 1 else f"{jobs} jobs of {rows // jobs} rows, {window} window"


def measure(bench: Bench) -> None:
    if not bench.scale.pace_rows:
        return
    for jobs in (1, 2):
        for window in WINDOWS:
            subjects = [_pacing(bench, sender, jobs, window) for sender in SENDERS]
            bench.measure(case_name(jobs, bench.scale.pace_rows, window), subjects)


def _pacing(bench: Bench, sender: Sender, jobs: int, window: str) -> Subject:
    limit, rows = bench.scale.pace_limit, bench.scale.pace_rows
    each = rows // jobs
    files = [csv_file(bench.inputs, each, first=1 + each * number) for number in range(jobs)]

    def act(folder: Path, _run: int) -> tuple[Cost, Mapping[str, float]]:
        with sandbox({"rate-limit": str(limit), "window": window}) as server:
            running = []
            for number, path in enumerate(files):
                own = folder / str(number)
                own.mkdir()
                job = Job(python=bench.python, file=path, folder=own, url=server.url, key=server.key, pace=limit)
                shared = replace(job, ledger=folder / "ledger.sqlite3")
                sender.prepare(shared)
                command, variables = sender.command(shared), sender.environment(shared)
                running.append(Running(command, folder=own, environment=variables, name="sender"))
            spent = together([one.wait(_MOST_SECONDS) for one in running])
            seen = server.seen([f"Vestiging {number}" for number in range(1, each * jobs + 1)])
        span = seen.last_request_at - seen.first_request_at
        least = (rows - 1) // limit.requests * limit.seconds
        figures = {
            "over_least": span / least if least else 0.0,
            "throttled": seen.throttled,
            "duplicates": seen.duplicates,
            "missing": seen.missing,
            "requests": seen.requests,
        }
        return spent, figures

    return Subject(name=sender.name, act=act, home=sender.home, package=sender.package)


def together(costs: list[Cost]) -> Cost:
    """What several commands cost that ran at the same time; the worst exit code of them."""
    return Cost(
        wall_seconds=max(cost.began_at + cost.wall_seconds for cost in costs) - min(cost.began_at for cost in costs),
        cpu_seconds=sum(cost.cpu_seconds for cost in costs),
        peak_bytes=sum(cost.peak_bytes for cost in costs),
        exit_code=max((cost.exit_code for cost in costs), key=abs),
        began_at=min(cost.began_at for cost in costs),
    )
