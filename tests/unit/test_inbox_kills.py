"""inbox: a SIGKILL at every point where the disk changes, and often a second one in the night after; nothing is lost,
nothing is there twice, and what was decided is not done again.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.nights import MEMORY

ROOT = Path(__file__).resolve().parents[2]
# Every file is synced at each step; here that would only cost time, a SIGKILL does not lose what was written.
QUICK = MEMORY if os.access(MEMORY, os.W_OK) else None


def kills(scene: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """How things stand after a night that nothing disturbs, and after each that was killed and those that followed."""
    with tempfile.TemporaryDirectory(dir=QUICK) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.night_kills", folder, scene],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    undisturbed, *killed = map(json.loads, done.stdout.splitlines())
    return undisturbed, killed


def files_noted(found: dict[str, Any]) -> list[str]:
    lines = [json.loads(line) for line in found["summary"]]
    return sorted(Path(line["input"]).name for line in lines if line["kind"] == "file")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(("scene", "least"), [("plain", 50), ("elsewhere", 30), ("collision", 25)])
def test_wherever_a_night_is_killed_the_next_ends_as_if_it_had_not_been(scene: str, least: int) -> None:
    undisturbed, killed = kills(scene)
    assert len(killed) >= least
    for found in killed:
        assert found["files"] == undisturbed["files"], found["where"]
        assert found["folders"] == undisturbed["folders"], found["where"]
        assert files_noted(found) == files_noted(undisturbed), found["where"]
        runs = len(found["runs"]) - len(undisturbed["runs"])
        assert runs <= 1 + bool(found["again"]), found["where"]
        if re.search(r"rmdir.*batch|link|remove", found["where"]) and not found["again"]:
            assert runs == 0, "once it is decided where a file goes, it is not run again"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_file_on_its_way_back_into_the_inbox_arrives_there() -> None:
    undisturbed, killed = kills("stopped")
    assert len(killed) >= 20
    assert {"in/a.csv", "in/b.csv"} <= undisturbed["files"].keys()
    for found in killed:
        inputs = sorted(name for name, text in found["files"].items() if not text.startswith("answer"))
        assert inputs == ["in/a.csv", "in/b.csv"], found["where"]
        assert "in/working" not in found["folders"]
