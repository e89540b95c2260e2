"""Group keys over whole columns, to tell the rows of one file apart: the same equality, in a fraction of the time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batch.arrow_text import Texts, holds, texts_of
from batch.identity import LISTED_AS, folded
from batch.text_column import Column

Digests: TypeAlias = NDArray[np.uint64]
"""128 bits for each row, as two numbers: of shape (rows, 2)."""

_BETWEEN, _ZERO = "\0\0", "\0\1"  # a zero in a field is followed by a one, so that two never stand there
_ASCII_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f "  # what `str.strip` takes off, of ASCII


def _hash_key() -> str:
    return secrets.token_urlsafe(12)  # 16 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDigester:
    """Hashes under secrets of its own (SipHash under two of them), so that they say nothing to anybody else."""

    keys: tuple[str, str] = field(default_factory=lambda: (_hash_key(), _hash_key()), repr=False)

    def digests(self, frame: pd.DataFrame) -> Digests:
        """Of each row of fields: equal where `identity.group_key` is, and else different, as surely as hashes can be.

        `frame` has a str column for each field; one that is missing counts as empty.
        """
        texts = pc.cast(_joined(frame), pa.large_binary()).to_numpy(zero_copy_only=False)  # hashed quicker than text
        hashes = [pd.util.hash_array(texts, hash_key=key, categorize=False) for key in self.keys]
        return np.column_stack(hashes)


def _joined(frame: pd.DataFrame) -> Texts:
    """The listed fields of each row as one text."""
    parts = [_unmistakable(_folded(texts_of(frame[name]))) for name in LISTED_AS if name in frame.columns]
    if not parts:
        return pa.array([""] * len(frame), pa.large_string())
    return pc.binary_join_element_wise(*parts, pa.scalar(_BETWEEN, pa.large_string()))


def _unmistakable(texts: Texts) -> Texts:
    """Without what stands between two fields: ("ab", "c") and ("a", "bc") must not be the same group."""
    return pc.replace_substring(texts, "\0", _ZERO) if holds(texts, "\0") else texts


def _folded(texts: Texts) -> Texts:
    column = Column(texts)
    plain = pc.ascii_lower(texts)
    if not (column.bare | ~column.filled).all():
        plain = pc.ascii_trim(plain, characters=_ASCII_BLANKS)
    if column.is_ascii:
        return plain
    others = pc.invert(pc.string_is_ascii(texts))
    found = [folded(text) for text in texts.filter(others).to_pylist()]
    return pc.replace_with_mask(plain, others, pa.array(found, pa.large_string()))
