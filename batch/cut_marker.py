"""What a workbook cell cannot hold: how such text is cut, and how a cut text is told when it comes back.

A cell holds 32,767 UTF-16 units, and no character that XML 1.0 lacks a form for (half a surrogate pair, U+FFFE,
U+FFFF: readers do not agree on an escape for these). What is left out is said at the end of the text, and a text
that ends so must be refused as a value: it is not what the customer wrote.
"""

import re

CELL_UNITS = 32_767

_UNHOLDABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_MARKER = re.compile(r"\.\.\. \[cut by flireo-batch: [^\[\]]*\]\s*\Z")


def fit(text: str) -> str:
    """`text` if a workbook cell can hold it, else what can be held and a marker that says what is missing."""
    if len(text) * 2 <= CELL_UNITS and not _UNHOLDABLE.search(text):
        return text
    held, left_out = _UNHOLDABLE.subn("", text)
    if left_out:
        held += _marker(_characters_left_out(left_out))
    if _units(held) <= CELL_UNITS:
        return held
    marker = _marker(f"{len(text)} characters in all")
    return _first_units(held, CELL_UNITS - len(marker)) + marker


def is_cut_marker(text: str) -> bool:
    """Whether `text` ends in the marker of `fit`, so that something of the original is missing."""
    return "[cut by flireo-batch: " in text and _MARKER.search(text) is not None


def _marker(what: str) -> str:
    return f"... [cut by flireo-batch: {what}]"


def _characters_left_out(count: int) -> str:
    return f"{count} character{'' if count == 1 else 's'} that a workbook cannot hold"


def _units(text: str) -> int:
    return len(text) + len(_ASTRAL.findall(text))


def _first_units(text: str, units: int) -> str:
    """The longest start of `text` of at most that many UTF-16 units, never half a character."""
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", errors="ignore")
