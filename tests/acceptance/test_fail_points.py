"""Every await of a run and every commit of its ledger is killed once; a later run must finish the job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.log_scan import scan_folder

ROOT = Path(__file__).resolve().parents[2]
# Kills at each point; `make chaos` sets more, spread evenly over the times that the point is passed.
DEATHS_EACH = os.environ.get("FIRE_DEATHS_EACH", "1")
# Passed only when a run is already halting, with nothing left that waits.
ONLY_WHEN_HALTED = "batch.halt:sleep:"
# What asks for the approval of one group; nothing is created then.
ONLY_FOR_APPROVALS = ("batch.listing:one:", "batch.listing:_ask_for:")

# What is found out once serves all tests, so they are for one worker.
pytestmark = pytest.mark.xdist_group("fire")


@pytest.fixture(scope="module")
def fire(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    # Coverage would follow the rewritten code into every fork and slow it down.
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("FLIREO_", "COV"))}
    folder = tmp_path_factory.mktemp("fire")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.fire", str(folder), "2", DEATHS_EACH],
        cwd=ROOT,
        env=quiet,
        capture_output=True,
        text=True,
        timeout=600 * int(DEATHS_EACH),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    report["logged"] = scan_folder(folder)
    return report


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="only where tests are shared out is there a group")
def test_one_worker_lights_the_fire(request: pytest.FixtureRequest) -> None:
    """Versions of pytest and pytest-xdist that do not fit together silently ignore groups: then all is done twice."""
    assert request.node.nodeid.endswith("@fire")


def test_the_scenarios_end_well_without_a_kill(fire: dict[str, Any]) -> None:
    assert fire["problems"] == []


def test_no_log_of_the_killed_holds_what_a_customer_wrote(fire: dict[str, Any]) -> None:
    assert fire["logged"] > 0  # `scan_folder` has failed if one did


def test_the_scenarios_pass_every_await(fire: dict[str, Any]) -> None:
    missed = set(fire["found"]) - set(fire["passed"])
    others = sorted(place for place in missed if not place.startswith((ONLY_WHEN_HALTED, *ONLY_FOR_APPROVALS)))
    assert not others, "\n".join(others)
    modules = {location.partition(":")[0] for location in fire["found"]}
    assert {"batch.submit", "batch.reconcile", "batch.pacing", "batch.listing", "batch.ledger.journal"} <= modules
    assert {"batch.pipeline.sending", "batch.pipeline.batch_run", "batch.pipeline.session"} <= modules


def test_the_scenarios_pass_every_commit_that_a_run_can_make(fire: dict[str, Any]) -> None:
    committed = {location.rpartition(":")[0] for location in fire["passed"] if location.endswith("commit after")}
    assert fire["calls_that_commit"]
    assert set(fire["calls_that_commit"]) <= committed


def test_every_point_was_killed(fire: dict[str, Any]) -> None:
    killed = {death["location"] for death in fire["deaths"] if death["reached"]}
    assert set(fire["passed"]) <= killed


def test_after_every_kill_the_next_run_ends_with_every_row_exactly_once(fire: dict[str, Any]) -> None:
    assert told([death for death in fire["deaths"] if death["problem"]]) == ""


def told(deaths: Sequence[dict[str, Any]]) -> str:
    return "\n".join(
        f"{death['location']} ({death['scenario']}, {death['nth']}): {death['problem']}" for death in deaths
    )
