"""What cannot be seen, and a value as it may stand in a sentence: cut where it is long, all of it made visible."""

from __future__ import annotations

from typing import Final

ZERO_WIDTH: Final = (
    "\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufeff"
)
"""Characters without width: zero-width spaces and joiners, direction marks (address books put them around phone
numbers), the byte order mark."""

_LONGEST: Final = 60
_SIGNS: Final = {"\n": "⏎", "\r": "⏎", "\t": "⇥"}


def shown(value: str) -> str:
    """`value` in at most 60 characters, each of which can be seen."""
    return visible(value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…")


def visible(value: str) -> str:
    """The whole of `value`, each character of which can be seen and does nothing to a terminal."""
    return value if value.isprintable() else "".join(map(_visible, value))


def _visible(char: str) -> str:
    return char if char.isprintable() else _SIGNS.get(char, f"[U+{ord(char):04X}]")
