"""The groups that exist: one shelf for each account, in the order and with the lag that the list should show."""

from __future__ import annotations

import heapq
import math
import random
import time
from bisect import insort
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from batch.sandbox.chance import chances
from batch.sandbox.options import ListOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch.sandbox.options import SandboxOptions


class GroupStatus(StrEnum):
    """The approval states of api.md."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELETED = "deleted"


class Maker(StrEnum):
    """Who made a group: a POST of ours, someone else meanwhile, or a test through the control routes."""

    API = "api"
    FOREIGN = "foreign"
    CONTROL = "control"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredGroup:
    """One group as the server knows it: `created_at` in Unix seconds of the server's clock, `number` from 1."""

    id: str
    number: int
    account: str
    created_at: float
    maker: Maker
    body: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list call asks for; None: all."""

    status: str | None = None
    phone_number_type: str | None = None

    @property
    def any(self) -> bool:
        return self.status is not None or self.phone_number_type is not None


_NEVER = (math.inf, GroupStatus.PENDING)


class Shelf:
    """One account's groups."""

    def __init__(self, options: SandboxOptions) -> None:
        self._order = options.list_order
        self._lag_seconds = options.list_lag_seconds
        self._approval_seconds = options.approval_seconds
        self._rejected_fraction = options.rejected_fraction
        self._seed = options.seed
        self._shuffle = random.Random(options.seed)  # noqa: S311 - an order to test with, not a secret
        self._by_id: dict[str, StoredGroup] = {}
        self._names: set[str] = set()
        self._fates: dict[str, tuple[float, GroupStatus]] = {}
        self._shown: list[StoredGroup] = []
        self._lagging: list[tuple[float, int, StoredGroup]] = []

    def add(self, group: StoredGroup) -> None:
        self._by_id[group.id] = group
        self._names.add(str(group.body.get("name")))
        if self._approval_seconds is not None:
            self._fates[group.id] = self._fate(group, self._approval_seconds)
        heapq.heappush(self._lagging, (group.created_at, group.number, group))

    def has_name(self, name: object) -> bool:
        return str(name) in self._names

    def get(self, group_id: str) -> StoredGroup | None:
        return self._by_id.get(group_id)

    def groups(self) -> list[StoredGroup]:
        """All of them, in the order in which they were added, lagging or not."""
        return list(self._by_id.values())

    def decide(self, group_id: str, status: GroupStatus) -> None:
        """From now on the group has this status, whatever chance had in store for it."""
        self._fates[group_id] = (-math.inf, status)

    def status(self, group: StoredGroup, now: float) -> GroupStatus:
        settled_at, status = self._fates.get(group.id, _NEVER)
        return status if now >= settled_at else GroupStatus.PENDING

    def _fate(self, group: StoredGroup, approval_seconds: float) -> tuple[float, GroupStatus]:
        when, whether = chances(self._seed, b"approval/%d" % group.number)
        status = GroupStatus.REJECTED if whether < self._rejected_fraction else GroupStatus.APPROVED
        return group.created_at + approval_seconds * (0.5 + when), status

    def page(self, filters: Filters, *, limit: int, offset: int, now: float) -> tuple[list[StoredGroup], int]:
        """The groups of one page, and how many there are on all pages. Without filters this takes O(limit)."""
        self._let_appear(now)
        shown = self._shown
        if filters.any:
            shown = [group for group in shown if self._matches(group, filters, now)]
        return self._slice(shown, limit, offset), len(shown)

    def _let_appear(self, now: float) -> None:
        while self._lagging and self._lagging[0][0] + self._lag_seconds <= now:
            insort(self._shown, heapq.heappop(self._lagging)[2], key=self._rank)

    def _rank(self, group: StoredGroup) -> tuple[float, int]:
        if self._order is ListOrder.RANDOM:
            return chances(self._seed, group.id.encode())[0], group.number
        return group.created_at, group.number

    def _matches(self, group: StoredGroup, filters: Filters, now: float) -> bool:
        wanted = filters.phone_number_type
        if wanted is not None and group.body.get("phone_number_type") != wanted:
            return False
        return filters.status in (None, self.status(group, now))

    def _slice(self, shown: list[StoredGroup], limit: int, offset: int) -> list[StoredGroup]:
        match self._order:
            case ListOrder.NEWEST:
                end = max(0, len(shown) - offset)
                return shown[max(0, end - limit) : end][::-1]
            case ListOrder.SHUFFLED:
                return self._shuffle.sample(shown, max(0, min(limit, len(shown) - offset)))
            case ListOrder.RANDOM | ListOrder.OLDEST:  # pragma: no branch - there is no other order
                return shown[offset : offset + limit]


def timestamp(seconds: float) -> str:
    """Unix seconds as api.md shows them: `2025-01-10T08:00:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
