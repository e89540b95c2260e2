r"""Cells as JSON values: which text is a value of a type, and numbers compared exactly, over whole columns.

The text of a cell becomes a JSON value only where it is spelled exactly as JSON spells it, so that what is sent is
what stands in the cell:

    string   any text, as it is
    integer  -?(0|[1-9][0-9]*)                at most 100 digits; so no "+5", "007", "5.0", "1.000" or "1e3"
    number   an integer, or one with \.[0-9]+  at most 100 decimals; never an exponent, since a spreadsheet that shows
             one has lost digits; never a decimal comma, since "1,234" has two readings
    boolean  true, false

An empty cell is an absent field, whatever its type. Numbers are the decimals that are written, not the nearest doubles.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from batch.arrow_text import Texts
from batch.schema.fields import JsonType
from batch.schema.scalars import Number, is_multiple

Mask: TypeAlias = npt.NDArray[np.bool_]

_INTEGER = "-?(?:0|[1-9][0-9]{0,99})"
_GRAMMAR = {
    JsonType.INTEGER: rf"\A{_INTEGER}\z",
    JsonType.NUMBER: rf"\A{_INTEGER}(?:\.[0-9]{{1,100}})?\z",
    JsonType.BOOLEAN: r"\A(?:true|false)\z",
}
_EXACT_LENGTH = 15  # a decimal of so few characters has a double of its own, and a whole one is that double


def mask_of(values: pa.Array) -> Mask:
    mask: Mask = values.to_numpy(zero_copy_only=False)
    return mask


def present(texts: Texts) -> Mask:
    """Where a cell is not empty."""
    return mask_of(pc.greater(pc.binary_length(texts), 0))


def has_type(texts: Texts, kind: JsonType) -> Mask:
    """Where the text is a JSON value of the type; never where the cell is empty."""
    if kind is JsonType.STRING:
        return present(texts)
    return mask_of(pc.match_substring_regex(texts, _GRAMMAR[kind]))


def signs(numbers: Texts, limit: Number) -> npt.NDArray[np.int8]:
    """-1, 0 or 1 where the number, by its text, is less than, equal to or more than the limit; exact."""
    near = float(limit)
    doubles = pc.cast(numbers, pa.float64()).to_numpy()
    found: npt.NDArray[np.int8] = (doubles > near).astype(np.int8) - (doubles < near).astype(np.int8)
    # Rounding to doubles keeps the order, so only equal doubles can hide a difference, and short ones cannot either.
    short = len(str(limit)) <= _EXACT_LENGTH
    for at in np.flatnonzero((found == 0) & ~(_is_short(numbers) & short)):
        number = Decimal(numbers[int(at)].as_py())
        found[at] = (number > limit) - (number < limit)
    return found


def multiples(numbers: Texts, step: Number) -> Mask:
    """Where the number, by its text, is a whole number of steps; exact."""
    if isinstance(step, int) and len(str(step)) <= _EXACT_LENGTH and bool(np.all(_is_short(numbers))):
        remainders = np.fmod(pc.cast(numbers, pa.float64()).to_numpy(), step)
        return np.asarray(remainders == 0)
    return each_distinct(numbers, lambda text: is_multiple(Decimal(text), step))


def each_distinct(texts: Texts, test: Callable[[str], bool]) -> Mask:
    """The test's answer for each text, asked once for each distinct one."""
    encoded = texts.dictionary_encode()
    answers = np.fromiter(map(test, encoded.dictionary.to_pylist()), dtype=np.bool_)
    return np.asarray(answers[encoded.indices.to_numpy()])


def _is_short(numbers: Texts) -> Mask:
    return mask_of(pc.less_equal(pc.binary_length(numbers), _EXACT_LENGTH))
