"""What is known of a row after all rounds: its last outcome, unless it has a group; that is never taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from batch.merge.values import CREATED, Heard, Line, Seen
from batch.model import Origin, RowError, Sentence, Status, sentence

NOTHING_HEARD: Mapping[str, Heard] = MappingProxyType({})
TWO_IDS = "two_ids"
SAME_GROUP = "same_group"
CHANGED_AFTER = "changed_after_created"

_TWO_IDS = sentence("More than one group was created for this row: {ids}. Look at Flireo which of them is wanted.")
_SAME_GROUP = sentence("The same group as row {row} of {source}; only that one counts.")
_CHANGED_AFTER = sentence(
    "Round {round} had other values for this row after its group was created, and they are not in the group"
    " ({status}). {why}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The outcome of one row after all rounds: `seen` is where it comes from, `shown` where the values come from.

    `errors` name the row by the number that it has in the merged results.
    """

    origin: Origin
    status: Status
    requirement_group_id: str | None
    errors: tuple[RowError, ...]
    seen: Seen
    shown: Seen
    approval: Heard = ("", "")

    def has(self, code: str) -> bool:
        return any(error.code == code for error in self.errors)


def outcomes(lines: Sequence[Line], heard: Mapping[str, Heard] = NOTHING_HEARD) -> tuple[Known, ...]:
    """One for each line, in their order. Of several rows with one group, one has it and the others are duplicates.

    `heard` is what else is known of the approval of groups.
    """
    approvals = _approvals(lines, heard)
    known = [_known(line) for line in lines]
    owners = _owners(known)
    return tuple(_with_approval(_single(one, owners), approvals) for one in known)


def _known(line: Line) -> Known:
    if not line.claims:
        last = line.last
        return Known(
            origin=line.origin,
            status=last.status,
            requirement_group_id=last.requirement_group_id,
            errors=_numbered(last.errors, line),
            seen=last,
            shown=last,
        )
    own = [claim for claim in line.claims if claim.own_id == line.own_id]
    first = next((claim for claim in own if claim.status is Status.CREATED), own[0])
    return Known(
        origin=line.origin,
        status=first.status,
        requirement_group_id=line.own_id,
        errors=tuple(_remarks(line)),
        seen=first,
        shown=own[-1],  # the values that were last known to be the group's
    )


def _remarks(line: Line) -> Iterable[RowError]:
    ids = tuple(dict.fromkeys(claim.requirement_group_id for claim in line.claims))
    if len(ids) > 1:
        yield _error(line, TWO_IDS, replace(_TWO_IDS, values={"ids": ", ".join(map(str, ids))}))
    last = line.last
    if last.status in CREATED or last.cells == line.claims[-1].cells or last.cells in line.drafts:
        return  # the first file run again as it was tells nothing new
    why = " ".join(error.message for error in last.errors)
    values = {"round": last.round, "status": last.status.value, "why": why}
    yield _error(line, CHANGED_AFTER, replace(_CHANGED_AFTER, values=values))


def _owners(known: Iterable[Known]) -> Mapping[str, Known]:
    """For each group the row that counts as having it: the one that made it, else the first."""
    owners: dict[str, Known] = {}
    for one in known:
        if one.status in CREATED and one.requirement_group_id is not None:
            before = owners.setdefault(one.requirement_group_id, one)
            if before.status is not Status.CREATED and one.status is Status.CREATED:
                owners[one.requirement_group_id] = one
    return owners


def _single(one: Known, owners: Mapping[str, Known]) -> Known:
    owner = owners.get(one.requirement_group_id or "")
    if owner is None or owner is one or one.status not in CREATED:
        return one
    same = replace(_SAME_GROUP, values={"row": owner.origin.row, "source": owner.origin.source})
    error = RowError(row=one.origin.row, column=None, field=None, value="", code=SAME_GROUP, sentence=same)
    return replace(one, status=Status.DUPLICATE, errors=(error, *one.errors))


def _approvals(lines: Iterable[Line], heard: Mapping[str, Heard]) -> Mapping[str, Heard]:
    """What was last heard of each group."""
    latest = dict(heard)
    for line in lines:
        for seen in (*line.claims, line.last):
            note_latest(latest, seen.requirement_group_id, seen.approval)
    return latest


def note_latest(latest: dict[str, Heard], group_id: str | None, heard: Heard) -> None:
    """Notes what was heard of a group, unless something is known that was heard later."""
    word, at = heard
    if group_id is not None and word and at >= latest.get(group_id, ("", ""))[1]:
        latest[group_id] = heard


def _with_approval(one: Known, approvals: Mapping[str, Heard]) -> Known:
    found = approvals.get(one.requirement_group_id or "")
    return one if found is None else replace(one, approval=found)


def _numbered(errors: Iterable[RowError], line: Line) -> tuple[RowError, ...]:
    return tuple(replace(error, row=line.origin.row) for error in errors)


def _error(line: Line, code: str, said: Sentence) -> RowError:
    return RowError(row=line.origin.row, column=None, field=None, value="", code=code, sentence=said)


def counted(known: Iterable[Known]) -> dict[Status, int]:
    found = Counter(one.status for one in known)
    return {status: found[status] for status in Status}
