"""What to make of the reader's flags: a cell that cannot be trusted makes its row invalid if it feeds a field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from batch.arrow_text import holds, texts_of
from batch.check_marker import CHECK_MARK, is_marked
from batch.columns import Layout
from batch.cut_marker import is_cut_marker
from batch.likeness import BLANK
from batch.model import CellFlag, Chunk, Notice, RowError, sentence
from batch.schema import Schema

_DATE_FORMATS = frozenset({"date", "date-time"})
_MARKS_BEGIN = "["
_ANY_MARK = "|".join(map(re.escape, (f"{_MARKS_BEGIN}cut by flireo-batch: ", CHECK_MARK)))
_NOT_TYPED = sentence(
    "This cell could not be trusted in an earlier file and still bears the mark of the failed-rows file. Type the right"
    " value in its place, without the mark."
)
_OVERFLOW = sentence(
    "This row still has values to the right of the last header. Move each value back under its header, and empty the"
    " cells to the right."
)
_CUT = sentence(
    "This cell was cut short in an earlier failed-rows file, because a workbook cell cannot hold all of it."
    " Type the whole value again; the original is in the first file."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """Errors and notices whose `row` is the row's place in the chunk; `cells` are the places and fields at fault."""

    errors: tuple[RowError, ...]
    notices: tuple[Notice, ...]
    cells: frozenset[tuple[int, str | None]]


def read_flags(chunk: Chunk, layout: Layout, schema: Schema) -> Flagged:
    """Flags in columns that feed no field are nobody's business; a date is welcome where the field is a date."""
    place_of = {int(row): place for place, row in enumerate(chunk.rows)} if chunk.flags else {}
    errors: list[RowError] = [*_marked_cells(chunk, layout), *_pieces(chunk, layout), *_overflow(chunk, layout)]
    notices: list[Notice] = []
    cells: set[tuple[int, str | None]] = {(error.row, name) for error in errors for name in _beside(error, layout)}
    for flag in chunk.flags:
        fields = _fields(layout, flag.column)
        if flag.column is not None and (not fields or _is_welcome(flag, fields, schema)):
            continue
        place = place_of[flag.row]
        if flag.blocks:
            errors.append(_error(flag, place, chunk, layout, fields))
            cells.update((place, name) for name in fields)
        else:
            notices.append(_notice(flag, place, chunk, layout, fields))
    return Flagged(errors=tuple(errors), notices=tuple(notices), cells=frozenset(cells))


def as_error(warning: Notice) -> RowError:
    """A warning as a reason not to send its row, for a person who asked for that."""
    return RowError(
        row=warning.row or 0,
        column=warning.column,
        field=warning.field,
        value=warning.value,
        code=warning.code,
        sentence=warning.sentence,
    )


def _notice(flag: CellFlag, place: int, chunk: Chunk, layout: Layout, fields: tuple[str, ...]) -> Notice:
    error = _error(flag, place, chunk, layout, fields)
    return Notice(
        code=error.code,
        sentence=error.sentence,
        row=place,
        column=error.column,
        field=error.field,
        value=error.value,
    )


def _error(flag: CellFlag, place: int, chunk: Chunk, layout: Layout, fields: tuple[str, ...]) -> RowError:
    return RowError(
        row=place,
        column=None if flag.column is None else layout.label(flag.column),
        field=fields[0] if fields else None,
        value="" if flag.column is None else str(chunk.cells[flag.column].iat[place]),
        code=flag.code,
        sentence=flag.sentence,
        retype=flag.column is not None,
    )


def _marked_cells(chunk: Chunk, layout: Layout) -> Iterator[RowError]:
    """Cells that still bear a mark of an earlier failed file."""
    for at in dict.fromkeys(layout.positions.values()):
        name, texts = layout.fields[at][0], texts_of(chunk.cells[at])
        if not holds(texts, _MARKS_BEGIN):
            continue
        for place in np.flatnonzero(pc.match_substring_regex(texts, _ANY_MARK)):
            text = texts[int(place)].as_py()
            code, said = ("cell_cut", _CUT) if is_cut_marker(text) else ("not_typed_again", _NOT_TYPED)
            if code == "cell_cut" or is_marked(text):
                yield RowError(
                    row=int(place), column=layout.label(at), field=name, value=text, code=code, sentence=said
                )


def _pieces(chunk: Chunk, layout: Layout) -> Iterator[RowError]:
    """Text in a column that holds a piece of a field, such as a house letter: sent without it, the field is wrong."""
    for notice in layout.notices:
        if notice.code != "column_part_of_field" or notice.column not in layout.labels:
            continue
        column = chunk.cells[layout.labels.index(notice.column)]
        text = sentence(
            '{why} This row has text there and was not sent. To leave it out on purpose: --map "{label}="',
            why=notice.sentence,
            label=notice.column,
        )
        for place in np.flatnonzero(column.str.strip(BLANK) != ""):
            value = str(column.iat[int(place)])
            yield RowError(
                row=int(place), column=notice.column, field=None, value=value, code="part_not_sent", sentence=text
            )


def _overflow(chunk: Chunk, layout: Layout) -> Iterator[RowError]:
    """Text beyond the header of a failed file: what a row had too many when it first came, still to be sorted out.

    In anybody else's workbook it may be a remark beside the table; text files are judged by the reader.
    """
    if not layout.lineage:
        return
    known = {flag.row for flag in chunk.flags if flag.column is None and flag.blocks}
    beyond = [chunk.cells[at].str.strip(BLANK) != "" for at in chunk.cells.columns[len(layout.labels) :]]
    for place in np.flatnonzero(np.logical_or.reduce(beyond)) if beyond else ():
        if chunk.rows[int(place)] not in known:
            yield RowError(row=int(place), column=None, field=None, value="", code="row_too_long", sentence=_OVERFLOW)


def _beside(error: RowError, layout: Layout) -> tuple[str, ...]:
    """All fields that the error's column feeds."""
    at = None if error.field is None else layout.positions.get(error.field)
    return () if at is None else layout.fields[at]


def _fields(layout: Layout, column: int | None) -> tuple[str, ...]:
    return layout.fields[column] if column is not None and column < len(layout.fields) else ()


def _is_welcome(flag: CellFlag, fields: tuple[str, ...], schema: Schema) -> bool:
    formats = {field.rules.get("format") for name in fields if (field := schema.field(name)) is not None}
    return flag.code == "date_cell" and formats <= _DATE_FORMATS
