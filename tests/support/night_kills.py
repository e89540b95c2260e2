"""Nights that are killed, with a real SIGKILL, at every point where the disk changes; and the night after each.

Run as a program of its own, so that it may fork: `python -m tests.support.night_kills FOLDER SCENE`. It prints a
line of JSON for a night that is not killed, then one for each kill point: where it was, and how things stood then.
"""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from tests.support.nights import Runs, night, put

# What changes names or begins to write; between two of them only the content of a file that is open can change.
_CHANGES = frozenset({"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.truncate"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What lies in the inbox, by name, and how its night is set up."""

    files: dict[str, str]
    out: Callable[[Path], Path | None] = lambda _: None


SCENES = {
    "plain": Scene(files={"a.csv": "messy", "b.ods": "unreadable"}),
    "collision": Scene(files={"done/2026-11-24/a.csv": "fine", "a.failed.csv": "fine"}),
    "stopped": Scene(files={"a.csv": "stop", "b.csv": "fine"}),
    "elsewhere": Scene(files={"a.csv": "messy"}, out=lambda folder: folder / "out"),
}


def main(folder: Path, name: str) -> None:
    scene, chance = SCENES[name], random.Random(name)
    gc.freeze()  # a collection in a fork would copy what was imported
    for number in count():
        root = _set_up(folder / str(number), scene)
        where = _killed(root, scene, number) if number else "nowhere"
        if where is None:
            return
        # The night after may be killed too, anywhere; then comes one that is not.
        again = _killed(root, scene, chance.randint(1, 40)) if number and chance.random() < 0.5 else None
        _in_a_fork(partial(_night, root, scene))
        sys.stdout.write(json.dumps({"where": where, "again": again, **_found(root)}) + "\n")
        sys.stdout.flush()  # or the next fork would have it too
        shutil.rmtree(root.parent)


def _set_up(folder: Path, scene: Scene) -> Path:
    root = folder / "in"
    for age, (name, word) in enumerate(scene.files.items()):
        os.utime(put(root, name, word), (age, age))
    return root


def _night(root: Path, scene: Scene) -> None:
    night(root, Runs(during=_note(root)), out=scene.out(root.parent))


def _note(root: Path) -> Callable[[Path], None]:
    """Notes each run in a file outside the inbox."""

    def note(path: Path) -> None:
        with (root.parent / "runs").open("a") as stream:
            stream.write(f"{path.name}\n")

    return note


def _killed(root: Path, scene: Scene, number: int) -> str | None:
    """A night that is killed before its change number `number`; where that was, None if it had fewer."""

    def live() -> None:
        left = number

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if not _is_change(event, arguments) or str(root.parent / "runs") in map(str, arguments):
                return
            left -= 1
            if not left:
                told = " ".join(str(argument) for argument in arguments if isinstance(argument, str | Path))
                (root.parent / "where").write_text(f"{event} {told.replace(str(root), '')}")
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        _night(root, scene)

    status = _in_a_fork(live)
    if not os.WIFSIGNALED(status):
        return None
    return (root.parent / "where").read_text()


def _is_change(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        return isinstance(arguments[2], int) and bool(arguments[2] & _WRITES)
    return event in _CHANGES


def _in_a_fork(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
        msg = "a night ended with an error"
        raise RuntimeError(msg)
    return status


def _found(root: Path) -> dict[str, object]:
    """How things stand: each file by its content, its answers, the runs, and the lines of the summary."""
    files = {path: path.read_text() for path in sorted(root.parent.rglob("*")) if path.is_file()}
    shown = {path.relative_to(root.parent).as_posix(): text for path, text in files.items()}
    summary = [line for line in shown.pop("in/inbox.jsonl", "").splitlines() if line]
    runs = shown.pop("runs", "").splitlines()
    shown.pop("where", None)
    shown.pop("in/.flireo-inbox.lock", None)
    folders = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_dir()]
    return {"files": shown, "runs": runs, "summary": summary, "folders": sorted(folders)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
