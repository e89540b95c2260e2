"""One input held in memory for a run: its rows, what is valid, and the outcome of each row as it becomes known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from batch.columns import LINEAGE
from batch.identity import fingerprint, group_key
from batch.model import Change, Notice, Outcome, Record, Status, sentence
from batch.pipeline.mapped import FileOptions
from batch.pipeline.prepare import Part, PreparedFile
from batch.pipeline.rules import Rules
from batch.progress import Observer
from batch.results import ResultRow


@dataclass(slots=True, kw_only=True)
class Job:
    """A readable input. `kept` are the positions of the columns that are the customer's own."""

    path: Path
    labels: tuple[str, ...]
    headers: tuple[str, ...]
    kept: tuple[int, ...]
    field_labels: Mapping[str, str]
    notices: list[Notice]
    delimiter: str | None = None
    from_failed_file: bool = False
    parts: list[Part] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(len(part.origins) for part in self.parts)

    @property
    def changes(self) -> Iterator[Change]:
        return (change for part in self.parts for change in part.changes)

    def records(self, secret: bytes, scope: str) -> Iterator[Record]:
        """The valid rows, ready to send, in file order."""
        for part in self.parts:
            yield from records_of(part, secret, scope)

    def without_outcome(self) -> Iterator[tuple[int, int]]:
        """Position and row number of each row that has no outcome yet."""
        for part in self.parts:
            for place, origin in enumerate(part.origins):
                if part.first + place not in self.outcomes:
                    yield part.first + place, origin.row

    def counts(self) -> dict[Status, int]:
        """How many rows ended how. Raises RuntimeError if a row has no outcome: then nothing may be written."""
        counted = Counter(outcome.status for outcome in self.outcomes.values())
        if len(self.outcomes) != self.rows:
            msg = f"{self.rows} rows were read but {len(self.outcomes)} have an outcome"
            raise RuntimeError(msg)
        return {status: counted[status] for status in Status}

    def result_rows(self) -> Iterator[ResultRow]:
        """Every data row with its outcome, in file order."""
        for part in self.parts:
            yield from result_rows(part, self.kept, self.outcomes)


def load_job(path: Path, rules: Rules, options: FileOptions, observer: Observer) -> Job:
    """Reads and validates a whole file. Raises InputError where it cannot be read or mapped."""
    with PreparedFile(path, rules, options) as prepared:
        kept = own_columns(prepared)
        job = Job(
            path=path,
            labels=tuple(prepared.layout.label(at) for at in kept),
            headers=tuple(prepared.layout.headers[at] for at in kept),
            kept=kept,
            field_labels=prepared.layout.field_labels,
            notices=list(prepared.notices),
            delimiter=prepared.delimiter,
            from_failed_file="flireo_row" in prepared.layout.lineage,
        )
        for part in prepared.parts():
            job.parts.append(part)
            job.notices.extend((*part.notices, *part.warnings))
            job.outcomes.update(invalid_outcomes(part))
            observer.reading(path, job.rows)
    if not job.rows:
        job.notices.append(Notice(code="no_data_rows", sentence=sentence("There are no rows below the header row.")))
    return job


def own_columns(prepared: PreparedFile) -> tuple[int, ...]:
    """The positions of the customer's own columns: all but the four that a failed file adds."""
    ours = {at for name, at in prepared.layout.lineage.items() if name in LINEAGE}
    return tuple(at for at in range(len(prepared.layout.labels)) if at not in ours)


def invalid_outcomes(part: Part) -> Iterator[tuple[int, Outcome]]:
    """The rows that are not valid, by position, with their reasons."""
    for position, errors in part.errors.items():
        yield position, Outcome(status=Status.INVALID, errors=errors)


def records_of(part: Part, secret: bytes, scope: str) -> Iterator[Record]:
    """The valid rows of a part, in order."""
    bodies = iter(part.bodies)
    for place, (origin, valid) in enumerate(zip(part.origins, part.valid, strict=True)):
        if valid:
            body = next(bodies)
            yield Record(
                position=part.first + place,
                row=origin.row,
                origin=origin,
                body=body,
                fingerprint=fingerprint(secret, scope, body),
                group_key=group_key(secret, scope, json.loads(body)),
            )


def result_rows(part: Part, kept: tuple[int, ...], outcomes: Mapping[int, Outcome]) -> Iterator[ResultRow]:
    """The rows of a part that have an outcome, with their own cells; what a row has beyond the header comes last."""
    beyond = range(part.width, len(part.cells.columns))
    columns = [part.cells[at].tolist() for at in (*kept, *beyond)]
    for place, cells in enumerate(zip(*columns, strict=True)):
        outcome = outcomes.get(part.first + place)
        if outcome is not None:
            origin = part.origins[place]
            yield ResultRow(
                row=origin.row,
                status=outcome.status,
                requirement_group_id=outcome.requirement_group_id,
                errors=outcome.errors,
                cells=_without_blank_end(cells, len(kept)),
                origin=origin,
            )


def _without_blank_end(cells: tuple[str, ...], least: int) -> tuple[str, ...]:
    end = len(cells)
    while end > least and not cells[end - 1]:
        end -= 1
    return cells[:end]
