"""What cannot be in a text, seen from its bytes at once, so that most columns need no look at each cell.

A property test holds what is said here against the patterns that it saves.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_HYPHEN: Final = ord("-")
_ZERO, _TEN = np.uint8(ord("0")), np.uint8(10)
_EXPONENT: Final = ord("e")
_SMALL: Final = 0x20  # what makes a capital a small letter


def holds(data: bytes, mark: bytes) -> bool:
    """Whether the mark stands anywhere; quickest where not even its first byte does."""
    return mark[:1] in data and mark in data


def may_be_shown_otherwise(data: bytes) -> bool:
    """Whether text in UTF-8 may hold an error ("#REF!", "Err:502"), "1E+08", "2-jan", "2. jan" or "jan-02".

    Each of these has "#", ":", ". ", a sign behind an "e", or a hyphen beside a digit.
    """
    if b"#" in data or b":" in data or holds(data, b". "):
        return True
    if b"-" not in data and b"+" not in data:
        return False
    octets = np.frombuffer(data, np.uint8)
    signs = np.flatnonzero((octets == _HYPHEN) | (octets == ord("+")))
    before, after = octets[signs - 1], octets[(signs + 1) % len(octets)]  # round the ends: that only sees too much
    hyphens = octets[signs] == _HYPHEN
    return bool(((before | _SMALL) == _EXPONENT).any() or (hyphens & (_digits(before) | _digits(after))).any())


def _digits(octets: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return (octets - _ZERO) < _TEN  # below "0" wraps around
