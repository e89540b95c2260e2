"""halt: asked for once, seen by everyone."""

import asyncio
import signal

import pytest

from batch.errors import ApiStop
from batch.halt import Halt, Halted

pytestmark = pytest.mark.anyio


async def test_the_first_reason_counts() -> None:
    halt = Halt()
    halt.check()
    assert not halt.asked
    first = ApiStop("key_refused", "No.")
    halt.by_error(first)
    halt.by_error(ApiStop("api_down", "Later."))
    halt.by_signal(signal.SIGINT)
    assert halt.cause is first
    assert halt.signal is None
    with pytest.raises(Halted):
        halt.check()


async def test_a_signal_is_remembered_by_its_number() -> None:
    halt = Halt()
    halt.by_signal(signal.SIGTERM)
    halt.by_signal(signal.SIGINT)
    assert (halt.signal, halt.cause) == (signal.SIGTERM, None)


async def test_a_sleeper_wakes_when_a_halt_is_asked_for() -> None:
    halt = Halt()
    await halt.sleep(0.001)
    sleeper = asyncio.create_task(halt.sleep(1000))
    await asyncio.sleep(0)
    halt.by_signal(signal.SIGINT)
    with pytest.raises(Halted):
        await sleeper
