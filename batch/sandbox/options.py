"""What the sandbox should be like: one frozen SandboxOptions, checked when it is made."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from batch.errors import SettingsError
from batch.rate import RateLimit
from batch.sandbox.plans import FaultDesk
from batch.sandbox.windows import WindowKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batch.sandbox.faults import Endpoint
    from batch.sandbox.plans import FaultPlan

DEFAULT_KEY = "fl_test_sandbox"
DEFAULT_ACCOUNT = "default"
DEFAULT_KEYS: Mapping[str, str] = MappingProxyType({DEFAULT_KEY: DEFAULT_ACCOUNT})
DEFAULT_RATE_LIMIT = RateLimit(requests=100, seconds=60.0)
_NO_PLANS: Mapping[Endpoint, FaultPlan] = MappingProxyType({})

_LENGTHS = ("latency_seconds", "list_lag_seconds", "slow_seconds", "retry_after_seconds", "keep_alive_seconds")


class ListOrder(StrEnum):
    """The order of the list. `random` is the same in every reply, `shuffled` another in each."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RANDOM = "random"
    SHUFFLED = "shuffled"


class ErrorShape(StrEnum):
    """Which of the three error bodies of api.md is used. `vendor` uses each where the vendor's pages show it."""

    VENDOR = "vendor"
    DETAILS = "details"
    PARAM = "param"
    FLAT = "flat"


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """Everything about a sandbox that can be chosen; durations in seconds. Raises SettingsError on nonsense.

    keys                    key -> account; keys may share an account, each has a rate limit of its own
    rate_limit, window      None: no limit and no X-RateLimit headers
    latency_seconds         of every request, half before it takes effect and half after
    list_lag_seconds        until a new group shows in the list
    approval_seconds        until a group is approved or rejected, on average (half to one and a half times this);
                            None: it stays pending
    rejected_fraction       of the groups that are settled
    clock_skew_seconds      how far the server's clock is ahead: Date, created_at, X-RateLimit-Reset
    foreign_every           after so many requests to an account, someone else creates a group in it; 0: never
    credits                 groups that an account may create, then 402; None: no bound
    refuse_key_from         the number of a key's request from which on it is refused (401); None: never
    unique_names            409 for a second group of the same name in an account
    slow_seconds            the wait of a slow, late or silent fault that names no length
    retry_after_seconds     the Retry-After of a fault that names no length
    state_file              groups are also appended to this file, and read from it at the start
    request_log_size        requests that the log remembers
    schemas                 a folder of schema files in place of the program's own
    """

    keys: Mapping[str, str] = field(default_factory=lambda: DEFAULT_KEYS, repr=False)
    rate_limit: RateLimit | None = DEFAULT_RATE_LIMIT
    window: WindowKind = WindowKind.SLIDING
    latency_seconds: float = 0.0
    list_order: ListOrder = ListOrder.NEWEST
    list_lag_seconds: float = 0.0
    approval_seconds: float | None = None
    rejected_fraction: float = 0.0
    clock_skew_seconds: float = 0.0
    foreign_every: int = 0
    credits: int | None = None
    refuse_key_from: int | None = None
    unique_names: bool = False
    error_shape: ErrorShape = ErrorShape.VENDOR
    created_status: int = 201
    plans: Mapping[Endpoint, FaultPlan] = field(default_factory=lambda: _NO_PLANS)
    slow_seconds: float = 60.0
    retry_after_seconds: float = 1.0
    seed: int = 0
    state_file: Path | None = None
    keep_alive_seconds: int = 75
    request_log_size: int = 200_000
    schemas: Path | None = None

    def __post_init__(self) -> None:
        self._require(bool(self.keys) and all(self.keys), "keys", "at least one key, none of them empty")
        for name in _LENGTHS:
            self._require(_is_length(getattr(self, name)), name, "a number of seconds, 0 or more")
        self._require(
            self.approval_seconds is None or _is_length(self.approval_seconds),
            "approval_seconds",
            "a number of seconds, 0 or more",
        )
        self._require(math.isfinite(self.clock_skew_seconds), "clock_skew_seconds", "a number of seconds")
        self._require(0 <= self.rejected_fraction <= 1, "rejected_fraction", "a number from 0 to 1")
        self._require(200 <= self.created_status <= 299, "created_status", "a status from 200 to 299")  # noqa: PLR2004 - HTTP's own figures
        for name, least in (("foreign_every", 0), ("credits", 0), ("refuse_key_from", 1), ("request_log_size", 0)):
            value = getattr(self, name)
            self._require(value is None or value >= least, name, f"a whole number, {least} or more")

        try:
            FaultDesk(self.plans)
        except ValueError as error:
            raise SettingsError("sandbox_option", str(error)) from error

    def _require(self, holds: bool, name: str, expected: str) -> None:
        if not holds:
            found = "" if name == "keys" else f"; found {getattr(self, name)}"
            raise SettingsError("sandbox_option", f"The sandbox option {name} must be {expected}{found}.")


def _is_length(seconds: float) -> bool:
    return math.isfinite(seconds) and seconds >= 0
