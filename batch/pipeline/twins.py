"""Which rows of a file are the same group as an earlier one, and in what they differ; in memory that does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import compress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batch.arrow_text import texts_of
from batch.group_digests import GroupDigester
from batch.pipeline.prepare import Part
from batch.plan import Twin
from batch.scratch import Pieces, PutBehind, SeenKeys

_DECODED = 8  # pieces at hand: rows that repeat others mostly do so in the same order

Places = NDArray[np.int64]


@contextmanager
def twin_finder(seen: SeenKeys | None = None, pieces: Pieces | None = None) -> Iterator[TwinFinder]:
    """A finder for the parts of one file. It raises OutputError where the disk refuses what memory should not hold."""
    own_keys = SeenKeys() if seen is None else seen
    own_pieces = PutBehind(Pieces() if pieces is None else pieces)
    with closing(own_keys) as keys, closing(own_pieces) as put_away:
        yield TwinFinder(seen=keys, rows=_ValidRows(pieces=put_away))


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinFinder:
    """Goes through a file once, part by part."""

    seen: SeenKeys
    rows: _ValidRows
    digester: GroupDigester = field(default_factory=GroupDigester)

    def with_twins(self, parts: Iterable[Part]) -> Iterator[Part]:
        """The same parts, with the twins of their rows."""
        return (replace(part, twins=self.twins(part)) for part in parts)

    def twins(self, part: Part) -> Mapping[int, Twin]:
        """By position, the valid rows of the next part that are the same group as an earlier row, and as which."""
        places = np.flatnonzero(part.valid)
        own = np.arange(len(self.rows), len(self.rows) + len(places))
        columns = [texts_of(part.fields[name]) for name in part.fields.columns]
        self.rows.put([*_origins(part, places), *columns])
        firsts = self.seen.first(self.digester.digests(part.fields), own)
        again = np.flatnonzero(firsts != own)
        if not len(again):
            return {}
        found = self._compared(
            list(part.fields.columns),
            [column.take(pa.array(again)) for column in columns],
            firsts[again],
        )
        return dict(zip((part.first + places[again]).tolist(), found, strict=True))

    def _compared(self, names: Sequence[str], columns: Sequence[pa.Array], firsts: Places) -> Iterator[Twin]:
        found = self.rows.get(firsts)
        origins, others = found[: -len(columns)], found[-len(columns) :]
        differs = [pc.not_equal(*pair).to_pylist() for pair in zip(columns, others, strict=True)]
        for *origin, differ in zip(*(each.to_pylist() for each in origins), zip(*differs, strict=True), strict=True):
            row, source = (*origin, "")[:2]
            yield Twin(row=row, source=source, differing=tuple(compress(names, differ)))


def _origins(part: Part, places: NDArray[np.intp]) -> Iterator[pa.Array]:
    """The row numbers, and what they are of where that is not the same for all rows of a file."""
    yield pa.array(_numbers(part.origins.rows)[places])
    if part.origins.sources is not None:
        yield pa.array([part.origins.sources[place] for place in places.tolist()], pa.large_string())


def _numbers(rows: Sequence[int]) -> Places:
    return np.arange(rows.start, rows.stop, rows.step) if isinstance(rows, range) else np.array(rows, np.int64)


@dataclass(slots=True, kw_only=True)
class _ValidRows:
    """Origins and clean values of the valid rows of a file, found again by their place among these."""

    pieces: PutBehind
    _starts: list[int] = field(default_factory=lambda: [0])
    _form: pa.Schema | None = None
    _decoded: dict[int, pa.RecordBatch] = field(default_factory=dict)

    def __len__(self) -> int:
        return self._starts[-1]

    def put(self, columns: Sequence[pa.Array]) -> None:
        """The next rows; every time the same columns."""
        if not len(columns[0]):
            return
        piece = pa.record_batch(list(columns), names=[str(number) for number in range(len(columns))])
        self._form = piece.schema
        self.pieces.put(piece.serialize().to_pybytes())
        self._starts.append(len(self) + len(columns[0]))

    def get(self, places: Places) -> Sequence[pa.Array]:
        """The columns of the rows at `places`."""
        numbers = np.searchsorted(self._starts, places, side="right") - 1
        order = np.argsort(numbers, kind="stable")
        taken = []
        for number in np.unique(numbers).tolist():
            within = places[order][numbers[order] == number] - self._starts[number]
            taken.append(self._piece(number).take(pa.array(within)))
        back = np.argsort(order, kind="stable")
        columns: Sequence[pa.Array] = pa.concat_batches(taken).take(pa.array(back)).columns
        return columns

    def _piece(self, number: int) -> pa.RecordBatch:
        if number not in self._decoded:
            if len(self._decoded) == _DECODED:
                del self._decoded[next(iter(self._decoded))]
            self._decoded[number] = pa.ipc.read_record_batch(pa.py_buffer(self.pieces.get(number)), self._form)
        return self._decoded[number]
