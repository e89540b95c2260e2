"""Sends the planned rows of one file and settles what came back unclear, in rounds, until nothing is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from batch.errors import BatchError
from batch.halt import Halt, Halted
from batch.ledger import Known, LedgerState
from batch.ledger.values import SettledBy
from batch.matching import Absent, Undecided, Verdict
from batch.model import Outcome, Record, Sentence, sentence
from batch.pipeline.endings import not_sent
from batch.pipeline.outcomes import outcome_of, outcome_of_created
from batch.pipeline.sends import Sends
from batch.pipeline.session import Session
from batch.plan import Naming
from batch.progress import Observer
from batch.retry import Conflict, Created, InDoubt
from batch.submit import Course

_POLL_SECONDS = 0.5
_MOST_ASKED = 3
_ANOTHER_RUN = sentence("another run is sending the same rows")
_OPEN = frozenset({LedgerState.SENDING, LedgerState.IN_DOUBT})


@dataclass(slots=True, kw_only=True)
class Sending:
    """The sends of one file."""

    session: Session
    observer: Observer
    naming: Naming
    max_wait_seconds: float
    earlier_verdicts: Mapping[str, Verdict]
    course: Course = field(default_factory=Course)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    asked: Counter[int] = field(default_factory=Counter)

    async def send(self, sends: Sends) -> None:
        """Sends what may be sent; `outcome` tells what came of each row, also after a cancellation."""
        self.verdicts.update(self.earlier_verdicts)
        try:
            await self._rounds(sends)
        except Halted:
            pass
        except BatchError as error:
            self.session.halt.by_error(error)

    def is_created(self, position: int) -> bool:
        """Whether the API said that it created the row's group."""
        return isinstance(self.course.fates.get(position), Created)

    def created(self) -> Iterator[tuple[int, Outcome]]:
        """What came of such rows, by position: most rows, and their records need not be read once more for it."""
        for position, fate in self.course.fates.items():
            if isinstance(fate, Created):
                yield position, outcome_of_created(fate)

    def outcome(self, record: Record) -> Outcome:
        """What came of a row."""
        fate = self.course.fates.get(record.position)
        if fate is None:
            return not_sent(record.row, *why_stopped(self.session.halt))
        return outcome_of(record, fate, self.verdicts.get(record.fingerprint), self.naming)

    async def _rounds(self, pending: Sends) -> None:
        while len(pending):
            await self.session.submitter.send_all(pending, self.course)
            self.session.halt.check()
            doubtful = pending.only(lambda at: isinstance(self.course.fates.get(at), InDoubt | Conflict))
            elsewhere = pending.only(self._is_elsewhere)
            # Own doubt first: another run may be waiting for just these rows, while this one waits for the other's.
            if len(doubtful):
                await self._settle(len(doubtful))
            left_open = await self._wait_for_others(elsewhere) if len(elsewhere) else 0
            if left_open:
                await self._settle(left_open)
            again = {record.position for record in doubtful if self._may_go_again(record)}
            pending = pending.only(again.union(elsewhere.positions.tolist()).__contains__)

    async def _settle(self, rows: int) -> None:
        self.observer.settling(rows)
        reconciled = await self.session.reconciler.reconcile(self.session.run_id)
        self.verdicts.update(reconciled.verdicts)

    def _may_go_again(self, record: Record) -> bool:
        submitter = self.session.submitter
        return (
            isinstance(self.course.fates[record.position], InDoubt)
            and isinstance(self.verdicts.get(record.fingerprint), Absent)
            and submitter.sends[record.fingerprint] < submitter.policy.max_attempts
        )

    def _is_elsewhere(self, position: int) -> bool:
        """Whether another run had the row, or one of the same group, in hand; asked about a few times at most."""
        fate = self.course.fates.get(position)
        if not (isinstance(fate, Known) and fate.state in _OPEN):
            return False
        if isinstance(self.verdicts.get(fate.fingerprint), Undecided):
            return False  # the list was asked in this run, and could not settle it
        self.asked[position] += 1
        return self.asked[position] <= _MOST_ASKED

    async def _wait_for_others(self, rows: Sends) -> int:
        """Until no live run has these rows in hand, within the wait limit; how many of them are still open then."""
        fates = [self.course.fates[position] for position in rows.positions.tolist()]
        fingerprints = {fate.fingerprint for fate in fates if isinstance(fate, Known)}
        left = self.max_wait_seconds
        while left > 0 and any(self._is_in_hand(row) for row in self._still_open(fingerprints)):
            self.observer.waiting(_ANOTHER_RUN, _POLL_SECONDS)
            await self.session.halt.sleep(_POLL_SECONDS)
            left -= _POLL_SECONDS
        return len(self._still_open(fingerprints))  # asked again: the last of them may have ended just now

    def _is_in_hand(self, row: Known) -> bool:
        """Whether another live run is at work on the row; one that the list could not settle is left for a person."""
        given_up = row.state is LedgerState.IN_DOUBT and row.settled_by is SettledBy.LIST
        return not given_up and row.run_id != self.session.run_id and self.session.ledger.alive(row.run_id)

    def _still_open(self, fingerprints: Iterable[str]) -> list[Known]:
        known = self.session.ledger.lookup(self.session.scope, fingerprints=fingerprints, group_keys=())
        return [row for row in known if row.state in _OPEN]


def why_stopped(halt: Halt) -> tuple[str, Sentence]:
    """The code and the sentence for a row that a halt kept from being sent."""
    if halt.cause is not None:
        return halt.cause.code, sentence("Not sent: the run stopped first. {why}", why=halt.cause.said)
    return "interrupted", sentence("Not sent: the run was interrupted first. Run the same file again.")
