"""From a file to rows that are valid or say why not: reading, columns, normalise and validate, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from batch.columns import HEAD_ROWS, LINEAGE, Layout, Segment, SheetHead, find_layout, only, segments, split_cells
from batch.errors import InputError
from batch.example_row import is_example_row
from batch.formula_guard import unguard
from batch.hints import Hints
from batch.likeness import loose
from batch.model import Change, Chunk, Notice, Origin, RowError, Sentence, sentence
from batch.normalise import normalise
from batch.pipeline.flags import as_error, read_flags
from batch.pipeline.rules import Rules
from batch.reading import Limits, ReadOptions, Source, open_source
from batch.sense import Sense
from batch.validate import bodies, validate

if TYPE_CHECKING:
    from types import TracebackType

_EXAMPLE = sentence("This row is not read as data: it is the example of the template.")
_GUARDED_FORMATS = frozenset({"csv", "tsv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """How one file is to be read, mapped and judged, as far as a person said so, and within which limits. `strict`: a
    row with a warning is invalid.
    """

    sheet: str | None = None
    mapping: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    strict: bool = False
    limits: Limits = field(default_factory=Limits)

    @property
    def reading(self) -> ReadOptions:
        return ReadOptions(delimiter=self.delimiter, encoding=self.encoding, limits=self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some data rows in file order. `first` is the position of the first of them among the file's data rows.

    `width` is that of the header. `origins` and `valid` have one entry for each row. `bodies` has the JSON of each
    valid row. `errors` are by position in the file. `warnings` are about rows that are here, `notices` about others.
    Errors, changes and warnings name rows by their origin's number.
    """

    first: int
    width: int
    cells: pd.DataFrame
    origins: Sequence[Origin]
    valid: np.ndarray[tuple[int], np.dtype[np.bool_]]
    bodies: tuple[bytes, ...]
    errors: Mapping[int, tuple[RowError, ...]]
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]
    warnings: tuple[Notice, ...]


class PreparedFile:
    """A file that could be read and mapped; a context manager. Raises InputError where it could not."""

    def __init__(self, path: Path, rules: Rules, options: FileOptions) -> None:
        self.path = path
        self._rules = rules
        self._strict = options.strict
        self._source = open_source(path, options.reading)
        try:
            self.layout = survey_layout(self._source, rules, options)
            _refuse_problems(path, self.layout)
        except BaseException:
            self._source.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._source.__exit__()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a person should know of the file as a whole."""
        return (*self._source.notices, *self._source.sheet_notices(self.layout.sheet or ""), *self.layout.notices)

    @property
    def delimiter(self) -> str | None:
        """What separates the values of a text file."""
        return self._source.delimiter

    def parts(self) -> Iterator[Part]:
        """The data rows, read as they are asked for."""
        first = 0
        sense = Sense(self._rules.schema, self._rules.hints, self._rules.region)
        for segment in data_segments(self._source, self.layout, self._rules):
            part = self._part(segment, first, sense)
            if len(part.origins) or part.notices:
                yield part
                first += len(part.origins)

    def _unguarded(self, chunk: Chunk) -> Chunk:
        """Our own CSV files carry a formula guard; anybody else's apostrophes are their own."""
        if self._source.format not in _GUARDED_FORMATS or not set(LINEAGE) <= set(self.layout.lineage):
            return chunk
        cells = chunk.cells.copy()
        for position in cells.columns:
            suspect = cells[position].str.startswith("'")
            if suspect.any():
                cells.loc[suspect, position] = cells.loc[suspect, position].map(unguard)
        return Chunk(rows=chunk.rows, cells=cells, flags=chunk.flags)

    def _part(self, segment: Segment, first: int, sense: Sense) -> Part:
        chunk = self._unguarded(segment.chunk)
        origins = _origins(chunk, self.layout, self.path.name)
        # Within the part rows are told apart by their place: two merged failed files may hold the same row number.
        places = range(len(origins))
        labels = self.layout.field_labels
        split = split_cells(chunk.cells, self.layout, self._rules.schema)
        whole = {name: chunk.cells[at] for name, at in self.layout.positions.items()}
        frame = pd.DataFrame({**whole, **split.columns})
        countries = sense.countries(frame, _country_column(chunk, self.layout, self._rules.hints))
        clean = normalise(frame, places, labels, self._rules.schema, self._rules.hints, countries)
        verdict = validate(clean.frame, places, labels, self._rules.schema)
        flagged = read_flags(chunk, self.layout, self._rules.schema)
        doubts = [error for error in split.errors if (error.row, error.field) not in flagged.cells]
        blamed = flagged.cells | split.cells
        broken = [error for error in verdict.errors if (error.row, error.field) not in blamed]
        errors = _unblocked((*flagged.errors, *doubts, *broken), segment)
        known = {*blamed, *((error.row, error.field) for error in broken)}
        odd = sense.warnings(clean.frame, labels, countries, clean.doubts, known)
        warnings = [each for each in (*flagged.notices, *odd) if chunk.rows[each.row or 0] not in segment.blocked]
        refused = [*errors, *map(as_error, warnings)] if self._strict else errors
        valid = verdict.valid.copy()
        valid[[error.row for error in refused]] = False
        return Part(
            first=first,
            width=len(self.layout.labels),
            cells=chunk.cells,
            origins=origins,
            valid=valid,
            bodies=tuple(bodies(clean.frame[valid], self._rules.schema)),
            errors=_by_position(refused, first, origins),
            changes=tuple(
                replace(change, row=origins[change.row].row)
                for change in sorted((*split.changes, *clean.changes), key=attrgetter("row"))
            ),
            notices=segment.notices,
            warnings=() if self._strict else tuple(replace(at, row=origins[at.row or 0].row) for at in warnings),
        )


