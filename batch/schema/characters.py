"""Sets of characters as ranges of code points, and their spelling in a regular expression, alike for every engine."""

from __future__ import annotations

import string
from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

DIGIT: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACE: Ranges = (
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
LINE_ENDS: Ranges = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))

_LAST = 0x10FFFF
_SURROGATES: Ranges = ((0xD800, 0xDFFF),)
_PLAIN = frozenset(string.ascii_letters + string.digits)


def one(code: int) -> Ranges:
    """The set of one character. Raises ValueError if no character has this code."""
    if code > _LAST or _SURROGATES[0][0] <= code <= _SURROGATES[0][1]:
        raise ValueError("no character has this code")
    return ((code, code),)


def without(ranges: Ranges) -> Ranges:
    """Every character that `ranges` leaves out."""
    left: list[tuple[int, int]] = []
    next_code = 0
    for first, last in sorted(ranges + _SURROGATES):
        if first > next_code:
            left.append((next_code, first - 1))
        next_code = max(next_code, last + 1)
    return (*left, (next_code, _LAST)) if next_code <= _LAST else tuple(left)


def spelled_set(ranges: Ranges) -> str:
    """The set as one element of a regular expression."""
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _spelled(ranges[0][0])
    return "[" + "".join(f"{_spelled(first)}-{_spelled(last)}" for first, last in ranges) + "]"


def _spelled(code: int) -> str:
    char = chr(code)
    return char if char in _PLAIN or not char.isascii() else f"\\x{code:02x}"
