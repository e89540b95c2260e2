"""What one seed stands for: the server's ways, its faults, the files, how many programs at once, how they are ended."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from batch.rate import RateLimit
from batch.sandbox.faults import Endpoint
from batch.sandbox.options import ErrorShape, ListOrder, SandboxOptions
from batch.sandbox.plans import FaultPlan
from batch.sandbox.windows import WindowKind

_CREATE_WEIGHTS = {
    "lost": 4.0,
    "server": 4.0,
    "garbled": 3.0,
    "slow": 1.0,
    "slow_after:0.05": 1.0,
    "late:0.1": 1.0,
    "429:0": 1.0,
    "429:1": 0.1,
    "429_bare": 0.5,
    "503_retry:0": 0.5,
}
_LIST_WEIGHTS = {"lost": 3.0, "server": 3.0, "429:0": 1.0, "503_retry:0": 1.0}
_LIMIT = RateLimit(requests=300, seconds=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire:
    """How hot it burns. `settle_seconds` is what the program is told; lag and lateness stay well below it."""

    rows: int
    kills: int
    settle_seconds: float = 0.5
    timeout_seconds: float = 0.3
    create_fraction: float = 0.3
    list_fraction: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One seed's choices; the same seed makes the same ones, but not the same timing to the millisecond."""

    seed: int
    fire: Fire
    programs: int
    files: int
    overlap: bool
    concurrency: int
    soft_share: float
    workbook: bool
    list_order: ListOrder
    list_lag_seconds: float
    clock_skew_seconds: float
    foreign_every: int
    latency_seconds: float
    error_shape: ErrorShape
    window: WindowKind | None
    restarts_of_server: int

    @property
    def name(self) -> str:
        parts = [
            f"{self.programs} program{'s' * (self.programs > 1)}",
            f"{self.files} file{'s' * (self.files > 1)}{' overlapping' * self.overlap}",
            f"{self.concurrency} at a time",
            f"list {self.list_order} lag {self.list_lag_seconds:g} s",
            f"clock {self.clock_skew_seconds:+g} s",
            f"foreign every {self.foreign_every}" if self.foreign_every else "no foreign groups",
            f"rate limit {self.window}" if self.window else "no rate limit",
            f"server dies {self.restarts_of_server} times",
        ]
        return ", ".join(parts)

    def environment(self) -> dict[str, str]:
        """The program's settings."""
        limit = str(_LIMIT) if self.window else "100000/minute"
        return {
            "FLIREO_RATE_LIMIT": limit,
            "FLIREO_CONCURRENCY": str(self.concurrency),
            "FLIREO_SETTLE_SECONDS": str(self.fire.settle_seconds),
            "FLIREO_TIMEOUT_SECONDS": str(self.fire.timeout_seconds),
            "FLIREO_RETRY_BASE_SECONDS": "0.01",
            "FLIREO_MAX_WAIT_SECONDS": "30",
            "FLIREO_MAX_ATTEMPTS": "12",
        }

    def sandbox(self, state_file: Path) -> SandboxOptions:
        fire = self.fire
        return SandboxOptions(
            rate_limit=_LIMIT if self.window else None,
            window=self.window or WindowKind.SLIDING,
            latency_seconds=self.latency_seconds,
            list_order=self.list_order,
            list_lag_seconds=self.list_lag_seconds,
            clock_skew_seconds=self.clock_skew_seconds,
            foreign_every=self.foreign_every,
            error_shape=self.error_shape,
            plans={
                Endpoint.CREATE: FaultPlan(fraction=fire.create_fraction, weights=_CREATE_WEIGHTS, seed=self.seed),
                Endpoint.LIST: FaultPlan(fraction=fire.list_fraction, weights=_LIST_WEIGHTS, seed=self.seed),
            },
            slow_seconds=fire.timeout_seconds + 0.1,
            retry_after_seconds=0.0,
            seed=self.seed,
            state_file=state_file,
        )


def scenario(seed: int, fire: Fire) -> Scenario:
    """The choices that the seed makes."""
    draw = random.Random(seed)
    lag = draw.choice([0.0, 0.0, fire.settle_seconds * 0.3])
    orders = [ListOrder.NEWEST, ListOrder.NEWEST, ListOrder.OLDEST, ListOrder.RANDOM]
    return Scenario(
        seed=seed,
        fire=fire,
        programs=draw.choice([1, 2]),
        files=draw.choice([1, 2, 3]),
        overlap=draw.random() < 0.7,
        concurrency=draw.choice([1, 4, 8, 16]),
        soft_share=draw.choice([0.0, 0.2]),
        workbook=draw.random() < 0.3,
        list_order=draw.choice(orders),
        list_lag_seconds=lag,
        clock_skew_seconds=draw.choice([0.0, 0.0, 3600.0, -3600.0, 45.0, -7.5]),
        foreign_every=draw.choice([0, 7, 40]),
        latency_seconds=draw.choice([0.0, 0.002, 0.02]),
        error_shape=draw.choice(list(ErrorShape)),
        window=draw.choice([None, None, WindowKind.SLIDING, WindowKind.FIXED]),
        restarts_of_server=draw.choice([0, 0, 3]),
    )
