"""`check`: reads, maps and validates, and writes what needs someone; no network, no key, no ledger."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

from batch.errors import InputError, OutputError
from batch.model import sentence
from batch.pipeline.job import Job, load_job
from batch.pipeline.outcomes import not_sent
from batch.pipeline.rules import Rules
from batch.pipeline.run import new_run_id
from batch.pipeline.values import BatchResult, FileResult, RunOptions
from batch.pipeline.writing import Facts, claim, write_job
from batch.plan import Naming, plan
from batch.progress import Observer
from batch.results import WOULD_SEND, Mode
from batch.settings import Settings

_VALID = sentence("Valid; run would send it.")


def check(options: RunOptions, settings: Settings, rules: Rules, observer: Observer) -> BatchResult:
    """Every file by itself: rows are valid, invalid, or duplicates of an earlier row of the same file."""
    clock, began_at = time.monotonic(), datetime.now(UTC)
    run_id = new_run_id(began_at)
    results: list[FileResult] = []
    for path in options.files:
        started = time.monotonic()
        try:
            job = load_job(path, rules, options.file, observer)
            observer.noticed(path, job.notices)
            _decide(job)
            facts = Facts(
                run_id=run_id,
                started_at=began_at,
                seconds=time.monotonic() - started,
                settings=settings,
                schema=rules.schema,
                mode=Mode.CHECK,
            )
            with claim(path, options.output) as outputs:
                written = write_job(job, outputs, options.output, facts)
            if written.error is not None:
                observer.refused(path, written.error)
            results.append(written)
        except (InputError, OutputError) as error:
            observer.refused(path, error)
            results.append(FileResult(path=path, error=error))
    return BatchResult(run_id=run_id, files=tuple(results), seconds=time.monotonic() - clock)


def _decide(job: Job) -> None:
    records = list(job.records(secrets.token_bytes(32), "check"))
    decided = plan(records, (), Naming(labels=job.field_labels, details=lambda _: {}))
    job.outcomes.update(decided.decided)
    for record in decided.sends:
        job.outcomes[record.position] = not_sent(record.row, WOULD_SEND, _VALID)
