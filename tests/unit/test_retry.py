"""retry: what a reply means, and how long to wait."""

from __future__ import annotations

import pytest

from batch.model import ApiError, Delivery, LimitHeaders, Reply
from batch.retry import (
    Again,
    Conflict,
    Created,
    Decision,
    InDoubt,
    Rejected,
    RetryPolicy,
    Stop,
    again_reading,
    asked_wait,
    backoff_seconds,
    decide,
    is_outage,
    stop_message,
)

ID = "550e8400-e29b-41d4-a716-446655440000"


def answered(status: int, **more: object) -> Reply:
    return Reply(delivery=Delivery.ANSWERED, http_status=status, **more)  # type: ignore[arg-type]


def test_an_id_means_created_with_any_good_status() -> None:
    assert decide(answered(200, requirement_group_id=ID)) == Created(requirement_group_id=ID)
    assert decide(answered(201, requirement_group_id=ID)) == Created(requirement_group_id=ID)


def test_a_request_that_never_left_may_be_sent_again() -> None:
    decision = decide(Reply(delivery=Delivery.NEVER_SENT, problem="no connection"))
    assert isinstance(decision, Again)
    assert decision.outage


@pytest.mark.parametrize(
    "reply",
    [
        Reply(delivery=Delivery.PERHAPS_SENT, problem="no answer within the time limit"),
        *(answered(status) for status in (200, 201, 204, 302, 303, 307, 408, 500, 501, 502, 503, 504, 599, 100)),
        answered(200, problem="the answer is not JSON"),
    ],
)
def test_everything_unclear_is_in_doubt(reply: Reply) -> None:
    assert isinstance(decide(reply), InDoubt)


@pytest.mark.parametrize("status", [400, 404, 405, 410, 413, 415, 422, 451])
def test_a_refusal_of_the_row_is_final(status: int) -> None:
    error = ApiError(code="invalid_parameters", message="postal_code is wrong", param="postal_code")
    assert decide(answered(status, error=error)) == Rejected(code="invalid_parameters", error=error, http_status=status)
    bare = decide(answered(status))
    assert isinstance(bare, Rejected)
    assert bare.code == f"http_{status}"


@pytest.mark.parametrize(("status", "code"), [(401, "key_refused"), (402, "insufficient_credits"), (403, "forbidden")])
def test_what_no_row_can_survive_stops_the_run(status: int, code: str) -> None:
    decision = decide(answered(status, error=ApiError(message="Invalid or missing API key")))
    assert isinstance(decision, Stop)
    assert decision.code == code
    assert "Invalid or missing API key" in str(stop_message(decision))
    assert "run the same file again" in str(stop_message(decision))


def test_a_conflict_is_looked_up() -> None:
    assert isinstance(decide(answered(409)), Conflict)


def test_too_many_requests_may_be_sent_again_when_the_api_says() -> None:
    decision = decide(answered(429, retry_after_seconds=7.0))
    assert isinstance(decision, Again)
    assert decision.wait_seconds == 7.0
    assert not decision.outage


def test_without_retry_after_the_window_tells_how_long() -> None:
    limits = LimitHeaders(limit=100, remaining=0, reset_in_seconds=12.0)
    assert asked_wait(answered(429, limits=limits)) == 12.0
    assert asked_wait(answered(429)) is None


def test_an_outage_is_no_answer_or_a_failure_of_the_server_itself() -> None:
    assert is_outage(Reply(delivery=Delivery.NEVER_SENT))
    assert is_outage(Reply(delivery=Delivery.PERHAPS_SENT))
    assert is_outage(answered(503))
    assert not is_outage(answered(429))
    assert not is_outage(answered(200))


def test_reading_the_list_is_repeated_wherever_that_can_help() -> None:
    assert again_reading(answered(200, groups=(), total=0)) is None
    assert again_reading(answered(403)) is None
    assert again_reading(answered(404)) is None
    for reply in (answered(200), answered(500), answered(429), Reply(delivery=Delivery.PERHAPS_SENT)):
        assert isinstance(again_reading(reply), Again)


def test_backoff_doubles_up_to_a_minute_and_never_falls_below_half() -> None:
    assert [backoff_seconds(n, 1.0, 1.0) for n in (1, 2, 3, 6, 7, 8, 500)] == [1, 2, 4, 32, 60, 60, 60]
    assert backoff_seconds(3, 1.0, 0.0) == 2.0
    assert backoff_seconds(1, 0.0, 1.0) == 0.0


class Script:
    """Sends that come out as written."""

    def __init__(self, *decisions: Decision) -> None:
        self.left = list(decisions)
        self.slept: list[float] = []

    async def send(self) -> Decision:
        return self.left.pop(0)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def policy(self, attempts: int = 5) -> RetryPolicy:
        return RetryPolicy(max_attempts=attempts, base_seconds=1.0, sleep=self.sleep, jitter=lambda: 1.0)


UNREACHABLE = decide(Reply(delivery=Delivery.NEVER_SENT))
DOUBT = decide(answered(500))


@pytest.mark.anyio
async def test_only_again_is_repeated() -> None:
    script = Script(UNREACHABLE, UNREACHABLE, DOUBT)
    assert await script.policy().repeat(script.send) == DOUBT
    assert script.slept == [1.0, 2.0]


@pytest.mark.anyio
async def test_the_last_decision_counts_when_the_attempts_are_used_up() -> None:
    script = Script(UNREACHABLE, UNREACHABLE, UNREACHABLE)
    assert await script.policy(2).repeat(script.send) == UNREACHABLE
    assert len(script.left) == 1


@pytest.mark.anyio
async def test_fewer_attempts_may_be_left_but_one_is_always_made() -> None:
    script = Script(UNREACHABLE, UNREACHABLE)
    assert await script.policy(5).repeat(script.send, attempts=0) == UNREACHABLE
    assert len(script.left) == 1


@pytest.mark.anyio
async def test_a_wait_that_the_api_asked_for_is_left_to_the_pacer() -> None:
    script = Script(decide(answered(429, retry_after_seconds=30.0)), DOUBT)
    await script.policy().repeat(script.send)
    assert script.slept == [0.0]


@pytest.mark.anyio
async def test_an_error_on_the_way_is_not_swallowed() -> None:
    async def send() -> Decision:
        raise LookupError

    with pytest.raises(LookupError):
        await Script().policy().repeat(send)
