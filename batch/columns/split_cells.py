"""The cells of combined columns, split as the layout says; every part recorded, every doubt an error of its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from batch.columns.sayings import field_labels
from batch.likeness import trimmed
from batch.model import Change, RowError, Sentence, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batch.columns.layout import Layout
    from batch.columns.splitting import Splitter
    from batch.columns.splitting.verdict import Verdict
    from batch.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCells:
    """The parts as columns by field name, of the same index as the cells, "" where a cell is blank or could not be
    split. The `row` of changes and errors is the place in the frame; `cells` are the places and fields at fault.
    """

    columns: Mapping[str, pd.Series[str]]
    changes: tuple[Change, ...] = ()
    errors: tuple[RowError, ...] = ()
    cells: frozenset[tuple[int, str | None]] = frozenset()


def split_cells(cells: pd.DataFrame, layout: Layout, schema: Schema) -> SplitCells:
    """Splits the columns of `layout.splits`. Each distinct text is looked at once."""
    columns: dict[str, pd.Series[str]] = {}
    changes: list[Change] = []
    errors: list[RowError] = []
    faulty: set[tuple[int, str | None]] = set()
    for at, splitter in layout.splits.items():
        column = _Column(cells[at], splitter, layout.label(at))
        columns.update(column.parts())
        changes.extend(column.changes())
        doubts = tuple(column.errors(schema))
        errors.extend(doubts)
        faulty.update((doubt.row, name) for doubt in doubts for name in splitter.fields)
    return SplitCells(columns=columns, changes=tuple(changes), errors=tuple(errors), cells=frozenset(faulty))


class _Column:
    """One combined column: its distinct texts, what becomes of each, and which row has which."""

    def __init__(self, series: pd.Series[str], splitter: Splitter, label: str) -> None:
        encoded = pa.array(series, pa.large_string()).dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        self._series = series
        self._splitter = splitter
        self._label = label
        self._texts: list[str] = encoded.dictionary.to_pylist()
        self._verdicts = [self._verdict(text) for text in self._texts]
        self._which: Sequence[int] = encoded.indices.to_pylist()

    def parts(self) -> Iterator[tuple[str, pd.Series[str]]]:
        nothing = ("",) * len(self._splitter.fields)
        rows = [verdict if isinstance(verdict, tuple) and verdict else nothing for verdict in self._verdicts]
        for number, name in enumerate(self._splitter.fields):
            column = [rows[which][number] for which in self._which]
            yield name, pd.Series(column, index=self._series.index, dtype="str")

    def changes(self) -> Iterator[Change]:
        for place, which in enumerate(self._which):
            verdict = self._verdicts[which]
            if isinstance(verdict, tuple):
                for name, part in zip(self._splitter.fields, verdict, strict=bool(verdict)):
                    text = self._texts[which]
                    yield Change(row=place, column=self._label, field=name, before=text, after=part, code="split")

    def errors(self, schema: Schema) -> Iterator[RowError]:
        for place, which in enumerate(self._which):
            verdict = self._verdicts[which]
            if isinstance(verdict, Sentence):
                yield RowError(
                    row=place,
                    column=self._label,
                    field=self._splitter.fields[0],
                    value=self._texts[which],
                    code="cannot_split",
                    sentence=_doubt(verdict, self._splitter, schema),
                )

    def _verdict(self, text: str) -> Verdict:
        return self._splitter.split(text) if trimmed(text) else ()


def _doubt(why: Sentence, splitter: Splitter, schema: Schema) -> Sentence:
    return sentence(
        'This cell cannot be split into {labels}: {why}. Correct it, or put "|" between the parts, as in "{example}".',
        labels=field_labels(splitter.fields, schema),
        why=why,
        example=splitter.example,
    )
