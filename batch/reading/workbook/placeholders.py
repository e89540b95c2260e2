"""Digits laid over the placeholders and literals of a number format, as a spreadsheet program shows them."""

from __future__ import annotations

from decimal import Decimal

from batch.reading.workbook.numberformat import Section


def render(number: Decimal, section: Section) -> str:
    """A number that is not negative, already rounded to the decimals that the section shows."""
    whole, _, fraction = f"{number:f}".partition(".")
    whole = whole.lstrip("0")
    shown = _whole(whole, section)
    after = _fraction(fraction, section.fraction)
    point = "." if any(mark in "0#?" for mark in section.fraction) else ""
    return (shown + point + after).strip()


def _whole(digits: str, section: Section) -> str:
    """The digits before the decimal point, laid from the right over the placeholders and literals."""
    marks = section.whole
    first = next((place for place, mark in enumerate(marks) if mark in "0#?"), -1)
    shown: list[str] = []
    laid = 0
    for place in range(len(marks) - 1, -1, -1):
        if marks[place].startswith("\0"):
            shown.append(marks[place][1:])
            continue
        taken = digits if place == first else digits[-1:]
        digits = digits[: len(digits) - len(taken)]
        for digit in reversed(taken or {"0": "0", "?": " ", "#": ""}[marks[place]]):
            shown.append("," if section.grouped and laid and laid % 3 == 0 else "")
            shown.append(digit)
            laid += 1
    return "".join(reversed(shown))


def _fraction(digits: str, marks: tuple[str, ...]) -> str:
    shown: list[str] = []
    significant = len(digits.rstrip("0"))
    laid = 0
    for mark in marks:
        if mark.startswith("\0"):
            shown.append(mark[1:])
            continue
        needed = laid < significant or mark == "0"
        shown.append(digits[laid] if needed else "" if mark == "#" else " ")
        laid += 1
    return "".join(shown)