def survey_layout(source: Source, rules: Rules, options: FileOptions) -> Layout:
    """Which sheet, which header row, and which column feeds which field, with whatever is wrong with that."""
    return find_layout(
        [
            SheetHead(name=sheet.name, rows=source.head(sheet.name, HEAD_ROWS), visible=sheet.visibility == "visible")
            for sheet in source.sheets
        ],
        rules.schema,
        rules.hints,
        sheet=options.sheet,
        mapping=options.mapping,
    )


def data_segments(source: Source, layout: Layout, rules: Rules) -> Iterator[Segment]:
    """The data rows below the header row, with what is to be said of the rows that are none."""
    chunks = source.chunks(layout.sheet or "", after=layout.header_row or 0, width=len(layout.labels))
    for segment in segments(chunks, layout, rules.schema, rules.hints):
        yield _without_examples(segment, layout)


def _refuse_problems(path: Path, layout: Layout) -> None:
    if layout.problems:
        each = {f"problem_{number}": problem.sentence for number, problem in enumerate(layout.problems)}
        lines = "\n".join(f"{{file}}: {{{name}}}" for name in each)
        raise InputError(layout.problems[0].code, Sentence(template=lines, values={"file": path.name, **each}))


def _without_examples(segment: Segment, layout: Layout) -> Segment:
    """The example row of our own template is not the customer's data."""
    examples = is_example_row(segment.chunk.cells, layout.positions)
    if not examples.any():
        return segment
    rows = [row for row, example in zip(segment.chunk.rows, examples, strict=True) if example]
    told = (Notice(code="example_row", sentence=_EXAMPLE, row=row) for row in rows)
    return replace(segment, chunk=only(segment.chunk, ~examples), notices=(*segment.notices, *told))


def _unblocked(errors: Sequence[RowError], segment: Segment) -> Sequence[RowError]:
    """The errors, but for a row of another table only that it is one: its cells stand under the wrong headers."""
    blocked = {place: said for place, row in enumerate(segment.chunk.rows) if (said := segment.blocked.get(int(row)))}
    own = (
        RowError(row=place, column=None, field=None, value="", code="other_table", sentence=said)
        for place, said in blocked.items()
    )
    return (*own, *(error for error in errors if error.row not in blocked)) if blocked else errors


def _origins(chunk: Chunk, layout: Layout, name: str) -> Sequence[Origin]:
    """Where each row first came from: what a failed file says of it, else this file."""
    rows = [int(row) for row in chunk.rows]
    if "flireo_row" not in layout.lineage:
        return [Origin(source=name, row=row) for row in rows]
    first_rows = chunk.cells[layout.lineage["flireo_row"]].str.strip()
    at = layout.lineage.get("flireo_source")
    sources = chunk.cells[at].str.strip() if at is not None else [""] * len(rows)
    return [
        Origin(source=source or name, row=int(first))
        if first.isascii() and first.isdigit()
        else Origin(source=name, row=row)
        for row, first, source in zip(rows, first_rows, sources, strict=True)
    ]


def _country_column(chunk: Chunk, layout: Layout, hints: Hints) -> pd.Series[str] | None:
    """The column that says in which country the address is, if there is one that feeds no field."""
    named = set(map(loose, hints.country))
    for position, label in enumerate(layout.labels):
        if loose(label) in named and not layout.fields[position]:
            return chunk.cells[position]
    return None


def _by_position(
    errors: Sequence[RowError], first: int, origins: Sequence[Origin]
) -> Mapping[int, tuple[RowError, ...]]:
    found: dict[int, list[RowError]] = {}
    for error in errors:
        found.setdefault(first + error.row, []).append(replace(error, row=origins[error.row].row))
    return {position: tuple(items) for position, items in found.items()}
