"""A postal code and a city in one cell: split where only one reading is possible.

The code stands in front, in one of the forms that are used where codes stand in front ("1234 AB Amsterdam",
"D-10115 Berlin", "75008 Paris", "123 45 Stockholm"); behind the city only in a form that cannot be anything else
("Amsterdam 1234 AB", "London SW1A 1AA"), unless the user says that it always stands there.
"""

import re
from typing import Final

from batch.columns.splitting.verdict import UNCLEAR, Verdict
from batch.hints import Hints, Words
from batch.likeness import spaced
from batch.model import sentence

_DUTCH: Final = r"(?:NL[- ]?)?[1-9][0-9]{3} ?[A-Z]{2}"
_BRITISH: Final = r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}"
_DIGITS: Final = r"(?:[A-Z]{1,2}-)?(?:[0-9]{4,5}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4}-[0-9]{3})"
_CITY: Final = r"['\u2019]?[^\W\d_](?:[^\W\d_]|[ .'\u2019()/-])*"

_SURE: Final = re.compile(rf"{_DUTCH}|{_BRITISH}", re.IGNORECASE)
_CODE: Final = re.compile(rf"{_DUTCH}|{_BRITISH}|{_DIGITS}", re.IGNORECASE)
_IN_FRONT: Final = tuple(
    re.compile(rf"({code})(?: ?,)? ({_CITY})", re.IGNORECASE) for code in (_DUTCH, _BRITISH, _DIGITS)
)
_BEHIND: Final = re.compile(rf"({_CITY})(?: ?,)? ({_DUTCH}|{_BRITISH}|{_DIGITS})", re.IGNORECASE)

_NO_CITY = sentence("there is a postal code, but no city")
_NO_CODE = sentence("there is no postal code at its beginning")
_NO_CODE_BEHIND = sentence("there is no postal code at its end")
_LETTERS_OR_CITY = sentence("the two letters can belong to the postal code or to the city")
_COUNTRY = sentence("it seems to hold a country too")


class Places:
    """The rule, with the words that it goes by. `code_first` gives (postal code, city), `city_first` the reverse."""

    def __init__(self, hints: Hints) -> None:
        self._two_letters = hints.listed(Words.TWO_LETTERS)
        self._countries = hints.listed(Words.COUNTRIES)

    def code_first(self, text: str) -> Verdict:
        if _CODE.fullmatch(text):
            return _NO_CITY
        readings = [found for form in _IN_FRONT if (found := form.fullmatch(text))]
        behind = _BEHIND.fullmatch(text)
        if readings:
            code, city = readings[0].groups()
            undecided = len(readings) > 1 and not self._are_of_the_code(code[-2:], city)
            return _LETTERS_OR_CITY if undecided else self._with_city(city) or (code, city)
        if behind and _SURE.fullmatch(behind[2]):
            return self._with_city(behind[1]) or (behind[2], behind[1])
        return _refusal(text, _NO_CODE)

    def city_first(self, text: str) -> Verdict:
        behind = _BEHIND.fullmatch(text)
        if behind is None:
            return _NO_CITY if _CODE.fullmatch(text) else _refusal(text, _NO_CODE_BEHIND)
        return self._with_city(behind[1]) or (behind[1], behind[2])

    def _are_of_the_code(self, letters: str, city: str) -> bool:
        """Whether "AB" of "1234 AB Amsterdam" is no beginning of the city's name, as "De" is of "De Meern"."""
        return spaced(letters) not in self._two_letters or (letters.isupper() and not city.isupper())

    def _with_city(self, city: str) -> Verdict | None:
        """Why the text that should be a city is more than that, if it is."""
        return _COUNTRY if spaced(city.rpartition(" ")[2]) in self._countries and " " in city else None


def _refusal(text: str, no_code: Verdict) -> Verdict:
    return no_code if not any(letter.isdigit() for letter in text) else UNCLEAR
