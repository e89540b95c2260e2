"""Memory does not grow with the file: that of all processes together, while the program reads and answers."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.support.line import FIELDS, sandbox
from tests.support.program import Program

_FILLER = "toelichting " * 500  # 6 kB in each row, in a column that feeds nothing and comes back all the same
_FEW, _MANY = 4_000, 17_000
_LONGEST_SECONDS = 120.0
_GROWTH_BYTES = 34_000_000  # holding the rows that are more would take 78 MB
_LOOKS_AT_FEW = 3  # a look now and then may miss the highest moment of so short a run; none shows more than there is


@pytest.mark.parametrize("words", [("check",), ("run", "--dry-run")])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, words: tuple[str, ...]) -> None:
    with sandbox() as api:
        program = Program(folder=tmp_path, api=api)
        short, long = (write(tmp_path / f"{rows}.csv", rows) for rows in (_FEW, _MANY))
        few = max(peak(program, *words, short) for _ in range(_LOOKS_AT_FEW))
        many = peak(program, *words, long)
    assert many - few < _GROWTH_BYTES, f"{few:,} bytes for {_FEW:,} rows, {many:,} for {_MANY:,}"


def write(path: Path, rows: int) -> Path:
    """One row in a hundred is invalid, each has a name and number of its own."""
    names = list(FIELDS)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join([*names, "Toelichting intern"]) + "\n")
        for row in range(rows):
            own = {"name": f"Groep {row}", "contact_person_phone": f"+3161{row:07d}"}
            values = {**FIELDS, **own, **({"city": ""} if row % 100 == 0 else {})}
            file.write(",".join([*(values[name] for name in names), f"{_FILLER}{row}"]) + "\n")
    return path


def peak(program: Program, *words: object) -> int:
    """The most bytes that the program and its children held at once."""
    process = program.start_plainly(*words, "--quiet")
    most, end = 0, time.monotonic() + _LONGEST_SECONDS
    try:
        while process.poll() is None:
            most = max(most, _held(process))
            assert time.monotonic() < end, "it never ended"
            time.sleep(0.05)  # between two looks at a process that says nothing of itself
        _, err = process.communicate()
    finally:
        process.kill()
    assert process.returncode in (0, 1), err
    assert most, "nobody saw it"
    return most


def _held(process: subprocess.Popen[str]) -> int:
    """What the processes made themselves; a page that two of them share counts half for each.

    Not the libraries, whose pages are shared with whatever else runs on the machine, so that a test beside this one
    would count.
    """
    held = 0
    try:
        own = psutil.Process(process.pid)
        for each in (own, *own.children(recursive=True)):
            held += _made_by(each.pid) if psutil.LINUX else each.memory_info().rss
    except (psutil.Error, OSError):
        pass  # it has just ended; there will be another look if it was not the last
    return held


def _made_by(pid: int) -> int:
    """Source: Documentation/filesystems/proc.rst of the Linux kernel, smaps_rollup; it tells kB of 1,024 bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return sum(int(line.split()[1]) * 1_024 for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
