"""Whose group is it: rows in doubt against what the list shows; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Within it a group that shows only some of its fields may be that of a row: of older ones an account may have many.
INCOMPLETE_SLACK_SECONDS = 86_400.0
# created_at has whole seconds, and so has the Date header by which the clocks are compared.
CLOCK_SLACK_SECONDS = 3.0
UNKNOWN_CLOCK_SLACK_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A row of which nobody knows whether its group was made. `sent_at` is by the server's clock, Unix seconds.

    `refused_as_existing`: the API answered that the group exists already; then it may be older than the request, and
    its absence means that the row was refused, not that it may be sent again.
    """

    fingerprint: str
    group_key: str
    sent_at: float
    slack_seconds: float
    refused_as_existing: bool = False
    may_be_judged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A group that the list shows and that no row of the ledger has.

    `complete` is False where it does not show all that tells groups apart, so that its key says nothing; `gone` is one
    that was deleted.
    """

    id: str
    group_key: str
    created_at: float | None
    complete: bool = True
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The row's group."""

    requirement_group_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """The list is whole and does not have it: nothing was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A person has to look: `reason` is a code, `candidates` are the IDs that it might be."""

    reason: str
    candidates: tuple[str, ...] = ()


Verdict = Found | Absent | Undecided


def judge(doubtful: Sequence[Doubtful], candidates: Sequence[Candidate], *, list_is_whole: bool) -> dict[str, Verdict]:
    """A verdict for each doubtful row that may be judged, by fingerprint.

    `doubtful` also holds rows of other runs that may have made a candidate; they make a match ambiguous but are not
    judged themselves.
    """
    claimants: dict[str, int] = {}
    for row in doubtful:
        claimants[row.group_key] = claimants.get(row.group_key, 0) + 1
    by_key: dict[str, list[Candidate]] = {}
    incomplete = [candidate for candidate in candidates if not candidate.complete]
    for candidate in candidates:
        if candidate.complete:
            by_key.setdefault(candidate.group_key, []).append(candidate)
    return {
        row.fingerprint: _verdict(row, by_key, incomplete, claimants[row.group_key], list_is_whole=list_is_whole)
        for row in doubtful
        if row.may_be_judged
    }


def _verdict(
    row: Doubtful,
    by_key: Mapping[str, Sequence[Candidate]],
    incomplete: Sequence[Candidate],
    claimants: int,
    *,
    list_is_whole: bool,
) -> Verdict:
    same = by_key.get(row.group_key, ())
    possible = [candidate for candidate in same if _possible(row, candidate, row.slack_seconds)]
    ids = _ids(possible)
    if not possible:
        return _without_match(row, same, incomplete, list_is_whole=list_is_whole)
    if claimants > 1:
        return Undecided(reason="several_rows", candidates=ids)
    if len(possible) > 1:
        return Undecided(reason="several_groups", candidates=ids)
    return Found(requirement_group_id=possible[0].id)


def _without_match(
    row: Doubtful, same: Sequence[Candidate], incomplete: Sequence[Candidate], *, list_is_whole: bool
) -> Verdict:
    """What is absent is sent again, so that whatever could be its group keeps it from being absent."""
    older = [candidate for candidate in same if not candidate.gone]
    if older:  # by their times: but clocks are wrong more often than two make the same group
        return Undecided(reason="older_group", candidates=_ids(older))
    unnamed = [candidate for candidate in incomplete if _possible(row, candidate, INCOMPLETE_SLACK_SECONDS)]
    if unnamed:
        return Undecided(reason="incomplete_groups", candidates=_ids(unnamed))
    return Absent() if list_is_whole else Undecided(reason="list_unreliable")


def _ids(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(sorted(candidate.id for candidate in candidates))


def _possible(row: Doubtful, candidate: Candidate, slack_seconds: float) -> bool:
    if row.refused_as_existing or candidate.created_at is None:
        return True
    return candidate.created_at >= row.sent_at - max(slack_seconds, row.slack_seconds)
