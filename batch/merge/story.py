"""What the summary of a merged answer says: the story of the whole batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce

from batch.approval import Approvals
from batch.approval.states import approval
from batch.approval.words import band, steps, table
from batch.merge.outcomes import CHANGED_AFTER, TWO_IDS, Known
from batch.merge.rounds import Rounds
from batch.merge.values import CREATED, Round
from batch.model import ApprovalState, Origin, Sentence, Status, counted, sentence, template
from batch.results.told import Band, CountTable, Note, Told, Tone

_MEANINGS = {
    Status.CREATED: sentence("Created in one of the rounds; the row has its ID."),
    Status.ALREADY_CREATED: sentence("Created before the first round; the row has its ID."),
    Status.INVALID: sentence("Broke a rule in its last round, or could not be trusted."),
    Status.DUPLICATE: sentence("The same group as another row. Not sent."),
    Status.REJECTED: sentence("Refused by the API in its last round."),
    Status.IN_DOUBT: sentence("Sent, no answer; it may exist. Not sent again blindly."),
    Status.NOT_SENT: sentence("Not sent yet: its last round ended first."),
}
_STILL = {
    Status.INVALID: template("{count:,} still invalid"),
    Status.DUPLICATE: template("{count:,} duplicate"),
    Status.REJECTED: template("{count:,} rejected"),
    Status.IN_DOUBT: template("{count:,} in doubt"),
    Status.NOT_SENT: template("{count:,} not sent yet"),
}


def tell(known: Sequence[Known], rounds: Sequence[Round], opened: Rounds, merged_at: datetime, run_id: str) -> Told:
    """The words for these rows and rounds."""
    approvals = _approvals(known)
    tables: tuple[CountTable, ...] = ()
    if len(approvals) > approvals.unheard:
        tables = (table(approvals, _rows(known)),)
    return Told(
        title=sentence("The whole batch of {file}", file=rounds[0].input_name),
        headline=(headline(known, rounds),),
        tone=Tone.LOOK if any(one.errors for one in known) else Tone.WELL,
        bands=(*_conflicts(known), *(_approval_bands(approvals) if tables else ())),
        advice=(*_steps(known), *(steps(approvals) if tables else ())),
        meanings=_MEANINGS,
        tables=tables,
        figures_title=sentence("Rounds"),
        figures=(
            (sentence("File"), rounds[0].input_name),
            (sentence("Merged as"), run_id),
            (sentence("Command"), "merge"),
            (sentence("Merged"), merged_at.isoformat(" ", "seconds")),
            *((sentence("Round {round}", round=one.number), _in_words(one)) for one in rounds),
        ),
        notes=tuple(_notes(opened)),
    )


def headline(known: Sequence[Known], rounds: Sequence[Round]) -> Sentence:
    """312 rows: 300 created in round 1, 10 in round 2, 2 still invalid."""
    if not known:
        return sentence("{file} has no data rows.", file=rounds[0].input_name)
    parts = reduce(lambda said, more: sentence("{said}, {more}", said=said, more=more), _parts(known))
    return counted(
        len(known),
        "1 row of {file}: {parts}.",
        "{count:,} rows of {file}: {parts}.",
        file=rounds[0].input_name,
        parts=parts,
    )


def _parts(known: Sequence[Known]) -> Iterator[Sentence]:
    created = Counter(one.seen.round for one in known if one.status is Status.CREATED)
    for number in sorted(created):
        yield sentence("{count:,} created in round {round}", count=created[number], round=number)
    counts = Counter(one.status for one in known)
    if before := counts[Status.ALREADY_CREATED]:
        yield sentence("{count:,} created before", count=before)
    for status, still in _STILL.items():
        if counts[status]:
            yield sentence(still, count=counts[status])


def _conflicts(known: Sequence[Known]) -> Iterator[Band]:
    several = sum(one.has(TWO_IDS) for one in known)
    if several:
        told = counted(
            several,
            "For 1 row more than one group was created: see its errors.",
            "For {count:,} rows more than one group was created: see their errors.",
        )
        yield Band(sentence=told, tone=Tone.BAD)
    changed = sum(one.has(CHANGED_AFTER) for one in known)
    if changed:
        told = counted(
            changed,
            "1 row was changed after its group was created: see its errors.",
            "{count:,} rows were changed after their groups were created: see their errors.",
        )
        yield Band(sentence=told, tone=Tone.LOOK)


def _approval_bands(approvals: Approvals) -> Iterator[Band]:
    yield band(approvals)
    if approvals.unheard:
        told = counted(
            approvals.unheard,
            "No round has asked about 1 group yet: flireo-batch status asks.",
            "No round has asked about {count:,} groups yet: flireo-batch status asks.",
        )
        yield Band(sentence=told, tone=Tone.LOOK)


def _steps(known: Sequence[Known]) -> Iterator[Sentence]:
    waiting = sum(one.status not in CREATED for one in known)
    if waiting:
        yield counted(
            waiting,
            "Filter the column status: 1 row has no group of its own yet. The column flireo_round says which round it"
            " stands in; correct it in that round's failed file, and run that.",
            "Filter the column status: {count:,} rows have no group of their own yet. The column flireo_round says"
            " which round each stands in; correct them in that round's failed file, and run that.",
        )
    if any(one.has(TWO_IDS) for one in known):
        yield sentence("Look at Flireo which group is wanted where a row has more than one.")


def _notes(opened: Rounds) -> Iterator[Note]:
    for path in opened.left_out:
        yield Note(
            code="left_out",
            where=sentence("{file}", file=path.name),
            what=sentence("Not a round of its own: a check, a dry run, merged results, or a round told twice."),
        )


def _rows(known: Sequence[Known]) -> Mapping[str, list[Origin]]:
    rows: dict[str, list[Origin]] = {}
    for one in known:
        if one.requirement_group_id is not None:
            rows.setdefault(one.requirement_group_id, []).append(one.origin)
    return rows


def _approvals(known: Sequence[Known]) -> Approvals:
    """As the rounds have written them down."""
    approvals = Approvals(_rows(known))
    for one in known:
        word, _ = one.approval
        if word and one.requirement_group_id is not None:
            said = None if word == ApprovalState.NOT_FOUND.value else word
            approvals.note(one.requirement_group_id, approval(said, 0.0))
    return approvals


def _in_words(one: Round) -> Sentence:
    return sentence(
        "{input}, {started}: {created:,} of {rows:,} rows created ({results})",
        input=one.input_name,
        started=one.started,
        created=one.counts.get(Status.CREATED, 0),
        rows=one.rows,
        results=one.path.name,
    )
