"""The formula guard of our CSV files: text that a spreadsheet would run as a formula gets a leading apostrophe.

Only `guard` and `unguard` together are lossless, and only our own files (those with the four flireo_ columns) were
guarded: an apostrophe in anybody else's file is the customer's own.
"""

import re

APOSTROPHE = "'"

# Excel and LibreOffice start a formula at = + - @; East Asian settings at their full-width forms too, and some
# importers skip white space first. The apostrophe is in the list so that a guarded text is told from a typed one.
_NEEDS_GUARD = re.compile(r"\s*['=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def guard(text: str) -> str:
    """`text` as it may stand in a CSV file that somebody opens in a spreadsheet program."""
    return APOSTROPHE + text if _NEEDS_GUARD.match(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given; anything that `guard` cannot have made comes back as it is."""
    if text.startswith(APOSTROPHE) and _NEEDS_GUARD.match(text, 1):
        return text[1:]
    return text
