"""Values that belong in another column: e-mail and web addresses, phone, account, VAT and KvK numbers; no letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters
from typing import Final

from stdnum import iban
from stdnum.nl import btw

from batch.hints import Kind
from batch.model import Sentence, sentence
from batch.phones import Doubt, read_phones
from batch.sense.rows import Finding, Rows
from batch.sense.whereabouts import NETHERLANDS
from batch.text_column import Column
from batch.visible import shown

# Not the fields of no kind: an internal name and a description may hold anything.
_NAMES: Final = (Kind.BUSINESS, Kind.FIRST_NAME, Kind.LAST_NAME)
_PLACES: Final = (Kind.STREET, Kind.HOUSE_NUMBER, Kind.POSTAL_CODE, Kind.CITY, Kind.PROVINCE)
_LETTERS: Final = (Kind.FIRST_NAME, Kind.LAST_NAME, Kind.STREET, Kind.CITY, Kind.PROVINCE)

_NO_LETTERS: Final = "".join(chr(code) for code in range(1, 128) if chr(code) not in ascii_letters)
_EMAIL: Final = r"[^@\s<>,;]+@[^@\s<>,;]+\.[A-Za-z]{2,}"
_WEB: Final = r"(?i)^(?:https?://|www\.)\S+$"
_WEB_IN_NAME: Final = r"(?i)^https?://\S+$"  # a firm may call itself www.something
_SHORTEST_NUMBER: Final = 8
# One look for all numbers; what they are is asked of the few that pass.
_ACCOUNT: Final = r"[A-Za-z]{2} ?[0-9]{2}[ A-Za-z0-9.]{10,40}"
_SUSPECT: Final = rf"^(?:{_ACCOUNT}|[+0(][0-9 ()./-]{{8,24}}|(?:[kK]\.?[vV]\.?[kK]\.?[^0-9]*)?[0-9]{{8}})$"
_VAT: Final = re.compile(r"(?i)NL ?[0-9]{9} ?\.?B\.?[0-9]{2}")
_KVK: Final = re.compile(r"(?i)(?:k\.?v\.?k\.?\D*)?[0-9]{8}")
_PHONE: Final = re.compile(r"[+0(][0-9 ()./-]{8,24}")


def misplaced(rows: Rows) -> Iterator[Finding]:
    """By what the values are, whatever the country."""
    for kind, name, column in rows.kinds(*_NAMES, *_PLACES, Kind.PHONE):
        if column.holds("@"):
            what = sentence("This is an e-mail address; {title} was expected here.", title=rows.titles[name])
            yield from _found(name, "email_address", what, column.cells(column.at_least(6), _EMAIL))
        if column.holds("/") or column.holds("."):
            pattern = _WEB_IN_NAME if kind is Kind.BUSINESS else _WEB
            what = sentence("This is a web address; {title} was expected here.", title=rows.titles[name])
            yield from _found(name, "web_address", what, column.cells(column.beginning_with("hHwW"), pattern))
        for place, text in _suspects(kind, column):
            found = _number(rows, kind, place, text, rows.titles[name])
            if found is not None:
                yield Finding(place=place, field=name, code=found[0], sentence=found[1])
        if kind in _LETTERS:
            yield from _without_letters(rows, name, column)


def _suspects(kind: Kind, column: Column) -> Iterator[tuple[int, str]]:
    if kind is Kind.PHONE:
        return column.cells(column.beginning_with(ascii_letters), f"^{_ACCOUNT}$")
    long_enough = column.at_least(_SHORTEST_NUMBER)
    if not long_enough.any():
        return iter(())
    # Before the pattern is asked: how what it finds begins, and where an account number has its first digits.
    fits = column.beginning_with("+(kK0123456789") | column.digit_at(2) | column.digit_at(3)
    return column.cells(long_enough & fits & column.with_digit, _SUSPECT)


def _number(rows: Rows, kind: Kind, place: int, text: str, title: Sentence) -> tuple[str, Sentence] | None:
    """The code and what to say of a number that has another meaning than the column."""
    if iban.is_valid(text):
        return "bank_account", sentence("This is a bank account number (IBAN); {title} was expected here.", title=title)
    if _VAT.fullmatch(text) and btw.is_valid(text):
        return "vat_number", sentence("This is a VAT number (btw-nummer); {title} was expected here.", title=title)
    if kind is Kind.PHONE:
        return None
    region = rows.countries.at(place).region
    if _PHONE.fullmatch(text) and not isinstance(read_phones([text], region)[text], Doubt):
        return "phone_number", sentence("This is a phone number; {title} was expected here.", title=title)
    if _KVK.fullmatch(text):
        what = sentence("This looks like a Chamber of Commerce (KvK) number; {title} was expected here.", title=title)
        return "kvk_number", what
    return None


def _without_letters(rows: Rows, name: str, column: Column) -> Iterator[Finding]:
    for place, text in column.cells(column.beginning_with(_NO_LETTERS)):
        elsewhere = name == rows.fields.get(Kind.PROVINCE) and rows.countries.at(place).region != NETHERLANDS
        if not elsewhere and not any(map(str.isalpha, text)):  # some countries number their provinces
            what = sentence('"{value}" has no letter in it; {title} has.', value=shown(text), title=rows.titles[name])
            yield Finding(place=place, field=name, code="no_letters", sentence=what)


def _found(name: str, code: str, what: Sentence, found: Iterator[tuple[int, str]]) -> Iterator[Finding]:
    return (Finding(place=place, field=name, code=code, sentence=what) for place, _ in found)
