"""approval.search: every group is found, and in few requests, whatever the order of the list."""

from __future__ import annotations

import random

import pytest

from batch.approval.search import PAGE, AskOne, AskPage, Page, Search


class Account:
    """An account's list; `order` as the sandbox has it, `lag`: the newest groups that the list does not show yet."""

    def __init__(self, total: int, order: str = "newest", lag: int = 0, grows: int = 0) -> None:
        self.groups = [f"g{number}" for number in range(total)]
        self.order, self.lag, self.grows = order, lag, grows
        self.chance = random.Random(1)
        self.pages = self.ones = 0

    def listed(self) -> list[str]:
        shown = self.groups[: len(self.groups) - self.lag]
        if self.order == "newest":
            return shown[::-1]
        if self.order == "oldest":
            return list(shown)
        return sorted(shown, key=lambda group: self.chance.random() if self.order == "shuffled" else hash(group[::-1]))

    def find(self, wanted: list[str], last: Search | None = None) -> Search:
        search = Search(wanted) if last is None else Search(wanted, last.places, last.total)
        steps = search.steps()
        try:
            step = next(steps)
            while True:
                step = steps.send(self._take(step))
        except StopIteration:
            return search

    def _take(self, step: AskPage | AskOne) -> Page | bool:
        match step:
            case AskPage(offset=offset):
                self.pages += 1
                shown = self.listed()
                self.groups += [f"new{self.pages}-{number}" for number in range(self.grows)]
                return Page(ids=tuple(shown[offset : offset + PAGE]), total=len(shown))
            case AskOne(group_id=group_id):
                self.ones += 1
                return group_id in self.groups

    @property
    def requests(self) -> int:
        return self.pages + self.ones


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize(
    ("total", "wanted", "most"),
    [
        (1, 1, 1),  # one question
        (5_000, 1, 1),
        (100, 100, 1),  # one page
        (312, 312, 4),
        (5_000, 300, 5),  # the newest of many: from whichever end they stand at
        (5_000, 3, 3 + 2),
        (5_000, 5_000, 56),
    ],
)
def test_a_batch_just_made_takes_as_few_requests_as_it_has_pages(
    order: str, total: int, wanted: int, most: int
) -> None:
    account = Account(total, order)
    search = account.find(account.groups[total - wanted :])
    assert search.missing == ()
    assert account.requests <= most


@pytest.mark.parametrize("order", ["random", "shuffled"])
def test_in_a_list_without_order_all_are_found_for_no_more_than_a_question_each(order: str) -> None:
    account = Account(2_000, order)
    search = account.find(account.groups[::40])
    assert search.missing == ()
    assert account.requests <= 50 + 3


def test_groups_far_apart_in_a_long_list_are_asked_for_one_by_one() -> None:
    account = Account(50_000)
    search = account.find([account.groups[20_000], account.groups[30_000]])
    assert search.missing == ()
    assert account.requests <= 2 + 2


def test_groups_that_appear_while_one_pages_hide_none() -> None:
    account = Account(1_000, "newest", grows=30)
    assert account.find(account.groups[:]).missing == ()
    assert account.requests < 40


def test_groups_of_another_account_are_missing_and_few_are_asked_for_to_be_sure() -> None:
    account = Account(250)
    theirs = [f"theirs{number}" for number in range(5_000)]
    search = account.find([*theirs, *account.groups])
    assert search.missing == tuple(theirs)
    assert account.requests <= 3 + 3 + 20


def test_what_a_lagging_list_does_not_show_is_found_by_asking() -> None:
    account = Account(400, lag=60)
    assert account.find(account.groups[:]).missing == ()
    assert account.ones == 60


def test_an_empty_list_is_asked_again_before_it_is_believed() -> None:
    class Blank(Account):
        def listed(self) -> list[str]:
            return [] if self.pages == 1 else super().listed()

    account = Blank(90)
    assert account.find(account.groups[:]).missing == ()
    assert account.requests == 2


def test_a_second_look_reads_where_the_groups_stood() -> None:
    account = Account(5_000, "newest")
    wanted = [*account.groups[1_000:1_100], *account.groups[4_000:4_030], account.groups[7]]
    first = account.find(wanted)
    seen = account.requests
    assert account.find(wanted, first).missing == ()
    assert account.requests - seen <= 5
    before = account.requests
    account.groups += [f"new{number}" for number in range(8)]  # everything has moved on a little
    assert account.find(wanted[:3], first).missing == ()
    assert account.requests - before <= 4


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_wanted_of_whatever_list_is_found_and_nothing_else_is(seed: int) -> None:
    chance = random.Random(seed)
    account = Account(
        chance.choice([0, 1, 99, 101, 350, 1_234]),
        chance.choice(["newest", "oldest", "random", "shuffled"]),
        grows=chance.choice([0, 0, 5]),
    )
    there = chance.sample(account.groups, chance.randint(0, len(account.groups)))
    gone = [f"gone{number}" for number in range(chance.choice([0, 1, 30]))]
    wanted = [*there, *gone]
    chance.shuffle(wanted)
    assert sorted(account.find(wanted).missing) == sorted(gone)
    assert account.requests <= len(wanted) + 50
