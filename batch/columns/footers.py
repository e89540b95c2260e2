"""Rows at the foot of a table, or between its parts, that are no data: totals, remarks, dates and page numbers.

Only what cannot be a customer's row is taken for such: at most one cell of it feeds a required field, and its words
say what it is, or it is the last thing in the table. Whatever is in doubt is data, and is refused as such.
"""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from batch.hints import Hints, Words
from batch.likeness import words
from batch.model import Sentence, sentence

_NUMBER: Final = re.compile(r"[-+\u20ac$\u00a3 ]*\d[\d.,\s]*[%\u20ac]?")
_NUMBER_BEHIND: Final = re.compile(rf"(?:[\s:=]\s*){_NUMBER.pattern}\Z")
_COUNT_FIRST: Final = re.compile(r"\d[\d.,]*\s+(?P<word>\D+)")
_RULE: Final = re.compile(r"[\W_]{3,}")  # ----------
_SIGN: Final = re.compile(r"\u00a9|\(c\) |\*+ ?\)?\s*\w", re.IGNORECASE)
_PAGE: Final = re.compile(r"(?P<word>\D+?) ?\d+(?: \D{1,4} \d+)?")
_COMPARED: Final = 150
_LISTS: Final = (Words.TOTALS, Words.COUNTED, Words.REMARKS, Words.STAMPS, Words.PAGES)


class Footer(Enum):
    """What a row that is no data is: the code of the notice, and what is said of it."""

    TOTAL = (
        "total_row",
        sentence("This row is not read as data: it is a total or a count."),
    )
    SUMS = (
        "total_row",
        sentence("This last row is not read as data: it holds only numbers, in columns that are not sent."),
    )
    REMARK = (
        "footer_row",
        sentence("This row is not read as data: its only cell is a remark, a date, a page number or a line."),
    )
    BELOW = (
        "footer_row",
        sentence(
            "This row is not read as data: it has only one cell and stands below an empty row at the end. If it is "
            "data, fill in its other cells."
        ),
    )

    @property
    def code(self) -> str:
        return self.value[0]

    @property
    def sentence(self) -> Sentence:
        return self.value[1]


class Footers:
    """What the words of a row say, by the word lists of the hints."""

    def __init__(self, hints: Hints) -> None:
        self._words = {which: frozenset(map(words, hints.listed(which))) for which in _LISTS}

    def by_words(self, cells: Mapping[int, str]) -> Footer | None:
        """What the row is, if its words say so. `cells` are those that are not blank, trimmed, by column position."""
        if not cells:  # a row of a failed file of which only our own columns are left
            return None
        label, *others = cells.values()
        if self._is_total(label, counted=bool(others)) and all(map(is_number, others)):
            return Footer.TOTAL
        return Footer.REMARK if not others and self._is_remark(label) else None

    def _is_total(self, text: str, *, counted: bool) -> bool:
        """Whether it is "Totaal", "Total: 120", "Aantal: 15", "15 rijen". `counted`: a number stands beside it."""
        if first := _COUNT_FIRST.fullmatch(text):
            return words(first["word"]) in self._words[Words.COUNTED]
        label = _NUMBER_BEHIND.sub("", text)
        word, numbered = words(label), counted or label != text
        return word in self._words[Words.TOTALS] or (numbered and word in self._words[Words.COUNTED])

    def _is_remark(self, text: str) -> bool:
        if _RULE.fullmatch(text) or _SIGN.match(text):
            return True
        before, colon, _ = text.partition(":")
        if colon and words(before) in self._words[Words.REMARKS]:
            return True
        said = words(text[:_COMPARED])
        page = _PAGE.fullmatch(said)
        return (page is not None and page["word"] in self._words[Words.PAGES]) or any(
            said == stamp or said.startswith(f"{stamp} ") for stamp in self._words[Words.STAMPS]
        )


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None
