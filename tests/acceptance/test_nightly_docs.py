"""docs/nightly.md: its commands are run as they stand there, its crontab line as cron would, its units read by systemd.

What needs root or another machine is played: `sudo` and its like only do what they are told to start, and the folders
are below the test's own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.line import Api, sandbox
from tests.support.program import named, write_csv

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "nightly.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"<!-- (?P<kind>[a-z]+)(?: (?P<name>[\w.-]+))? -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)
_PLAYED = {
    "sudo": 'if [ "$1" = -u ]; then shift 2; fi; exec "$@"',
    "install": 'all=; for word; do case "$skip$word" in -o|-g) skip=1;; 1*) skip=;; *) all="$all $word";; esac; done;'
    " exec /usr/bin/install $all",
    "python3": 'mkdir -p "$3/bin"; cp "$PLAYED/flireo-batch" "$PLAYED/pip" "$3/bin"',
    **dict.fromkeys(("useradd", "chown", "systemctl", "journalctl", "pip"), ":"),
    "flireo-batch": f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m batch "$@"',
}


def blocks(kind: str) -> list[tuple[str, str]]:
    return [(block["name"] or "", block["text"]) for block in _BLOCK.finditer(TEXT) if block["kind"] == kind]


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def here(api: Api, tmp_path: Path) -> Path:
    """A folder in which the commands find what they take for granted."""
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    (tmp_path / "path" / "to").mkdir(parents=True)
    (tmp_path / "path" / "to" / "key").write_text(api.key)
    (tmp_path / "etc").mkdir()
    (tmp_path / "played").mkdir()
    for name, script in _PLAYED.items():
        played = tmp_path / "played" / name
        played.write_text(f"#!/bin/sh\n{script}\n")
        played.chmod(0o755)
    for name, text in blocks("unit"):
        (tmp_path / name).write_text(placed(text, api, tmp_path))
    return tmp_path


def placed(text: str, api: Api, folder: Path) -> str:
    for real, played in (("/srv/", "srv/"), ("/opt/", "opt/"), ("/etc/systemd/system/", "etc/")):
        text = text.replace(real, f"{folder}/{played}")
    return text.replace("https://api.example.com", api.url)


def run(command: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{folder}/played:/usr/bin:/bin", "PLAYED": f"{folder}/played", "HOME": str(folder), **more}
    return subprocess.run(
        ["/bin/sh", "-eu", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_command_of_the_guide_does_what_it_says(here: Path, api: Api) -> None:
    (trial, setting_up, with_systemd, summary, log) = (placed(text, api, here) for _, text in blocks("run"))
    assert run(trial, here).stdout.count("results.xlsx") >= 2
    done = run(setting_up, here)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The inbox is empty." in done.stdout
    assert (here / "srv/flireo/key").stat().st_mode & 0o777 == 0o600
    assert run(with_systemd, here).returncode == 0
    assert (here / "etc" / "flireo-inbox.timer").exists()

    write_csv(here / "srv/flireo/inbox/a.csv", *named(2), {"city": ""})
    ((_, table),) = blocks("crontab")
    (line,) = (line for line in placed(table, api, here).splitlines() if line.startswith("0 "))
    night = run(line.split(maxsplit=5)[5], here, PATH="/usr/bin:/bin")
    assert (night.returncode, night.stdout) == (1, ""), night.stderr
    if shutil.which("jq", path="/usr/bin:/bin") is None:
        pytest.skip("jq is not installed here")
    last, waiting = run(summary, here).stdout.split("}\n", 1)[0], run(summary, here).stdout
    assert json.loads(waiting[: waiting.index("\n}") + 2])["exit_code"] == 1, last
    assert "/attention/" in waiting
    counted = run(log, here).stdout.split()
    assert dict(zip(counted[1::2], counted[::2], strict=True)) == {"created": "2", "invalid": "1"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_finds_nothing_wrong_with_the_units(here: Path, api: Api) -> None:
    assert run(placed(blocks("run")[1][1], api, here), here).returncode == 0
    units = [here / name for name, _ in blocks("unit")]
    assert len(units) == 2
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in checked.stderr.splitlines() if str(here) in line or "flireo" in line]
    assert complaints == []
    calendar = re.findall(r"OnCalendar=(.*)", units[1].read_text())
    assert subprocess.run(["systemd-analyze", "calendar", *calendar], capture_output=True, check=False).returncode == 0


def test_the_container_installs_what_the_project_offers() -> None:
    ((_, dockerfile),) = blocks("dockerfile")
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = re.search(r"\[([\w,]+)\]", dockerfile)
    assert extras is not None
    assert set(extras[1].split(",")) <= project["optional-dependencies"].keys()
    assert (ROOT / "constraints.txt").exists()
    told = re.search(r"^CMD (\[.*\])", dockerfile, re.MULTILINE)
    assert told is not None
    assert json.loads(told[1])[0] == "inbox"
    assert os.fspath(ROOT)
