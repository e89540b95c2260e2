"""All that the sandbox remembers while it runs: accounts and their groups, rate windows, faults, the request log."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batch.sandbox.groups import GroupStatus, Maker, Shelf, StoredGroup
from batch.sandbox.journal import Journal
from batch.sandbox.plans import FaultDesk
from batch.sandbox.windows import open_window

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batch.sandbox.options import SandboxOptions
    from batch.sandbox.windows import Allowance, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One finished request. `at` is in Unix seconds of the server's clock; `status` is None if no answer left."""

    number: int
    at: float
    seconds: float
    method: str
    path: str
    query: str
    account: str | None
    status: int | None
    fault: str | None
    group_id: str | None


def steady_clock() -> Callable[[], float]:
    """Unix seconds that never jump, whatever happens to the system's clock meanwhile."""
    base = time.time() - time.monotonic()
    return lambda: base + time.monotonic()


class World:
    """The mutable state behind the routes. Reading it from another thread is safe; so is setting faults."""

    def __init__(self, options: SandboxOptions, clock: Callable[[], float] | None = None) -> None:
        self.options = options
        self._clock = clock or steady_clock()
        self.stopping = asyncio.Event()
        self._journal = Journal(options.state_file) if options.state_file is not None else None
        self._begin()
        if self._journal is not None:
            self._replay(self._journal)

    def _begin(self) -> None:
        self.faults = FaultDesk(self.options.plans)
        self.requests: deque[LoggedRequest] = deque(maxlen=self.options.request_log_size)
        self.requests_seen = 0
        self.posts_seen = 0
        self._groups_made = 0
        self._credits_used: Counter[str] = Counter()
        self._requests_of_key: Counter[str] = Counter()
        self._requests_of_account: Counter[str] = Counter()
        self._windows: dict[str, Window] = {}
        self._shelves = {account: Shelf(self.options) for account in self.options.keys.values()}

    def _replay(self, journal: Journal) -> None:
        for entry in journal.replay():
            if isinstance(entry, StoredGroup):
                self._keep(entry)
            else:
                self.shelf_of(entry[0]).decide(*entry)

    def now(self) -> float:
        """Unix seconds of the server's clock, which may be skewed."""
        return self._clock() + self.options.clock_skew_seconds

    def reset(self) -> None:
        """As when the sandbox was started with an empty state file: its options' plans, no groups, no log."""
        if self._journal is not None:
            self._journal.clear()
        self._begin()

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def account(self, key: str) -> str | None:
        """The account behind a key, None if the key is not known."""
        return self.options.keys.get(key)

    def count_request(self, method: str) -> int:
        """The number of a request that just arrived, from 1."""
        self.requests_seen += 1
        self.posts_seen += method == "POST"
        return self.requests_seen

    def allowance(self, key: str, now: float) -> Allowance | None:
        """Counts a request against its key's rate limit; None if there is none. Unknown keys share one window."""
        if self.options.rate_limit is None:
            return None
        known = key if key in self.options.keys else ""
        if known not in self._windows:
            self._windows[known] = open_window(self.options.rate_limit, self.options.window)
        return self._windows[known].admit(now)

    def key_is_refused(self, key: str) -> bool:
        """Counts a request of the key; whether the key is by now refused."""
        self._requests_of_key[key] += 1
        first = self.options.refuse_key_from
        return first is not None and self._requests_of_key[key] >= first

    def let_others_act(self, account: str, now: float) -> None:
        """Someone else creates a group in the account now and then: whenever enough requests have gone by."""
        self._requests_of_account[account] += 1
        every = self.options.foreign_every
        if every and self._requests_of_account[account] % every == 0:
            self.create(account, _foreign_body(self._groups_made + 1), Maker.FOREIGN, now)

    def create(self, account: str, body: Mapping[str, object], maker: Maker, created_at: float) -> StoredGroup:
        """A new group, journalled first."""
        group = StoredGroup(
            id=str(uuid.uuid4()),
            number=self._groups_made + 1,
            account=account,
            created_at=created_at,
            maker=maker,
            body=body,
        )
        if self._journal is not None:
            self._journal.write_group(group)
        self._keep(group)
        return group

    def _keep(self, group: StoredGroup) -> None:
        self._groups_made = group.number
        self._credits_used[group.account] += group.maker is Maker.API
        self._shelves.setdefault(group.account, Shelf(self.options)).add(group)

    def has_credit(self, account: str) -> bool:
        return self.options.credits is None or self._credits_used[account] < self.options.credits

    def shelf(self, account: str) -> Shelf:
        return self._shelves[account]

    def shelf_of(self, group_id: str) -> Shelf:
        """The shelf that holds the group. Raises KeyError if none does."""
        for shelf in self._shelves.values():
            if shelf.get(group_id) is not None:
                return shelf
        raise KeyError(group_id)

    def decide(self, group_id: str, status: GroupStatus) -> None:
        """Gives a group its status, journalled first. Raises KeyError if there is no such group."""
        shelf = self.shelf_of(group_id)
        if self._journal is not None:
            self._journal.write_decision(group_id, status)
        shelf.decide(group_id, status)

    def groups(self, account: str | None = None) -> list[StoredGroup]:
        """All groups in the order in which they were made, of one account or of all."""
        shelves = [shelf for name, shelf in self._shelves.items() if account in (None, name)]
        return sorted((group for shelf in shelves for group in shelf.groups()), key=lambda group: group.number)


def _foreign_body(number: int) -> dict[str, object]:
    return {
        "phone_number_type": ("local", "mobile", "national")[number % 3],
        "name": f"Groep van een ander {number}",
        "business_name": f"Vreemde Voorbeeldzaak {number} BV",
        "contact_person_first_name": "Ander",
        "contact_person_last_name": "Mens",
        "contact_person_phone": "+31201234567",
        "street_name": "Elderslaan",
        "house_number": str(number),
        "postal_code": "9999 ZZ",
        "city": "Elders",
        "province": "Groningen",
    }
