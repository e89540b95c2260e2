"""outage: everyone waits, one asks, with pauses that grow."""

from __future__ import annotations

import asyncio

import pytest

from batch.errors import ApiStop
from batch.outage import Outage
from batch.retry import RetryPolicy

pytestmark = pytest.mark.anyio


class Api:
    """An API that is down for a while, on a clock that only sleeping moves."""

    def __init__(self, *, answers_from: float = 0.0, max_wait: float = 900.0) -> None:
        self.now = 0.0
        self.answers_from = answers_from
        self.probed: list[float] = []
        policy = RetryPolicy(max_attempts=5, base_seconds=1.0, sleep=self.sleep, jitter=lambda: 1.0)
        self.outage = Outage(policy=policy, max_wait_seconds=max_wait, probe=self.probe, clock=lambda: self.now)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    async def probe(self) -> bool:
        self.probed.append(self.now)
        return self.now >= self.answers_from

    async def send(self, *, works: bool = True) -> float:
        async with self.outage.passage():
            sent_at = self.now
            await asyncio.sleep(0)
            self.outage.succeeded() if works else self.outage.failed("HTTP 503")
            return sent_at

    async def fail(self, times: int) -> None:
        for _ in range(times):
            self.outage.failed("HTTP 503")


async def test_while_the_api_answers_requests_pass_together() -> None:
    api = Api()
    assert await asyncio.gather(*(api.send() for _ in range(5))) == [0.0] * 5
    assert api.probed == []


async def test_one_lost_answer_is_no_outage_and_a_success_forgets_it() -> None:
    api = Api()
    await api.fail(2)
    await api.send()
    await api.fail(2)
    assert await api.send() == 0.0
    assert api.probed == []


async def test_in_an_outage_one_probe_at_a_time_with_pauses_that_grow() -> None:
    api = Api(answers_from=20.0)
    await api.fail(3)
    sent = await asyncio.gather(*(api.send() for _ in range(4)))
    assert api.probed == [1.0, 3.0, 7.0, 15.0, 31.0]
    assert sent == [31.0] * 4


async def test_pauses_grow_on_when_the_probe_succeeds_but_the_rows_do_not() -> None:
    api = Api()
    await api.fail(3)
    for _ in range(3):
        await api.send(works=False)
    assert api.probed == [1.0, 3.0, 7.0]
    await api.send()
    await api.fail(3)
    await api.send()
    assert api.probed[3:] == [15.0, 16.0]


async def test_after_the_wait_limit_everybody_stops() -> None:
    api = Api(answers_from=1e9, max_wait=10.0)
    await api.fail(3)
    results = await asyncio.gather(*(api.send() for _ in range(3)), return_exceptions=True)
    assert all(isinstance(result, ApiStop) for result in results)
    assert str(results[0]).startswith("The API has not answered for 10 seconds (HTTP 503).")
    assert api.now == 10.0


async def test_an_outage_may_be_declared() -> None:
    api = Api(answers_from=2.0)
    api.outage.declare("it does not answer")
    api.outage.declare("it does not answer")
    assert await api.send() == 3.0


async def test_a_probe_that_is_stopped_lets_the_next_one_try() -> None:
    api = Api(answers_from=5.0)
    await api.fail(3)
    first = asyncio.create_task(api.send())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await api.send() >= 5.0
