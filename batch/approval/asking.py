"""Asks the API for the approval of groups, within the budget, and sits out an API that is down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from batch.approval.search import PAGE, AskOne, AskPage, Page, Search, Step
from batch.approval.states import Approvals, approval, same_id
from batch.errors import ApiStop
from batch.listing import Listing
from batch.model import ApprovalState, Reply, Sentence, sentence
from batch.outage import Outage
from batch.retry import is_outage, stop_message, stop_reason

_NOT_FOUND = frozenset({404, 410})
_MOST_DETAILS = 20  # rejected groups whose documents are asked for, a request each


@dataclass(slots=True, kw_only=True)
class Asker:
    """Remembers where groups stood in the list, so that asking again is cheaper."""

    listing: Listing
    outage: Outage
    clock: Callable[[], float]
    _last: Search | None = None

    async def ask(self, wanted: Iterable[str], approvals: Approvals) -> None:
        """Notes how each of the groups stands; what was heard before a stop is noted as well.

        Raises ApiStop, and Halted where the run is asked to stop.
        """
        search = Search(wanted, self._last.places, self._last.total) if self._last else Search(wanted)
        steps = search.steps()
        step = next(steps, None)
        while step is not None:
            heard = await self._take(step, approvals)
            try:
                step = steps.send(heard)
            except StopIteration:
                step = None
        now = self.clock()
        for group_id in search.missing:
            approvals.note(group_id, approval(None, now))
        self._last = search

    async def detail(self, approvals: Approvals) -> None:
        """Asks for the documents of rejected groups, of the first few."""
        without = [
            group_id for group_id, known in approvals if known.state is ApprovalState.REJECTED and not known.documents
        ]
        for group_id in without[:_MOST_DETAILS]:
            await self._take(AskOne(group_id=group_id), approvals)

    async def _take(self, step: Step, approvals: Approvals) -> Page | bool:
        match step:
            case AskPage(offset=offset):
                return await self._page(offset, approvals)
            case AskOne(group_id=group_id):
                return await self._one(group_id, approvals)

    async def _page(self, offset: int, approvals: Approvals) -> Page:
        reply = await self._answered(lambda: self.listing.page(limit=PAGE, offset=offset))
        if reply.groups is None or reply.total is None:
            raise _unreadable(reply, sentence("its list of groups"), self.listing.rest)
        now = self.clock()
        for group in reply.groups:
            if group.id in approvals:
                approvals.note(group.id, approval(group.status or "", now))
        return Page(ids=tuple(group.id for group in reply.groups), total=reply.total)

    async def _one(self, group_id: str, approvals: Approvals) -> bool:
        reply = await self._answered(lambda: self.listing.one(same_id(group_id)))
        if reply.http_status in _NOT_FOUND:
            approvals.note(group_id, approval(None, self.clock()))
            return False
        if reply.group is None or same_id(reply.group.id) != same_id(group_id):
            raise _unreadable(reply, sentence("a group"), self.listing.rest)
        approvals.note(group_id, approval(reply.group.status or "", self.clock(), reply.documents))
        return True

    async def _answered(self, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """The API's answer, however long an outage lasts that may be sat out. Raises ApiStop where it stays away."""
        reply = await ask()
        while is_outage(reply):
            self.outage.declare(reply.problem or f"HTTP {reply.http_status}")
            async with self.outage.passage():
                reply = await ask()
                if not is_outage(reply):
                    self.outage.succeeded()
        stop = stop_reason(reply)
        if stop is not None:
            raise ApiStop(stop.code, stop_message(stop, self.listing.rest))
        return reply


def _unreadable(reply: Reply, what: Sentence, rest: Sentence) -> ApiStop:
    said = sentence("HTTP {status} ({problem})", status=reply.http_status, problem=reply.problem)
    if not reply.problem:
        said = sentence("HTTP {status}", status=reply.http_status)
    whole = sentence(
        "The API was asked for {what} and its answer cannot be used: {said}. Check FLIREO_BASE_URL, and that the key"
        " may read verification groups. {rest}",
        what=what,
        said=said,
        rest=rest,
    )
    return ApiStop("approval_unreadable", whole)
