"""How time and memory grow: with the rows of a file, and with what the ledger already holds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks import cost
from tests.benchmarks.bench import Bench, Subject
from tests.benchmarks.cost import Cost
from tests.benchmarks.inputs import csv_file
from tests.benchmarks.sections.read import floors, frictionless, own_check
from tests.benchmarks.senders import OWN, OWN_SENDER, Job
from tests.benchmarks.servers import Server, fast_server

_BAD_EVERY = 1000


def check_case(rows: int) -> str:
    return f"check, {rows:,} rows"


def done_case(rows: int, ledger_rows: int) -> str:
    return f"run of {rows:,} rows done before, ledger of {ledger_rows:,} rows"


def measure(bench: Bench) -> None:
    for rows in bench.scale.growth_rows:
        path = csv_file(bench.inputs, rows, _BAD_EVERY)
        bench.measure(check_case(rows), [own_check(bench, path), frictionless(bench, path), floors(bench, path)[0]])
    if bench.scale.done_rows:
        _measure_ledger(bench)


def _measure_ledger(bench: Bench) -> None:
    """The ledger belongs to an address, so that one server has to stay for all of it."""
    done, many = bench.scale.done_rows, bench.scale.ledger_rows
    path = csv_file(bench.inputs, done)
    folder = bench.inputs / "ledgers"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with fast_server() as server:
        small, large = folder / "small.sqlite3", folder / "large.sqlite3"
        _run(Job(python=bench.python, file=path, folder=folder, url=server.url, key=server.key, ledger=small))
        shutil.copy(small, large)
        fill(large, many - done)
        for ledger, rows in ((small, done), (large, many)):
            bench.measure(done_case(done, rows), [_again(bench, path, ledger, server)])
    shutil.rmtree(folder)


def _again(bench: Bench, path: Path, ledger: Path, server: Server) -> Subject:
    def act(folder: Path, _run_number: int) -> tuple[Cost, Mapping[str, float]]:
        before = server.seen([]).posts
        spent = _run(Job(python=bench.python, file=path, folder=folder, url=server.url, key=server.key, ledger=ledger))
        return spent, {"posts": server.seen([]).posts - before}

    return Subject(name=OWN, act=act)


def _run(job: Job) -> Cost:
    return cost.run(OWN_SENDER.command(job), folder=job.folder, environment=OWN_SENDER.environment(job), name="run")


def fill(ledger: Path, count: int) -> None:
    """So many more created rows of the same account and run, of other groups."""
    connection = sqlite3.connect(ledger)
    with connection:
        names = [str(column[1]) for column in connection.execute("PRAGMA table_info(flireo_rows)")]
        fresh = {
            "fingerprint": "lower(hex(randomblob(32)))",
            "group_key": "lower(hex(randomblob(32)))",
            "requirement_group_id": "lower(hex(randomblob(16)))",
        }
        values = ", ".join(fresh.get(name, f'one."{name}"') for name in names)
        connection.execute(
            f"WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})"
            f" INSERT INTO flireo_rows SELECT {values}"
            " FROM (SELECT * FROM flireo_rows WHERE state = 'created' LIMIT 1) AS one, number"
        )
    connection.close()
