"""Postal codes of many countries, told apart by their form alone; None where several countries share it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from batch.text_column import Column, Mask

DUTCH: Final = r"^\s*(?i:NL[- ]?)?[1-9][0-9]{3}[- ]?[A-Za-z]{2}\s*$"

PLAIN: Final = r"^[1-9][0-9]{3} ?(?:[A-RT-Za-rt-z][A-Za-z]|[Ss][B-CE-RT-Zb-ce-rt-z])$"
"""A Dutch code that exists, as far as its form tells: SA, SD and SS are not used."""

_USUAL: Final = (("1", "9"), *[("0", "9")] * 3, (" ", " "), *[("A", "Z")] * 2)
_LETTERS_AT: Final = 5

FORMS: Final = {
    "GB": r"(?i)^\s*(?:GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2})\s*$",
    "IE": r"(?i)^\s*[AC-FHKNPRTV-Y][0-9][0-9W][ -]?[0-9AC-FHKNPRTV-Y]{4}\s*$",
    "CA": r"(?i)^\s*[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]\s*$",
    "PT": r"^\s*[0-9]{4}-[0-9]{3}\s*$",
    "PL": r"^\s*[0-9]{2}-[0-9]{3}\s*$",
    "BR": r"^\s*[0-9]{5}-[0-9]{3}\s*$",
    "US": r"^\s*[0-9]{5}-[0-9]{4}\s*$",
    "JP": r"^\s*[0-9]{3}-[0-9]{4}\s*$",
    "BE": r"(?i)^\s*BE?[- ]{1,3}[0-9]{4}\s*$",
    "DE": r"(?i)^\s*DE?[- ]{1,3}[0-9]{5}\s*$",
    "FR": r"(?i)^\s*FR?[- ]{1,3}[0-9]{5}\s*$",
    "LU": r"(?i)^\s*LU?[- ]{1,3}[0-9]{4}\s*$",
    "AT": r"(?i)^\s*AT?[- ]{1,3}[0-9]{4}\s*$",
    "CH": r"(?i)^\s*CH[- ]{1,3}[0-9]{4}\s*$",
    "DK": r"(?i)^\s*DK[- ]{1,3}[0-9]{4}\s*$",
    "ES": r"(?i)^\s*ES?[- ]{1,3}[0-9]{5}\s*$",
    "IT": r"(?i)^\s*IT?[- ]{1,3}[0-9]{5}\s*$",
}
"""Forms (RE2) that only one country has, or that name it."""

DIGITS: Final = {
    **dict.fromkeys(("AT", "AU", "BE", "BG", "CH", "CY", "DK", "HU", "LU", "LV", "NL", "NO", "NZ", "SI", "ZA"), 4),
    **dict.fromkeys(("DE", "EE", "ES", "FI", "FR", "GR", "HR", "IT", "KR", "LT", "MA", "MC", "MX", "MY", "RS"), 5),
    **dict.fromkeys(("SK", "CZ", "SE", "TH", "TR", "UA", "US", "VA", "SM", "ID"), 5),
    **dict.fromkeys(("CN", "IN", "RO", "RU", "SG", "KZ"), 6),
    **dict.fromkeys(("BR", "JP"), 0),  # never digits alone as usually written
}
"""How many digits a country's postal codes have that are digits alone (for NL: before the letters)."""


def dutch(codes: Column) -> Mask:
    """Where a code has the form DUTCH; the pattern is asked only of those that are not written as most are."""
    return _matching(codes, codes.of_form(*_USUAL), DUTCH)


def plain(codes: Column) -> Mask:
    """Where a code has the form PLAIN, found in the same way."""
    return _matching(codes, codes.of_form(*_USUAL) & ~codes.has_at(_LETTERS_AT, "S"), PLAIN)


def _matching(codes: Column, known: Mask, pattern: str) -> Mask:
    open_at = np.flatnonzero(codes.filled & ~known)
    if len(open_at):
        known[open_at] = Column(codes.texts.take(pa.array(open_at))).matching(pattern)
    return known
