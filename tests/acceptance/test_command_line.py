"""The program as it is really started, `flireo-batch` or `python -m batch`; other tests begin theirs as forks."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.line import sandbox
from tests.support.nursery import shared_nursery
from tests.support.program import COMMAND, Done, Program, named, statuses, wait_until, write_csv

SCRIPT = [str(Path(sys.executable).with_name("flireo-batch"))]


def plainly(program: Program, command: list[str], *words: object) -> Done:
    done = subprocess.run(
        [*command, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        env=program.environment,
        cwd=program.folder,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    program.inspect_output(done.stdout + done.stderr)
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)


@pytest.mark.parametrize("command", [COMMAND, SCRIPT], ids=["module", "script"])
def test_however_it_is_started_it_says_the_same(command: list[str], tmp_path: Path) -> None:
    program = Program(folder=tmp_path)
    path = write_csv(tmp_path / "a.csv", *named(2), {"name": "Zonder plaats", "city": ""})
    words = ("check", path, "--overwrite")
    started = plainly(program, command, *words)
    assert started.code == 1
    assert "a.failed.xlsx" in started.out
    assert started == program(*words)


def test_a_run_from_nothing_creates_every_row_and_says_nothing_else(tmp_path: Path) -> None:
    with sandbox() as api:
        program = Program(folder=tmp_path, api=api)
        done = plainly(program, SCRIPT, "run", write_csv(tmp_path / "a.csv", *named(3)), "--json", "--quiet")
        assert (done.code, done.err) == (0, "")
        assert done.file["counts"]["created"] == len(api.groups()) == 3


def test_a_run_from_nothing_can_be_interrupted(tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.2) as api:
        program = Program(folder=tmp_path, api=api, settings={"FLIREO_CONCURRENCY": "2"})
        process = program.start_plainly("run", write_csv(tmp_path / "a.csv", *named(20)), "--json")
        wait_until(lambda: len(api.groups()) >= 2)
        process.send_signal(signal.SIGINT)
        done = program.finish(process)
        assert done.code == 130
        assert statuses(done.file["results_file"]).count("created") == len(api.groups())


# What a fork must have of its own, for these tests to tell something about the program


def test_a_fork_is_a_process_of_its_own(tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.1) as api:
        program = Program(folder=tmp_path, api=api)
        path = write_csv(tmp_path / "a.csv", *named(30))
        doomed, spared = program.start("run", path), program.start("run", path, "--json")
        wait_until(lambda: len(api.groups()) >= 2)
        doomed.kill()
        assert doomed.wait(10) == -signal.SIGKILL
        doomed.communicate()
        assert program.finish(spared).code == 0


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux shows what a process has open")
def test_a_fork_has_nothing_open_that_another_has(tmp_path: Path) -> None:
    program = Program(folder=tmp_path)
    first = program.start("sandbox")
    second = program.start("sandbox")
    for process in (first, second):
        wait_until(lambda of=process.pid: Path(f"/proc/{of}/cwd").readlink() == tmp_path)
    opened = [open_of(pid) for pid in (shared_nursery().pid, first.pid, second.pid)]
    for process in (first, second):
        process.kill()
        process.communicate()
    assert all(opened)
    assert not opened[0] & opened[1]
    assert not opened[0] & opened[2]
    assert not opened[1] & opened[2]


def open_of(pid: int) -> set[str]:
    """Files, pipes and sockets."""
    names = {str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()}
    return {name for name in names if not name.startswith(("/dev/", "anon_inode:"))}


@pytest.mark.parametrize("name", ["PYTHONIOENCODING", "LC_ALL"])
def test_what_an_interpreter_reads_at_its_start_needs_a_start(name: str, tmp_path: Path) -> None:
    program = Program(folder=tmp_path, settings={name: "utf-8" if name.startswith("P") else "C"})
    process = program.start("--version")
    assert isinstance(process, subprocess.Popen)
    assert program.finish(process).code == 0


_SLOW_TO_END = """
import atexit, sys, time
from batch.cli.main import main
atexit.register(lambda: (print("ending", flush=True), time.sleep(30)))
sys.argv = ["flireo-batch", "--version"]
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_impatient_signal_at_the_very_end_shows_no_traceback(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW_TO_END], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        while "ending" not in process.stdout.readline():
            pass
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (-number, "")


_INTERRUPTED_WITHIN_AN_EXEC = """
import sys
from batch.cli import app
from batch.cli.main import main
kill = "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(30)"
app.app = lambda **_: exec(kill)
sys.argv = ["flireo-batch"]
main()
"""


def test_an_interrupt_ends_with_its_exit_code_wherever_it_strikes(tmp_path: Path) -> None:
    """Also where CPython would end by the signal itself, as when a dataclass is being made."""
    (tmp_path / "interrupted.py").write_text(_INTERRUPTED_WITHIN_AN_EXEC)
    done = subprocess.run(
        [sys.executable, "-m", "interrupted"], cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stderr) == (130, "")


_TOLD_AS_ANOTHER_ERROR = """
import os, signal, sys, time
from batch.cli import app
from batch.cli.main import main
from batch.errors import BatchError

def interrupted(**_):
    try:
        os.kill(os.getpid(), {number})
        time.sleep(30)  # which the signal ends
    except BaseException:  # as native code does that knows no error but its own
        raise {error} from None

app.app = interrupted
sys.argv = ["flireo-batch"]
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("error", ["RuntimeError('failed')", "BatchError('settings.wrong', 'A setting is wrong.')"])
def test_an_interrupt_that_a_library_tells_as_its_own_error_is_still_one(number: signal.Signals, error: str) -> None:
    """As pydantic-core does while it makes a validator; the run was not at fault, and says nothing of one."""
    script = _TOLD_AS_ANOTHER_ERROR.format(number=int(number), error=error)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stderr) == (128 + number, "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("flireo-batch che", ["check"]),
        ("flireo-batch run --sandb", ["--sandbox"]),
        ("flireo-batch check --lang ", ["en", "nl"]),
    ],
)
def test_the_tab_key_completes_commands_flags_and_values(typed: str, offered: list[str], tmp_path: Path) -> None:
    """As the script of `--install-completion` asks, in bash."""
    program = Program(folder=tmp_path)
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split(" ")) - 1)}
    program.settings |= {"_FLIREO_BATCH_COMPLETE": "complete_bash", **words}
    assert program().out.split() == offered


def test_completion_is_installed_for_the_shell_of_the_person(tmp_path: Path) -> None:
    program = Program(folder=tmp_path)
    program.settings |= {
        "HOME": str(tmp_path),
        "SHELL": "/bin/bash",
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }
    assert program("--install-completion", "bash").code == 0
    (script,) = (tmp_path / ".bash_completions").iterdir()
    assert "complete -o default -F" in script.read_text()
    assert str(script) in (tmp_path / ".bashrc").read_text()
