import dataclasses
import math
from typing import Any

import pytest

from batch.errors import SettingsError
from batch.sandbox.faults import Endpoint
from batch.sandbox.options import DEFAULT_KEY, SandboxOptions
from batch.sandbox.plans import FaultPlan


def test_the_defaults_are_those_of_the_api_without_faults() -> None:
    options = SandboxOptions()
    assert dict(options.keys) == {"fl_test_sandbox": "default"}
    assert str(options.rate_limit) == "100/minute"
    assert (options.plans, options.latency_seconds, options.list_lag_seconds) == ({}, 0, 0)


def test_options_are_frozen_and_show_no_key() -> None:
    options = SandboxOptions()
    assert DEFAULT_KEY not in repr(options)
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.seed = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("latency_seconds", -1, "0 or more; found -1"),
        ("slow_seconds", math.inf, "number of seconds, 0 or more; found inf"),
        ("approval_seconds", math.nan, "0 or more; found nan"),
        ("clock_skew_seconds", math.nan, "a number of seconds; found nan"),
        ("rejected_fraction", 1.5, "from 0 to 1; found 1.5"),
        ("created_status", 302, "from 200 to 299; found 302"),
        ("foreign_every", -1, "0 or more; found -1"),
        ("credits", -1, "0 or more; found -1"),
        ("refuse_key_from", 0, "1 or more; found 0"),
        ("request_log_size", -1, "0 or more; found -1"),
    ],
)
def test_nonsense_is_refused_by_name(name: str, value: Any, expected: str) -> None:
    with pytest.raises(SettingsError, match=rf"The sandbox option {name} must be .*{expected}\.") as caught:
        SandboxOptions(**{name: value})
    assert caught.value.code == "sandbox_option"


@pytest.mark.parametrize("keys", [{}, {"fl_test_a": "default", "": "default"}])
def test_keys_are_needed_and_never_shown(keys: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="at least one key") as caught:
        SandboxOptions(keys=keys)
    assert "fl_test_a" not in str(caught.value)


def test_a_plan_that_fits_no_request_is_refused() -> None:
    plan = FaultPlan(fraction=1, weights={"blank": 1})
    with pytest.raises(SettingsError, match="blank means"):
        SandboxOptions(plans={Endpoint.CREATE: plan})


def test_nothing_chosen_beyond_the_bounds_is_accepted_at_the_bounds() -> None:
    SandboxOptions(credits=0, refuse_key_from=1, foreign_every=0, rejected_fraction=1, clock_skew_seconds=-30)
