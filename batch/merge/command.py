"""`merge` from end to end: rounds in, every row followed through them, one answer out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from batch.languages import Say, say_in
from batch.merge.alterations import Alterations
from batch.merge.columns import MergedColumns, spread
from batch.merge.lineage import Lineage
from batch.merge.outcomes import CHANGED_AFTER, TWO_IDS, Known, counted, note_latest, outcomes
from batch.merge.rounds import Rounds, open_rounds
from batch.merge.story import tell
from batch.merge.values import Heard, MergeOptions, MergeResult, Round, Seen
from batch.notices import NoticeBook
from batch.past_results import PastResults
from batch.pipeline.run_id import new_run_id
from batch.results import Form, Heading, Mode, Outputs, Report, ResultRow, claim_merged, results_writer
from batch.results.extras import APPROVAL, CHECKED_AT, ROUND
from batch.results.headings import sheet_of_source

_ROWS_AT_ONCE = 5_000


def merge(options: MergeOptions) -> MergeResult:
    """The whole batch in one answer.

    Raises SettingsError or InputError where the rounds are not clear or cannot be read, OutputError where the disk
    refuses; then nothing is written.
    """
    with ExitStack() as held:
        opened = open_rounds(options, held)
        batch = _Batch()
        for number, past in enumerate(opened.results, 1):
            batch.add(number, past, opened.parent(number))
        known = outcomes(batch.lineage.lines, batch.heard_in(opened.others))
        form = Form(options.form) if options.form else opened.results[0].form
        first = opened.results[0].path
        with claim_merged(first, options.out, overwrite=options.overwrite, form=form) as outputs:
            merged_file = _write(known, batch, opened, outputs, form, say_in(options.language))
    return MergeResult(
        rounds=tuple(batch.rounds),
        left_out=opened.left_out,
        counts=counted(known),
        conflicts=sum(one.has(TWO_IDS) for one in known),
        changed=sum(one.has(CHANGED_AFTER) for one in known),
        merged_file=merged_file,
    )


@dataclass(slots=True)
class _Batch:
    """The rows of all rounds, as they are read in."""

    lineage: Lineage = field(default_factory=Lineage)
    columns: MergedColumns = field(default_factory=MergedColumns)
    rounds: list[Round] = field(default_factory=list)
    with_approval: bool = False

    def add(self, number: int, past: PastResults, parent: int | None) -> None:
        seen = list(self._seen(number, past))
        self.lineage.add_round(
            number, seen, source=past.input_name, is_failed_file=_is_failed(past, seen), parent=parent
        )
        self.with_approval = self.with_approval or APPROVAL in past.extras
        self.rounds.append(
            Round(
                number=number,
                path=past.path,
                input_name=past.input_name,
                run_id=past.summary.run_id,
                started=past.summary.started,
                counts=Counter(one.status for one in seen),
            )
        )

    def heard_in(self, others: Sequence[PastResults]) -> Mapping[str, Heard]:
        """What other tellings of the rounds say of the approval of groups, as it was heard last."""
        latest: dict[str, Heard] = {}
        for past in others:
            if APPROVAL in past.extras:
                self.with_approval = True
                for row in past.rows():
                    note_latest(latest, row.requirement_group_id, _approval_of(past, row))
        return latest

    def _seen(self, number: int, past: PastResults) -> Iterator[Seen]:
        positions = self.columns.positions(past.headers, past.labels)
        for place, row in enumerate(past.rows()):
            beyond = self.columns.beyond(len(row.cells) - len(positions))
            yield Seen(
                round=number,
                place=place,
                origin=row.origin,
                status=row.status,
                requirement_group_id=row.requirement_group_id,
                errors=row.errors,
                cells=spread(row.cells, (*positions, *beyond)),
                approval=_approval_of(past, row),
            )


def _approval_of(past: PastResults, row: ResultRow) -> Heard:
    extras = dict(zip(past.extras, map(str, row.extras), strict=True))
    return extras.get(APPROVAL, ""), extras.get(CHECKED_AT, "")


def _is_failed(past: PastResults, rows: Sequence[Seen]) -> bool:
    """Whether a failed file was the input. A first file of which several sheets were read shows its origins too."""
    of_sheets = (sheet_of_source(past.input_name, seen.origin.source) is not None for seen in rows)
    return past.shows_origin and not (rows and all(of_sheets))


def _write(known: Sequence[Known], batch: _Batch, opened: Rounds, outputs: Outputs, form: Form, say: Say) -> Path:
    merged_at = datetime.now(UTC)
    approval = (APPROVAL, CHECKED_AT) if batch.with_approval else ()
    heading = Heading(
        input_name=batch.rounds[0].input_name,
        labels=tuple(batch.columns.labels),
        headers=tuple(batch.columns.headers),
        mode=Mode.RUN,
        reasons={code: said for past in opened.results for code, said in past.reasons.items()},
        shows_origin=True,
        extras=(*approval, ROUND),
    )
    told = tell(known, batch.rounds, opened, merged_at, new_run_id(merged_at))
    lines = Alterations(opened.results, known, heading.labels)
    left, book = iter(known), NoticeBook()
    with results_writer(outputs.staged.results, heading, form=form, say=say) as writer:
        while some := list(islice(left, _ROWS_AT_ONCE)):
            rows = [_row(one, len(heading.labels), with_approval=batch.with_approval) for one in some]
            odd = [warning for one in some for warning in lines.warnings(one)]
            book.add(odd)
            writer.add(rows, [change for one in some for change in lines.changes(one)], odd)
        writer.save(Report(heading=heading, counts=counted(known), warnings=book.notices, told=told))
    return outputs.publish()[0]


def _row(one: Known, width: int, *, with_approval: bool) -> ResultRow:
    cells = one.shown.cells
    return ResultRow(
        row=one.origin.row,
        status=one.status,
        requirement_group_id=one.requirement_group_id,
        errors=one.errors,
        cells=(*cells, *[""] * (width - len(cells))),
        origin=one.origin,
        extras=(*(one.approval if with_approval else ()), one.seen.round),
    )
