"""What the summary says: one sentence on what happened, what to do next, and the figures; no layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch.model import Sentence, Status, counted, sentence
from batch.results.report import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch.results.report import Report

_MINUTE = 60

MEANINGS = {
    Status.CREATED: sentence("Created by this run; the row has its ID."),
    Status.ALREADY_CREATED: sentence("Created before; the row has its ID. Not sent again."),
    Status.INVALID: sentence("Breaks a rule, or cannot be trusted as read. Not sent."),
    Status.DUPLICATE: sentence("The same group as another row or run. Not sent."),
    Status.REJECTED: sentence("Sent, and refused by the API."),
    Status.IN_DOUBT: sentence("Sent, no answer; it may exist. Not sent again blindly."),
    Status.NOT_SENT: sentence("The run ended first, or was not meant to send."),
}

_NOT_SENT = {
    Mode.CHECK: sentence("Nothing was sent: this was a check."),
    Mode.DRY_RUN: sentence("Nothing was sent: this was a dry run."),
}


NOTHING_TO_DO = sentence("Nothing. The IDs are in the column requirement_group_id of the sheet Results.")


def headline(report: Report) -> tuple[Sentence, ...]:
    """What happened, in a sentence (or two, if the run was stopped)."""
    if report.told and report.told.headline:
        return report.told.headline
    if report.rows == 0:
        return (sentence("{file} has no data rows, so nothing was sent.", file=report.input_name),)
    told = _created(report) if report.mode is Mode.RUN else (*_ready(report), _NOT_SENT[report.mode])
    return (*told, report.stopped) if report.stopped else told


def advice(report: Report) -> tuple[Sentence, ...]:
    """What to do next, one step each; never empty."""
    if report.told and report.told.advice:
        return report.told.advice
    return tuple(_steps(report)) or (NOTHING_TO_DO,)


def figures(report: Report) -> tuple[tuple[Sentence, Sentence | str], ...]:
    """The run's facts as names and values."""
    facts = report.facts
    if facts is None:
        return report.told.figures if report.told else ()
    return (
        (sentence("File"), report.input_name),
        (sentence("Run"), facts.run_id),
        (sentence("Command"), report.mode.replace("_", " ")),
        (sentence("Started"), facts.started_at.isoformat(" ", "seconds")),
        (sentence("Took"), _duration(facts.seconds)),
        (sentence("Requests"), f"{facts.requests:,}"),
        (sentence("Of these sent again"), f"{facts.retries:,}"),
        (sentence("Pace"), _pace(facts.requests, facts.seconds)),
        (sentence("Rate limit"), facts.rate_limit),
        *((sentence("{name}", name=name), value) for name, value in facts.settings),
    )


def command(verb: str, file: str) -> str:
    """A command line that a person can copy, whatever the file is called."""
    plain = all(character.isalnum() or character in "./_-" for character in file)
    quoted = file if plain else f'"{file}"'
    return f"flireo-batch {verb} {quoted}"


def _created(report: Report) -> tuple[Sentence, ...]:
    rows, done, need = report.rows, report.done, report.need_someone
    if need == 0 and rows == 1:
        return (sentence("The one row of {file} is created.", file=report.input_name),)
    if need == 0:
        return (sentence("All {count:,} rows of {file} are created.", count=rows, file=report.input_name),)
    return (
        counted(
            need,
            "{done:,} of {rows:,} rows of {file} are created; 1 needs someone.",
            "{done:,} of {rows:,} rows of {file} are created; {count:,} need someone.",
            done=done,
            rows=rows,
            file=report.input_name,
        ),
    )


def _ready(report: Report) -> tuple[Sentence, ...]:
    before = report.done
    known = (counted(before, "1 row was created before.", "{count:,} rows were created before."),) if before else ()
    if report.need_someone == 0:
        told = counted(
            report.ready,
            "1 row of {file} can be sent; nothing is wrong.",
            "{count:,} rows of {file} can be sent; nothing is wrong.",
            file=report.input_name,
        )
    else:
        told = counted(
            report.need_someone,
            "{ready:,} of {rows:,} rows of {file} can be sent; 1 needs someone.",
            "{ready:,} of {rows:,} rows of {file} can be sent; {count:,} need someone.",
            ready=report.ready,
            rows=report.rows,
            file=report.input_name,
        )
    return (told, *known)


def _steps(report: Report) -> Iterator[Sentence]:
    if report.rows == 0:
        yield sentence("Look whether this is the right file, and whether the rows stand on the sheet that was read.")
    if report.failed_name and report.need_someone:
        yield counted(
            report.need_someone,
            "Open {failed}: it holds the row that needs someone. Faulty cells are red, with the reason as a note.",
            "Open {failed}: it holds the {count:,} rows that need someone. Faulty cells are red, with the reason as a "
            "note.",
            failed=report.failed_name,
        )
        yield sentence(
            "Correct it, save it, and run it: {command}. No group is created twice.",
            command=command(report.follow_up, report.failed_name),
        )
    if duplicates := report.count(Status.DUPLICATE):
        yield counted(
            duplicates,
            "One row is a duplicate: if it is not meant, delete it from the failed file.",
            "{count:,} rows are duplicates: if they are not meant, delete them from the failed file.",
        )
    if doubtful := report.count(Status.IN_DOUBT):
        yield counted(
            doubtful,
            "One row is in doubt: look whether its group exists before you do anything. Its reason says what is known.",
            "{count:,} rows are in doubt: look whether their groups exist before you do anything. Their reasons say "
            "what is known.",
        )
    if odd := sum(report.warnings.counts.values()):
        yield counted(
            odd,
            "Look at the sheet Warnings: one thing is odd, though no rule forbids it. It holds no row back.",
            "Look at the sheet Warnings: {count:,} things are odd, though no rule forbids them. They hold no row back.",
        )
    if unsent := report.count(Status.NOT_SENT) - report.ready:
        yield counted(
            unsent,
            "One row was not sent: once the cause is gone, run the same file again. No group is created twice.",
            "{count:,} rows were not sent: once the cause is gone, run the same file again. No group is created twice.",
        )
    if report.ready:
        yield counted(
            report.ready,
            "To send the row: {command}",
            "To send the {count:,} rows: {command}",
            command=command(report.follow_up, report.input_name),
        )


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _pace(requests: int, seconds: float) -> str:
    """Requests a minute; of less than a second there is no pace to speak of."""
    return f"{requests * 60 / seconds:,.0f}/minute" if requests and seconds >= 1 else "-"
