"""One readable input of a run: its rows, put away part by part, and the outcome of each row as it becomes known."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from batch.identity import LISTED_AS, fingerprint, group_key
from batch.ledger import Scope
from batch.model import Record
from batch.notices import NoticeBook
from batch.pipeline.head import NO_ROWS, Head, head_of
from batch.pipeline.mapped import FileOptions
from batch.pipeline.prepare import Part, PreparedFile
from batch.pipeline.register import Positions, Register
from batch.pipeline.rules import Rules
from batch.pipeline.twins import twin_finder
from batch.plan import Twin
from batch.progress import Observer
from batch.schema import Schema
from batch.scratch import Pieces
from batch.validate import bodies


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The valid rows of one part, ready to send, and which of them are the same group as an earlier row."""

    first: int
    records: tuple[Record, ...]
    twins: Mapping[int, Twin]


class Job:
    """The rows of an input, put away where they take no memory. To be closed."""

    def __init__(self, head: Head, schema: Schema) -> None:
        self.head = head
        self.register = Register()
        self.notices = NoticeBook()
        self.warnings = NoticeBook()
        self.columns = len(head.labels)
        """Of the widest row; one may hold more than the header row."""
        self.attempts: dict[int, int] = {}
        """How often each row was sent, by position; those that are missing were not."""
        self._schema = schema
        self._parts = Pieces()
        self._firsts: list[int] = []

    def close(self) -> None:
        self._parts.close()
        self.register.close()

    @property
    def path(self) -> Path:
        return self.head.path

    @property
    def rows(self) -> int:
        return len(self.register)

    @property
    def field_labels(self) -> Mapping[str, str]:
        return self.head.field_labels

    def add(self, part: Part) -> None:
        """The next rows."""
        self._firsts.append(part.first)
        self.columns = max(self.columns, part.cells.shape[1])
        self._parts.put(pickle.dumps(part))
        self.register.grow(part.valid)

    def parts(self) -> Iterator[Part]:
        return map(self._part, range(len(self._parts)))

    def sections(self, scope: Scope) -> Iterator[Section]:
        """The valid rows of each part, in file order."""
        for part in self.parts():
            yield Section(first=part.first, records=tuple(_records(part, scope, self._schema)), twins=part.twins)

    def records(self, scope: Scope, positions: Positions) -> Iterator[Record]:
        """The valid rows at these positions, which are in order; read as they are asked for."""
        bounds = [*np.searchsorted(positions, self._firsts).tolist(), len(positions)]
        for number, (start, stop) in enumerate(pairwise(bounds)):
            if start < stop:
                yield from _records(self._part(number), scope, self._schema, positions[start:stop])

    def fingerprints(self, part: Part, scope: Scope) -> Mapping[int, str]:
        """Those of the valid rows of a part, by position."""
        positions = (part.first + np.flatnonzero(part.valid)).tolist()
        texts = bodies(part.fields, self._schema)
        return {at: fingerprint(scope.secret, scope.key, body) for at, body in zip(positions, texts, strict=True)}

    def _part(self, number: int) -> Part:
        part: Part = pickle.loads(self._parts.get(number))  # noqa: S301  what this process has put away itself
        return part


def _records(part: Part, scope: Scope, schema: Schema, positions: Positions | None = None) -> Iterator[Record]:
    """The valid rows of a part, or those of them at `positions`."""
    places, fields = np.flatnonzero(part.valid), part.fields
    if positions is not None:
        chosen = np.isin(part.first + places, positions)
        places, fields = places[chosen], fields[chosen]
    listed = [fields[name].tolist() if name in fields.columns else [""] * len(fields) for name in LISTED_AS]
    for place, body, *values in zip(places.tolist(), bodies(fields, schema), *listed, strict=True):
        origin = part.origins[place]
        yield Record(
            position=part.first + place,
            row=origin.row,
            origin=origin,
            body=body,
            fingerprint=fingerprint(scope.secret, scope.key, body),
            group_key=group_key(scope.secret, scope.key, dict(zip(LISTED_AS, values, strict=True))),
        )


def load_job(path: Path, rules: Rules, options: FileOptions, observer: Observer) -> Job:
    """Reads and validates a whole file. Raises InputError where it cannot be read or mapped."""
    with PreparedFile(path, rules, options) as prepared, twin_finder() as finder:
        job = Job(head_of(prepared), rules.schema)
        try:
            job.notices.add(prepared.notices)
            for part in finder.with_twins(prepared.parts()):
                job.add(part)
                job.notices.add(part.notices)
                job.warnings.add(part.warnings)
                observer.reading(path, job.rows, part.share)
        except BaseException:
            job.close()
            raise
    if not job.rows:
        job.notices.add((NO_ROWS,))
    return job
