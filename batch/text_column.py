"""One column of text, and cheap questions to all of it, so that only suspects become Python objects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from batch.arrow_text import Texts, holds

if TYPE_CHECKING:
    from numpy.typing import NDArray

Mask: TypeAlias = "NDArray[np.bool_]"

_ZERO: Final = np.uint8(ord("0"))
_TEN: Final = np.uint8(10)
_FIRST_BEYOND_ASCII: Final = 0x80
_FIRST_VISIBLE: Final = np.uint8(ord("!"))
_VISIBLE: Final = np.uint8(ord("~") - ord("!") + 1)


class Column:
    """The texts of a column, in one piece; what several rules ask of them is worked out once."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: int) -> str:
        return str(self.texts[place].as_py())

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """How many bytes each cell has in UTF-8."""
        return self._offsets[1:] - self._offsets[:-1]

    @cached_property
    def first_bytes(self) -> NDArray[np.uint8]:
        """The first byte of each cell in UTF-8, 0 of an empty one."""
        return self._at_edge(self._offsets[:-1])

    @cached_property
    def last_bytes(self) -> NDArray[np.uint8]:
        """The last byte of each cell in UTF-8, 0 of an empty one."""
        return self._at_edge(self._offsets[1:] - 1)

    @cached_property
    def edges(self) -> NDArray[np.uint16]:
        """The first byte of each cell times 256, and its last byte; 0 of an empty one."""
        first, last = self.first_bytes.astype(np.uint16), self.last_bytes.astype(np.uint16)
        return first * np.uint16(256) + last

    @cached_property
    def bare(self) -> Mask:
        """Where a cell begins and ends with ASCII that can be seen, so that no blanks are to be taken off it."""
        return _is_visible(self.first_bytes) & _is_visible(self.last_bytes)

    @property
    def visible(self) -> Mask:
        """Where a cell begins with ASCII that can be seen, so that it is not blank."""
        return _is_visible(self.first_bytes)

    @cached_property
    def with_digit(self) -> Mask:
        """Where a cell has an ASCII digit."""
        digits = (self._own_octets - _ZERO) < _TEN  # below "0" wraps around
        found = np.zeros(len(self), dtype=np.bool_)
        if digits.any():
            begins = self._offsets[:-1][self.filled] - self._offsets[0]
            found[self.filled] = np.maximum.reduceat(digits.view(np.uint8), begins).view(np.bool_)
        return found

    @cached_property
    def is_ascii(self) -> bool:
        """Whether all cells are."""
        octets = self._own_octets
        return not len(octets) or bool(octets.max() < _FIRST_BEYOND_ASCII)

    @cached_property
    def filled(self) -> Mask:
        """Where a cell is not empty."""
        return self.sizes > 0

    def at_least(self, size: int) -> Mask:
        """Where a cell has so many bytes or more."""
        return self.sizes >= size

    def holds(self, character: str) -> bool:
        """Whether an ASCII character stands anywhere in the column."""
        return holds(self.texts, character)

    def containing(self, text: str) -> Mask:
        return mask(pc.match_substring(self.texts, text))

    def matching(self, pattern: str) -> Mask:
        """Where the pattern (RE2) is found."""
        return mask(pc.match_substring_regex(self.texts, pattern))

    def beginning_with(self, characters: str) -> Mask:
        """Where a cell begins with one of the ASCII characters."""
        wanted = np.zeros(256, dtype=np.bool_)
        wanted[[ord(each) for each in characters]] = True
        return wanted.take(self.first_bytes)

    def leading_numbers(self, digits: int) -> NDArray[np.int64]:
        """The number that the first so many digits of each cell make, -1 where it does not begin with so many."""
        numbers = np.zeros(len(self), dtype=np.int64)
        good = self.at_least(digits)
        for place in range(digits):
            digit = self._byte_at(place) - _ZERO
            good &= digit < _TEN
            numbers = numbers * 10 + digit
        return np.where(good, numbers, -1)

    def digit_at(self, place: int) -> Mask:
        """Where the byte at `place` is an ASCII digit, in a cell that has so many."""
        return np.asarray(((self._byte_at(place) - _ZERO) < _TEN) & self.at_least(place + 1))

    def of_form(self, *places: tuple[str, str]) -> Mask:
        """Where a cell has as many bytes as there are places, each within a range of ASCII."""
        fits: Mask = self.sizes == len(places)
        for at, (first, last) in enumerate(places):
            fits &= (self._byte_at(at) - np.uint8(ord(first))) <= np.uint8(ord(last) - ord(first))
        return fits

    def has_at(self, place: int, character: str) -> Mask:
        """Where the byte at `place` is the ASCII character, in a cell that has so many."""
        return np.asarray((self._byte_at(place) == ord(character)) & self.at_least(place + 1))

    def cells(self, where: Mask, pattern: str = "") -> Iterator[tuple[int, str]]:
        """Place and text of the cells of a mask in which the pattern (RE2) is found."""
        places = np.flatnonzero(where)
        if len(places):
            chosen = self.texts.take(pa.array(places))
            if pattern:
                hits = mask(pc.match_substring_regex(chosen, pattern))
                places, chosen = places[hits], chosen.filter(pa.array(hits))
            yield from zip(places.tolist(), chosen.to_pylist(), strict=True)

    def _at_edge(self, places: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The bytes at the places, which are those of an edge of each cell; 0 where it is empty."""
        if not len(self._octets):
            return np.zeros(len(self), dtype=np.uint8)
        if self.filled.all():
            return self._octets.take(places)
        return np.where(self.filled, self._octets.take(places, mode="clip"), np.uint8(0))

    def _byte_at(self, place: int) -> NDArray[np.uint8]:
        """The byte at `place` of each cell, another one where it is shorter."""
        if not len(self._octets):
            return np.zeros(len(self), dtype=np.uint8)
        return self._octets.take(self._offsets[:-1] + place, mode="clip")

    @property
    def _own_octets(self) -> NDArray[np.uint8]:
        return self._octets[self._offsets[0] : self._offsets[-1]]

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        """Where each cell begins, and the last one ends, in the bytes of the whole."""
        stored = np.frombuffer(self.texts.buffers()[1], np.int64)
        return stored[self.texts.offset : self.texts.offset + len(self) + 1]

    @cached_property
    def _octets(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.texts.buffers()[2] or b"", np.uint8)


def _is_visible(octets: NDArray[np.uint8]) -> Mask:
    return (octets - _FIRST_VISIBLE) < _VISIBLE  # below the first wraps around


def mask(values: pa.BooleanArray) -> Mask:
    found: Mask = np.asarray(values, dtype=np.bool_)
    return found
