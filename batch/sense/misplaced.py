"""Values that belong in another column: e-mail and web addresses, phone, account, VAT and KvK numbers; no letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from stdnum import iban
from stdnum.nl import btw

from batch.hints import Kind
from batch.model import Sentence, sentence, words
from batch.phones import Doubt, read_phones
from batch.sense.columns import Mask, Texts, at_least, cells, first_bytes, has_byte, with_digit
from batch.sense.rows import Finding, Rows
from batch.visible import shown

# Not the fields of no kind: an internal name and a description may hold anything.
_NAMES: Final = (Kind.BUSINESS, Kind.FIRST_NAME, Kind.LAST_NAME)
_PLACES: Final = (Kind.STREET, Kind.HOUSE_NUMBER, Kind.POSTAL_CODE, Kind.CITY, Kind.PROVINCE)
_LETTERS: Final = (Kind.FIRST_NAME, Kind.LAST_NAME, Kind.STREET, Kind.CITY, Kind.PROVINCE)

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
    for kind, name, texts in rows.kinds(*_NAMES, *_PLACES, Kind.PHONE):
        if has_byte(texts, "@"):
            what = sentence("This is an e-mail address; {title} was expected here.", title=words(rows.titles[name]))
            yield from _found(name, "email_address", what, cells(texts, at_least(texts, 6), _EMAIL))
        if has_byte(texts, "/") or has_byte(texts, "."):
            pattern = _WEB_IN_NAME if kind is Kind.BUSINESS else _WEB
            what = sentence("This is a web address; {title} was expected here.", title=words(rows.titles[name]))
            yield from _found(name, "web_address", what, cells(texts, _starts_with(texts, "hw"), pattern))
        for place, text in _suspects(kind, texts):
            found = _number(rows, kind, place, text, rows.titles[name])
            if found is not None:
                yield Finding(place=place, field=name, code=found[0], sentence=found[1])
        if kind in _LETTERS:
            yield from _without_letters(rows, name, texts)


def _suspects(kind: Kind, texts: Texts) -> Iterator[tuple[int, str]]:
    if kind is Kind.PHONE:
        return cells(texts, ~np.isin(first_bytes(texts), [ord(sign) for sign in "+0("]), f"^{_ACCOUNT}$")
    return cells(texts, at_least(texts, _SHORTEST_NUMBER) & with_digit(texts), _SUSPECT)


def _number(rows: Rows, kind: Kind, place: int, text: str, title: str) -> tuple[str, Sentence] | None:
    """The code and what to say of a number that has another meaning than the column."""
    if iban.is_valid(text):
        return "bank_account", sentence(
            "This is a bank account number (IBAN); {title} was expected here.", title=words(title)
        )
    if _VAT.fullmatch(text) and btw.is_valid(text):
        return "vat_number", sentence(
            "This is a VAT number (btw-nummer); {title} was expected here.", title=words(title)
        )
    if kind is Kind.PHONE:
        return None
    region = rows.countries.at(place).region
    if _PHONE.fullmatch(text) and not isinstance(read_phones([text], region)[text], Doubt):
        return "phone_number", sentence("This is a phone number; {title} was expected here.", title=words(title))
    if _KVK.fullmatch(text):
        what = sentence(
            "This looks like a Chamber of Commerce (KvK) number; {title} was expected here.", title=words(title)
        )
        return "kvk_number", what
    return None


def _without_letters(rows: Rows, name: str, texts: Texts) -> Iterator[Finding]:
    for place, text in cells(texts, _starts_with_no_letter(texts)):
        if not any(map(str.isalpha, text)):
            what = sentence(
                '"{value}" has no letter in it; {title} has.', value=shown(text), title=words(rows.titles[name])
            )
            yield Finding(place=place, field=name, code="no_letters", sentence=what)


def _starts_with(texts: Texts, letters: str) -> Mask:
    """Where a cell begins with one of the ASCII letters, in capitals or not."""
    return np.asarray(np.isin(first_bytes(texts) | 0x20, [ord(letter) for letter in letters]))


def _starts_with_no_letter(texts: Texts) -> Mask:
    """The cells that begin with an ASCII character that is no letter; what is not ASCII is taken for one."""
    firsts = first_bytes(texts)
    letters = ((firsts | 0x20) >= ord("a")) & ((firsts | 0x20) <= ord("z"))
    return np.asarray((firsts > 0) & (firsts < 0x80) & ~letters)  # noqa: PLR2004 -- the end of ASCII


def _found(name: str, code: str, what: Sentence, found: Iterator[tuple[int, str]]) -> Iterator[Finding]:
    return (Finding(place=place, field=name, code=code, sentence=what) for place, _ in found)
