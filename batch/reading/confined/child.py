"""The child: opens one file and answers requests about it, until nobody asks any more."""

from __future__ import annotations

import gc
import os
import pickle
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from batch.absent import do_without
from batch.errors import InputError, SettingsError
from batch.reading.confined import jail
from batch.reading.confined.desk import Desk
from batch.reading.confined.frames import Frame, Kind, write_frame
from batch.reading.confined.requests import Open, Request
from batch.reading.confined.sayings import plain_said
from batch.reading.pulse import felt_by

_BEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How this process is kept to its limits."""

    memory: Callable[[int], None] = jail.bound_memory
    computing: Callable[[float], None] = jail.bound_computing
    memory_is_short: Callable[[], bool] = jail.memory_is_short
    clock: Callable[[], float] = time.monotonic


def main() -> None:
    """Answers what comes on standard input. Ends at once when that ends, whatever it is doing: the parent is gone."""
    channel = jail.take_channel()
    # Arrow would import it with the first list that it is given, only to see whether that list is a Series. Here none
    # ever is, and it takes a fifth of a second and a third of the memory.
    do_without("pandas")
    _warm_up()
    gc.freeze()  # what is imported stays
    gc.enable()
    questions: SimpleQueue[Request] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, questions), daemon=True).start()
    jail.give_up()
    serve(iter(questions.get, None), channel, Bounds())


def _warm_up() -> None:
    """What Arrow loads with the first values that it is given; now, while nobody waits for it yet."""
    pc.not_equal(pa.array(np.array([""])), "")


def serve(requests: Iterable[Request], channel: IO[bytes], bounds: Bounds) -> None:
    """Writes one frame for each request, and beats while that takes long but gets further."""
    heart = Heart(channel, bounds)
    desk = Desk()

    def feel(share: float | None) -> None:
        desk.note(share)
        heart.beat()

    with felt_by(feel):
        for request in requests:
            if isinstance(request, Open):
                bounds.memory(request.options.limits.memory_bytes)
                heart.patience_seconds = request.options.limits.stuck_seconds
            heart.go_on()
            write_frame(channel, _answer(desk, request, bounds))


class Heart:
    """Tells the parent that reading gets further, and the kernel that more computing is in order."""

    def __init__(self, channel: IO[bytes], bounds: Bounds) -> None:
        self.patience_seconds = 0.0
        self._channel = channel
        self._bounds = bounds
        self._last = bounds.clock()

    def beat(self) -> None:
        """To be called whenever something was read; says so once a second at most."""
        if self._bounds.clock() - self._last >= _BEAT_SECONDS:
            write_frame(self._channel, Frame(kind=Kind.BEAT))
            self.go_on()

    def go_on(self) -> None:
        self._last = self._bounds.clock()
        if self.patience_seconds:
            self._bounds.computing(self.patience_seconds)


def _answer(desk: Desk, request: Request, bounds: Bounds) -> Frame:
    try:
        return desk.answer(request)
    except (InputError, SettingsError) as error:
        return Frame(kind=Kind.REFUSED, head=[type(error).__name__, error.code, plain_said(error.said)])
    except MemoryError:
        return Frame(kind=Kind.OUT_OF_MEMORY)
    except BaseException as error:  # noqa: BLE001 -- some libraries raise what is not even an Exception
        if bounds.memory_is_short():
            return Frame(kind=Kind.OUT_OF_MEMORY)
        frames = "".join(traceback.format_tb(error.__traceback__))
        return Frame(kind=Kind.BROKEN, head=[type(error).__name__, frames])


def _listen(stream: IO[bytes], questions: SimpleQueue[Request]) -> None:
    try:
        for request in received(stream):
            questions.put(request)
    finally:
        os._exit(0)


def received(stream: IO[bytes]) -> Iterator[Request]:
    """The requests that the parent sends, which this process trusts."""
    while True:
        try:
            request: Request = pickle.load(stream)  # noqa: S301 -- from the program itself
        except (EOFError, OSError, pickle.UnpicklingError):
            return
        yield request
