from collections import Counter

import pytest

from batch.sandbox.faults import FAMILIES, Endpoint, parse_fault
from batch.sandbox.plans import FaultDesk, FaultPlan, plan_from


def names(desk: FaultDesk, requests: list[bytes], endpoint: Endpoint = Endpoint.CREATE) -> list[str | None]:
    faults = [desk.pick(endpoint, request, None) for request in requests]
    return [None if fault is None else str(fault) for fault in faults]


def rows(count: int) -> list[bytes]:
    return [b"row %d" % at for at in range(count)]


def test_without_a_plan_nothing_goes_wrong() -> None:
    desk = FaultDesk({})
    assert names(desk, rows(20)) == [None] * 20
    assert not desk.committed


def test_a_plan_faults_about_its_fraction_of_the_requests() -> None:
    desk = FaultDesk({Endpoint.CREATE: FaultPlan(fraction=0.3)})
    faulted = [name for name in names(desk, rows(2000)) if name is not None]
    assert 520 < len(faulted) < 680
    assert set(faulted) == set(FAMILIES["unclear"])


def test_a_plan_is_for_its_endpoint_only() -> None:
    desk = FaultDesk({Endpoint.LIST: FaultPlan(fraction=1, weights={"403": 1})})
    assert names(desk, rows(3)) == [None] * 3
    assert names(desk, rows(3), Endpoint.LIST) == ["403"] * 3


def test_the_same_seed_repeats_whatever_the_order() -> None:
    plan = FaultPlan(fraction=0.5, seed=3)
    forward = dict(zip(rows(200), names(FaultDesk({Endpoint.CREATE: plan}), rows(200)), strict=True))
    back = rows(200)[::-1]
    assert dict(zip(back, names(FaultDesk({Endpoint.CREATE: plan}), back), strict=True)) == forward


def test_another_seed_is_another_plan() -> None:
    one, other = (names(FaultDesk({Endpoint.CREATE: FaultPlan(fraction=0.5, seed=seed)}), rows(50)) for seed in (1, 2))
    assert one != other


def test_the_same_request_said_again_has_a_chance_of_its_own() -> None:
    again = names(FaultDesk({Endpoint.CREATE: FaultPlan(fraction=0.5)}), [b"row"] * 200)
    assert 60 < again.count(None) < 140


def test_at_most_so_many_faults_for_the_same_request() -> None:
    plan = FaultPlan(fraction=1, at_most=2)
    assert [name is None for name in names(FaultDesk({Endpoint.CREATE: plan}), [b"row"] * 5)] == [False] * 2 + [
        True
    ] * 3


def test_kinds_are_drawn_by_weight_and_a_family_shares_its_weight() -> None:
    plan = FaultPlan(fraction=1, weights={"429:2": 3, "refused": 1})
    drawn = Counter(names(FaultDesk({Endpoint.CREATE: plan}), rows(4000)))
    assert set(drawn) == {"429:2", *FAMILIES["refused"]}
    assert 2850 < drawn["429:2"] < 3150
    assert all(190 < drawn[name] < 310 for name in FAMILIES["refused"])


def test_what_was_committed_is_counted() -> None:
    desk = FaultDesk({Endpoint.CREATE: FaultPlan(fraction=1, weights={"409": 1})})
    names(desk, rows(3))
    assert desk.committed == {"409": 3}


def test_queued_faults_come_before_the_plan_one_each_and_none_lets_one_through() -> None:
    desk = FaultDesk({Endpoint.CREATE: FaultPlan(fraction=1, weights={"409": 1})})
    desk.queue(Endpoint.CREATE, [parse_fault("drop_after"), None])
    assert desk.queued(Endpoint.CREATE) == 2
    assert names(desk, rows(3)) == ["drop_after", None, "409"]
    assert desk.queued(Endpoint.CREATE) == 0


def test_a_request_may_ask_for_its_own_fault_before_all_else() -> None:
    desk = FaultDesk({})
    desk.queue(Endpoint.CREATE, [parse_fault("402")])
    assert str(desk.pick(Endpoint.CREATE, b"row", "late:1")) == "late:1"
    assert desk.queued(Endpoint.CREATE) == 1


def test_a_wish_that_makes_no_sense_is_refused() -> None:
    desk = FaultDesk({})
    with pytest.raises(ValueError, match="no fault 'nonsense'"):
        desk.pick(Endpoint.CREATE, b"row", "nonsense")
    with pytest.raises(ValueError, match="'blank' means nothing for 'create'"):
        desk.pick(Endpoint.CREATE, b"row", "blank")


def test_a_queue_with_one_senseless_fault_is_left_as_it_was() -> None:
    desk = FaultDesk({})
    with pytest.raises(ValueError, match="'blank' means nothing for 'one'"):
        desk.queue(Endpoint.ONE, [parse_fault("404"), parse_fault("blank")])
    assert desk.queued(Endpoint.ONE) == 0


def test_a_plan_can_be_set_seen_and_cleared() -> None:
    desk, plan = FaultDesk({}), FaultPlan(fraction=1, weights={"404": 1})
    desk.plan(Endpoint.ONE, plan)
    assert desk.plans() == {Endpoint.ONE: plan}
    desk.plan(Endpoint.ONE, None)
    assert desk.plans() == {}
    assert names(desk, rows(2), Endpoint.ONE) == [None, None]


def test_a_plan_set_again_counts_from_the_start() -> None:
    desk = FaultDesk({})
    plan = FaultPlan(fraction=0.5)
    drawn = []
    for _ in range(2):
        desk.plan(Endpoint.CREATE, plan)
        drawn.append(names(desk, [b"row"] * 30))
    assert drawn[0] == drawn[1]


def test_a_plan_that_fits_no_request_is_refused() -> None:
    with pytest.raises(ValueError, match="None of blank means anything for 'create'"):
        FaultDesk({Endpoint.CREATE: FaultPlan(fraction=1, weights={"blank": 1})})


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"fraction": 1.1}, "between 0 and 1"),
        ({"fraction": -0.1}, "between 0 and 1"),
        ({"fraction": 1, "weights": {}}, "needs weights"),
        ({"fraction": 1, "weights": {"409": 0}}, "greater than 0"),
        ({"fraction": 1, "weights": {"nonsense": 1}}, "no fault 'nonsense'"),
        ({"fraction": 1, "weights": {"409": "1"}}, "are numbers"),
        ({"fraction": 1, "weights": ["409"]}, "are numbers"),
        ({"fraction": True}, "are numbers"),
        ({"fraction": 1, "at_most": -1}, "1 or more"),
        ({"fraction": 1, "at_most": 0}, "1 or more"),
        ({"fraction": 1, "odd": 1}, "at_most, seed, weights"),
        ({"seed": 1}, "JSON object with a fraction"),
        ([], "JSON object with a fraction"),
    ],
)
def test_a_plan_that_makes_no_sense_says_what_was_expected(plan: object, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        plan_from(plan)


def test_a_plan_is_read_from_json_with_its_defaults() -> None:
    assert plan_from({"fraction": 0.25}) == FaultPlan(fraction=0.25)
    assert plan_from({"fraction": 1, "weights": {"lost": 2}, "seed": 4, "at_most": 3}) == FaultPlan(
        fraction=1, weights={"lost": 2.0}, seed=4, at_most=3
    )
