"""Plans a file's rows against everything the ledger knows, part by part, so that a large file needs no large query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from batch.ledger import Ledger, Scope
from batch.model import Record
from batch.pipeline.job import Job
from batch.pipeline.outcomes import earlier_row
from batch.plan import Earlier, Naming, duplicate_in_file, plan


def plan_job(job: Job, ledger: Ledger, scope: Scope, naming: Naming) -> None:
    """Gives the rows their outcomes that are decided by what is known; what stays open is to be sent."""
    job.register.forget_plan()
    if ledger.knows_nothing_of(scope):
        _plan_twins(job, naming)
        return
    for section in job.sections(scope):
        earlier = list(_earlier(section.records, ledger, scope))
        job.register.plan(section.first, plan(section.records, earlier, naming, section.twins).decided)


def _plan_twins(job: Job, naming: Naming) -> None:
    """The same where only the file itself can decide a row: then no row needs to be looked at but such."""
    for part in job.parts():
        decided = {
            position: duplicate_in_file(part.origins[position - part.first].row, twin, naming.labels)
            for position, twin in part.twins.items()
        }
        job.register.plan(part.first, decided)


def _earlier(records: Sequence[Record], ledger: Ledger, scope: Scope) -> Iterator[Earlier]:
    keys = [record.group_key for record in records]
    known = ledger.lookup(scope, fingerprints=[record.fingerprint for record in records], group_keys=keys)
    yield from map(earlier_row, known)
    for group in ledger.listed(scope, keys):
        yield Earlier(group_key=group.group_key, fingerprint=None, requirement_group_id=group.id, settled=True)
