"""What the child gives up: signals, the screen, the network, other programs, writing; memory and time beyond limits.

The kernel keeps the limits where it can: memory on Linux, computing time on any POSIX system. Elsewhere the parent
watches (`watch`).
"""

from __future__ import annotations

import faulthandler
import math
import os
import signal
import sys
import time
from pathlib import Path
from typing import BinaryIO, NoReturn

if sys.platform != "win32":
    import resource

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "os.chmod",
    "os.chown",
    "os.kill",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "shutil.",
    "urllib.",
    "winreg.",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MOST_FILES = 64
_SHORT = 0.85


class ForbiddenError(Exception):
    """Reading a file needed something that it never should."""


def take_channel() -> BinaryIO:
    """The way to the parent, which was standard output; whatever a library prints now goes nowhere.

    Where the process is when it crashes goes to what was standard error, and nothing else.
    """
    channel, trace = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    faulthandler.enable(trace)
    if sys.platform != "win32":
        faulthandler.register(signal.SIGXCPU, trace, chain=True)
    return open(channel, "wb")  # noqa: PTH123 -- stays open as long as the process lives


def give_up() -> None:
    """What no file needs; called once, after everything is imported that most files need."""
    sys.dont_write_bytecode = True  # what is imported later must not be taken for something that writes
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # these are for the parent, which ends the child
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # it would hold the customer's rows
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        _lower(resource.RLIMIT_NOFILE, _MOST_FILES)
    sys.addaudithook(_refuse)


def bound_memory(size: int) -> None:
    """From now on what would need more than `size` bytes raises MemoryError."""
    if sys.platform == "linux":  # elsewhere this limit is not kept, or is not about memory
        _lower(resource.RLIMIT_DATA, size)


def memory_is_short() -> bool:
    """Whether hardly anything is left of the memory that is allowed, so that libraries fail in ways of their own."""
    if sys.platform != "linux":
        return False
    most, _ = resource.getrlimit(resource.RLIMIT_DATA)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    return most != resource.RLIM_INFINITY and pages * resource.getpagesize() > _SHORT * most


def bound_computing(seconds: float) -> None:
    """From now on so much computing and no more, until it is said anew."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        until = math.ceil(time.process_time() + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))


if sys.platform != "win32":

    def _lower(which: int, wanted: int) -> None:
        _, hard = resource.getrlimit(which)
        least = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (least, least))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        flags = arguments[2]
        if isinstance(flags, int) and flags & _WRITING:
            _forbid(event)
    elif event.startswith(_FORBIDDEN):
        _forbid(event)


def _forbid(event: str) -> NoReturn:
    raise ForbiddenError(event)
