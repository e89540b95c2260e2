"""The process that parses a file as a fork of the program, which has done the imports, instead of a start from nothing.

For programs that are forks themselves. The real start is the business of `test_command_line`, `test_reading_confined`.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from functools import partial

from batch.reading.confined import child, starting

_MOST_FDS = 1024
_HELD_BACK = frozenset({signal.SIGINT, signal.SIGTERM})


def fork_readers() -> None:
    """From now on this process, and what is forked from it, forks its readers."""
    start = starting.started

    def started() -> subprocess.Popen[bytes]:
        if threading.active_count() > 1:  # a fork would not have the other threads, but what they hold
            return start()
        pipe = subprocess.PIPE
        become = partial(_become, starting.environment())
        # A handler that ran amid the interpreter's own fork hooks would be told on the screen and lost, which cannot
        # happen in a plain start, where there are none.
        held = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD_BACK)
        try:
            return subprocess.Popen(
                [sys.executable],
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                process_group=0,
                preexec_fn=become,  # noqa: PLW1509 -- no other thread
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

    starting.started = started


def _become(environment: Mapping[str, str]) -> None:
    """What a start does; never comes back to the start of a program that it stands in for."""
    try:
        os.closerange(3, _MOST_FDS)
        for number in signal.valid_signals():
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD_BACK)
        gc.enable()  # `subprocess` disabled it
        os.environ.clear()
        os.environ.update(environment)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        child.main()
    except BaseException:  # noqa: BLE001 -- forked: nothing may get past here
        traceback.print_exc()
    os._exit(1)
