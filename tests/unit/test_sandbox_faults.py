import pytest

from batch.sandbox.faults import FAMILIES, KINDS, Delivery, Endpoint, Fault, RetryAfter, Says, Wait, parse_fault


def test_a_kind_is_read_with_and_without_a_length() -> None:
    assert parse_fault("drop_after") == Fault(kind=KINDS["drop_after"])
    assert parse_fault(" slow_after:2.5 ") == Fault(kind=KINDS["slow_after"], seconds=2.5)


@pytest.mark.parametrize("text", ["drop_after", "429:3", "late:0.25"])
def test_a_fault_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_fault(text)) == text


def test_an_unknown_kind_is_named_with_a_suggestion_and_all_kinds() -> None:
    with pytest.raises(ValueError, match=r"no fault 'drop_aftr'\. Did you mean drop_after\?.*silent_before"):
        parse_fault("drop_aftr")


def test_a_far_fetched_kind_gets_no_suggestion() -> None:
    with pytest.raises(ValueError, match=r"no fault 'xyzzy'\. The kinds are"):
        parse_fault("xyzzy")


@pytest.mark.parametrize("seconds", ["", "soon", "-1", "nan", "inf"])
def test_a_length_is_a_number_of_seconds(seconds: str) -> None:
    with pytest.raises(ValueError, match="number of seconds"):
        parse_fault(f"late:{seconds}")


@pytest.mark.parametrize(
    "name", ["drop", "reset", "truncated", "silent", "500", "502", "503", "504", "not_json", "empty"]
)
def test_what_is_lost_or_broken_can_happen_before_and_after_the_effect(name: str) -> None:
    before, after = KINDS[f"{name}_before"], KINDS[f"{name}_after"]
    assert (before.acts, after.acts) == (False, True)
    assert (before.says, before.delivery, before.family) == (after.says, after.delivery, after.family)


@pytest.mark.parametrize("name", ["400", "401", "401_expired", "401_revoked", "402", "403", "404", "409", "422", "429"])
def test_a_refusal_takes_no_effect(name: str) -> None:
    assert not KINDS[name].acts
    assert KINDS[name].says is Says.ERROR


def test_unclear_is_every_kind_whose_answer_tells_nothing_and_none_that_stops_or_refuses() -> None:
    unclear = {KINDS[name].family for name in FAMILIES["unclear"]}
    assert unclear == {"lost", "server", "garbled", "slow"}
    assert not set(FAMILIES["unclear"]) & {"401", "402", "403", "409", "429", "late", "redirect", "blank"}


def test_every_kind_is_in_its_family() -> None:
    assert all(name in FAMILIES[kind.family] for name, kind in KINDS.items())


def test_blank_is_for_lists_only_and_the_rest_for_all() -> None:
    assert [KINDS["blank"].fits(endpoint) for endpoint in Endpoint] == [False, True, False]
    assert all(kind.fits(endpoint) for kind in KINDS.values() if kind.name != "blank" for endpoint in Endpoint)


def test_waits_stand_before_or_after_the_effect() -> None:
    assert (KINDS["late"].acts, KINDS["late"].wait) == (True, Wait.BEFORE)
    assert (KINDS["slow_after"].acts, KINDS["slow_after"].wait) == (True, Wait.AFTER)
    assert (KINDS["slow_before"].acts, KINDS["slow_before"].wait) == (False, Wait.BEFORE)


def test_retry_after_has_three_forms() -> None:
    forms = [KINDS[name].retry_after for name in ("429", "429_date", "429_bare", "503_retry")]
    assert forms == [RetryAfter.SECONDS, RetryAfter.DATE, RetryAfter.NONE, RetryAfter.SECONDS]


def test_ways_of_delivery() -> None:
    names = ("drop_after", "reset_after", "truncated_after", "silent_after", "500_after")
    assert [KINDS[name].delivery for name in names] == [
        Delivery.CLOSED,
        Delivery.RESET,
        Delivery.CUT,
        Delivery.SILENT,
        Delivery.WHOLE,
    ]
