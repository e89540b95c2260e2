"""The account's groups as the list endpoint shows them: single pages, and whole sweeps that missed nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from batch.client import ApiClient
from batch.errors import ApiStop
from batch.model import Group, Reply, Sentence
from batch.pacing import Pacer
from batch.retry import REST_NOT_SENT, Again, RetryPolicy, again_reading, is_outage, stop_message, stop_reason

PAGE = 100
_OVERLAP = 10  # groups may appear or go while one pages, which shifts what comes after
_LEAST_SHARED = 2
_MOST_SWEEPS = 6
_MOST_IDLE_PAGES = 5  # one after the other that show nothing new, as of a list without an end


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Every group that was seen, by ID. `problem` says why the list cannot be relied on as whole, if it cannot: then
    what was seen is there, but what was not seen may exist all the same. Times in Unix seconds by our clock.
    """

    groups: dict[str, Group]
    started_at: float
    problem: str | None = None
    server_ahead_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The list endpoint, asked within the budget, and again where that is safe; for reading that is always."""

    client: ApiClient
    pacer: Pacer
    policy: RetryPolicy
    clock: Callable[[], float]
    rest: Sentence = REST_NOT_SENT

    async def answers(self) -> bool:
        """Whether the API answers the cheapest request there is. Raises ApiStop where it refuses the key."""
        reply = await self._ask(limit=1, offset=0)
        stop = stop_reason(reply)
        if stop is not None:
            raise ApiStop(stop.code, stop_message(stop, self.rest))
        return not is_outage(reply)

    async def page(self, *, limit: int, offset: int) -> Reply:
        """A page, or the last of several failures to get it."""
        return await self._patiently(lambda: self._ask(limit=limit, offset=offset))

    async def one(self, group_id: str) -> Reply:
        """A group by its ID, or the last of several failures to get it; a 404 is an answer."""
        return await self._patiently(lambda: self._ask_for(group_id))

    async def _patiently(self, send: Callable[[], Awaitable[Reply]]) -> Reply:
        async def ask() -> Reply | Again:
            replies.append(await send())
            return again_reading(replies[-1]) or replies[-1]

        replies: list[Reply] = []
        await self.policy.repeat(ask)
        return replies[-1]

    async def sweep(self) -> Sweep:
        """Pages through the whole list, and once more as long as something may have slipped through.

        Nothing has when each page of a pass went on exactly where the one before ended, so that the order held still;
        or, if the list comes in another order each time, when a pass found nothing new and as many groups were seen as
        the API counts. What appears meanwhile does not matter: what is looked for was there before.
        """
        seen = _Seen(started_at=self.clock())
        for _ in range(_MOST_SWEEPS):
            before = len(seen.groups)
            problem, unbroken = await self._pass(seen)
            if problem is not None:
                return seen.sweep(problem)
            if unbroken or (len(seen.groups) == before and before >= seen.total):
                return seen.sweep(None)
        return seen.sweep("its pages do not add up to the number of groups that it gives")

    async def _pass(self, seen: _Seen) -> tuple[str | None, bool]:
        """What was wrong, if anything, and whether every page joined the one before."""
        offset, unbroken, idle = 0, True, 0
        previous: tuple[str, ...] = ()
        of_pass: set[str] = set()
        while idle < _MOST_IDLE_PAGES:
            reply = await self.page(limit=PAGE, offset=offset)
            if reply.groups is None or reply.total is None:
                return _refusal(reply), False
            ids = tuple(group.id for group in reply.groups)
            unbroken = unbroken and (offset == 0 or joins(previous, ids))
            seen.add(reply, self.clock())
            # A full page may be followed by another, whatever the API counts.
            if not ids or (offset + len(ids) >= reply.total and (len(ids) < PAGE or of_pass.issuperset(ids))):
                return None, unbroken and (bool(ids) or reply.total <= offset)
            idle = idle + 1 if of_pass.issuperset(ids) else 0
            of_pass.update(ids)
            previous = ids
            offset += max(1, len(ids) - _OVERLAP)
        return None, False

    async def _ask(self, *, limit: int, offset: int) -> Reply:
        leave = await self.pacer.leave_to_ask()
        reply = await self.client.list_groups(limit=limit, offset=offset)
        await self.pacer.finished(leave, reply)
        return reply

    async def _ask_for(self, group_id: str) -> Reply:
        leave = await self.pacer.leave_to_ask()
        reply = await self.client.get_group(group_id)
        await self.pacer.finished(leave, reply)
        return reply


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What the passes of one sweep have gathered."""

    started_at: float
    groups: dict[str, Group] = field(default_factory=dict)
    total: int = 0
    ahead: float | None = None

    def add(self, reply: Reply, now: float) -> None:
        self.groups.update((group.id, group) for group in reply.groups or ())
        self.total = reply.total or 0
        if reply.server_time is not None:
            self.ahead = reply.server_time - now

    def sweep(self, problem: str | None) -> Sweep:
        return Sweep(groups=self.groups, started_at=self.started_at, problem=problem, server_ahead_seconds=self.ahead)


def joins(previous: tuple[str, ...], ids: tuple[str, ...]) -> bool:
    """Whether a page begins with the end of the page before, in the same order, by two groups at least: by chance,
    as in a list that is shuffled anew for each reply, that hardly happens. The same page again does not go on.
    """
    if not ids or ids[0] not in previous[1:]:
        return False
    shared = previous[previous.index(ids[0]) :]
    return len(shared) >= _LEAST_SHARED and ids[: len(shared)] == shared


def _refusal(reply: Reply) -> str:
    if reply.http_status is None:
        return f"it does not answer ({reply.problem})"
    return f"it answers HTTP {reply.http_status}" + (f" ({reply.problem})" if reply.problem else "")
