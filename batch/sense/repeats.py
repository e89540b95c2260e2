"""The same phone number in the rows of many different businesses: counted over a whole file, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batch.arrow_text import Texts
from batch.hints import Kind
from batch.likeness import loose
from batch.model import sentence
from batch.sense.rows import Finding, Rows

MANY: Final = 10
"""A phone number that so many different businesses share is worth a look."""

_FEW: Final = 3  # what stands in fewer rows of a part is not counted: nearly every number does
_REMEMBERED: Final = 10_000  # numbers at most; the commonest are kept


@dataclass(slots=True)
class _Shared:
    """What is known of one number: in how many rows it stood, and the first few businesses."""

    rows: int = 0
    businesses: set[str] = field(default_factory=set)


class Repeats:
    """What was seen in the parts of a file so far. A row is told of a number as soon as the rows up to the end of its
    part show it, so a file of one part is judged as a whole.
    """

    def __init__(self) -> None:
        self._seen: dict[str, _Shared] = {}

    def findings(self, rows: Rows) -> Iterator[Finding]:
        """Counts the rows of a part, and then what there is to say of them."""
        phones, businesses = rows.of(Kind.PHONE), rows.of(Kind.BUSINESS)
        if phones is None or businesses is None:
            return
        for text, places in _often(phones.texts):
            shared = self._count(text, businesses.texts.take(pa.array(places)))
            if len(shared.businesses) >= MANY:
                said = sentence(
                    "The same phone number stands in {count:,} rows or more, of {businesses} or more different "
                    "businesses. Is it the number of this contact person?",
                    count=shared.rows,
                    businesses=MANY,
                )
                for place in places.tolist():
                    yield Finding(place=place, field=rows.fields[Kind.PHONE], code="repeated_value", sentence=said)
        self._forget()

    def _count(self, text: str, businesses: Texts) -> _Shared:
        shared = self._seen.setdefault(text, _Shared())
        shared.rows += len(businesses)
        if len(shared.businesses) < MANY:
            names = map(loose, pc.unique(businesses).to_pylist())
            shared.businesses.update(name for name, _ in zip(names, range(MANY), strict=False) if name)
        return shared

    def _forget(self) -> None:
        if len(self._seen) > _REMEMBERED:
            kept = sorted(self._seen.items(), key=lambda item: item[1].rows, reverse=True)[: _REMEMBERED // 2]
            self._seen = dict(kept)


def _often(phones: Texts) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """The numbers that stand in a few rows of a part or more, with the places of these."""
    written = phones.dictionary_encode()
    numbers = written.indices.to_numpy()
    counts = np.bincount(numbers, minlength=len(written.dictionary))
    often = np.flatnonzero(counts >= _FEW).tolist()
    if not often:
        return
    in_order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(counts)
    for number in often:
        text = str(written.dictionary[number].as_py())
        if text:
            yield text, in_order[ends[number] - counts[number] : ends[number]]
