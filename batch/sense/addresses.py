"""Street and house number: each in the other's column, or a number without digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from batch.hints import Kind
from batch.model import Sentence, sentence, template
from batch.sense.rows import Finding, Rows
from batch.sense.whereabouts import NETHERLANDS
from batch.visible import shown

_SUSPECT: Final = r"^[0-9]{1,5},? |[ ,][0-9]{1,5}[^0-9]{0,5}$"
_AT_END: Final = re.compile(r"(?s).*\D[ ,]+(?P<number>\d{1,5})(?:[ -]?[A-Za-z]{0,2}| ?(?:bis|hs|huis))")
_AT_START: Final = re.compile(r"(?P<number>\d{1,5}),? \D{3,}")
# A street that ends so has its number behind it: "Kerkstraat 12". A "Plein 1944" is a name, and has more digits.
_DUTCH_STREET: Final = re.compile(r"(?i).*\w{2}(?:straat|weg|laan|gracht|kade|singel|dijk|steeg)[ ,]+\d{1,3} ?[a-z]?")
_MOST_DIGITS: Final = 5  # of a Dutch house number
_DAY: Final = "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = "(?:0?[1-9]|1[0-2])"
_YEAR: Final = "(?:19|20)[0-9]{2}"  # all four digits: "3-5" and "12/1" are house numbers
_TIME: Final = r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?Z?"
_DAY_AND_MONTH: Final = f"(?:{_DAY}[-/. ]{_MONTH}|{_MONTH}[-/. ]{_DAY})"
_DATE: Final = f"(?:{_DAY_AND_MONTH}[-/. ]{_YEAR}|{_YEAR}[-/. ]{_MONTH}[-/. ]{_DAY})(?:[T ,]+{_TIME})?"
_MOMENT: Final = ("date_or_time", template("This is a date or a time; {title} was expected here."))
_PERCENTAGE: Final = ("percentage", template("This is a percentage; {title} was expected here."))
_SHORTEST_DATE: Final = 8
_SHORTEST: Final = 2  # a percentage


def house_numbers_in_streets(rows: Rows) -> Iterator[Finding]:
    """The house number of the row stands in its street too, or a Dutch street ends in another one."""
    streets = rows.of(Kind.STREET)
    if streets is None:
        return
    for place, street in streets.cells(streets.with_digit, _SUSPECT):
        number = rows.text(Kind.HOUSE_NUMBER, place)
        dutch = rows.countries.at(place).region == NETHERLANDS
        if _holds(street, number) or (dutch and _DUTCH_STREET.fullmatch(street)):
            said = sentence(
                'The house number stands in the street too: "{street}". Keep only the name of the street here.',
                street=shown(street),
            )
            yield Finding(place=place, field=rows.fields[Kind.STREET], code="house_number_in_street", sentence=said)


def dates_for_house_numbers(rows: Rows) -> Iterator[Finding]:
    """Dates, times and percentages: what a spreadsheet program made of a house number, or of another column."""
    numbers = rows.of(Kind.HOUSE_NUMBER)
    if numbers is None:
        return
    name = rows.fields[Kind.HOUSE_NUMBER]
    short = numbers.holds(":") or numbers.holds("%")
    where = numbers.at_least(_SHORTEST if short else _SHORTEST_DATE) & numbers.with_digit
    for place, text in numbers.cells(where, f"^(?:{_DATE}|{_TIME}|[-+]?[0-9]+(?:[.,][0-9]+)? ?%)$"):
        code, what = _MOMENT if not text.endswith("%") else _PERCENTAGE
        yield Finding(place=place, field=name, code=code, sentence=sentence(what, title=rows.titles[name]))


def house_numbers(rows: Rows) -> Iterator[Finding]:
    """House numbers that are none, by the rules of Dutch addresses, or that hold the street as well."""
    numbers = rows.of(Kind.HOUSE_NUMBER)
    if numbers is None:
        return
    usual = numbers.matching(r"^[0-9]{1,5}(?:[^0-9].*)?$")
    for place, text in numbers.cells(numbers.filled & ~usual):
        found = _number_problem(rows, place, text)
        if found is not None:
            code, said = found
            yield Finding(place=place, field=rows.fields[Kind.HOUSE_NUMBER], code=code, sentence=said)


def _number_problem(rows: Rows, place: int, text: str) -> tuple[str, Sentence] | None:
    street = rows.text(Kind.STREET, place).casefold()
    if len(street) > 2 and text.casefold().startswith(street):  # noqa: PLR2004 -- so short a street may be a letter
        return "street_in_house_number", sentence(
            'The street stands in the house number too: "{value}". Keep only the number here.', value=shown(text)
        )
    if rows.countries.at(place).region != NETHERLANDS:
        return None
    if not any(character.isdecimal() for character in text):
        what = sentence('"{value}" has no digit, so it is no house number.', value=shown(text))
        return "house_number_without_digits", rows.assumed(place, what)
    if text.isdecimal() and len(text) > _MOST_DIGITS:
        what = sentence(
            '"{value}" has more than {most} digits, so it is no house number.', value=shown(text), most=_MOST_DIGITS
        )
        return "house_number_too_long", rows.assumed(place, what)
    return None


def _holds(street: str, number: str) -> bool:
    """Whether the street begins or ends with the very house number of the row."""
    own = re.match(r"\d+", number)
    if own is None or own[0] not in street:
        return False
    found = _AT_END.fullmatch(street) or _AT_START.fullmatch(street)
    return found is not None and found["number"] == own[0]
