"""The answer to one file, written while its rows come in: the rows that need someone, and the results if asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

from batch.check_marker import mark
from batch.languages import say_in
from batch.pipeline.facts import heading_of
from batch.pipeline.head import Head
from batch.pipeline.prepare import Part
from batch.pipeline.register import Register
from batch.pipeline.values import FileResult, OutputOptions
from batch.results import (
    WOULD_SEND,
    FailedWriter,
    Form,
    Mode,
    Outputs,
    Report,
    ResultRow,
    ResultsWriter,
    failed_writer,
    results_writer,
)
from batch.results.delimited import PERSON_DELIMITER
from batch.results.faults import Positions
from batch.schema import Schema


@dataclass(slots=True, kw_only=True)
class Answer:
    """Takes a file's parts in order, once each. Every method raises OutputError where the disk refuses."""

    head: Head
    outputs: Outputs
    options: OutputOptions
    schema: Schema
    mode: Mode
    files: ExitStack
    _positions: Positions = field(init=False)
    _results: ResultsWriter | None = field(init=False, default=None)
    _failed: FailedWriter | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._positions = Positions(self.head.labels)
        if self.options.results:
            writer = results_writer(
                self.outputs.staged.results,
                heading_of(self.head, self.mode),
                form=Form(self.options.format),
                say=say_in(self.options.language),
            )
            self._results = self.files.enter_context(writer)

    def add(self, part: Part, register: Register) -> None:
        """The next part, whose rows have their outcomes in the register."""
        # A row that `check` finds good needs nobody; one that --dry-run or --limit kept from being sent is still to do.
        needing = register.needing_someone(part, unless=WOULD_SEND if self.mode is Mode.CHECK else None)
        if self._results is None:
            failed = _rows(part, self.head.kept, needing, register)
        else:
            rows = list(_rows(part, self.head.kept, range(len(part.valid)), register))
            self._results.add(rows, part.changes, part.warnings)
            failed = (rows[place] for place in needing)
        if needing:
            self._failed = self._failed or self._open_failed()
            self._failed.add(mark_untrusted(row, self._positions) for row in failed)

    def publish(self, report: Report) -> FileResult:
        """Finishes the files and gives them their names."""
        if self._failed is not None:
            self._failed.save()
        if self._results is not None:
            self._results.save(report)
        results_file, failed_file = self.outputs.publish()
        return FileResult(
            path=self.head.path,
            rows=report.rows,
            counts=report.counts,
            ready=report.ready,
            warnings=report.warnings,
            results_file=results_file if self.options.results else None,
            failed_file=failed_file,
        )

    def _open_failed(self) -> FailedWriter:
        writer = failed_writer(
            self.outputs.staged.failed,
            heading_of(self.head, self.mode),
            choices(self.schema, self.head.field_labels),
            form=Form(self.options.failed_format),
            delimiter=self.head.delimiter or PERSON_DELIMITER,
            say=say_in(self.options.language),
        )
        return self.files.enter_context(writer)


@contextmanager
def answer_to(head: Head, outputs: Outputs, options: OutputOptions, schema: Schema, mode: Mode) -> Iterator[Answer]:
    """An answer to be filled; what is not published in the block is dropped."""
    with ExitStack() as files:
        yield Answer(head=head, outputs=outputs, options=options, schema=schema, mode=mode, files=files)


def mark_untrusted(row: ResultRow, positions: Positions) -> ResultRow:
    """The row as it goes into the failed file: what could not be trusted as it was must not come back as it was."""
    if not any(error.retype for error in row.errors):
        return row
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


def _rows(part: Part, kept: tuple[int, ...], places: Sequence[int], register: Register) -> Iterator[ResultRow]:
    """Rows of a part, with their own cells; what a row has beyond the header comes last."""
    beyond = range(part.width, len(part.cells.columns))
    cells = part.cells if len(places) == len(part.valid) else part.cells.iloc[list(places)]
    columns = [cells[at].tolist() for at in (*kept, *beyond)]
    outcomes = register.outcomes(part, places)
    for place, outcome, values in zip(places, outcomes, zip(*columns, strict=True), strict=True):
        origin = part.origins[place]
        yield ResultRow(
            row=origin.row,
            status=outcome.status,
            requirement_group_id=outcome.requirement_group_id,
            errors=outcome.errors,
            cells=_without_blank_end(values, len(kept)),
            origin=origin,
        )


def _without_blank_end(cells: tuple[str, ...], least: int) -> tuple[str, ...]:
    end = len(cells)
    while end > least and not cells[end - 1]:
        end -= 1
    return cells[:end]
