"""A value as it may stand in a sentence: cut where it is long, and whatever cannot be seen made visible."""

from __future__ import annotations

from typing import Final

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
