"""Where the rows of a chunk first came from: what a failed file says of them, else the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from batch.columns import Layout
from batch.likeness import BLANK
from batch.model import Chunk, Origin
from batch.results.headings import source_of_sheet

_MOST_DIGITS = 12  # of a row number; what is longer was never one of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """One `Origin` for each row, made when it is asked for. `sources` None: all are of the file `name`."""

    name: str
    rows: Sequence[int]
    sources: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> Origin:
        return Origin(source=self.source(place), row=self.rows[place])

    def source(self, place: int) -> str:
        """What the row number at a place is of."""
        return self.name if self.sources is None else self.sources[place]


def origins_of(chunk: Chunk, layout: Layout, name: str, *, of_sheet: bool = False) -> Origins:
    """The origins of the rows of a chunk of the file `name`; `of_sheet`: rows of other sheets have the same numbers."""
    if of_sheet:
        name = source_of_sheet(name, layout.sheet or "")
    if "flireo_row" not in layout.lineage:
        return Origins(name=name, rows=chunk.rows, sources=[name] * len(chunk.rows) if of_sheet else None)
    first_rows = chunk.cells[layout.lineage["flireo_row"]].str.strip(BLANK).tolist()
    at = layout.lineage.get("flireo_source")
    stated = chunk.cells[at].str.strip(BLANK).tolist() if at is not None else [""] * len(chunk.rows)
    told = list(map(_is_row_number, first_rows))
    return Origins(
        name=name,
        rows=[int(first) if known else row for first, known, row in zip(first_rows, told, chunk.rows, strict=True)],
        sources=[source if known and source else name for source, known in zip(stated, told, strict=True)],
    )


def _is_row_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
