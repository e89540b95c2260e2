"""What below the header row is data: totals, remarks and repeated headers are told and left out, other tables blocked.

A row with values for two or more required fields is never left out. Chunks pass through one by one; only the last few
rows of one are kept back where it takes the next rows to know whether they are the foot of the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from batch.arrow_text import texts_of
from batch.columns.chunk_rows import joined, only
from batch.columns.footers import Footer, Footers, is_number
from batch.columns.headers import vocabulary
from batch.columns.layout import Layout
from batch.columns.other_headers import Headerlike, OtherHeaders
from batch.columns.splitting import Splitters
from batch.likeness import BLANK, trimmed
from batch.model import Chunk, Notice, Sentence, sentence
from batch.text_column import Column, mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from batch.hints import Hints
    from batch.schema import Schema

_ENOUGH: Final = 2  # values for so many required fields make a row data, whatever it says
_MOST_BELOW: Final = 20  # more rows of one cell below the table are data that nobody filled in
_FEWEST_REQUIRED: Final = 3  # with fewer required fields a row of one cell may be whole
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Data rows, with what is to be said of the rows that were left out. `blocked` says, by row number, why a row that
    belongs to another table must not be sent.
    """

    chunk: Chunk
    notices: tuple[Notice, ...] = ()
    blocked: Mapping[int, Sentence] = field(default_factory=dict)


def segments(chunks: Iterable[Chunk], layout: Layout, schema: Schema, hints: Hints) -> Iterator[Segment]:
    """The data rows of `chunks`, which are the rows below the header row of `layout`."""
    table = _Table(layout, schema, hints)
    kept: Chunk | None = None
    for chunk in chunks:
        whole = chunk if kept is None else joined(kept, chunk)
        sparse = table.sparse(whole)
        foot = table.foot(whole, sparse)
        before = np.arange(len(whole.rows)) < (foot[0].place if foot else len(whole.rows))
        kept = only(whole, ~before) if foot else None
        if before.any():
            yield table.segment(only(whole, before), sparse[before], ())
    if kept is not None:
        sparse = table.sparse(kept)
        yield table.segment(kept, sparse, table.foot(kept, sparse))


@dataclass(frozen=True, slots=True)
class _FootRow:
    """A row that may be a part of the foot of the table: its place in the chunk, and what it is if it is the foot."""

    place: int
    footer: Footer


