"""How a child is started: with the modules of its parent, and without what it has no business with."""

from __future__ import annotations

import os
import subprocess
import sys

# The paths that the parent has, not the folder here: what a customer calls numpy.py is not to be imported.
# Without the collector, since nothing that is imported is garbage; the child turns it on.
_START = (
    "import gc, sys; gc.disable(); sys.path[:] = sys.argv[1:]; from batch.reading.confined.child import main; main()"
)
_KEPT = ("LANG", "LC_", "PATH", "LD_LIBRARY_PATH", "DYLD_", "SYSTEMROOT", "WINDIR", "TEMP", "TMP")
_FRUGAL = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_APART_ON_WINDOWS = 0x0800_0200 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW, CREATE_NEW_PROCESS_GROUP
_APART_ELSEWHERE = None if sys.platform == "win32" else 0


def started() -> subprocess.Popen[bytes]:
    """The process, with pipes for all three streams. Raises OSError.

    In a process group of its own, so that Ctrl-C is not for it; without the key, or any other of our settings.
    """
    command = [sys.executable, "-I", "-X", f"utf8={sys.flags.utf8_mode}", "-c", _START, *map(os.path.abspath, sys.path)]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 -- ourselves
        command,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=environment(),
        creationflags=_APART_ON_WINDOWS,
        process_group=_APART_ELSEWHERE,
    )


def environment() -> dict[str, str]:
    """What the system and Python need of ours, and what keeps the child small."""
    return {name: value for name, value in os.environ.items() if name.upper().startswith(_KEPT)} | _FRUGAL
