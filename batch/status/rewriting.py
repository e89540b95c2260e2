"""Writes an earlier answer anew, with what is now known of its groups; everything else stays as it was."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from batch.approval import Approvals
from batch.approval.words import ASK_AGAIN, LOOK_WHY, bands, steps, table
from batch.languages import Language, Say, say_in
from batch.model import Change, Notice, Origin, Sentence, Status
from batch.notices import NoticeBook, Notices
from batch.past_results import PastResults
from batch.results import Heading, Mode, Outputs, Report, ResultRow, results_writer
from batch.results.extras import APPROVAL, CHECKED_AT
from batch.results.summary import NOTHING_TO_DO

_ROWS_AT_ONCE = 5_000
_LINES_AHEAD = 50_000  # more than a run writes of a part, unless most of its rows are odd in many ways

OfRow = TypeVar("OfRow", bound=Change | Notice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """An earlier answer counted through: its rows by outcome, and for each group the rows that have it."""

    counts: dict[Status, int]
    groups: dict[str, tuple[Origin, ...]]


def scan(past: PastResults) -> Scan:
    """Raises InputError where the file was changed beyond use."""
    counts: Counter[Status] = Counter()
    groups: dict[str, list[Origin]] = defaultdict(list)
    for row in past.rows():
        counts[row.status] += 1
        if row.requirement_group_id is not None:
            groups[row.requirement_group_id].append(row.origin)
    return Scan(counts=dict(counts), groups={group_id: tuple(rows) for group_id, rows in groups.items()})


def write_again(past: PastResults, scanned: Scan, outputs: Outputs, approvals: Approvals, say: Say) -> Path:
    """The results with the columns of the approval. Raises OutputError where the disk refuses."""
    heading = _heading(past)
    rows = (_with_approval(row, past, heading, approvals) for row in past.rows())
    changes = _Following(past.changes(), past.input_name)
    warnings, book = _Following(past.warnings(), past.input_name), NoticeBook()
    with results_writer(outputs.staged.results, heading, form=past.form, say=say) as writer:
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            odd = warnings.of(some)
            book.add(odd)
            writer.add(some, changes.of(some), odd)
        odd = warnings.rest()
        book.add(odd)
        writer.add((), changes.rest(), odd)
        writer.save(_report(past, scanned, heading, approvals, book.notices))
    return outputs.publish()[0]


def _heading(past: PastResults) -> Heading:
    others = tuple(name for name in past.extras if name not in (APPROVAL, CHECKED_AT))
    return Heading(
        input_name=past.input_name,
        labels=past.labels,
        headers=past.headers,
        mode=Mode.RUN,
        reasons=past.reasons,
        shows_origin=past.shows_origin,
        extras=(APPROVAL, CHECKED_AT, *others),
    )


def _with_approval(row: ResultRow, past: PastResults, heading: Heading, approvals: Approvals) -> ResultRow:
    """What was known before stays where nothing was heard now."""
    extras = dict(zip(past.extras, row.extras, strict=True))
    known = approvals.get(row.requirement_group_id)
    if known is not None:
        extras[APPROVAL] = known.word
        extras[CHECKED_AT] = datetime.fromtimestamp(known.checked_at, UTC).isoformat(" ", "seconds")
    return replace(row, extras=tuple(extras.get(name, "") for name in heading.extras))


def _report(past: PastResults, scanned: Scan, heading: Heading, approvals: Approvals, warnings: Notices) -> Report:
    own = approvals.among(scanned.groups)
    told = past.summary.told
    told = replace(told, bands=bands(own), advice=_advice(told.advice, own), tables=(table(own, scanned.groups),))
    return Report(heading=heading, counts=scanned.counts, warnings=warnings, told=told)


def _advice(before: Iterable[Sentence], approvals: Approvals) -> tuple[Sentence, ...]:
    """The steps of the run, with those that follow from the approval in the place of what was said of it before."""
    outdated = {say_in(language)(step) for language in Language for step in (NOTHING_TO_DO, LOOK_WHY, ASK_AGAIN)}
    return (*(step for step in before if str(step) not in outdated), *steps(approvals))


class _Following(Generic[OfRow]):
    """Lines of another sheet led back to the rows that they belong to.

    They come in much the same order: a run writes them part by part, and a person may have sorted the rows since. So
    they are read a good way ahead; what is then still ahead of its row comes without it, at the end.
    """

    def __init__(self, lines: Iterator[OfRow], input_name: str) -> None:
        self._lines: Iterator[OfRow] = lines
        self._input_name = input_name
        self._ahead: list[OfRow] = []

    def of(self, rows: Iterable[ResultRow]) -> list[OfRow]:
        origins = {row.origin for row in rows}
        ahead = [*self._ahead, *islice(self._lines, _LINES_AHEAD - len(self._ahead))]
        found: list[OfRow] = []
        self._ahead = []
        while ahead:
            for line in ahead:
                (found if self._origin(line) in origins else self._ahead).append(line)
            ahead = list(islice(self._lines, _LINES_AHEAD - len(self._ahead)))
        return found

    def rest(self) -> list[OfRow]:
        return [*self._ahead, *self._lines]

    def _origin(self, line: OfRow) -> Origin:
        return Origin(source=line.source or self._input_name, row=line.row or 0)
