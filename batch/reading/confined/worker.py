"""The child as the parent sees it: started, asked, watched, and ended for certain."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import cast

from batch.errors import InputError, SettingsError
from batch.interrupts import INTERRUPTS
from batch.reading.confined import starting, watch
from batch.reading.confined.frames import BrokenFrameError, Frame, Kind, read_frame
from batch.reading.confined.mishaps import Mishap, MishapError
from batch.reading.confined.requests import Request
from batch.reading.confined.sayings import said_of
from batch.reading.confined.watch import Watch
from batch.reading.options import Limits

_SLICE_SECONDS = 0.5
_WAITS = 10  # a disk or a network may be this many times slower than computing
_LAST_WORDS_SECONDS = 2.0


class Pending:
    """A request whose answer may still have to come."""

    __slots__ = ("frame",)

    def __init__(self) -> None:
        self.frame: Frame | None = None


class Worker:
    """A child process. After a mishap every answer is that mishap. For one thread; `close` may be called twice.

    `watched`: the parent looks after the limits, because no kernel does.
    """

    def __init__(self, *, watched: bool = watch.NEEDED) -> None:
        self._asked: deque[Pending] = deque()
        self._frames: SimpleQueue[Frame | None] = SimpleQueue()
        self._mishap: MishapError | None = None
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None
        self._watch: Watch | None = None
        try:
            self._process = starting.started()
        except OSError as error:
            self._mishap = MishapError(Mishap.NOT_STARTED, error.strerror or type(error).__name__)
            return
        if watched:
            self._watch = Watch(self._process.pid)
        self._listener = threading.Thread(target=listen, args=(self._process, self._frames), daemon=True)
        self._listener.start()

    def ask(self, request: Request) -> Pending:
        """Puts a request to the child; never fails, since whatever is wrong shows in the answer."""
        pending = Pending()
        self._asked.append(pending)
        if self._process and self._process.stdin and not self._closed:
            with suppress(OSError, ValueError):
                pickle.dump(request, self._process.stdin)
                self._process.stdin.flush()
        return pending

    def answer(self, pending: Pending, limits: Limits) -> Frame:
        """The answer to a request, waited for as long as there are signs of life.

        Raises MishapError, or the InputError or SettingsError that the child met with.
        """
        silent_seconds = 0.0
        while pending.frame is None:
            if INTERRUPTS.number is not None:  # before a mishap: a Ctrl-C may end a child that just begins
                raise MishapError(Mishap.INTERRUPTED, "a signal")
            if self._mishap:
                raise self._mishap
            try:
                self._take(self._frames.get(timeout=_SLICE_SECONDS))
                silent_seconds = 0.0
            except Empty:
                silent_seconds += _SLICE_SECONDS  # counted, not read from a clock: computers sleep
                self._look_after(silent_seconds, limits)
        return _checked(pending.frame)

    def close(self) -> None:
        """Ends the child at once: it only reads, so that nothing can be lost."""
        if self._closed or self._process is None or self._listener is None:
            return
        self._closed = True
        if not _killed(self._process):
            return
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with suppress(OSError):  # what was not sent yet can go nowhere
                    pipe.close()

    def _take(self, frame: Frame | None) -> None:
        if self._watch:
            self._watch.sign_of_life()
        if frame is None:
            self._mishap = self._how_it_ended()
        elif frame.kind is not Kind.BEAT and self._asked:
            self._asked.popleft().frame = frame

    def _look_after(self, silent_seconds: float, limits: Limits) -> None:
        broken = self._watch.broken_limit(limits) if self._watch else None
        if silent_seconds >= _WAITS * limits.stuck_seconds:
            broken = Mishap.TOO_SLOW
        if broken:
            frames = self._remains(signal.SIGTERM if sys.platform == "win32" else signal.SIGABRT)  # it says where it is
            self._mishap = MishapError(broken, "beyond its limits", frames)

    def _how_it_ended(self) -> MishapError:
        assert self._process is not None  # noqa: S101
        frames = self._remains()
        code = self._process.returncode
        if sys.platform != "win32" and code == -signal.SIGXCPU:
            return MishapError(Mishap.TOO_SLOW, "computing without end", frames)
        return MishapError(Mishap.CRASHED, _shown(code), frames)

    def _remains(self, *signals: signal.Signals) -> str:
        """What the process said of where it was, once it has ended."""
        assert self._process is not None  # noqa: S101
        for number in signals:
            self._process.send_signal(number)
        try:
            self._process.wait(_LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            if not _killed(self._process):
                return ""
        return self._process.stderr.read().decode("utf-8", "replace") if self._process.stderr else ""


def _killed(process: subprocess.Popen[bytes]) -> bool:
    """False if not even that ends it: a file on a network that hangs keeps the system itself waiting, but not us."""
    process.kill()
    try:
        process.wait(_LAST_WORDS_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def listen(process: subprocess.Popen[bytes], frames: SimpleQueue[Frame | None]) -> None:
    """Takes frames as they come, so that the child can go on. Their number is bounded by that of the requests."""
    try:
        while process.stdout and (frame := read_frame(process.stdout)):
            frames.put(frame)
    except (BrokenFrameError, MemoryError):
        process.kill()  # nothing that follows can be understood
    finally:
        frames.put(None)


def _checked(frame: Frame) -> Frame:
    match frame.kind:
        case Kind.REFUSED:
            raise _refusal(frame.head)
        case Kind.OUT_OF_MEMORY:
            raise MishapError(Mishap.OUT_OF_MEMORY, "MemoryError")
        case Kind.BROKEN:
            what, frames = cast("tuple[str, str]", frame.head)
            raise MishapError(Mishap.BROKEN, what, frames)
        case _:
            return frame


def _refusal(head: object) -> InputError | SettingsError:
    kind, code, said = cast("tuple[str, str, object]", head)
    return (SettingsError if kind == SettingsError.__name__ else InputError)(code, said_of(said))


def _shown(code: int | None) -> str:
    if code is None:
        return "it cannot be ended"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"
