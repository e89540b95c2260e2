"""`run`: files in, groups made, results out; reads like the flow in the design."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

from batch.errors import InputError, OutputError
from batch.pipeline.batch_run import BatchRun
from batch.pipeline.job import Job, load_job
from batch.pipeline.tools import Tools
from batch.pipeline.values import BatchResult, FileResult, RunOptions
from batch.pipeline.writing import Facts, claim, write_job
from batch.results import Mode, Outputs

Drive = Callable[[BatchRun], None]
"""Runs the asynchronous middle of a run to its end, with whatever signal handling the caller wants."""


def run(options: RunOptions, tools: Tools, drive: Drive) -> BatchResult:
    """The whole job for all files: read all, send all, write all.

    Raises SettingsError before anything was sent; whatever else stops the run is in the result, with the outcome of
    every row written.
    """
    clock, began_at = time.monotonic(), datetime.now(UTC)
    run_id = new_run_id(began_at)
    with ExitStack() as claims:
        jobs, results = _load(options, tools, claims)
        work = BatchRun(options=options, tools=tools, jobs=tuple(job for job, _ in jobs.values()), run_id=run_id)
        if jobs:
            drive(work)
        facts = Facts(
            run_id=run_id,
            started_at=began_at,
            seconds=time.monotonic() - clock,
            settings=tools.settings,
            schema=tools.rules.schema,
            mode=Mode.DRY_RUN if options.dry_run else Mode.RUN,
            stopped=tools.halt.cause,
            requests=work.requests,
            retries=work.retries,
        )
        for number, (job, outputs) in jobs.items():
            results[number] = write_job(job, outputs, options.output, facts)
            error = results[number].error
            if error is not None:
                tools.observer.refused(job.path, error)
    return BatchResult(
        run_id=run_id,
        files=tuple(results[number] for number in sorted(results)),
        sent=work.sent,
        requests=work.requests,
        retries=work.retries,
        seconds=time.monotonic() - clock,
        stopped=tools.halt.cause,
        signal=tools.halt.signal,
    )


def new_run_id(now: datetime) -> str:
    """Sortable by time, and unlike any other's."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def _load(
    options: RunOptions, tools: Tools, claims: ExitStack
) -> tuple[dict[int, tuple[Job, Outputs]], dict[int, FileResult]]:
    """Every input by its place on the command line: loaded, with a place for its answer; or refused."""
    jobs: dict[int, tuple[Job, Outputs]] = {}
    refused: dict[int, FileResult] = {}
    for number, path in enumerate(options.files):
        try:
            job = load_job(path, tools.rules, options.file, tools.observer)
            jobs[number] = (job, claims.enter_context(claim(path, options.output)))
            tools.observer.noticed(path, job.notices)
        except (InputError, OutputError) as error:
            tools.observer.refused(path, error)
            refused[number] = FileResult(path=path, error=error)
    return jobs, refused
