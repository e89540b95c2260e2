"""What a start loads, and what it leaves alone until somebody needs it: a person waits for all of it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from batch.cli.limits import limits_of
from batch.reading import ReadOptions, open_source
from batch.settings import load_settings
from tests.support.line import Api, sandbox
from tests.support.processes import children
from tests.support.program import Program, named, write_csv

_TELLING = """
import atexit, sys
from pathlib import Path
atexit.register(lambda: Path("loaded.txt").write_text("\\n".join(sys.modules)))
from batch.cli.main import main
main()
"""
_HEAVY = {"httpx", "numpy", "openpyxl", "pandas", "pandera", "phonenumbers", "pyarrow", "sqlalchemy", "structlog"}


def loaded(folder: Path, *words: object, code: int = 0, api: Api | None = None) -> set[str]:
    """The modules that are there when the program ends."""
    command = [sys.executable, "-c", _TELLING, *map(str, words)]
    environment = Program(folder=folder, api=api).environment
    del environment["FLIREO_LOG_FILE"]  # that is what structlog is for
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    return set((folder / "loaded.txt").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"]], ids=" ".join)
def test_help_loads_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    assert not loaded(tmp_path, *words) & _HEAVY


def test_a_check_without_a_fault_loads_nothing_that_sends_or_writes(tmp_path: Path) -> None:
    modules = loaded(tmp_path, "check", write_csv(tmp_path / "a.csv", *named(2)))
    assert "pandera" in modules
    assert not modules & {"httpx", "openpyxl", "rapidfuzz", "sqlalchemy", "structlog", "starlette"}


def test_who_wants_neither_lines_nor_a_table_does_not_wait_for_what_draws_them(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(2))
    assert "rich" not in loaded(tmp_path, "check", path, "--json", "--quiet")
    assert "rich" in loaded(tmp_path, "check", path, "--json"), "progress is said"


def test_a_check_with_a_fault_loads_what_writes(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", {"name": "Zonder plaats", "city": ""})
    (tmp_path / "PIL.py").write_text("Image = None")  # it is here, and openpyxl would load it
    modules = loaded(tmp_path, "check", path, code=1)
    assert "openpyxl" in modules
    assert "PIL" not in modules


def test_before_it_sends_a_run_loads_nothing_that_writes_and_no_other_database(tmp_path: Path) -> None:
    script = """
from batch.cli.frugal import be_frugal
be_frugal()
import batch.cli.runs, batch.cli.targets, sys
print(*sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    modules = set(told.stdout.split())
    assert {"httpx", "pandera", "sqlalchemy"} <= modules
    assert not modules & {"openpyxl", "structlog", "starlette", "sqlalchemy.dialects.postgresql", "httpx._main"}
    assert not modules & {"batch.approval", "batch.bulletin", "batch.past_results", "batch.status"}


def test_while_it_sends_a_run_loads_what_writes_workbooks(tmp_path: Path) -> None:
    """CSV needs none of it: whatever is there was loaded ahead. Sending must take longer than nothing for that."""
    with sandbox(latency_seconds=0.5) as api:
        modules = loaded(tmp_path, "run", write_csv(tmp_path / "a.csv", *named(2)), "--format", "csv", api=api)
    assert {"batch.results.results_workbook", "batch.results.failed_file", "openpyxl"} <= modules
    assert importlib.util.find_spec("hypothesis"), "it is here, and pandera would load it"
    assert not modules & {"hypothesis", "batch.approval", "batch.past_results", "batch.status"}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux shows what a process has loaded")
def test_the_process_that_reads_does_without_pandas_and_pydantic(tmp_path: Path) -> None:
    before = children()
    options = ReadOptions(limits=limits_of(load_settings()))
    with open_source(write_csv(tmp_path / "a.csv", *named(2)), options) as source:
        assert len(next(source.chunks(source.sheets[0].name, after=1, width=3)).rows) == 2
        (child,) = children() - before
        maps = Path(f"/proc/{child}/maps").read_text(encoding="utf-8")
    assert "/pyarrow/" in maps
    assert "/pandas/" not in maps
    assert "/pydantic_core/" not in maps
