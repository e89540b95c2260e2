"""What a reply means for the row that was sent, and how long to wait before anything is sent again; pure.

The rule that keeps groups from being made twice: only what is certain to have left no trace is sent again. Sole owner
of tenacity.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import tenacity

from batch.model import ApiError, Delivery, Reply, Sentence, sentence, template

BACKOFF_LIMIT_SECONDS = 60.0
T = TypeVar("T")
_TIMED_OUT_UPSTREAM = 408  # the server, or a proxy, gave up on a request that it may have passed on


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """The API made the group."""

    requirement_group_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The API refused this row and will again; nothing was made."""

    code: str
    error: ApiError
    http_status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The API says that the group exists already; the list tells which it is."""

    error: ApiError
    http_status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Certainly nothing was made; the same may be sent again. `wait_seconds` is the API's own wish, if it had one."""

    code: str
    sentence: Sentence
    wait_seconds: float | None = None
    outage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Perhaps made, perhaps not: never sent again before the list has settled it."""

    code: str
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """No row of this run can succeed; nothing was made."""

    code: str
    sentence: Sentence


Decision = Created | Rejected | Conflict | Again | InDoubt | Stop


def decide(reply: Reply) -> Decision:  # noqa: PLR0911 -- one line for each kind of answer reads best as it stands
    """What a create request's reply means for its row."""
    if reply.delivery is Delivery.NEVER_SENT:
        return Again(code="unreachable", sentence=_unreachable(reply), outage=True)
    if reply.delivery is Delivery.PERHAPS_SENT:
        return InDoubt(code="no_answer", sentence=sentence("the API gave no answer ({problem})", problem=reply.problem))
    if reply.requirement_group_id is not None:
        return Created(requirement_group_id=reply.requirement_group_id)
    status, error = reply.http_status or 0, reply.error or ApiError()
    stop = stop_reason(reply)
    if stop is not None:
        return stop
    match status:
        case 429:
            return Again(code="rate_limit_exceeded", sentence=_too_many(), wait_seconds=asked_wait(reply))
        case 409:
            return Conflict(error=error, http_status=status)
        case _ if 400 <= status < 500 and status != _TIMED_OUT_UPSTREAM:
            return Rejected(code=error.code or f"http_{status}", error=error, http_status=status)
        case _:
            return InDoubt(code=_doubt_code(status), sentence=_doubt(status, reply))


def stop_reason(reply: Reply) -> Stop | None:
    """Why no request with this key can succeed, if that is what the reply says."""
    match reply.http_status:
        case 401:
            return Stop(
                code="key_refused", sentence=_said(reply, template("The API refused the key (HTTP 401{words})."))
            )
        case 402:
            return Stop(
                code="insufficient_credits",
                sentence=_said(reply, template("The account has no credits left (HTTP 402{words}).")),
            )
        case 403:
            return Stop(code="forbidden", sentence=_said(reply, template("The key may not do this (HTTP 403{words}).")))
        case _:
            return None


REST_NOT_SENT = sentence(
    "The rest was not sent; run the same file again afterwards: what was created is not created again."
)
_WHAT_NOW = {
    "key_refused": sentence("Check FLIREO_API_KEY, or ask the account holder for a key that is still valid."),
    "insufficient_credits": sentence("Ask the account holder to add credits."),
    "forbidden": sentence("Ask the account holder to allow this key to list and create verification groups."),
}


def stop_message(stop: Stop, rest: Sentence = REST_NOT_SENT) -> Sentence:
    """What happened, what to do, and what became of the rest."""
    return sentence("{what} {next} {rest}", what=stop.sentence, next=_WHAT_NOW[stop.code], rest=rest)


def again_reading(reply: Reply) -> Again | None:
    """Whether a request that only reads should be made again; that is always safe."""
    if reply.http_status == 429:
        return Again(code="rate_limit_exceeded", sentence=_too_many(), wait_seconds=asked_wait(reply))
    nothing = reply.groups is None and reply.group is None
    if is_outage(reply) or (nothing and (reply.http_status or 0) < 300):
        return Again(code="unreachable", sentence=_unreachable(reply), outage=True)
    return None


def is_outage(reply: Reply) -> bool:
    """Whether the reply speaks of an API that is down or overloaded rather than of what was sent."""
    return reply.delivery is not Delivery.ANSWERED or (reply.http_status or 0) >= 500


def asked_wait(reply: Reply) -> float | None:
    """Seconds that a 429 asks for: Retry-After, else the time until the window starts anew."""
    if reply.retry_after_seconds is not None:
        return reply.retry_after_seconds
    return reply.limits.reset_in_seconds if reply.limits is not None else None


def backoff_seconds(attempt: int, base_seconds: float, jitter: float) -> float:
    """How long to wait after failed attempt number `attempt` (from 1): exponential, at most 60 s, and between half and
    all of that by `jitter` (0 to 1), so that processes do not come back in step.
    """
    ceiling = min(BACKOFF_LIMIT_SECONDS, base_seconds * 2.0 ** min(attempt - 1, 32))
    return ceiling * (0.5 + 0.5 * jitter)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often, and with what pauses. `sleep` and `jitter` are handed in."""

    max_attempts: int
    base_seconds: float
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float] = random.random

    def backoff(self, attempt: int) -> float:
        return backoff_seconds(attempt, self.base_seconds, self.jitter())

    async def repeat(self, send: Callable[[], Awaitable[T]], attempts: int | None = None) -> T:
        """Sends until the decision is anything but `Again`, at most `attempts` times (by default `max_attempts`).

        Waits the backoff in between; a wait that the API asked for is the pacer's to keep, for all rows alike.
        """
        first = await send()
        if not isinstance(first, Again):
            return first  # as nearly always, and tenacity takes its time
        begun = iter((first,))

        async def next_one() -> T:
            for known in begun:
                return known
            return await send()

        retrying = tenacity.AsyncRetrying(
            sleep=self.sleep,
            stop=tenacity.stop_after_attempt(self.max_attempts if attempts is None else max(1, attempts)),
            wait=self._wait,
            retry=tenacity.retry_if_result(lambda decision: isinstance(decision, Again)),
            retry_error_callback=_last,
        )
        result: T = await retrying(next_one)
        return result

    def _wait(self, state: tenacity.RetryCallState) -> float:
        decision = state.outcome.result() if state.outcome is not None else None
        if isinstance(decision, Again) and decision.wait_seconds is not None:
            return 0.0
        return self.backoff(state.attempt_number)


def _last(state: tenacity.RetryCallState) -> Any:  # noqa: ANN401 -- what it returns is whatever `send` returned
    return state.outcome.result() if state.outcome is not None else None


def _unreachable(reply: Reply) -> Sentence:
    return sentence("the API cannot be reached ({problem})", problem=reply.problem)


def _too_many() -> Sentence:
    return sentence("the API says that too many requests were made with this key (HTTP 429)")


def _said(reply: Reply, saying: str) -> Sentence:
    words = reply.error.message or reply.error.code if reply.error is not None else ""
    return sentence(saying, words=f": {words}" if words else "")


def _doubt_code(status: int) -> str:
    if 200 <= status < 300:
        return "unusable_answer"
    return "redirected" if 300 <= status < 400 else f"http_{status}"


def _doubt(status: int, reply: Reply) -> Sentence:
    if reply.problem:
        return sentence("the API answered HTTP {status} ({problem})", status=status, problem=reply.problem)
    return sentence("the API answered HTTP {status}", status=status)
