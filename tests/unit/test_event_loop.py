"""event_loop: libuv's where it is installed, and Python's own where it is not."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing

import pytest

from batch.cli.event_loop import new_event_loop
from batch.cli.signals import Conductor
from batch.halt import Halt


def test_it_is_libuv_s() -> None:
    uvloop = pytest.importorskip("uvloop")
    with closing(new_event_loop()) as loop:
        assert isinstance(loop, uvloop.Loop)
        assert loop.run_until_complete(asyncio.sleep(0, "slept")) == "slept"


def test_it_is_what_a_run_is_driven_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Conductor, "listen", lambda _: None)  # the signals of this process are pytest's
    driven: list[asyncio.AbstractEventLoop] = []

    class Work:
        async def work(self) -> None:
            driven.append(asyncio.get_running_loop())

    Conductor(Halt())(Work())
    with closing(new_event_loop()) as loop:
        assert [type(each) for each in driven] == [type(loop)]


def test_without_it_python_s_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)  # which makes the import fail
    with closing(new_event_loop()) as loop:
        assert type(loop).__module__.startswith("asyncio")
        assert loop.run_until_complete(asyncio.sleep(0, "slept")) == "slept"
