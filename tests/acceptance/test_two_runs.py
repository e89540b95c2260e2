"""Two runs at once, in two processes, on one ledger in SQLite and in PostgreSQL."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from batch.rate import RateLimit
from tests.support.line import Api, sandbox
from tests.support.nursery import Process
from tests.support.program import Done, Program, named, sheet, wait_until, write_csv


def program_on(ledger: str, api: Api, folder: Path) -> Program:
    return Program(folder=folder, api=api, settings={"FLIREO_LEDGER": ledger})


def finish_all(program: Program, processes: Sequence[Process]) -> list[Done]:
    done = [program.finish(process) for process in processes]
    for one in done:
        assert "locked" not in one.err.lower()
        assert "deadlock" not in one.err.lower()
    return done


def names_made(api: Api) -> Counter[str]:
    return Counter(body["name"] for body in api.bodies())


def ids_in(done: Done) -> dict[str, str]:
    return {str(row["name"]): str(row["requirement_group_id"]) for row in sheet(done.file["results_file"], "Results")}


def ids_made(api: Api) -> dict[str, str]:
    return {str(group["body"]["name"]): str(group["id"]) for group in api.groups()}  # type: ignore[index]


def test_the_same_file_twice_at_once_creates_every_row_once(ledger_location: str, tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.03) as api:
        program = program_on(ledger_location, api, tmp_path)
        path = write_csv(tmp_path / "a.csv", *named(40))
        results = finish_all(program, [program.start("run", path, "--json") for _ in range(2)])
        assert [done.code for done in results] == [0, 0], results
        assert set(names_made(api).values()) == {1}
        assert sum(done.file["counts"]["created"] for done in results) == 40 == len(api.groups())
        for done in results:
            assert ids_in(done) == ids_made(api), "each run has the IDs of all rows, whoever sent them"


def test_overlapping_files_create_what_they_share_once(ledger_location: str, tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.03) as api:
        program = program_on(ledger_location, api, tmp_path)
        rows = named(45)
        paths = [write_csv(tmp_path / "a.csv", *rows[:30]), write_csv(tmp_path / "b.csv", *reversed(rows[15:]))]
        api.plan(fraction=0.2, weights={"lost": 1, "server": 1}, seed=3, at_most=2)
        results = finish_all(program, [program.start("run", path, "--json") for path in paths])
        assert [done.code for done in results] == [0, 0], results
        assert names_made(api) == Counter(row["name"] for row in rows)
        for done in results:
            assert ids_in(done).items() <= ids_made(api).items()


def test_runs_that_share_a_key_share_its_budget(ledger_location: str, tmp_path: Path) -> None:
    with sandbox(rate_limit=RateLimit(requests=30, seconds=1.0)) as api:
        program = program_on(ledger_location, api, tmp_path)
        program.settings["FLIREO_RATE_LIMIT"] = "30/1s"
        paths = [write_csv(tmp_path / f"{name}.csv", *named(40, name)) for name in ("a", "b")]
        results = finish_all(program, [program.start("run", path, "--json") for path in paths])
        assert [done.code for done in results] == [0, 0], results
        assert len(api.groups()) == 80
        assert [request["status"] for request in api.requests()].count(429) == 0


@pytest.mark.parametrize("settle_seconds", [0.3])
def test_a_run_started_after_another_was_killed_goes_on_at_once(
    ledger_location: str, settle_seconds: float, tmp_path: Path
) -> None:
    with sandbox(latency_seconds=0.1) as api:
        program = program_on(ledger_location, api, tmp_path)
        program.settings |= {"FLIREO_SETTLE_SECONDS": str(settle_seconds), "FLIREO_MAX_WAIT_SECONDS": "600"}
        path = write_csv(tmp_path / "a.csv", *named(30))
        process = program.start("run", path)
        wait_until(lambda: len(api.groups()) >= 6)
        process.kill()
        process.communicate()
        began = time.monotonic()
        done = program("run", path, "--json")
        assert done.code == 0
        # Had it taken the dead run for a live one, it would have waited for it: up to the limit of 600 s.
        assert time.monotonic() - began < 30
        assert set(names_made(api).values()) == {1}
        assert len(api.groups()) == 30
        assert ids_in(done) == ids_made(api)


def test_a_killed_companion_s_rows_are_finished_by_the_one_that_lives(ledger_location: str, tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.1) as api:
        program = program_on(ledger_location, api, tmp_path)
        program.settings |= {"FLIREO_SETTLE_SECONDS": "0.5", "FLIREO_CONCURRENCY": "3"}
        path = write_csv(tmp_path / "a.csv", *named(40))
        doomed, living = (program.start("run", path, "--json") for _ in range(2))
        wait_until(lambda: len(api.groups()) >= 8)
        doomed.kill()
        doomed.communicate()
        (done,) = finish_all(program, [living])
        assert done.code == 0, done
        assert names_made(api) == Counter(row["name"] for row in named(40))
        assert ids_in(done) == ids_made(api)
