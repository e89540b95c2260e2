"""What a command costs: wall time, processor time, and the most memory that its whole process tree held. Linux only."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_SECONDS = 0.01
_PAGE = resource.getpagesize()
_WORTH_WEIGHING = 1.02  # the dear figure is asked for only when the cheap one has grown by so much


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`peak_bytes` is sampled: the kernel's own figure for a child starts with what its parent held.
    `exit_code` is minus the signal's number if one ended it; `began_at` is Unix time.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    exit_code: int
    began_at: float


class Running:
    """A command under way in a process group of its own; its output is in `folder`/`name`.out and .err."""

    def __init__(self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str], name: str) -> None:
        self.out, self.err = folder / f"{name}.out", folder / f"{name}.err"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.began_at = time.time()
            self._began = time.perf_counter()
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=folder,
                env=dict(environment),
                start_new_session=True,
            )
        self._weight = _Weight(self._process.pid)

    @property
    def alive(self) -> bool:
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def kill(self) -> None:
        """SIGKILL to all of it."""
        os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self, most_seconds: float) -> Cost:
        """Waits for its end; kills it when that takes too long."""
        timer = threading.Timer(most_seconds, self.kill)
        timer.start()
        try:
            _, status, used = os.wait4(self._process.pid, 0)
            wall = time.perf_counter() - self._began
        finally:
            timer.cancel()
            self._weight.stop()
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return Cost(
            wall_seconds=wall,
            cpu_seconds=used.ru_utime + used.ru_stime,
            peak_bytes=self._weight.peak_bytes,
            exit_code=self._process.returncode,
            began_at=self.began_at,
        )


class _Weight:
    """Weighs a process tree again and again: pages that several processes share are counted once."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._pid = pid
        self._resident = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            pids = list(_tree(self._pid))
            resident = sum(_resident_bytes(pid) for pid in pids)
            if resident > self._resident * _WORTH_WEIGHING:
                self._resident = resident
                self.peak_bytes = max(self.peak_bytes, sum(_proportional_bytes(pid) for pid in pids))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in _read(Path(f"/proc/{parent}/task"), _names):
            children = _read(Path(f"/proc/{parent}/task/{task}/children"), Path.read_text)
            found.extend(int(child) for child in "".join(children).split())
    return found


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _resident_bytes(pid: int) -> int:
    parts = "".join(_read(Path(f"/proc/{pid}/statm"), Path.read_text)).split()
    return int(parts[1]) * _PAGE if parts else 0


def _proportional_bytes(pid: int) -> int:
    for line in "".join(_read(Path(f"/proc/{pid}/smaps_rollup"), Path.read_text)).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: Path, how: Callable[[Path], Sequence[str]]) -> Sequence[str]:
    try:
        return how(path)
    except OSError:  # it has ended meanwhile
        return ()


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    name: str = "command",
    most_seconds: float = 3600.0,
) -> Cost:
    """Runs a command to its end."""
    return Running(command, folder=folder, environment=environment, name=name).wait(most_seconds)
