"""What shape a text has that is one of some words, so that hardly any cell of a large column has to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from batch.likeness import BLANK
from batch.text_column import mask

if TYPE_CHECKING:
    from collections.abc import Collection

    from batch.text_column import Column, Mask

PUNCTUATION: Final = BLANK + "*:.()[]_-?!'\""
"""What may stand around a word without making it another one."""

_SMALL: Final = np.uint8(0x20)  # what makes a capital of ASCII a small letter
# Bytes at an edge that may not be the word's own: beyond ASCII there is more punctuation.
_AROUND: Final = np.isin(np.arange(256), [*PUNCTUATION.encode(), *range(128, 256)])
_SLOTS: Final = 1 << 16  # as many as there are numbers of 16 bits: what overflows is left out
Numbers: TypeAlias = NDArray[np.int64]
Bytes: TypeAlias = NDArray[np.uint8]
Slots: TypeAlias = NDArray[np.uint16]


class Shapes:
    """The shapes of words in small letters: how long in UTF-8, and with which letter or digit they begin and end.

    An ASCII text that neither begins nor ends with punctuation has none around it, and is none of the words, whatever
    its case, if none has its shape.
    """

    def __init__(self, known: Collection[str]) -> None:
        spelled = [word.encode() for word in known if word]
        sizes, firsts, lasts = (
            np.fromiter(each, np.int64, len(spelled))
            for each in (map(len, spelled), (word[0] for word in spelled), (word[-1] for word in spelled))
        )
        self._slots = np.zeros(_SLOTS, np.bool_)
        self._slots[_slot(sizes, firsts, lasts)] = True

    def may_hold(self, column: Column) -> Mask:
        """Where a cell may be one of the words, in whatever case, with punctuation around it; a True tells nothing."""
        first, last = column.first_bytes, column.last_bytes
        found = self._slots.take(_slot(column.sizes, first, last)) | _AROUND.take(first) | _AROUND.take(last)
        found &= column.filled
        return found if column.is_ascii else found | ~mask(pc.string_is_ascii(column.texts))


def _slot(sizes: Numbers, firsts: Numbers | Bytes, lasts: Numbers | Bytes) -> Slots:
    """A number for the shape, the same for capitals; different shapes may share one."""
    size, first, last = (each.astype(np.uint16) for each in (sizes, firsts | _SMALL, lasts | _SMALL))
    return (size * np.uint16(31) + first) * np.uint16(251) + last
