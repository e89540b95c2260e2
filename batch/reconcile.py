"""Settles rows in doubt through the list endpoint: one sweep for all of them, after the settle time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from batch.halt import Halt
from batch.identity import group_key
from batch.ledger import Known, Ledger, LedgerState, Scope, Settlement
from batch.ledger.values import SettledBy
from batch.listing import Listing, Sweep
from batch.matching import (
    CLOCK_SLACK_SECONDS,
    UNKNOWN_CLOCK_SLACK_SECONDS,
    Absent,
    Candidate,
    Doubtful,
    Found,
    Undecided,
    Verdict,
    judge,
)
from batch.model import Group
from batch.submit import CONFLICT

DELETED = "deleted"
"""The status of a group that exists no longer, in the list."""
_WITNESSES = 20
_MOST_SWEEPS = 3
_MOST_CHANGED = 1  # of the witnesses, by people at Flireo


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """The verdict on every row that was in doubt, by fingerprint, and the sweep that they rest on."""

    verdicts: Mapping[str, Verdict]
    list_problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciler:
    """Turns doubt into certainty where the list allows it, and books that in the ledger."""

    ledger: Ledger
    scope: Scope
    listing: Listing
    halt: Halt
    settle_seconds: float
    timeout_seconds: float
    clock: Callable[[], float]

    async def reconcile(self, own_run: str) -> Reconciled:
        """Judges every open row of the scope but those that a live run is sending.

        Waits first until the settle time has passed since the last of them was given up, or would have been. Raises
        Halted when the run is asked to stop meanwhile; then all stay as they are.
        """
        doubtful, bystanders = self.open_rows(own_run)
        if not doubtful:
            return Reconciled(verdicts={}, list_problem=None)
        await self._let_settle(doubtful)
        sweep = await self._credible_sweep(min(known.sent_at for known in doubtful))
        verdicts = judge(
            [
                *(_doubtful(known, sweep, judged=True) for known in doubtful),
                *(_doubtful(known, sweep, judged=False) for known in bystanders),
            ],
            candidates(self.ledger, self.scope, sweep.groups.values()),
            list_is_whole=sweep.problem is None,
        )
        verdicts = {known.fingerprint: verdicts[known.fingerprint] for known in doubtful}
        self.ledger.settle(
            self.scope, [_settlement(known, verdicts[known.fingerprint], self.clock()) for known in doubtful]
        )
        return Reconciled(verdicts=verdicts, list_problem=sweep.problem)

    async def _credible_sweep(self, since: float) -> Sweep:
        """A sweep that shows what is known to be there; a list that lags behind gets more time."""
        for _ in range(_MOST_SWEEPS):
            sweep = await self.listing.sweep()
            problem = sweep.problem or self._disbelief(sweep, since)
            if sweep.problem is not None or problem is None:
                return sweep
            await self.halt.sleep(self.settle_seconds)
        return replace(sweep, problem=problem)

    def _disbelief(self, sweep: Sweep, since: float) -> str | None:
        """Why the sweep does not show what is certainly there: groups that were created, by the API's own word, before
        it began.

        One that is missing may have been deleted since; so it takes all of the latest, or all since the first doubt.
        One that looks otherwise than it was sent may have been changed since; it takes several, or all that are shown.
        """
        witnesses = [
            known
            for known in self.ledger.witnesses(self.scope, _WITNESSES)
            if known.settled_at is not None and known.settled_at <= sweep.started_at
        ]
        newer = [known for known in witnesses if known.sent_at >= since]
        for some in filter(None, (witnesses, newer)):
            same = [
                key_of(self.scope, sweep.groups[known.requirement_group_id]) == known.group_key
                for known in some
                if known.requirement_group_id in sweep.groups
            ]
            if not same:
                return "it does not show groups that the API has certainly created"
            if same.count(False) > _MOST_CHANGED or not any(same):
                return "it shows groups otherwise than they were sent"
        return None

    def open_rows(self, own_run: str) -> tuple[list[Known], list[Known]]:
        """Rows to judge, and rows that a live run is sending at this moment."""
        judged: list[Known] = []
        bystanders: list[Known] = []
        alive: dict[str, bool] = {own_run: False}  # what this run left open is finished with, for good or ill
        for known in self.ledger.open_rows(self.scope):
            if known.run_id not in alive:
                alive[known.run_id] = self.ledger.alive(known.run_id)
            (bystanders if alive[known.run_id] else judged).append(known)
        return judged, bystanders

    async def _let_settle(self, doubtful: Sequence[Known]) -> None:
        now = self.clock()
        left = max(self._unanswered_at(known, now) for known in doubtful) + self.settle_seconds - now
        if left > 0:  # and never longer than for one given up just now: a clock that was set back says nothing
            await self.halt.sleep(min(left, self.timeout_seconds + self.settle_seconds))

    def _unanswered_at(self, known: Known, now: float) -> float:
        """When the row was given up, as far as that is known: later than that, its request was not on the way."""
        if known.settled_by is SettledBy.CLAIM:
            # Its run may have sent it long after the claim, at any moment until it died; and the API goes on with what
            # it has, for as long as the run would have waited.
            return now + self.timeout_seconds
        given_up = known.settled_at if known.settled_by is SettledBy.REPLY else None
        return known.sent_at if given_up is None else given_up


def candidates(ledger: Ledger, scope: Scope, groups: Iterable[Group]) -> list[Candidate]:
    """The groups that no row of the ledger has."""
    by_id = {group.id: group for group in groups}
    known = ledger.known_ids(scope, by_id)
    return [
        Candidate(
            id=id_,
            group_key=key_of(scope, group),
            created_at=group.created_at,
            complete=is_complete(group),
            gone=group.status == DELETED,
        )
        for id_, group in by_id.items()
        if id_ not in known
    ]


def is_complete(group: Group) -> bool:
    """Whether the list shows all that tells the group from others; a field that is null says nothing."""
    return None not in (group.name, group.business_name, group.phone_number_type, group.city)


def key_of(scope: Scope, group: Group) -> str:
    """The group key of a listed group, comparable with that of a row."""
    fields = {
        "name": group.name,
        "business_name": group.business_name,
        "phone_number_type": group.phone_number_type,
        "city": group.city,
    }
    return group_key(scope.secret, scope.key, fields)


def _doubtful(known: Known, sweep: Sweep, *, judged: bool) -> Doubtful:
    ahead = sweep.server_ahead_seconds
    return Doubtful(
        fingerprint=known.fingerprint,
        group_key=known.group_key,
        sent_at=known.sent_at + (ahead or 0.0),
        slack_seconds=UNKNOWN_CLOCK_SLACK_SECONDS if ahead is None else CLOCK_SLACK_SECONDS,
        refused_as_existing=known.code == CONFLICT,
        may_be_judged=judged,
    )


def _settlement(known: Known, verdict: Verdict, at: float) -> Settlement:
    state, code, group_id = _new_state(known, verdict)
    return Settlement(
        fingerprint=known.fingerprint,
        run_id=known.run_id,
        state=state,
        settled_by=SettledBy.LIST,
        at=at,
        requirement_group_id=group_id,
        code=code,
        candidates=verdict.candidates if isinstance(verdict, Undecided) else (),
    )


def _new_state(known: Known, verdict: Verdict) -> tuple[LedgerState, str | None, str | None]:
    match verdict:
        case Found(requirement_group_id=found):
            return LedgerState.CREATED, None, found
        case Absent():
            return (LedgerState.REJECTED if known.code == CONFLICT else LedgerState.PLANNED), known.code, None
        case Undecided(reason=reason):
            # A conflict must stay one: it decides how the row is judged next time.
            return LedgerState.IN_DOUBT, CONFLICT if known.code == CONFLICT else reason, None