class _Table:
    """One table as it passes by: `_since` is the row in which another table began, `_end` the last row (or line) so far
    that holds something.
    """

    def __init__(self, layout: Layout, schema: Schema, hints: Hints) -> None:
        required = {item.name for item in schema.fields if item.required} or {item.name for item in schema.fields}
        self._layout = layout
        self._needed = [position for name, position in layout.positions.items() if name in required]
        self._mapped = frozenset(layout.positions.values())
        self._ours = frozenset(layout.lineage.values())
        self._first = next((at for at, text in enumerate(layout.headers) if trimmed(text)), 0)
        self._footers = Footers(hints)
        self._headers = OtherHeaders(layout, schema, hints, vocabulary(schema, hints, Splitters(schema, hints)))
        self._since: int | None = None
        self._end = (layout.header_row or 0) + self._lines_within(layout.headers)

    def sparse(self, chunk: Chunk) -> NDArray[np.bool_]:
        """Which rows have values for fewer required fields than make them data; never one of a failed file."""
        values = np.zeros(len(chunk.rows), np.int16)
        for position in self._needed:
            values += _filled(chunk.cells[position])
        origin = self._layout.lineage.get("flireo_row")
        few = values < _ENOUGH
        return few if origin is None else few & ~_filled(chunk.cells[origin])

    def foot(self, chunk: Chunk, sparse: NDArray[np.bool_]) -> Sequence[_FootRow]:
        """The last rows, from the first on that only its place tells to be no data; none if there is no such row."""
        run: list[_FootRow] = []
        needs_place = 0
        for place in range(len(chunk.rows) - 1, -1, -1):
            found = self._foot_row(chunk, place) if sparse[place] else None
            if found is None or len(run) > _MOST_BELOW:
                break
            run.insert(0, _FootRow(place, found))
            needs_place = len(run) if found in (Footer.BELOW, Footer.SUMS) else needs_place
        enough = len(run) <= _MOST_BELOW and len(self._needed) >= _FEWEST_REQUIRED
        return run[len(run) - needs_place :] if enough else ()

    def segment(self, chunk: Chunk, sparse: NDArray[np.bool_], foot: Sequence[_FootRow]) -> Segment:
        """The rows judged; `foot` are those behind which there are no more."""
        below = self._below(chunk, foot)
        notices: list[Notice] = []
        blocked: dict[int, Sentence] = {}
        keep = np.ones(len(chunk.rows), np.bool_)
        done = 0
        headers = self._headers.candidates(chunk.cells)
        for place, cells in self._rows(chunk, np.flatnonzero(sparse | headers)):
            number = int(chunk.rows[place])
            verdict: Headerlike | Footer | None = self._headers.judge(cells) if headers[place] else None
            if verdict is None and sparse[place] and self._since is None:
                verdict = below.get(place) or self._footers.by_words(cells)
            if isinstance(verdict, Headerlike):
                blocked.update(self._blocked(chunk, done, place))
                done = place
                self._since = number if verdict is Headerlike.OTHER else None
            if verdict is not None:
                keep[place] = verdict is Headerlike.OTHER
                notices.append(self._notice(verdict, number))
        blocked.update(self._blocked(chunk, done, len(chunk.rows)))
        self._end = self._end_of(chunk, len(chunk.rows) - 1)
        left = only(chunk, keep)
        return Segment(chunk=left, notices=tuple(notices), blocked=blocked)

    def _foot_row(self, chunk: Chunk, place: int) -> Footer | None:
        ((_, cells),) = self._rows(chunk, np.array([place]))
        if by_words := self._footers.by_words(cells):
            return by_words
        if len(cells) == 1 and min(cells) <= self._first:
            return Footer.BELOW
        numbers = cells and not self._mapped.intersection(cells) and all(map(is_number, cells.values()))
        return Footer.SUMS if numbers else None

    def _below(self, chunk: Chunk, foot: Sequence[_FootRow]) -> Mapping[int, Footer]:
        """Which rows of the foot are no data, and what they are: those of one cell only below an empty row."""
        found: dict[int, Footer] = {}
        apart = False
        for row in foot:
            before = self._end_of(chunk, row.place - 1) if row.place else self._end
            apart = apart or int(chunk.rows[row.place]) - before > 1
            if apart or row.footer is not Footer.BELOW:
                found[row.place] = row.footer
        return found

    def _blocked(self, chunk: Chunk, start: int, stop: int) -> Iterator[tuple[int, Sentence]]:
        if self._since is None:
            return
        said = sentence(
            "This row belongs to another table, which begins in row {since}: the headers there are not those of row "
            "{header_row}. Put that table into a file of its own, or move its values under the headers of row "
            "{header_row} and take its header row out.",
            since=self._since,
            header_row=self._layout.header_row,
        )
        for row in chunk.rows[start:stop]:
            yield int(row), said

    def _notice(self, verdict: Footer | Headerlike, row: int) -> Notice:
        if isinstance(verdict, Footer):
            return Notice(code=verdict.code, sentence=verdict.sentence, row=row)
        if verdict is Headerlike.SAME:
            said = sentence(
                "This row repeats the headers of row {header_row} and is not read as data.",
                header_row=self._layout.header_row,
            )
            return Notice(code="repeated_header", sentence=said, row=row)
        said = sentence(
            "Another table begins in this row: it reads like headers, but not those of row {header_row}. Nothing of it "
            "is sent. Put it into a file of its own.",
            header_row=self._layout.header_row,
        )
        return Notice(code="other_table", sentence=said, row=row)

    def _end_of(self, chunk: Chunk, place: int) -> int:
        """The last line or row that the row at `place` takes."""
        return int(chunk.rows[place]) + self._lines_within(str(text) for text in chunk.cells.iloc[place])

    def _lines_within(self, cells: Iterable[str]) -> int:
        """How many line ends the cells hold, where rows are numbered by lines."""
        return 0 if self._layout.sheet else sum(len(_LINE_END.findall(text)) for text in cells)

    def _rows(self, chunk: Chunk, places: NDArray[np.intp]) -> Iterator[tuple[int, dict[int, str]]]:
        """The place of each of the rows, and its cells that are the customer's and not blank, trimmed, by position."""
        if not len(places):
            return
        columns = [chunk.cells[position].take(places).tolist() for position in chunk.cells.columns]
        for place, *texts in zip(places.tolist(), *columns, strict=True):
            filled = ((position, trimmed(cell)) for position, cell in enumerate(texts) if position not in self._ours)
            yield place, {position: text for position, text in filled if text}


def _filled(series: pd.Series[str]) -> NDArray[np.bool_]:
    column = Column(texts_of(series))
    filled = column.visible
    open_at = np.flatnonzero(column.filled & ~filled)
    if len(open_at):
        bare = pc.utf8_trim(column.texts.take(pa.array(open_at)), characters=BLANK)
        filled[open_at] = mask(pc.not_equal(bare, ""))
    return filled
