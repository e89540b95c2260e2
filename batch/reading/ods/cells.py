"""An OpenDocument cell -> the text that a person sees, which the file itself holds, or why it cannot be trusted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from batch.reading.remarks import error_cell
from batch.reading.workbook.cellremarks import (
    FORMULA_WITHOUT_RESULT,
    NUMBER_FORMAT,
    TEXT_FORMAT,
    UNREADABLE_CELL,
    currency_cell,
    date_cell,
    dressed_number,
    moment_cell,
    percent_cell,
    rounded_number,
    scientific_number,
    time_cell,
)
from batch.reading.workbook.moments import iso_serial
from batch.reading.workbook.numberformat import parse_format
from batch.reading.workbook.numerals import EXACT_BELOW, Shown, is_number, plain_digits, show_lost, show_number

_GENERAL = parse_format("General")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}([ .,'\u2019\xa0\u202f][0-9]{3})+")
_DECIMALS = re.compile(r"(.*[0-9])[.,]([0-9]+)")
_LONGEST_DATE = 40
_TWO_NUMBERS = re.compile(r"\D*0*([0-9]+)\D+0*([0-9]+)")
_DIGITS_AND_SEPARATORS = re.compile(r"[0-9 .,'\u2019\xa0\u202f]+")
_NO_DIGIT = re.compile(r"[^0-9]")


def show_ods_cell(attributes: Mapping[str, str], paragraphs: Sequence[str]) -> Shown | None:
    """A cell with its attributes (names without namespace) and the text in it; None if it is empty."""
    shown = "\n".join(paragraphs)
    if attributes.get("calcext-type") == "error" or ("formula" in attributes and shown.startswith(("#", "Err:"))):
        return Shown(shown, error_cell(shown))
    match attributes.get("value-type", ""):
        case "float" | "percentage" | "currency" as kind:
            stored = attributes.get("value", "")
            hidden = paragraphs and not shown
            return Shown(stored, NUMBER_FORMAT) if hidden and is_number(stored) else _number(kind, stored, shown)
        case "date":
            return _date(attributes.get("date-value", ""), shown)
        case "time":
            text = shown or attributes.get("time-value", "")
            return Shown(text, time_cell(text))
        case "boolean":
            return Shown(shown or ("TRUE" if attributes.get("boolean-value") == "true" else "FALSE"))
        case kind:
            return _text(kind, attributes, paragraphs)


def _text(kind: str, attributes: Mapping[str, str], paragraphs: Sequence[str]) -> Shown | None:
    """The text that is shown; where that is the stored one but for its blanks, with the blanks as they are stored."""
    shown, stored = "\n".join(paragraphs), attributes.get("string-value", "")
    if "formula" in attributes and not kind and not shown:
        return Shown("=" + attributes["formula"].partition("=")[2], FORMULA_WITHOUT_RESULT)
    if stored and (not paragraphs or stored.split() == shown.split()):
        return Shown(stored)
    if stored and not shown:
        return Shown(stored, TEXT_FORMAT)
    return Shown(shown) if shown else None


def _date(stored: str, shown: str) -> Shown:
    """A date or a date with time, as ISO text; the order in which it is shown tells what was typed."""
    if iso_serial(stored, from_1904=False) is None:
        return Shown(shown or stored, UNREADABLE_CELL)
    if "T" in stored:
        return Shown(stored, moment_cell(stored))
    month, day = (int(part) for part in stored.split("-")[-2:])
    american, european = f"{month}-{day}", f"{day}-{month}"
    order = _TWO_NUMBERS.match(shown[:_LONGEST_DATE])
    if order and (order[1], order[2]) == (str(day), str(month)):
        return Shown(stored, date_cell(stored, european))
    return Shown(stored, date_cell(stored, american, european))


def _number(kind: str, stored: str, shown: str) -> Shown:
    if not is_number(stored) or not shown:
        return show_number(stored or shown, _GENERAL, from_1904=False)
    if kind == "percentage" or "%" in shown:
        return Shown(shown, percent_cell(shown))
    if kind == "currency" or any(unicodedata.category(character) == "Sc" for character in shown):
        return Shown(shown, currency_cell(shown))
    number = float(stored)
    if abs(number) >= EXACT_BELOW:
        return show_lost(stored)
    return _formatted(shown, plain_digits(stored, number))


def _formatted(shown: str, plain: str) -> Shown:
    """A number and its text, which may be padded, have literals, be dressed up, or rounded."""
    if shown in (plain, plain.replace(".", ","), "TRUE", "FALSE"):
        return Shown(shown)
    if _SCIENTIFIC.fullmatch(shown):
        return Shown(plain, scientific_number(plain))
    minus, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    text = shown.strip()
    bare = text.removeprefix(minus) if minus else text
    odd = (minus and not text.startswith("-")) or "/" in text
    if digits == "0":
        return _zero(text)
    if (
        not odd
        and "." not in digits
        and _NO_DIGIT.sub("", bare).lstrip("0") == digits.lstrip("0")
        and not _GROUPED.fullmatch(bare)
    ):
        return Shown(text)
    if odd or not _DIGITS_AND_SEPARATORS.fullmatch(bare):
        return Shown(plain, NUMBER_FORMAT)
    return Shown(plain, (dressed_number if _undressed(bare, digits) else rounded_number)(text, plain))


def _zero(text: str) -> Shown:
    """Nothing, which a format may pad, or give decimals, or show as a dash."""
    digits = _NO_DIGIT.sub("", text)
    if not digits or digits.strip("0"):
        return Shown("0", NUMBER_FORMAT)
    return Shown("0", dressed_number(text, "0")) if _DECIMALS.fullmatch(text) else Shown(text)


def _undressed(bare: str, digits: str) -> bool:
    """Whether the text is the number with separators between its thousands and zeros after its decimals."""
    whole, _, fraction = digits.partition(".")
    if _NO_DIGIT.sub("", bare) == whole and not fraction:
        return True
    decimals = _DECIMALS.fullmatch(bare)
    return (
        decimals is not None
        and _NO_DIGIT.sub("", decimals[1]).lstrip("0") == whole.lstrip("0")
        and decimals[2].rstrip("0") == fraction
    )
