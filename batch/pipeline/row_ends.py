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

_NONE: Mapping[str, int] = {}


def ends_of_job(job: Job, scope: Scope | None, attempts: Mapping[str, int]) -> Iterator[RowEnd]:
    """Of all rows, in file order, part by part. `attempts` are by fingerprint; without a scope no row has one."""
    for part in job.parts():
        fingerprints = {} if scope is None else job.fingerprints(part, scope)
        yield from ends_of_part(part, job.register, fingerprints, attempts)


def ends_of_part(
    part: Part, register: Register, fingerprints: Mapping[int, str], attempts: Mapping[str, int] = _NONE
) -> Iterator[RowEnd]:
    """Of the rows of one part; `fingerprints` are by position."""
    for place, outcome in enumerate(register.outcomes(part, range(len(part.valid)))):
        fingerprint = fingerprints.get(part.first + place)
        yield RowEnd(
            row=part.origins.rows[place],
            position=part.first + place,
            fingerprint=fingerprint,
            status=outcome.status,
            attempts=attempts.get(fingerprint, 0) if fingerprint else 0,
            codes=tuple(dict.fromkeys(error.code for error in outcome.errors)),
            requirement_group_id=outcome.requirement_group_id,
        )
