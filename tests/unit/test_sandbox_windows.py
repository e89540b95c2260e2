from itertools import pairwise

import pytest

from batch.rate import RateLimit
from batch.sandbox.windows import WindowKind, open_window

LIMIT = RateLimit(requests=3, seconds=10.0)


def admitted(kind: WindowKind, times: list[float]) -> list[bool]:
    window = open_window(LIMIT, kind)
    return [window.admit(time).admitted for time in times]


def test_sliding_admits_n_in_any_span() -> None:
    assert admitted(WindowKind.SLIDING, [0, 4, 9, 9.9, 10, 13.9, 14]) == [True, True, True, False, True, False, True]


def test_fixed_starts_anew_at_each_stroke_of_the_clock() -> None:
    assert admitted(WindowKind.FIXED, [108, 109, 109.5, 109.9, 110, 111, 112, 113]) == [True] * 3 + [False] + [
        True
    ] * 3 + [False]


def test_opened_runs_from_its_first_request() -> None:
    assert admitted(WindowKind.OPENED, [108, 109, 110, 111, 117.9, 118]) == [True] * 3 + [False] * 2 + [True]


@pytest.mark.parametrize("kind", WindowKind)
def test_remaining_counts_down_and_a_refused_request_uses_no_place(kind: WindowKind) -> None:
    window = open_window(LIMIT, kind)
    allowances = [window.admit(100.0 + at / 10) for at in range(5)]
    assert [allowance.remaining for allowance in allowances] == [2, 1, 0, 0, 0]
    assert {allowance.limit for allowance in allowances} == {3}


@pytest.mark.parametrize(
    ("kind", "reset_at"), [(WindowKind.SLIDING, 114.0), (WindowKind.FIXED, 110.0), (WindowKind.OPENED, 114.0)]
)
def test_reset_is_when_the_next_place_comes_free(kind: WindowKind, reset_at: float) -> None:
    window = open_window(LIMIT, kind)
    for _ in range(3):
        window.admit(104.0)
    refused = window.admit(105.0)
    assert not refused.admitted
    assert refused.reset_at == reset_at
    assert window.admit(reset_at).admitted


def test_sliding_never_lets_more_than_n_into_any_span() -> None:
    window = open_window(LIMIT, WindowKind.SLIDING)
    times = [at * 0.7 for at in range(300) if window.admit(at * 0.7).admitted]
    assert all(later - earlier >= LIMIT.seconds for earlier, later in zip(times, times[3:], strict=False))
    assert max(later - earlier for earlier, later in pairwise(times)) < LIMIT.seconds
