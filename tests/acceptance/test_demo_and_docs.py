"""What a newcomer does first, and that what they read is true."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.docs_in_step import documents, in_step

ROOT = Path(__file__).resolve().parents[2]


def test_the_demo_shows_the_main_job_and_ends_well(tmp_path: Path) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    done = subprocess.run(
        [sys.executable, "-m", "batch.demo"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "First run" in done.stdout
    assert (tmp_path / "demo-out" / "messy.results.xlsx").exists()
    assert (tmp_path / "demo-out" / "messy.failed.xlsx").exists()


def test_the_docs_are_in_step_with_the_program() -> None:
    for path in documents():
        text = path.read_text(encoding="utf-8")
        assert in_step(text) == text, f"{path.name}: run make docs"


def test_the_readme_names_every_setting() -> None:
    from batch.settings import PREFIX, Settings

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert PREFIX + name.upper() in text
