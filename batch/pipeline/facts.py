"""What an answer says of its file and its run as a whole, and the names under which it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from batch.errors import BatchError
from batch.model import Sentence, Status, sentence
from batch.notices import Notices
from batch.pipeline.head import Head
from batch.pipeline.register import Register
from batch.pipeline.values import OutputOptions
from batch.results import WOULD_SEND, Form, Heading, Mode, Outputs, Report, RunFacts, claim_outputs, refuse_too_wide
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
    mode: Mode
    follow_up: str = "run"
    stopped: BatchError | None = None
    requests: int = 0
    retries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many rows ended how, and how many of them wait for nothing but to be sent."""

    counts: Mapping[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))
    ready: int = 0

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    def and_of(self, register: Register) -> Totals:
        """With the rows of the register added."""
        found = register.counts()
        counts = {status: count + found[status] for status, count in self.counts.items()}
        return Totals(counts=counts, ready=self.ready + register.count_ended(WOULD_SEND))


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


def refuse_too_wide_for(options: OutputOptions, columns: int) -> None:
    """Raises OutputError where rows of so many columns could not be given back; to be asked before anything is sent."""
    refuse_too_wide(columns, Form(options.format), Form(options.failed_format))


def report_on(
    head: Head, totals: Totals, notices: Notices, warnings: Notices, outputs: Outputs, facts: Facts
) -> Report:
    """What the results of a file end with."""
    return Report(
        heading=heading_of(head, facts.mode),
        counts=totals.counts,
        facts=RunFacts(
            run_id=facts.run_id,
            started_at=facts.started_at,
            seconds=facts.seconds,
            requests=facts.requests,
            retries=facts.retries,
            rate_limit=str(facts.settings.rate_limit),
            settings=tuple(_settings(facts.settings)),
        ),
        ready=totals.ready,
        stopped=None if facts.stopped is None else sentence("{why}", why=facts.stopped.said),
        notices=notices,
        warnings=warnings,
        failed_name=outputs.final.failed.name,
        follow_up=facts.follow_up,
    )


def heading_of(head: Head, mode: Mode) -> Heading:
    """What the results of a file begin with."""
    return Heading(
        input_name=head.path.name,
        labels=head.labels,
        headers=head.headers,
        mode=mode,
        reasons=REASONS,
        shows_origin=head.from_failed_file or head.several_sheets,
    )


def _settings(settings: Settings) -> Iterator[tuple[str, str]]:
    """What the workbook shows of the settings; never the key, which is not among them."""
    for name in _SHOWN_SETTINGS:
        value = getattr(settings, name)
        if value is not None:
            yield name, str(value)
