"""Plans a file's rows against everything the ledger knows, part by part, so that a large file needs no large query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from batch.ledger import Ledger, Scope
from batch.model import Outcome, Record
from batch.pipeline.job import Job
from batch.pipeline.outcomes import earlier_row
from batch.plan import Earlier, Naming, Plan, Planner

_AT_ONCE = 10_000


def plan_job(job: Job, ledger: Ledger, scope: Scope, naming: Naming) -> Plan:
    """What of the job is to be sent, and what is decided by what is known."""
    planner = Planner()
    sends: list[Record] = []
    decided: dict[int, Outcome] = {}
    records = job.records(scope.secret, scope.key)
    while some := list(islice(records, _AT_ONCE)):
        plan = planner.plan(some, list(_earlier(some, ledger, scope)), naming)
        sends.extend(plan.sends)
        decided.update(plan.decided)
    return Plan(sends=tuple(sends), decided=decided)


def _earlier(records: Sequence[Record], ledger: Ledger, scope: Scope) -> Iterator[Earlier]:
    keys = [record.group_key for record in records]
    known = ledger.lookup(scope, fingerprints=[record.fingerprint for record in records], group_keys=keys)
    yield from map(earlier_row, known)
    for group in ledger.listed(scope, keys):
        yield Earlier(group_key=group.group_key, fingerprint=None, requirement_group_id=group.id, settled=True)
