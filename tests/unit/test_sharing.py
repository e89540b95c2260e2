"""Feeling one's way while someone else uses the key; time is handed in."""

from __future__ import annotations

import asyncio

import pytest

from batch.rate import RateLimit
from batch.sharing import SharedKey

LIMIT = RateLimit(requests=100, seconds=60.0)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def _may_ask(shared: SharedKey) -> bool:
    """Whether its turn comes without anything else happening."""
    try:
        async with asyncio.timeout(0):
            await shared.turn()
    except TimeoutError:
        return False
    return True


async def test_a_key_of_ones_own_holds_nobody_back(clock: Clock) -> None:
    shared = SharedKey(LIMIT, clock)
    shared.sent()
    assert shared.reserve() == 0
    assert await _may_ask(shared)


@pytest.mark.parametrize(("requests", "places"), [(100, 2), (10, 1), (1000, 20)])
async def test_someone_else_gets_some_places_for_two_windows(clock: Clock, requests: int, places: int) -> None:
    shared = SharedKey(RateLimit(requests=requests, seconds=60.0), clock)
    shared.seen()
    assert shared.reserve() == places
    clock.now += 119.9
    assert shared.reserve() == places
    clock.now += 0.2
    assert shared.reserve() == 0


def test_of_a_window_that_is_smaller_than_was_said_a_share_is_left_not_all(clock: Clock) -> None:
    shared = SharedKey(RateLimit(requests=100_000, seconds=60.0), clock)
    shared.seen()
    assert shared.reserve(100) == 2
    assert shared.reserve(200_000) == 2000


async def test_after_a_pause_one_request_goes_ahead_and_its_reply_lets_the_others_go(clock: Clock) -> None:
    shared = SharedKey(LIMIT, clock)
    shared.seen()
    assert await _may_ask(shared)
    shared.sent()
    waiting = asyncio.create_task(shared.turn())
    await asyncio.sleep(0)
    assert not waiting.done()
    shared.heard()
    await waiting
    shared.sent()
    assert await _may_ask(shared), "a fresh reply tells what is left"
    clock.now += 1.0
    assert not await _may_ask(shared), "it no longer does"


async def test_only_one_asks_at_a_time_and_one_that_gets_no_leave_lets_the_next_ask(clock: Clock) -> None:
    shared = SharedKey(LIMIT, clock)
    shared.seen()
    with shared.asking():
        waiting = asyncio.create_task(shared.turn())
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


async def test_all_who_wait_go_on_when_the_other_is_forgotten(clock: Clock) -> None:
    shared = SharedKey(LIMIT, clock)
    shared.seen()
    shared.sent()
    shared.sent()
    waiting = [asyncio.create_task(shared.turn()) for _ in range(3)]
    await asyncio.sleep(0)
    clock.now += 121.0
    shared.heard()
    await asyncio.gather(*waiting)
