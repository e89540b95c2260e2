"""Sending with no limit: this program, its peers and the ceilings, against a server that answers at once or slowly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks import cost
from tests.benchmarks.bench import Bench, Subject
from tests.benchmarks.cost import Cost
from tests.benchmarks.environments import environment
from tests.benchmarks.inputs import csv_file
from tests.benchmarks.peers import PEERS
from tests.benchmarks.senders import BARE_AIOHTTP, BARE_HTTPX, OWN, OWN_SENDER, Job, Sender, plain_environment
from tests.benchmarks.servers import Seen, fast_server

SENDERS = (OWN_SENDER, *PEERS, BARE_HTTPX, BARE_AIOHTTP)
HELP = "--help"
SMALL = "a small file"
_TOO_SLOW_FOR_MANY = frozenset({"Newman"})  # ten minutes a run, and memory that grows with the rows
_MANY = 20_000
MOST_RUNS_OF_MANY = 5  # of minutes each, whatever is asked for


def at_once(rows: int) -> str:
    return f"{rows:,} rows, answered at once"


def slowly(seconds: float) -> str:
    return f"answered after {seconds * 1000:.0f} ms"


def measure(bench: Bench) -> None:
    scale = bench.scale
    bench.measure(HELP, _helps(bench))
    if scale.few_rows:
        bench.measure(SMALL, [_sending(bench, sender, scale.few_rows) for sender in SENDERS])
    for rows in scale.submit_rows:
        able = [sender for sender in SENDERS if rows < _MANY or sender.name not in _TOO_SLOW_FOR_MANY]
        most_runs = MOST_RUNS_OF_MANY if rows >= _MANY else None
        bench.measure(at_once(rows), [_sending(bench, sender, rows) for sender in able], most_runs)
    if scale.latency_rows:
        subjects = [
            _sending(
                bench,
                sender,
                scale.latency_sequential_rows if sender.sequential else scale.latency_rows,
                scale.latency_seconds,
            )
            for sender in SENDERS
        ]
        bench.measure(slowly(scale.latency_seconds), subjects)


def _sending(bench: Bench, sender: Sender, rows: int, latency_seconds: float = 0.0) -> Subject:
    path = csv_file(bench.inputs, rows)

    def act(folder: Path, _run: int) -> tuple[Cost, Mapping[str, float]]:
        with fast_server(latency_seconds) as server:
            job = Job(python=bench.python, file=path, folder=folder, url=server.url, key=server.key)
            sender.prepare(job)
            command, variables = sender.command(job), sender.environment(job)
            spent = cost.run(command, folder=folder, environment=variables, name="sender")
            seen = server.seen([f"Vestiging {number}" for number in range(1, rows + 1)])
        return spent, figures(spent, seen, rows)

    return Subject(name=sender.name, act=act, home=sender.home, package=sender.package)


def figures(spent: Cost, seen: Seen, rows: int) -> dict[str, float]:
    """`server_share` is how much of one processor the server used while it was sent to: near 1, it is the limit."""
    span = seen.last_post_at - seen.first_post_at
    return {
        "rows": rows,
        "rows_per_second": rows / spent.wall_seconds,
        "posts_per_second": (seen.posts - 1) / span if span > 0 else 0.0,
        "first_post_seconds": seen.first_post_at - spent.began_at,
        "groups": seen.groups,
        "duplicates": seen.duplicates,
        "missing": seen.missing,
        "server_share": seen.cpu_seconds / span if span > 0 else 0.0,
    }


def _helps(bench: Bench) -> list[Subject]:
    own = [bench.python, "-m", "batch", "--help"]
    programs = {"bulk-post": "bulk-post", "drt-core": "drt", "newman": "newman"}
    names = {"newman": "Newman"}
    return [
        _help(OWN, own, None),
        *(_help(names.get(home, home), [home, program], home) for home, program in programs.items()),
    ]


def _help(name: str, words: Sequence[str], home: str | None) -> Subject:
    def act(folder: Path, _run: int) -> tuple[Cost, Mapping[str, float]]:
        command = words if home is None else [environment(home).program(words[1]), "--help"]
        return cost.run(command, folder=folder, environment=plain_environment(folder)), {}

    return Subject(name=name, act=act, home=home)
