"""A street and its house number in one cell: split where only one reading is possible.

The number is the last thing in the cell, with its addition as written ("Kalverstraat 92-2hs", "'t Zand 5 A"). It
stands first only in front of a word for a road that leads a name, or with one behind it ("16 Rue de la Loi",
"10 Downing Street"), unless the user says that it always does. A number within the name of a street must show that it
belongs there: an ordinal ("2e Helmersstraat"), a date ("Rue du 8 Mai 1945"), a year behind a square ("Plein 1940").
"""

import re
from collections.abc import Sequence
from typing import Final

from batch.columns.splitting.verdict import UNCLEAR, Verdict
from batch.hints import Hints, Words
from batch.likeness import spaced
from batch.model import sentence

_NUMBER: Final = r"[1-9][0-9]{0,4}"
_TIED: Final = r"(?: ?[-\u2010-\u2013/+&] ?[^\W_]{1,6})*"  # 92-2hs, 12 - 14, 5/3
_ATTACHED: Final = r"(?:[^\W\d_]{1,4}[0-9]{0,3})?"  # 12a, 12bis, 12A2
_RANGE: Final = rf"(?:t/m|tm|tot|en|to|et|bis) {_NUMBER}[^\W\d_]{{0,2}}"
_FLOOR: Final = r"[0-9]{1,2} ?-? ?(?:hoog|hg)"
_LETTER: Final = r"[^\W\d_]"

_ORDINAL: Final = re.compile(r"[0-9]+(?:\.|er?|de|ste|re|st|nd|rd|th|e|i?[eè]me)", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:1[5-9]|20)[0-9]{2}(?: ?[-\u2013] ?(?:1[5-9]|20)[0-9]{2})?")
_POSTAL: Final = re.compile(r"[1-9][0-9]{3}[A-Z]{2}", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]{2}")
_STREET_END: Final = re.compile(r"[\w.)'\u2019]\Z")
_SEAM: Final = re.compile(r"[,;/|:]")
_MOST_WORDS: Final = 4  # of a house number at the beginning

_NO_NUMBER = sentence("there is no house number at its end")
_NO_LEADING_NUMBER = sentence("there is no house number at its beginning")
_NO_STREET = sentence("there is a house number, but no street")
_SEVERAL = sentence("more than one number in it can be the house number")
_YEAR_OR_NUMBER = sentence("the number can also be a part of the street's name")
_POSTAL_CODE = sentence("it seems to hold a postal code too")


class Streets:
    """The rule, with the words that it goes by. `number_last` gives (street, number), `number_first` the reverse."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        additions, units = (_any_of(hints.listed(each)) for each in (Words.ADDITIONS, Words.UNITS))
        behind = rf"(?: (?:{_RANGE}|{_FLOOR}|(?:{units}) [^\W_][\w./-]{{0,5}}|{additions}|{_LETTER}){_TIED})?"
        self._number = re.compile(rf"{_NUMBER}{_ATTACHED}{_TIED}{behind}", re.IGNORECASE)

    def number_last(self, text: str) -> Verdict:
        words = text.split(" ")
        at = next((at for at in range(len(words)) if self._number.fullmatch(" ".join(words[at:]))), None)
        first = self._leading(words)
        road_first = first is not None and self._is_road(first[1])
        if at is None:
            return (first[1], first[0]) if first and road_first else _NO_NUMBER
        return _SEVERAL if road_first else self._judged(words[:at], " ".join(words[at:]))

    def number_first(self, text: str) -> Verdict:
        first = self._leading(text.split(" "))
        if first is None:
            return _NO_LEADING_NUMBER
        if isinstance(self.number_last(first[1]), tuple):
            return _SEVERAL
        return first if _WORD.search(first[1]) else _NO_STREET

    def _judged(self, words: Sequence[str], number: str) -> Verdict:
        signs = self._hints.listed(Words.NUMBER_SIGNS)
        street = words[:-1] if words and spaced(words[-1]) in signs else words
        name = " ".join(street).removesuffix(",")
        if not _WORD.search(name):
            return _NO_STREET
        if spaced(street[-1]) in self._hints.listed(Words.UNITS):
            return _NO_NUMBER
        if not _STREET_END.search(name) or _SEAM.search(name):
            return UNCLEAR
        if _POSTAL.fullmatch(number):
            return _POSTAL_CODE
        if _YEAR.fullmatch(number) and self._leads_to_year(street, len(street)):
            return _YEAR_OR_NUMBER
        stray = any(word[0].isdigit() and not self._belongs(street, at) for at, word in enumerate(street))
        return _SEVERAL if stray else (name, number)

    def _belongs(self, street: Sequence[str], at: int) -> bool:
        """Whether the word, which begins with a digit, is a part of the street's name."""
        word, following = street[at], street[at + 1 : at + 2]
        return (
            self._is_month(following)
            or bool(following and _ORDINAL.fullmatch(word))
            or bool(_YEAR.fullmatch(word) and self._leads_to_year(street, at))
        )

    def _leads_to_year(self, street: Sequence[str], at: int) -> bool:
        """Whether a year at `at` would be a name: behind a month, or behind a square that has no other name."""
        before = spaced(street[at - 1]) if at else ""
        return before in self._hints.listed(Words.MONTHS) or (at == 1 and before in self._hints.listed(Words.SQUARES))

    def _leading(self, words: Sequence[str]) -> tuple[str, str] | None:
        """(number, the rest) if the text begins with a house number of which the end is certain."""
        for count in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
            number, rest = " ".join(words[:count]), words[count:]
            bare = number.removesuffix(",")
            if self._number.fullmatch(bare) and (number != bare or self._ends_number(words[:count], rest)):
                return bare, " ".join(rest)
        return None

    def _ends_number(self, number: Sequence[str], rest: Sequence[str]) -> bool:
        """Whether what follows a leading number, with no comma between, cannot be a part of it, nor it of the name."""
        if spaced(rest[0]) in self._hints.listed(Words.ROADS_BEFORE_NAME):
            return True
        joins = self._hints.listed(Words.ADDITIONS) | self._hints.listed(Words.UNITS)
        part = len(rest[0]) == 1 or not rest[0][0].isalpha() or spaced(rest[0]) in joins
        named = self._is_month(rest[:1]) or _ORDINAL.fullmatch(number[0])
        return len(number) == 1 and not part and not named

    def _is_road(self, street: str) -> bool:
        words = spaced(street).split(" ")
        leads = words[0] in self._hints.listed(Words.ROADS_BEFORE_NAME)
        return len(words) > 1 and (leads or words[-1] in self._hints.listed(Words.ROADS_BEHIND_NAME))

    def _is_month(self, words: Sequence[str]) -> bool:
        """Whether there is a word and it begins with a month: "Mei", "Septemberplein"."""
        return any(spaced(word).startswith(month) for word in words for month in self._hints.listed(Words.MONTHS))


def _any_of(words: frozenset[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"
