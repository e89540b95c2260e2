"""Header rows below the header row: one that repeats it, or one that begins another table."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from batch.arrow_text import Texts, texts_of
from batch.columns.headers import Vocabulary
from batch.columns.layout import Layout
from batch.columns.shapes import PUNCTUATION, Shapes
from batch.likeness import loose, trimmed
from batch.text_column import Column, Mask, mask

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from batch.hints import Hints
    from batch.schema import Schema

_FEWEST: Final = 2  # one cell that happens to read "Mobiel" or "Plaats" makes no header row
_SHARE: Final = 0.6  # of the cells of a row that is headers
_LOOKED_AT: Final = 100  # columns; a sheet can have 16,384


class Headerlike(Enum):
    """What a row below the header row is, if it reads like headers."""

    SAME = auto()
    OTHER = auto()


class OtherHeaders:
    """Finds header rows among data rows: by whole columns what may be one, cell by cell what is one."""

    def __init__(self, layout: Layout, schema: Schema, hints: Hints, vocabulary: Vocabulary) -> None:
        ours = layout.lineage.values()
        named = ((position, text) for position, text in enumerate(layout.headers) if position not in ours)
        self._own = {position: loose(text) for position, text in named if trimmed(text)}
        self._vocabulary = vocabulary
        spelled = {_bare(name) for names in vocabulary.spellings.values() for name in names}
        known = (spelled | {_bare(text) for text in layout.headers}) - {""}
        self._known = pa.array(sorted(known), pa.large_string())
        self._shapes = Shapes(known)
        self._values = {
            position: frozenset(map(_bare, _values(name, schema, hints)))
            for name, position in layout.positions.items()
            if _values(name, schema, hints)
        }

    def candidates(self, cells: pd.DataFrame) -> NDArray[np.bool_]:
        """Which rows may be header rows: at least two cells hold a known header."""
        hits = np.zeros(len(cells), np.uint8)
        for position in range(min(len(cells.columns), _LOOKED_AT)):
            column = Column(texts_of(cells[position]))
            suspects = np.flatnonzero(self._shapes.may_hold(column))
            if len(suspects):
                hits[suspects] += self._are_known(position, column.texts.take(pa.array(suspects)))
        return hits >= _FEWEST

    def _are_known(self, position: int, texts: Texts) -> Mask:
        bare = pc.utf8_trim(pc.utf8_lower(texts), characters=PUNCTUATION)
        known = pc.is_in(bare, value_set=self._known)
        if position in self._values:
            values = pa.array(sorted(self._values[position]), pa.large_string())
            known = pc.and_not(known, pc.is_in(bare, value_set=values))
        return mask(known)

    def judge(self, cells: Mapping[int, str]) -> Headerlike | None:
        """What the row is. `cells` are those that are not blank, trimmed, by column position."""
        if {position: loose(text) for position, text in cells.items()} == self._own:
            return Headerlike.SAME
        hits = sum(self._is_header(position, text) for position, text in cells.items())
        return Headerlike.OTHER if hits >= max(_FEWEST, _SHARE * len(cells)) else None

    def _is_header(self, position: int, text: str) -> bool:
        if _bare(text) in self._values.get(position, ()):
            return False
        known = self._vocabulary.field_of(text) or self._vocabulary.combined_in(text) or self._vocabulary.part_of(text)
        return bool(known) or loose(text) in self._own.values()


def _values(name: str, schema: Schema, hints: Hints) -> tuple[str, ...]:
    """What a cell of the field may well hold, though it is a header too ("mobile")."""
    field = schema.field(name)
    return (*field.enum, *hints.of(name).meanings) if field and field.enum else ()


def _bare(text: str) -> str:
    return text.lower().strip(PUNCTUATION)
