"""`run`: files in, groups made, results out; reads like the flow in the design."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime

from batch.errors import BatchError, InputError, OutputError
from batch.pipeline.answer import answer_to
from batch.pipeline.batch_run import BatchRun
from batch.pipeline.facts import Facts, Totals, claim, refuse_too_wide_for, report_on
from batch.pipeline.fault import refused_for_fault
from batch.pipeline.interruption import INTERRUPTED, interruption
from batch.pipeline.job import Job, load_job
from batch.pipeline.row_ends import ends_of_job
from batch.pipeline.run_id import new_run_id
from batch.pipeline.tools import Tools
from batch.pipeline.values import BatchResult, FileResult, RunOptions
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
    tools.observer.began(run_id, options.files)
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
            mode=Mode.DRY_RUN if options.dry_run else Mode.RUN,
            follow_up=options.output.follow_up,
            stopped=tools.halt.cause,
            requests=work.requests,
            retries=work.retries,
        )
        for number, (job, outputs) in jobs.items():
            results[number] = _written(job, outputs, options, tools, facts)
            tools.observer.rows_ended(job.path, ends_of_job(job, work.scope))
            tools.observer.file_ended(job.path, results[number].counts)
    if tools.halt.signal is not None:
        tools.observer.stopped(interruption(results.values(), sent=work.begun))
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


def _written(job: Job, outputs: Outputs, options: RunOptions, tools: Tools, facts: Facts) -> FileResult:
    """Writes and publishes the answer. Where the disk refuses, the result says so; the ledger knows what happened."""
    totals = Totals().and_of(job.register)
    try:
        with answer_to(job.head, outputs, options.output, tools.rules.schema, facts.mode) as answer:
            for part in job.parts():
                answer.add(part, job.register)
                written = part.first + len(part.valid)
                tools.observer.writing(job.path, written, written / job.rows if job.rows else 1.0)
            report = report_on(job.head, totals, job.notices.notices, job.warnings.notices, outputs, facts)
            return answer.publish(report)
    except OutputError as error:
        tools.observer.refused(job.path, error)
        return FileResult(
            path=job.path,
            rows=totals.rows,
            counts=totals.counts,
            ready=totals.ready,
            error=error,
            warnings=job.warnings.notices,
        )


def _load(
    options: RunOptions, tools: Tools, claims: ExitStack
) -> tuple[dict[int, tuple[Job, Outputs]], dict[int, FileResult]]:
    """Every input by its place on the command line: loaded, with a place for its answer; or refused."""
    jobs: dict[int, tuple[Job, Outputs]] = {}
    refused: dict[int, FileResult] = {}
    for number, path in enumerate(options.files):
        try:
            job = claims.enter_context(closing(load_job(path, tools.rules, options.file, tools.observer)))
            refuse_too_wide_for(options.output, job.columns)
            jobs[number] = (job, claims.enter_context(claim(path, options.output)))
            tools.observer.noticed(path, job.notices.notices)
            tools.observer.odd(path, job.warnings.notices)
        except (InputError, OutputError) as error:
            if error.code != INTERRUPTED:
                tools.observer.refused(path, error)
            refused[number] = FileResult(path=path, error=error)
        except BatchError:
            raise
        except Exception as error:  # noqa: BLE001 -- one file that brings out a fault here must not cost all others
            refused[number] = FileResult(path=path, error=refused_for_fault(path, error, tools.observer))
    return jobs, refused
