from collections.abc import Callable

import pytest

from batch.sandbox.groups import Filters, GroupStatus, Maker, Shelf, StoredGroup, timestamp
from batch.sandbox.options import ListOrder, SandboxOptions

ALL = Filters()


def group(number: int, created_at: float | None = None, kind: str = "local") -> StoredGroup:
    return StoredGroup(
        id=f"id-{number}",
        number=number,
        account="default",
        created_at=float(number if created_at is None else created_at),
        maker=Maker.API,
        body={"name": f"Groep {number}", "phone_number_type": kind},
    )


def shelf(count: int, **options: object) -> Shelf:
    filled = Shelf(SandboxOptions(**options))  # type: ignore[arg-type]
    for number in range(1, count + 1):
        filled.add(group(number, kind=("local", "mobile")[number % 2]))
    return filled


def page(of: Shelf, *, limit: int = 100, offset: int = 0, now: float = 1e9, filters: Filters = ALL) -> list[int]:
    return [each.number for each in of.page(filters, limit=limit, offset=offset, now=now)[0]]


def sweep(of: Shelf, limit: int) -> list[int]:
    return [number for offset in range(0, 10, limit) for number in page(of, limit=limit, offset=offset)]


def test_newest_and_oldest_first() -> None:
    assert page(shelf(5, list_order=ListOrder.NEWEST)) == [5, 4, 3, 2, 1]
    assert page(shelf(5, list_order=ListOrder.OLDEST)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("order", [ListOrder.NEWEST, ListOrder.OLDEST, ListOrder.RANDOM])
@pytest.mark.parametrize("limit", [1, 3, 4, 100])
def test_pages_add_up_to_the_whole(order: ListOrder, limit: int) -> None:
    groups = shelf(10, list_order=order)
    assert sweep(groups, limit)[:10] == page(groups)
    assert sorted(page(groups)) == list(range(1, 11))


def test_random_is_the_same_in_every_reply_and_for_every_seed_another() -> None:
    orders = [page(shelf(10, list_order=ListOrder.RANDOM, seed=seed)) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert orders[0] not in (list(range(1, 11)), list(range(10, 0, -1)))


def test_shuffled_is_another_in_each_reply() -> None:
    groups = shelf(10, list_order=ListOrder.SHUFFLED)
    replies = [page(groups) for _ in range(3)]
    assert replies[0] != replies[1] != replies[2]
    assert all(sorted(reply) == list(range(1, 11)) for reply in replies)
    assert [len(page(groups, limit=4, offset=offset)) for offset in (0, 4, 8, 12)] == [4, 4, 2, 0]


@pytest.mark.parametrize("order", ListOrder)
def test_beyond_the_end_is_an_empty_page_with_the_total(order: ListOrder) -> None:
    assert shelf(3, list_order=order).page(ALL, limit=2, offset=9, now=1e9) == ([], 3)


@pytest.mark.parametrize("order", ListOrder)
def test_a_group_shows_when_the_lag_has_passed(order: ListOrder) -> None:
    groups = shelf(3, list_order=order, list_lag_seconds=10.0)
    assert [sorted(page(groups, now=now)) for now in (10.9, 11, 12.5, 13)] == [[], [1], [1, 2], [1, 2, 3]]
    assert groups.get("id-3") is not None
    assert len(groups.groups()) == 3


def test_a_group_of_an_earlier_time_takes_its_place_among_the_others() -> None:
    groups = shelf(3, list_order=ListOrder.OLDEST)
    page(groups)
    groups.add(group(4, created_at=1.5))
    assert page(groups) == [1, 4, 2, 3]


def test_filters_by_type_and_status() -> None:
    groups = shelf(6)
    groups.decide("id-2", GroupStatus.DELETED)
    assert page(groups, filters=Filters(phone_number_type="local")) == [6, 4, 2]
    assert page(groups, filters=Filters(status="pending", phone_number_type="local")) == [6, 4]
    assert groups.page(Filters(status="deleted"), limit=20, offset=0, now=1e9)[1] == 1
    assert page(groups, filters=Filters(status="approved")) == []


def statuses(of: Shelf, now: float) -> list[GroupStatus]:
    return [of.status(each, now) for each in of.groups()]


def test_groups_stay_pending_unless_asked_for_otherwise() -> None:
    assert set(statuses(shelf(5), 1e9)) == {GroupStatus.PENDING}


def test_groups_are_settled_after_a_while_by_the_seed() -> None:
    make: Callable[[], Shelf] = lambda: shelf(400, approval_seconds=1000.0, rejected_fraction=0.25, seed=5)  # noqa: E731
    early, middle, late = (statuses(make(), now) for now in (450.0, 1200.0, 3000.0))
    assert set(early) == {GroupStatus.PENDING}
    assert set(middle) == {GroupStatus.PENDING, GroupStatus.APPROVED, GroupStatus.REJECTED}
    assert set(late) == {GroupStatus.APPROVED, GroupStatus.REJECTED}
    assert 70 < late.count(GroupStatus.REJECTED) < 130
    assert statuses(make(), 3000.0) == late


def test_a_decision_overrules_chance() -> None:
    groups = shelf(1, approval_seconds=1000.0)
    groups.decide("id-1", GroupStatus.REJECTED)
    assert statuses(groups, 1.0) == [GroupStatus.REJECTED]


def test_names_are_known() -> None:
    assert shelf(1).has_name("Groep 1")
    assert not shelf(1).has_name("Groep 2")


def test_times_are_shown_in_whole_seconds() -> None:
    assert timestamp(1736496000.999) == "2025-01-10T08:00:00Z"
