"""Whatever stops a run: each leaves a state from which the next run finishes the job, and has its own sentence."""

from __future__ import annotations

import resource
import shutil
import subprocess
from pathlib import Path

from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import Embedded
from tests.support.line import Api, sandbox
from tests.support.program import COMMAND, Done, Program, named, statuses, wait_until, write_csv

ROWS = 60


def finishes(program: Program, api: Api, path: Path) -> None:
    """The next run ends well, and every row has exactly one group."""
    done = program("run", path, "--json")
    assert done.code == 0, done.err
    assert sorted(body["name"] for body in api.bodies()) == sorted(row["name"] for row in named(ROWS))


def test_a_ledger_that_cannot_be_written_any_more_stops_before_the_next_send(tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.02) as api:
        program = Program(folder=tmp_path, api=api, settings={"FLIREO_CONCURRENCY": "2"})
        path = write_csv(tmp_path / "a.csv", *named(ROWS))
        # No file may grow beyond this: the ledger's log is the first that wants to.
        done = _limited(program, 400_000, "run", path, "--json")
        assert (done.code, done.json["stopped"]) == (4, "ledger_unusable"), done.err
        assert "Nothing more is sent, because without the ledger a row could be sent twice" in done.err
        created = done.file["counts"]["created"]
        assert 0 < created < ROWS
        assert created == statuses(done.file["results_file"]).count("created") == len(api.groups())
        assert sum(done.file["counts"].values()) == ROWS
        finishes(program, api, path)


def test_results_that_cannot_be_written_are_said_and_written_by_the_next_run(tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.1) as api:
        program = Program(folder=tmp_path, api=api)
        path, out = write_csv(tmp_path / "a.csv", *named(ROWS)), tmp_path / "out"
        process = program.start("run", path, "--json", "--out", out)
        wait_until(lambda: len(api.groups()) > 5)
        shutil.rmtree(out)
        out.write_text("in the way")
        done = program.finish(process)
        assert done.code == 4
        assert done.file["counts"]["created"] == ROWS
        assert (done.file["results_file"], done.file["failed_file"]) == (None, None)
        assert str(out) in done.file["error"]["message"]
        assert "a.csv" in done.err
        finishes(program, api, path)


def test_an_outage_beyond_the_limit_stops_the_run(tmp_path: Path) -> None:
    with sandbox() as api:
        program = Program(
            folder=tmp_path, api=api, settings={"FLIREO_MAX_WAIT_SECONDS": "1", "FLIREO_CONCURRENCY": "4"}
        )
        path = write_csv(tmp_path / "a.csv", *named(ROWS))
        api.next(*[None] * 10)
        api.plan(fraction=1.0, weights={"503_before": 1})
        api.next(None, None, endpoint="list")
        api.plan("list", fraction=1.0, weights={"503_before": 1})
        done = program("run", path, "--json")
        assert (done.code, done.json["stopped"]) == (4, "api_down"), done.err
        assert "The API has not answered for 1 seconds" in done.err
        assert "run the same file again afterwards" in done.err
        counts = done.file["counts"]
        assert counts["created"] == len(api.groups())
        assert counts["not_sent"] > ROWS / 2, "not every row fails by turns"
        api.plan()
        api.plan("list")
        finishes(program, api, path)


def test_an_api_that_goes_away_and_comes_back_is_sat_out(tmp_path: Path) -> None:
    options = SandboxOptions(rate_limit=None, latency_seconds=0.05, state_file=tmp_path / "state.jsonl")
    path = write_csv(tmp_path / "a.csv", *named(ROWS))
    with Embedded(options) as first:
        port = int(first.base_url.rpartition(":")[2])
        api = Api(first)
        program = Program(folder=tmp_path, api=api, settings={"FLIREO_CONCURRENCY": "4"})
        process = program.start("run", path, "--json")
        wait_until(lambda: len(api.groups()) > 8)
        api.close()
    with Embedded(options, port=port) as second:
        api = Api(second)
        done = program.finish(process)
        assert done.code == 0, done.err
        assert sorted(body["name"] for body in api.bodies()) == sorted(row["name"] for row in named(ROWS))
        api.close()


def _limited(program: Program, most_bytes: int, *words: object) -> Done:
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        env=program.environment,
        cwd=program.folder,
        stdin=subprocess.DEVNULL,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes)),
    )
    program.inspect_output(done.stdout + done.stderr)
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)
