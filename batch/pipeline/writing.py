"""Writes a file's answer: the results of every row, and the failed rows if somebody is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from batch.check_marker import mark
from batch.errors import BatchError, OutputError
from batch.languages import say_in
from batch.model import Sentence, Status, sentence
from batch.pipeline.job import Job
from batch.pipeline.values import FileResult, OutputOptions
from batch.results import (
    WOULD_SEND,
    Form,
    Mode,
    Outputs,
    Report,
    ResultRow,
    RunFacts,
    claim_outputs,
    write_failed,
    write_results,
)
from batch.results.delimited import PERSON_DELIMITER
from batch.results.faults import Positions
from batch.schema import Schema
from batch.settings import Settings

_SHOWN_SETTINGS = (
    "base_url",
    "account",
    "rate_limit",
    "concurrency",
    "timeout_seconds",
    "max_attempts",
    "retry_base_seconds",
    "settle_seconds",
    "max_wait_seconds",
    "region",
)

REASONS: Mapping[str, Sentence] = {
    "split": sentence("The cell holds several fields and was split, as the mapping says; this is the field's part."),
    "trimmed": sentence("White space, also the invisible kind, was taken off the ends."),
    "nfc": sentence("Accents were put into their usual form (Unicode NFC); it looks the same."),
    "default": sentence("The cell was empty; the schema has a default for it."),
    "enum_case": sentence("Upper and lower case were made as the API wants them."),
    "enum_synonym": sentence("A usual word for one of the API's values was replaced by that value."),
    "phone_e164": sentence("A valid phone number was put into the international form."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the answers to all files of one run have in common."""

    run_id: str
    started_at: datetime
    seconds: float
    settings: Settings
    schema: Schema
    mode: Mode
    stopped: BatchError | None = None
    requests: int = 0
    retries: int = 0


def claim(path: Path, options: OutputOptions) -> AbstractContextManager[Outputs]:
    """The names of a file's answer, kept for this run. Raises OutputError where nothing could be written; to be asked
    before anything is sent.
    """
    return claim_outputs(
        path,
        options.out,
        overwrite=options.overwrite,
        form=Form(options.format),
        failed_form=Form(options.failed_format),
    )


def write_job(job: Job, outputs: Outputs, options: OutputOptions, facts: Facts) -> FileResult:
    """Writes and publishes the answer. Where the disk refuses, the result says so; the ledger knows what happened."""
    counts = job.counts()
    report = _report(job, counts, outputs, facts)
    try:
        if any(_needs_someone(row, facts.mode) for row in job.result_rows()):
            positions = Positions(job.labels)
            rows = (mark_untrusted(row, positions) for row in job.result_rows() if _needs_someone(row, facts.mode))
            write_failed(
                outputs.staged.failed,
                report,
                rows,
                choices(facts.schema, job.field_labels),
                form=Form(options.failed_format),
                delimiter=job.delimiter or PERSON_DELIMITER,
                say=say_in(options.language),
            )
        if options.results:
            write_results(
                outputs.staged.results,
                report,
                job.result_rows(),
                job.changes,
                form=Form(options.format),
                say=say_in(options.language),
            )
        results_file, failed_file = outputs.publish()
    except OutputError as error:
        return FileResult(path=job.path, rows=job.rows, counts=counts, error=error)
    return FileResult(
        path=job.path,
        rows=job.rows,
        counts=counts,
        results_file=results_file if options.results else None,
        failed_file=failed_file,
    )


def mark_untrusted(row: ResultRow, positions: Positions) -> ResultRow:
    """The row as it goes into the failed file: what could not be trusted as it was must not come back as it was."""
    cells = list(row.cells)
    errors = list(row.errors)
    for number, error in enumerate(errors):
        position = positions.of(error.column, error.value, cells) if error.retype else None
        if position is not None:
            cells[position] = mark(cells[position])
            errors[number] = replace(error, value=cells[position])
    return replace(row, cells=tuple(cells), errors=tuple(errors))


def choices(schema: Schema, labels: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The values to choose from, by column label."""
    return {labels[field.name]: field.enum for field in schema.fields if field.enum and field.name in labels}


def _needs_someone(row: ResultRow, mode: Mode) -> bool:
    """A row that `check` finds good needs nobody; one that --dry-run or --limit kept from being sent is still to do."""
    ready = mode is Mode.CHECK and any(error.code == WOULD_SEND for error in row.errors)
    return row.status.needs_someone and not ready


def _report(job: Job, counts: Mapping[Status, int], outputs: Outputs, facts: Facts) -> Report:
    ready = sum(any(error.code == WOULD_SEND for error in outcome.errors) for outcome in job.outcomes.values())
    return Report(
        input_name=job.path.name,
        labels=job.labels,
        headers=job.headers,
        counts=counts,
        mode=facts.mode,
        facts=RunFacts(
            run_id=facts.run_id,
            started_at=facts.started_at,
            seconds=facts.seconds,
            requests=facts.requests,
            retries=facts.retries,
            rate_limit=str(facts.settings.rate_limit),
            settings=tuple(_settings(facts.settings)),
        ),
        ready=ready,
        stopped=None if facts.stopped is None else sentence("{why}", why=facts.stopped.said),
        notices=tuple(job.notices),
        reasons=REASONS,
        failed_name=outputs.final.failed.name,
        from_failed_file=job.from_failed_file,
    )


def _settings(settings: Settings) -> Iterator[tuple[str, str]]:
    """What the workbook shows of the settings; never the key, which is not among them."""
    for name in _SHOWN_SETTINGS:
        value = getattr(settings, name)
        if value is not None:
            yield name, str(value)
