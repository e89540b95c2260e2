"""How much work each section does: for the page, for trying a change out, and for the smoke test."""

from __future__ import annotations

from dataclasses import dataclass

from batch.rate import RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Sizes of all sections; 0 leaves a case out. `sequential` rows are for senders that use one connection."""

    name: str
    read_rows: tuple[int, ...]
    workbook_rows: int
    bad_rows: int
    few_rows: int
    submit_rows: tuple[int, ...]
    latency_seconds: float
    latency_rows: int
    latency_sequential_rows: int
    pace_limit: RateLimit
    pace_rows: int
    fault_rows: int
    fault_every: int
    timeout_rows: int
    growth_rows: tuple[int, ...]
    ledger_rows: int
    done_rows: int


FULL = Scale(
    name="full",
    read_rows=(100_000, 1_000_000),
    workbook_rows=100_000,
    bad_rows=100_000,
    few_rows=10,
    submit_rows=(5_000, 50_000),
    latency_seconds=0.05,
    latency_rows=1_000,
    latency_sequential_rows=100,
    pace_limit=RateLimit(requests=100, seconds=6.0),
    pace_rows=240,
    fault_rows=500,
    fault_every=25,
    timeout_rows=50,
    growth_rows=(1_000, 10_000, 100_000, 1_000_000),
    ledger_rows=1_000_000,
    done_rows=10_000,
)

QUICK = Scale(
    name="quick",
    read_rows=(2_000, 20_000),
    workbook_rows=2_000,
    bad_rows=2_000,
    few_rows=10,
    submit_rows=(500,),
    latency_seconds=0.05,
    latency_rows=200,
    latency_sequential_rows=40,
    pace_limit=RateLimit(requests=20, seconds=1.5),
    pace_rows=48,
    fault_rows=100,
    fault_every=25,
    timeout_rows=25,
    growth_rows=(1_000, 10_000),
    ledger_rows=20_000,
    done_rows=1_000,
)

SMOKE = Scale(
    name="smoke",
    read_rows=(600,),
    workbook_rows=0,
    bad_rows=0,
    few_rows=0,
    submit_rows=(30,),
    latency_seconds=0.0,
    latency_rows=0,
    latency_sequential_rows=0,
    pace_limit=RateLimit(requests=20, seconds=0.2),
    pace_rows=0,
    fault_rows=30,
    fault_every=10,
    timeout_rows=0,
    growth_rows=(),
    ledger_rows=200,
    done_rows=0,
)

SCALES = {scale.name: scale for scale in (FULL, QUICK, SMOKE)}
