"""Files that bring their reader down, and what ends it, with the real program: the others go on."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from pathlib import Path

from tests.support.processes import children
from tests.support.program import COMMAND, Program, named, wait_until, write_csv
from tests.support.spreadsheets import write_xls, xls_stream


def heavy(folder: Path) -> Path:
    """An old workbook, which is read as a whole, of mostly nothing."""
    path = write_xls(folder / "heavy.xls", xls_stream({"S": b""}))
    os.truncate(path, 250 << 20)
    return path


def test_a_file_that_exhausts_its_reader_does_not_stop_the_others(tmp_path: Path) -> None:
    program = Program(folder=tmp_path, settings={"FLIREO_READ_MAX_MEMORY": "256MiB", "XDG_STATE_HOME": str(tmp_path)})
    good = write_csv(tmp_path / "good.csv", *named(3))
    done = program("check", heavy(tmp_path), good, "--json")
    assert done.code == 3
    bad, other = done.json["files"]
    assert (bad["rows"], bad["error"]["code"]) == (0, "reading_out_of_memory")
    assert "needs more than 256 MiB of memory" in bad["error"]["message"]
    assert (other["counts"]["not_sent"], other["error"]) == (3, None)


def test_the_limits_are_settings(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(3))
    program = Program(folder=tmp_path, settings={"FLIREO_READ_MAX_FILE_SIZE": "100B"})
    done = program("inspect", path, "--json")
    assert (done.code, done.json["error"]["code"]) == (3, "file_too_large")
    program.settings = {"FLIREO_READ_MAX_MEMORY": "100MiB"}
    done = program("check", path)
    assert done.code == 2
    assert "FLIREO_READ_MAX_MEMORY" in done.err


def test_ctrl_c_while_a_file_is_read_leaves_no_traceback_and_no_process(tmp_path: Path) -> None:
    """As at a terminal: the signal goes to the whole foreground process group."""
    program = Program(folder=tmp_path)
    path = write_csv(tmp_path / "a.csv", *named(60_000))
    terminal, other_end = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "check", path],
        stdin=other_end,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=program.environment,
        cwd=tmp_path,
        start_new_session=True,
    )
    wait_until(lambda: children(process.pid))
    readers = children(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    done = program.finish(process)
    os.close(terminal)
    os.close(other_end)
    assert done.code == 130
    assert not (done.out + done.err).strip()
    wait_until(lambda: not any(Path(f"/proc/{reader}").exists() for reader in readers))
