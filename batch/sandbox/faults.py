"""The kinds of fault that the sandbox can commit, as data: what takes effect, what is said, how it travels.

A kind is named `500_before` or `500_after` where it matters whether the request took effect first. Each belongs to a
family, so that a plan can ask for a whole family at once. `kind:seconds` sets the length of a wait or of Retry-After.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Endpoint(StrEnum):
    """The three calls of the vendor's API."""

    CREATE = "create"
    LIST = "list"
    ONE = "one"


class Says(StrEnum):
    """What the answer says in place of the sandbox's own."""

    OWN = "own"
    ERROR = "error"
    NOT_JSON = "not_json"
    EMPTY = "empty"
    ID_MISSING = "id_missing"
    ID_NOT_UUID = "id_not_uuid"
    BLANK = "blank"
    REDIRECT = "redirect"


class Delivery(StrEnum):
    """How the answer travels: whole, not at all (closed, reset, silent), or cut short."""

    WHOLE = "whole"
    CLOSED = "closed"
    RESET = "reset"
    SILENT = "silent"
    CUT = "cut"


class Wait(StrEnum):
    """When the fault's wait is sat out, seen from the moment at which the request takes effect."""

    NONE = "none"
    BEFORE = "before"
    AFTER = "after"


class RetryAfter(StrEnum):
    """The form of the Retry-After header."""

    NONE = "none"
    SECONDS = "seconds"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fault. `acts`: the request still takes effect; `only`: the one endpoint where it means something."""

    name: str
    family: str
    acts: bool
    says: Says = Says.OWN
    code: str = ""
    delivery: Delivery = Delivery.WHOLE
    wait: Wait = Wait.NONE
    retry_after: RetryAfter = RetryAfter.NONE
    only: Endpoint | None = None

    def fits(self, endpoint: Endpoint) -> bool:
        return self.only in (None, endpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A kind and, where one was asked for, the seconds of its wait or Retry-After."""

    kind: Kind
    seconds: float | None = None

    def __str__(self) -> str:
        return self.kind.name if self.seconds is None else f"{self.kind.name}:{self.seconds:g}"


def parse_fault(text: str) -> Fault:
    """`drop_after` or `slow_after:2.5`. Raises ValueError with what was expected."""
    name, colon, seconds = text.strip().partition(":")
    if name not in KINDS:
        close = difflib.get_close_matches(name, KINDS, n=1, cutoff=0.6)
        hint = f" Did you mean {close[0]}?" if close else ""
        msg = f"There is no fault '{name}'.{hint} The kinds are {', '.join(KINDS)}."
        raise ValueError(msg)
    return Fault(kind=KINDS[name], seconds=_parse_seconds(seconds) if colon else None)


def _parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        msg = f"A fault's length is a number of seconds, 0 or more; found '{text}'."
        raise ValueError(msg)
    return seconds


def _before_and_after(
    name: str,
    family: str,
    *,
    says: Says = Says.OWN,
    code: str = "",
    delivery: Delivery = Delivery.WHOLE,
) -> Iterator[Kind]:
    for acts, moment in ((False, "before"), (True, "after")):
        yield Kind(name=f"{name}_{moment}", family=family, acts=acts, says=says, code=code, delivery=delivery)


def _refusal(name: str, family: str, code: str, retry_after: RetryAfter = RetryAfter.NONE) -> Kind:
    return Kind(name=name, family=family, acts=False, says=Says.ERROR, code=code, retry_after=retry_after)


def _kinds() -> Iterator[Kind]:
    yield from _before_and_after("drop", "lost", delivery=Delivery.CLOSED)
    yield from _before_and_after("reset", "lost", delivery=Delivery.RESET)
    yield from _before_and_after("truncated", "lost", delivery=Delivery.CUT)
    yield Kind(name="slow_before", family="slow", acts=False, says=Says.ERROR, code="gateway_timeout", wait=Wait.BEFORE)
    yield Kind(name="slow_after", family="slow", acts=True, wait=Wait.AFTER)
    yield Kind(name="late", family="late", acts=True, wait=Wait.BEFORE)
    yield from _before_and_after("silent", "slow", delivery=Delivery.SILENT)
    for status, code in (
        ("500", "server_error"),
        ("502", "bad_gateway"),
        ("503", "unavailable"),
        ("504", "gateway_timeout"),
    ):
        yield from _before_and_after(status, "server", says=Says.ERROR, code=code)
    yield from _before_and_after("not_json", "garbled", says=Says.NOT_JSON)
    yield from _before_and_after("empty", "garbled", says=Says.EMPTY)
    yield from _before_and_after("id_missing", "garbled", says=Says.ID_MISSING)
    yield from _before_and_after("id_not_uuid", "garbled", says=Says.ID_NOT_UUID)
    yield _refusal("429", "throttle", "rate_limit_exceeded", RetryAfter.SECONDS)
    yield _refusal("429_date", "throttle", "rate_limit_exceeded", RetryAfter.DATE)
    yield _refusal("429_bare", "throttle", "rate_limit_exceeded")
    yield _refusal("503_retry", "throttle", "unavailable", RetryAfter.SECONDS)
    yield _refusal("400", "refused", "invalid_parameters")
    yield _refusal("404", "refused", "not_found")
    yield _refusal("409", "refused", "conflict")
    yield _refusal("422", "refused", "unprocessable")
    yield _refusal("401", "stopped", "unauthorized")
    yield _refusal("401_expired", "stopped", "api_key_expired")
    yield _refusal("401_revoked", "stopped", "api_key_revoked")
    yield _refusal("402", "stopped", "insufficient_credits")
    yield _refusal("403", "stopped", "forbidden")
    yield Kind(name="redirect", family="moved", acts=False, says=Says.REDIRECT)
    yield Kind(name="blank", family="blank", acts=True, says=Says.BLANK, only=Endpoint.LIST)


def _families(kinds: Mapping[str, Kind]) -> dict[str, tuple[str, ...]]:
    named: dict[str, list[str]] = {"unclear": []}
    for kind in kinds.values():
        named.setdefault(kind.family, []).append(kind.name)
        if kind.family in _UNCLEAR:
            named["unclear"].append(kind.name)
    return {family: tuple(names) for family, names in named.items()}


# The answer is lost or useless, so that nobody can tell from it whether the request took effect.
_UNCLEAR = frozenset({"lost", "server", "garbled", "slow"})
KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _kinds()})
FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(_families(KINDS))
