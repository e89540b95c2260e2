"""Values as Excel's binary formats (XLS and XLSB) store them in cells."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from types import MappingProxyType

ERRORS: Mapping[int, str] = MappingProxyType(
    {
        0x00: "#NULL!",
        0x07: "#DIV/0!",
        0x0F: "#VALUE!",
        0x17: "#REF!",
        0x1D: "#NAME?",
        0x24: "#NUM!",
        0x2A: "#N/A",
        0x2B: "#GETTING_DATA",
    }
)
_WHOLE_BELOW = 1e18


def error_text(code: int) -> str:
    """How an error is shown; by its number if no program knows it."""
    return ERRORS.get(code, f"#ERROR {code}")


def rk_number(stored: int) -> float:
    """A number packed into 32 bits: an integer or the upper half of a float, perhaps in hundredths."""
    if stored & 2:
        number = float((stored >> 2) - (1 << 30 if stored & 0x80000000 else 0))
    else:
        (number,) = struct.unpack("<d", struct.pack("<II", 0, stored & 0xFFFFFFFC))
    return number / 100 if stored & 1 else number


def number_text(number: float) -> str:
    """A number as the text formats store it."""
    return f"{number:.0f}" if number.is_integer() and abs(number) < _WHOLE_BELOW else repr(number)
