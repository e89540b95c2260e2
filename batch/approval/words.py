"""What is said about approvals, in the workbook and on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from batch.approval.states import Approval, Approvals
from batch.model import ApprovalState, Origin, Sentence, counted, sentence
from batch.results.extras import APPROVAL
from batch.results.told import Band, CountTable, Note, Tone

_MOST_NOTES = 20

MEANINGS: Mapping[ApprovalState, Sentence] = {
    ApprovalState.APPROVED: sentence("Flireo has approved the group."),
    ApprovalState.PENDING: sentence("Flireo has not decided yet."),
    ApprovalState.REJECTED: sentence("Flireo has refused the group. Look there why."),
    ApprovalState.DELETED: sentence("The group was deleted."),
    ApprovalState.NOT_FOUND: sentence("Not in this account; it may belong to another."),
    ApprovalState.UNKNOWN: sentence("The API uses a word that this program does not know."),
}


LOOK_WHY = sentence(
    "Look at Flireo why groups are not approved: the column approval of the sheet Results says which they are."
)
ASK_AGAIN = sentence("Not every group is decided yet: ask again later with flireo-batch status.")


def steps(approvals: Approvals) -> Iterator[Sentence]:
    """What to do next about the groups."""
    if approvals.need_someone:
        yield LOOK_WHY
    if approvals.open():
        yield ASK_AGAIN


def bands(approvals: Approvals) -> tuple[Band, ...]:
    """What there is to know at first sight, after the groups were asked about; nothing where there are none."""
    if not len(approvals):
        return ()
    if not approvals.unheard:
        return (band(approvals),)
    told = counted(
        approvals.unheard,
        "1 group could not be asked about, because the program was stopped first.",
        "{count:,} groups could not be asked about, because the program was stopped first.",
    )
    return (band(approvals), Band(sentence=told, tone=Tone.LOOK))


def band(approvals: Approvals) -> Band:
    """How many of the groups are approved, and whether any needs someone."""
    groups, need, pending = len(approvals), approvals.need_someone, approvals.pending
    approved = approvals.counts()[ApprovalState.APPROVED]
    if need:
        told = counted(
            need,
            "Approval: {approved:,} of {groups:,} groups are approved, {pending:,} pending; 1 needs someone.",
            "Approval: {approved:,} of {groups:,} groups are approved, {pending:,} pending; {count:,} need someone.",
            approved=approved,
            groups=groups,
            pending=pending,
        )
        return Band(sentence=told, tone=Tone.BAD)
    if approved == groups:
        told = counted(groups, "Approval: the group is approved.", "Approval: all {count:,} groups are approved.")
        return Band(sentence=told, tone=Tone.WELL)
    told = sentence(
        "Approval: {approved:,} of {groups:,} groups are approved, {pending:,} pending.",
        approved=approved,
        groups=groups,
        pending=pending,
    )
    return Band(sentence=told, tone=Tone.LOOK)


def detail(group_id: str, known: Approval) -> Sentence:
    """A group that needs someone, with the documents that are to blame, if that is known."""
    documents = ", ".join(blamed(known))
    if not documents:
        return sentence("{id} is {state}.", id=group_id, state=known.word)
    return sentence("{id} is {state} ({documents}).", id=group_id, state=known.word, documents=documents)


def blamed(known: Approval) -> tuple[str, ...]:
    """The documents that were not approved, in the API's own words."""
    approved = ApprovalState.APPROVED.value
    return tuple(f"{document.type}: {document.status}" for document in known.documents if document.status != approved)


def table(approvals: Approvals, rows: Mapping[str, Sequence[Origin]]) -> CountTable:
    """The counts, and the first of the groups that need someone; `rows` are those that have a group."""
    counts = approvals.counts()
    shown = [state for state in MEANINGS if counts[state] or state is not ApprovalState.UNKNOWN]
    return CountTable(
        section=APPROVAL,
        title=sentence("Approval"),
        header=sentence("State"),
        of=APPROVAL,
        lines=tuple((state.value, counts[state], MEANINGS[state]) for state in shown),
        notes=tuple(islice(_notes(approvals, rows), _MOST_NOTES)),
    )


def _notes(approvals: Approvals, rows: Mapping[str, Sequence[Origin]]) -> Iterator[Note]:
    for group_id, known in approvals:
        if known.state.needs_someone:
            where = sentence("Row {row}", row=rows[group_id][0].row)
            yield Note(code=known.state.value, where=where, what=detail(group_id, known))
