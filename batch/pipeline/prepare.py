"""From a file to rows that are valid or say why not: reading, columns, normalise and validate, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from batch.columns import (
    LINEAGE,
    Layout,
    Segment,
    Table,
    split_cells,
)
from batch.errors import InputError
from batch.formula_guard import unguard
from batch.hints import Hints
from batch.likeness import loose
from batch.model import Change, Chunk, Notice, RowError, Sentence
from batch.normalise import normalise
from batch.pipeline.arranging import arranged, blank, rows_where
from batch.pipeline.flags import as_error, read_flags
from batch.pipeline.mapped import FileOptions, MappedFile
from batch.pipeline.origins import Origins, origins_of
from batch.pipeline.rules import Rules
from batch.plan import Twin
from batch.sense import Sense
from batch.validate import validate

if TYPE_CHECKING:
    from types import TracebackType

_GUARDED_FORMATS = frozenset({"csv", "tsv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some data rows in file order. `first` is the position of the first of them among the file's data rows.

    `width` is that of the header. `origins` and `valid` have one entry for each row, `fields` has the clean values of
    each valid row. `errors` are by position in the file; so are `twins`, the valid rows that are the same group as an
    earlier one. `warnings` are about rows that are here, `notices` about others. Errors, changes and warnings name rows
    by their origin's number. `share` is how far into the file the rows reach, from 0 to 1, if that is known.
    """

    first: int
    width: int
    cells: pd.DataFrame
    origins: Origins
    valid: NDArray[np.bool_]
    fields: pd.DataFrame
    errors: Mapping[int, tuple[RowError, ...]]
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]
    warnings: tuple[Notice, ...]
    twins: Mapping[int, Twin] = field(default_factory=dict)
    share: float | None = None


class PreparedFile:
    """A file that could be read and mapped; a context manager. Raises InputError where it could not."""

    def __init__(self, path: Path, rules: Rules, options: FileOptions) -> None:
        self.path = path
        self._rules = rules
        self._strict = options.strict
        self._file = MappedFile(path, rules, options)
        self.layout = self._file.layout
        if self.layout.problems:
            self._file.__exit__(None, None, None)
            raise InputError(self.layout.problems[0].code, _told(path, self.layout.problems))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.__exit__(kind, error, trace)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a person should know of the file as a whole."""
        return self._file.notices

    @property
    def several_sheets(self) -> bool:
        """Whether rows come from more than one sheet, so that a row number alone says too little."""
        return self._file.tables.several

    @property
    def delimiter(self) -> str | None:
        """What separates the values of a text file."""
        return self._file.source.delimiter

    def parts(self) -> Iterator[Part]:
        """The data rows, read as they are asked for."""
        first = 0
        sense = Sense(self._rules.schema, self._rules.hints, self._rules.region)
        for table in self._file.tables.tables:
            for segment in self._file.segments(table):
                part = self._part(segment, table, first, sense)
                if len(part.origins) or part.notices:
                    yield part
                    first += len(part.origins)

    def _unguarded(self, chunk: Chunk) -> Chunk:
        """Our own CSV files carry a formula guard; anybody else's apostrophes are their own."""
        if self._file.source.format not in _GUARDED_FORMATS or not set(LINEAGE) <= set(self.layout.lineage):
            return chunk
        cells = chunk.cells.copy()
        for position in cells.columns:
            suspect = cells[position].str.startswith("'")
            if suspect.any():
                cells.loc[suspect, position] = cells.loc[suspect, position].map(unguard)
        return replace(chunk, cells=cells)

    def _part(self, segment: Segment, table: Table, first: int, sense: Sense) -> Part:
        chunk, layout = self._unguarded(segment.chunk), table.layout
        origins = origins_of(chunk, layout, self.path.name, of_sheet=self.several_sheets)
        # Within the part rows are told apart by their place: two merged failed files may hold the same row number.
        places = range(len(origins))
        labels = self.layout.field_labels
        split = split_cells(chunk.cells, layout, self._rules.schema)
        frame = self._frame(chunk, layout, split.columns)
        countries = sense.countries(frame, _country_columns(chunk, layout, self._rules.hints))
        clean = normalise(frame, places, labels, self._rules.schema, self._rules.hints, countries)
        verdict = validate(clean.frame, places, labels, self._rules.schema)
        flagged = read_flags(chunk, layout, self._rules.schema)
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
            cells=arranged(chunk.cells, table, len(self.layout.labels)) if self.several_sheets else chunk.cells,
            origins=origins,
            valid=valid,
            fields=rows_where(clean.frame, valid),
            errors=_by_position(refused, first, origins),
            changes=tuple(
                replace(change, row=origins.rows[change.row], source=origins.source(change.row))
                for change in sorted((*split.changes, *clean.changes), key=attrgetter("row"))
            ),
            notices=segment.notices,
            share=chunk.share,
            warnings=() if self._strict else tuple(self._warning(each, layout, origins) for each in warnings),
        )

    def _frame(self, chunk: Chunk, layout: Layout, split: Mapping[str, pd.Series[str]]) -> pd.DataFrame:
        """The fields of the rows; those that only other sheets have are empty, so that every part has the same."""
        whole = {name: chunk.cells[at] for name, at in layout.positions.items()}
        absent = {name: blank(len(chunk.rows)) for name in self.layout.positions if name not in whole}
        fields = {**whole, **split, **absent}
        arrays = {name: fields[name].array for name in self.layout.positions}  # all are of the same rows
        return pd.DataFrame(arrays, index=chunk.cells.index, copy=False)

    def _warning(self, warning: Notice, layout: Layout, origins: Origins) -> Notice:
        sheet = layout.sheet if self.several_sheets else None
        place = warning.row or 0
        return replace(warning, row=origins.rows[place], sheet=sheet, source=origins.source(place))


def _told(path: Path, problems: Sequence[Notice]) -> Sentence:
    """All problems, a line for each, each with the name of the file."""
    each = {f"problem_{number}": problem.sentence for number, problem in enumerate(problems)}
    lines = "\n".join(f"{{file}}: {{{name}}}" for name in each)
    return Sentence(template=lines, values={"file": path.name, **each})


def _unblocked(errors: Sequence[RowError], segment: Segment) -> Sequence[RowError]:
    """The errors, but for a row of another table only that it is one: its cells stand under the wrong headers."""
    if not segment.blocked:
        return errors
    blocked = {place: said for place, row in enumerate(segment.chunk.rows) if (said := segment.blocked.get(int(row)))}
    own = (
        RowError(row=place, column=None, field=None, value="", code="other_table", sentence=said)
        for place, said in blocked.items()
    )
    return (*own, *(error for error in errors if error.row not in blocked))


def _country_columns(chunk: Chunk, layout: Layout, hints: Hints) -> Sequence[pd.Series[str]]:
    """The columns that say in which country a row is, as far as they feed no field."""
    named = set(map(loose, hints.country))
    return [
        chunk.cells[position]
        for position, label in enumerate(layout.labels)
        if loose(label) in named and not layout.fields[position]
    ]


def _by_position(errors: Sequence[RowError], first: int, origins: Origins) -> Mapping[int, tuple[RowError, ...]]:
    found: dict[int, list[RowError]] = {}
    for error in errors:
        found.setdefault(first + error.row, []).append(replace(error, row=origins.rows[error.row]))
    return {position: tuple(items) for position, items in found.items()}
