"""How rows ended, for whoever watches; nothing of what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from batch.pipeline.prepare import Part
from batch.pipeline.register import Register
from batch.progress import RowEnd

if TYPE_CHECKING:  # `check` has no ledger, and need not load one
    from batch.ledger import Scope
    from batch.pipeline.job import Job


def ends_of_job(job: Job, scope: Scope | None) -> Iterator[RowEnd]:
    """Of all rows, in file order, part by part; without a scope no row has a fingerprint."""
    for part in job.parts():
        fingerprints = {} if scope is None else job.fingerprints(part, scope)
        yield from ends_of_part(part, job.register, fingerprints, job.attempts)


def ends_of_part(
    part: Part, register: Register, fingerprints: Mapping[int, str], attempts: Mapping[int, int]
) -> Iterator[RowEnd]:
    """Of the rows of one part; fingerprints and attempts are by position."""
    for place, outcome in enumerate(register.outcomes(part, range(len(part.valid)))):
        position = part.first + place
        yield RowEnd(
            row=part.origins.rows[place],
            position=position,
            fingerprint=fingerprints.get(position),
            status=outcome.status,
            attempts=attempts.get(position, 0),
            codes=tuple(dict.fromkeys(error.code for error in outcome.errors)),
            requirement_group_id=outcome.requirement_group_id,
        )
