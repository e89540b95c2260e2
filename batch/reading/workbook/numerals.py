"""A number cell as the text that a person sees, or what stands in the way of that."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from batch.reading.remarks import Remark
from batch.reading.workbook.cellremarks import (
    DIGITS_LOST,
    NUMBER_FORMAT,
    UNREADABLE_NUMBER,
    currency_cell,
    dressed_number,
    percent_cell,
    rounded_number,
    scientific_number,
)
from batch.reading.workbook.moments import moment_of
from batch.reading.workbook.numberformat import Kind, NumberFormat, Section
from batch.reading.workbook.placeholders import render

EXACT_BELOW = 1e15  # a spreadsheet keeps 15 significant digits and makes the others zeros
_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]{1,3})?")
_PLAIN = re.compile(r"0|[1-9][0-9]{0,10}")
_SCIENTIFIC_FROM = 1e11  # General shows no more than 11 digits
_GENERAL_DIGITS = 10  # beside a decimal point
_LONGEST = 40
_PLACES = Context(prec=1_000)


class Shown(NamedTuple):
    """The text of a cell, and what is to be said of it."""

    text: str
    remark: Remark | None = None


def show_number(raw: str, form: NumberFormat, *, from_1904: bool) -> Shown:
    """The stored number `raw` under a number format."""
    number = float(raw) if is_number(raw) else math.inf
    if math.isinf(number):
        return Shown(raw, UNREADABLE_NUMBER)
    section, signed = form.section(number)
    match section.kind:
        case Kind.GENERAL:
            bare = _PLAIN.fullmatch(raw) and not section.whole and not section.fraction
            return Shown(raw) if bare else _general(raw, section, signed=signed)
        case Kind.DATE | Kind.MOMENT | Kind.CLOCK:
            moment = moment_of(number, section, from_1904=from_1904)
            return Shown(*moment) if moment else Shown(raw, NUMBER_FORMAT)
        case Kind.SCIENTIFIC:
            return show_scientific(raw, number)
        case Kind.DIGITS | Kind.PERCENT | Kind.CURRENCY:
            return _digits(raw, number, section, signed=signed)
        case _:
            return Shown(plain_digits(raw, number), NUMBER_FORMAT)


def is_number(raw: str) -> bool:
    """Whether a stored value is a number as files write it."""
    return _NUMBER.fullmatch(raw) is not None


def plain_digits(raw: str, number: float) -> str:
    """The number with all its digits and no more than Excel keeps; as stored where that would be absurdly long."""
    digits = f"{Decimal(f'{number:.15g}'):f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    if len(digits) > _LONGEST:
        return raw
    return "0" if digits == "-0" else digits


def show_scientific(raw: str, number: float) -> Shown:
    """A number that is shown in scientific notation."""
    if abs(number) >= EXACT_BELOW:
        return show_lost(raw)
    text = plain_digits(raw, number)
    return Shown(text, scientific_number(text))


def show_lost(raw: str) -> Shown:
    """A number with more digits than a spreadsheet keeps."""
    text = raw if raw.lstrip("-").isdecimal() else f"{Decimal(raw):f}"
    return Shown(text if len(text) <= _LONGEST else raw, DIGITS_LOST)


def _general(raw: str, section: Section, *, signed: bool) -> Shown:
    """A number as General shows it, in at most 11 characters, with the literals around it."""
    number = float(raw)
    if abs(number) >= _SCIENTIFIC_FROM or "e" in f"{number:.15g}":
        return show_scientific(raw, number)
    plain = plain_digits(raw, number)
    rounded = _in_general_width(plain)
    minus = "-" if plain.startswith("-") and not signed else ""
    before, after = ("".join(mark[1:] for mark in marks) for marks in (section.whole, section.fraction))
    shown = (minus + before + rounded.removeprefix("-") + after).strip()
    if rounded != plain:
        return Shown(plain, rounded_number(shown, plain))
    return Shown(plain, NUMBER_FORMAT) if plain.startswith("-") and "-" not in shown else Shown(shown)


def _in_general_width(plain: str) -> str:
    """The digits with as many decimals as General has room for."""
    whole, _, decimals = plain.lstrip("-").partition(".")
    room = max(_GENERAL_DIGITS - len(whole), 0)
    if len(decimals) <= room:
        return plain
    shown = f"{Decimal(plain).quantize(Decimal(1).scaleb(-room), ROUND_HALF_UP, _PLACES):f}"
    return shown.rstrip("0").rstrip(".") if room else shown


def _digits(raw: str, number: float, section: Section, *, signed: bool) -> Shown:
    if abs(number) >= EXACT_BELOW:
        return show_lost(raw)
    exact = abs(Decimal(f"{number:.15g}")).scaleb(2 * section.percents - 3 * section.scale)
    decimals = sum(1 for mark in section.fraction if mark in "0#?")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _PLACES)
    minus = "-" if number < 0 and not signed and rounded else ""
    shown, plain = minus + render(rounded, section), plain_digits(raw, number)
    if section.kind is Kind.PERCENT:
        return Shown(shown, percent_cell(shown))
    if section.kind is Kind.CURRENCY:
        return Shown(shown, currency_cell(shown))
    return _judged(shown, plain, section, faithful=rounded == exact and not (section.scale and number))


def _judged(shown: str, plain: str, section: Section, *, faithful: bool) -> Shown:
    """The number's digits where the format only dresses them up or hides some, else what it shows."""
    if not faithful:
        return Shown(plain, rounded_number(shown, plain))
    if (plain.startswith("-") and "-" not in shown) or (plain == "0" and "0" not in section.whole + section.fraction):
        return Shown(plain, NUMBER_FORMAT)
    if shown == plain or not _is_bare(section):
        return Shown(shown)
    return Shown(plain, dressed_number(shown, plain))


def _is_bare(section: Section) -> bool:
    """Whether the format has no literals and pads no zeros in front, so that it only dresses the number up."""
    marks = section.whole + section.fraction
    placeholders = "".join(mark for mark in section.whole if not mark.startswith("\0"))
    pads = "0" in placeholders and placeholders.index("0") < len(placeholders) - 1
    return not pads and not any(mark.startswith("\0") for mark in marks)
