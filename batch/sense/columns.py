"""Cheap questions to a whole column of text, so that only suspects become Python objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

Texts: TypeAlias = pa.LargeStringArray
Mask: TypeAlias = "NDArray[np.bool_]"

_ZERO: Final = np.uint8(ord("0"))
_TEN: Final = np.uint8(10)


def texts_of(frame_column: object) -> Texts:
    """A frame's column as arrow text, in one piece."""
    array = pa.array(frame_column, pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def mask(values: pa.BooleanArray) -> Mask:
    found: Mask = np.asarray(values, dtype=np.bool_)
    return found


def matching(texts: Texts, pattern: str) -> Mask:
    """Where the pattern (RE2) is found."""
    return mask(pc.match_substring_regex(texts, pattern))


def filled(texts: Texts) -> Mask:
    """Where a cell is not empty."""
    return mask(pc.greater(pc.binary_length(texts), 0))


def at_least(texts: Texts, size: int) -> Mask:
    """Where a cell has so many bytes or more."""
    return mask(pc.greater_equal(pc.binary_length(texts), size))


def cells(texts: Texts, where: Mask, pattern: str = "") -> Iterator[tuple[int, str]]:
    """Place and text of the cells of a mask in which the pattern (RE2) is found."""
    places = np.flatnonzero(where)
    if len(places):
        chosen = texts.take(pa.array(places))
        if pattern:
            hits = matching(chosen, pattern)
            places, chosen = places[hits], chosen.filter(pa.array(hits))
        yield from zip(places.tolist(), chosen.to_pylist(), strict=True)


def has_byte(texts: Texts, character: str) -> bool:
    """Whether an ASCII character stands anywhere in the column."""
    offsets, octets = _stored(texts)
    return bool((octets[offsets[0] : offsets[-1]] == ord(character)).any())


def with_digit(texts: Texts) -> Mask:
    """Where a cell has an ASCII digit."""
    offsets, octets = _stored(texts)
    at = np.flatnonzero((octets[offsets[0] : offsets[-1]] - _ZERO) < _TEN)  # below "0" wraps around
    found = np.zeros(len(texts), dtype=np.bool_)
    if len(at):
        found[np.searchsorted(offsets, at + offsets[0], side="right") - 1] = True
    return found


def first_bytes(texts: Texts) -> NDArray[np.uint8]:
    """The first byte of each cell in UTF-8, 0 of an empty one."""
    offsets, octets = _stored(texts)
    if not len(octets):
        return np.zeros(len(texts), dtype=np.uint8)
    firsts = octets[np.minimum(offsets[:-1], len(octets) - 1)]
    return np.where(offsets[:-1] == offsets[1:], np.uint8(0), firsts)


def leading_numbers(texts: Texts, digits: int) -> NDArray[np.int64]:
    """The number that the first so many digits of each cell make, -1 where it does not begin with so many."""
    offsets, octets = _stored(texts)
    numbers = np.zeros(len(texts), dtype=np.int64)
    good = np.diff(offsets) >= digits
    for place in range(digits if len(octets) else 0):
        digit = octets[np.minimum(offsets[:-1] + place, len(octets) - 1)] - _ZERO
        good &= digit < _TEN
        numbers = numbers * 10 + digit
    return np.where(good, numbers, -1)


def _stored(texts: Texts) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Where each cell begins (and the last one ends), and the bytes of them all, without a copy."""
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return starts, np.frombuffer(data or b"", np.uint8)
