"""The pace as the server sees it, in a form that no busy machine can upset; `make chaos` measures it exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.rate import RateLimit
from batch.sandbox.windows import WindowKind
from tests.chaos.pacing import Case, Pace, measure, shortcomings

LIMIT = RateLimit(requests=40, seconds=1.0)


@pytest.mark.parametrize(
    "case",
    [
        Case(name="sliding", limit=LIMIT, rows=90),
        Case(name="fixed, clock ahead", limit=LIMIT, rows=90, window=WindowKind.FIXED, skew_seconds=3600.0),
        Case(name="two programs, sliding, clock behind", limit=LIMIT, rows=45, programs=2, skew_seconds=-90.0),
        Case(name="two programs, fixed", limit=LIMIT, rows=45, programs=2, window=WindowKind.FIXED),
    ],
    ids=lambda case: case.name,
)
def test_the_limit_is_used_but_never_overrun(case: Case, tmp_path: Path) -> None:
    pace = measure(case, tmp_path)
    assert pace.codes == (0,) * case.programs
    assert pace.created == 90
    assert pace.refused == 0
    assert pace.seconds >= pace.best_seconds, "no more than the limit in any window"


@pytest.mark.parametrize("window", [WindowKind.SLIDING, WindowKind.FIXED])
def test_a_foreign_client_on_the_key_costs_time_but_no_row(window: WindowKind, tmp_path: Path) -> None:
    case = Case(name="foreign", limit=LIMIT, rows=90, window=window, foreign_every_seconds=0.1)
    pace = measure(case, tmp_path)
    assert pace.codes == (0,)
    assert pace.created == 90
    # Without feeling its way it is a third of them; how many exactly depends on how busy the machine is.
    assert pace.refused <= pace.requests // 10


def test_the_measurement_sees_what_falls_short() -> None:
    pace = Pace(codes=(1,), created=1, requests=9, refused=9, seconds=9.0, best_seconds=3.0, longest_gap_seconds=8.0)
    assert len(shortcomings(Case(name="x", rows=2), pace)) == 5
    assert pace.over == 2.0
