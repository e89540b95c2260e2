from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.benchmarks import bench as benches
from tests.benchmarks import cost
from tests.benchmarks.bench import Bench, Subject
from tests.benchmarks.cost import Cost, Running
from tests.benchmarks.environments import NotInstalledError
from tests.benchmarks.scale import SMOKE
from tests.benchmarks.sections.faults import _faults

_MIB = 2**20
_HOLDS = "import time; held = bytearray(60 * 2**20); time.sleep(0.2)"
_PARENT = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {_HOLDS!r}]) or 7)"

on_linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="a process tree is weighed by /proc")


@on_linux
def test_the_memory_of_children_counts_and_the_exit_code_is_the_commands_own(tmp_path: Path) -> None:
    spent = cost.run([sys.executable, "-c", _PARENT], folder=tmp_path, environment=dict(os.environ))
    assert spent.exit_code == 7
    assert 60 * _MIB < spent.peak_bytes < 160 * _MIB
    assert spent.wall_seconds > 0.2
    assert spent.cpu_seconds > 0


@on_linux
def test_a_command_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import time; time.sleep(60)"]
    spent = Running(words, folder=tmp_path, environment={}, name="slow").wait(0.1)
    assert spent.exit_code == -9


def _bench(folder: Path, runs: int) -> Bench:
    return Bench(section="read", scale=SMOKE, runs=runs, raw=folder / "raw.jsonl", inputs=folder, command="make bench")


def _subject(name: str, home: str | None = None) -> Subject:
    def act(folder: Path, run: int) -> tuple[Cost, Mapping[str, float]]:
        assert list(folder.iterdir()) == []
        return Cost(wall_seconds=1, cpu_seconds=1, peak_bytes=1, exit_code=0, began_at=0), {"run": run}

    return Subject(name=name, act=act, home=home)


def test_subjects_take_turns_and_another_is_first_each_time(tmp_path: Path) -> None:
    of = _bench(tmp_path, runs=3)
    of.measure("case", [_subject("a"), _subject("b"), _subject("c")])
    order = [record.subject for record in of.records]
    assert order == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]


def test_who_cannot_be_installed_is_named_with_the_reason_and_the_others_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_home: str) -> None:
        raise NotInstalledError("no matching distribution")

    monkeypatch.setattr(benches, "environment", nothing)
    of = _bench(tmp_path, runs=1)
    of.measure("case", [_subject("peer", home="peer"), _subject("own")])
    section = of.finished()
    assert section.absent == {"peer": "no matching distribution"}
    assert [result.subject for result in section.results] == ["own"]


@pytest.mark.parametrize("run", range(4))
def test_each_run_loses_other_answers_but_as_many(run: int) -> None:
    hit = [number for number, fault in enumerate(_faults(25, "drop_after", run)) if fault]
    assert len([number for number in hit if number < 500]) == 20
    assert hit[0] == (7 * run + 24) % 25
