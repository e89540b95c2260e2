from pathlib import Path
from uuid import UUID

import pytest

from batch.rate import RateLimit
from batch.sandbox.faults import Endpoint
from batch.sandbox.groups import GroupStatus, Maker
from batch.sandbox.options import SandboxOptions
from batch.sandbox.plans import FaultPlan
from batch.sandbox.world import World, steady_clock

KEYS = {"fl_test_a": "one", "fl_test_b": "one", "fl_test_c": "two"}
BODY = {"name": "Bakkerij Noord"}


def world(**options: object) -> World:
    return World(SandboxOptions(**{"keys": KEYS, **options}), clock=lambda: 1000.0)  # type: ignore[arg-type]


def test_keys_may_share_an_account() -> None:
    assert [world().account(key) for key in (*KEYS, "fl_test_d", "")] == ["one", "one", "two", None, None]


def test_groups_belong_to_their_account_and_get_ids_of_their_own() -> None:
    of = world()
    made = [of.create(account, BODY, Maker.API, of.now()) for account in ("one", "two", "one")]
    assert len({UUID(group.id) for group in made}) == 3
    assert [group.number for group in of.groups()] == [1, 2, 3]
    assert of.groups("one") == [made[0], made[2]]
    assert of.shelf("two").groups() == [made[1]]


def test_the_clock_may_be_skewed() -> None:
    assert world(clock_skew_seconds=-90.5).now() == 909.5


def test_the_clock_of_its_own_never_goes_back() -> None:
    clock = steady_clock()
    times = [clock() for _ in range(100)]
    assert times == sorted(times)
    assert World(SandboxOptions()).now() >= times[-1]


def test_each_key_has_a_rate_limit_of_its_own_and_unknown_keys_share_one() -> None:
    of = world(rate_limit=RateLimit(requests=1, seconds=10))
    keys = ["fl_test_a", "fl_test_b", "fl_test_a", "odd", "odder"]
    allowances = [of.allowance(key, 1.0) for key in keys]
    assert [allowance.admitted for allowance in allowances if allowance is not None] == [True, True, False, True, False]


def test_without_a_rate_limit_nothing_is_counted() -> None:
    assert world(rate_limit=None).allowance("fl_test_a", 1.0) is None


def test_a_key_is_refused_from_its_kth_request_on() -> None:
    of = world(refuse_key_from=3)
    assert [of.key_is_refused("fl_test_a") for _ in range(4)] == [False, False, True, True]
    assert not of.key_is_refused("fl_test_b")
    assert not any(world().key_is_refused("fl_test_a") for _ in range(10))


def test_others_create_groups_meanwhile() -> None:
    of = world(foreign_every=3)
    for _ in range(7):
        of.let_others_act("one", of.now())
    of.let_others_act("two", of.now())
    assert [(group.account, group.maker) for group in of.groups()] == [("one", Maker.FOREIGN)] * 2
    assert len({group.body["name"] for group in of.groups()}) == 2


def test_others_leave_the_account_alone_unless_asked_for() -> None:
    of = world()
    of.let_others_act("one", of.now())
    assert of.groups() == []


def test_credits_are_used_by_our_own_groups_only() -> None:
    of = world(credits=1)
    of.create("one", BODY, Maker.FOREIGN, of.now())
    assert of.has_credit("one")
    of.create("one", BODY, Maker.API, of.now())
    assert not of.has_credit("one")
    assert of.has_credit("two")
    assert world().has_credit("one")


def test_requests_and_posts_are_counted() -> None:
    of = world()
    assert [of.count_request(method) for method in ("GET", "POST", "POST")] == [1, 2, 3]
    assert (of.requests_seen, of.posts_seen) == (3, 2)


def test_a_group_can_be_decided_upon() -> None:
    of = world()
    made = of.create("one", BODY, Maker.API, of.now())
    of.decide(made.id, GroupStatus.APPROVED)
    assert of.shelf("one").status(made, of.now()) is GroupStatus.APPROVED
    with pytest.raises(KeyError):
        of.decide("nobody", GroupStatus.APPROVED)


def test_a_killed_sandbox_finds_its_groups_again(tmp_path: Path) -> None:
    options = SandboxOptions(keys=KEYS, state_file=tmp_path / "groups.jsonl", credits=1)
    killed = World(options)
    made = [killed.create(account, BODY, Maker.API, killed.now()) for account in ("one", "two")]
    killed.decide(made[1].id, GroupStatus.REJECTED)
    again = World(options)
    assert again.groups() == made
    assert again.shelf("two").status(made[1], again.now()) is GroupStatus.REJECTED
    assert not again.has_credit("one")
    assert again.create("one", BODY, Maker.API, again.now()).number == 3
    killed.close()
    again.close()


def test_groups_of_an_account_that_has_no_key_any_more_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "groups.jsonl"
    first = World(SandboxOptions(keys=KEYS, state_file=path))
    first.create("two", BODY, Maker.API, first.now())
    first.close()
    second = World(SandboxOptions(state_file=path))
    assert [group.account for group in second.groups()] == ["two"]
    second.close()


def test_reset_is_as_at_the_start_with_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "groups.jsonl"
    plan = FaultPlan(fraction=1)
    of = World(SandboxOptions(state_file=path, plans={Endpoint.CREATE: plan}))
    of.create("default", BODY, Maker.API, of.now())
    of.count_request("POST")
    of.faults.plan(Endpoint.CREATE, None)
    of.reset()
    assert (of.groups(), of.posts_seen, of.faults.plans()) == ([], 0, {Endpoint.CREATE: plan})
    assert path.read_bytes() == b""
    of.close()
    of.close()


def test_reset_works_without_a_file() -> None:
    of = world()
    of.create("one", BODY, Maker.API, of.now())
    of.reset()
    assert of.groups() == []
