"""From the fate of a sent row to its outcome in the results, with a sentence on what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping

from batch.ledger import Known, LedgerState
from batch.matching import Absent, Found, Undecided, Verdict
from batch.model import ApiError, Origin, Outcome, Record, RowError, Sentence, Status, sentence
from batch.pipeline.endings import not_sent, row_error
from batch.plan import Earlier, Naming, plan
from batch.retry import Again, Conflict, Created, InDoubt, Rejected, Stop
from batch.submit import Fate

_UNDECIDED: Mapping[str, Sentence] = {
    "several_rows": sentence(
        "More than one row with this name, business name, type and city is in doubt, and the account's list has groups"
        " that could be theirs. A person has to look which group belongs to which row."
    ),
    "several_groups": sentence(
        "The account's list has more than one group that could be this row's. A person has to look which it is."
    ),
    "older_group": sentence(
        "The account's list has a group like this row's that seems to be older than the row; it may be its own, if a"
        " clock was wrong. A person has to look."
    ),
    "incomplete_groups": sentence(
        "The account's list has new groups without a name, business name, type or city, one of which could be this"
        " row's. A person has to look."
    ),
    "list_unreliable": sentence(
        "The API gave no clear answer to this row, and its list of groups could not be relied on to settle it."
    ),
}
_NEXT_STEP = (
    "The row is not sent again by itself: run the same file again later to have the list asked once more, or look"
    " the group up at Flireo"
)


def outcome_of(  # noqa: PLR0911 -- one line for each kind of fate
    record: Record, fate: Fate, verdict: Verdict | None, naming: Naming
) -> Outcome:
    """`verdict` is what the list said of the row, if it was asked."""
    match fate:
        case Created():
            return outcome_of_created(fate)
        case Rejected(error=error, code=code):
            return _rejected(record, code, fate.http_status, error, naming.labels)
        case Again(code=code, sentence=why):
            text = sentence("Not sent: {why}, also after several tries. Run the file again later.", why=why)
            return not_sent(record.row, code, text)
        case Stop(code=code, sentence=why):
            return not_sent(record.row, code, why)
        case Known():
            return _blocked(record, fate, verdict, naming)
        case Conflict(error=error):
            return _conflict(record, fate, error, verdict, naming.labels)
        case InDoubt():
            return _doubted(record, fate, verdict)


def outcome_of_created(fate: Created) -> Outcome:
    """Whatever the row is."""
    return Outcome(status=Status.CREATED, requirement_group_id=fate.requirement_group_id)


def _doubted(record: Record, fate: InDoubt, verdict: Verdict | None) -> Outcome:
    match verdict:
        case Found(requirement_group_id=group_id):
            return Outcome(status=Status.CREATED, requirement_group_id=group_id)
        case Absent():
            text = sentence(
                "Sent, but {why}; the account's list shows that nothing was created, also after several tries."
                " Run the file again later.",
                why=fate.sentence,
            )
            return not_sent(record.row, fate.code, text)
        case Undecided():
            return _in_doubt(record, verdict.reason, _undecided(verdict))
        case None:
            text = sentence("It was sent, but {why}, and the list could not be asked.", why=fate.sentence)
            return _in_doubt(record, fate.code, text)


def _conflict(
    record: Record, fate: Conflict, error: ApiError, verdict: Verdict | None, labels: Mapping[str, str]
) -> Outcome:
    match verdict:
        case Found(requirement_group_id=group_id):
            return Outcome(status=Status.ALREADY_CREATED, requirement_group_id=group_id)
        case Undecided():
            return _in_doubt(record, verdict.reason, _undecided(verdict))
        case _:
            return _rejected(record, error.code or "conflict", fate.http_status, error, labels)


def _in_doubt(record: Record, code: str, text: Sentence) -> Outcome:
    whole = sentence("{what} {next}.", what=text, next=_NEXT_STEP)
    return Outcome(status=Status.IN_DOUBT, errors=(row_error(record.row, code, whole),))


def _undecided(verdict: Undecided) -> Sentence:
    if not verdict.candidates:
        return _UNDECIDED[verdict.reason]
    return sentence("{what} Candidates: {ids}.", what=_UNDECIDED[verdict.reason], ids=", ".join(verdict.candidates))


def _blocked(record: Record, known: Known, verdict: Verdict | None, naming: Naming) -> Outcome:
    """Another row or run came first, between planning and sending; or the row itself, in an earlier run."""
    if known.fingerprint == record.fingerprint and isinstance(verdict, Undecided):
        return _in_doubt(record, verdict.reason, _undecided(verdict))
    if known.fingerprint == record.fingerprint and known.state is not LedgerState.CREATED:
        text = sentence(
            "The same row was sent before ({source}, row {row}) and its fate is not known yet.",
            source=known.source,
            row=known.row,
        )
        return _in_doubt(record, known.code or "being_sent", text)
    return plan([record], [earlier_row(known)], naming).decided[record.position]


def earlier_row(known: Known) -> Earlier:
    """A row of the ledger as the plan sees it."""
    return Earlier(
        group_key=known.group_key,
        fingerprint=known.fingerprint,
        requirement_group_id=known.requirement_group_id,
        settled=known.state in (LedgerState.CREATED, LedgerState.PLANNED, LedgerState.REJECTED),
        origin=Origin(source=known.source, row=known.row),
        details=known.details,
    )


def _rejected(record: Record, code: str, http_status: int, error: ApiError, labels: Mapping[str, str]) -> Outcome:
    name = _field_named(error, labels)
    words = error.message or error.code
    text = (
        sentence("The API refused this row (HTTP {status}): {words}", status=http_status, words=words)
        if words
        else sentence("The API refused this row (HTTP {status}) and gave no reason.", status=http_status)
    )
    return Outcome(
        status=Status.REJECTED,
        errors=(
            RowError(
                row=record.row,
                column=labels.get(name) if name else None,
                field=name,
                value="",
                code=code,
                sentence=text,
            ),
        ),
    )


def _field_named(error: ApiError, labels: Mapping[str, str]) -> str | None:
    """The field that the API blames: its own word for it, else the only field name in its sentence."""
    if error.param in labels:
        return error.param
    named = [name for name in labels if re.search(rf"\b{re.escape(name)}\b", error.message)]
    # "name" also stands in sentences about other things; a longer field name is surer.
    named = [name for name in named if name != "name"] or named
    return named[0] if len(named) == 1 else None
