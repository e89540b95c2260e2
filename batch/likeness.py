"""When two short texts are the same to a person, or nearly so, and what in a text a person cannot see.

The only importer of rapidfuzz. `validate`, `columns` and `normalise` ask here, so that "did you mean" and "the same
but for case" have one meaning everywhere.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from batch.visible import ZERO_WIDTH

WHITE_SPACE: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Everything that Unicode or Python calls white space, the non-breaking kinds included."""

BLANK: Final = WHITE_SPACE + ZERO_WIDTH
"""What is trimmed from the ends of a cell and of a header."""

_LONGEST = 200  # no name of a column is longer; a cell of a megabyte is not worth comparing
_JOINERS = re.compile(r"[+&/,;|]")  # "Street & number" is not "Street number"
_REPEATED_JOINERS = re.compile(r"(?: \+)+ ")
_NO_WORD = re.compile(r"[^\w+]|_")
_ALIKE = 80.0
_CONTAINED = 90.0  # "Postcode (1234 AB)" holds "Postcode" whole


def trimmed(text: str) -> str:
    """`text` without the blanks at its ends; nothing inside is touched."""
    return text.strip(BLANK)


def words(text: str) -> str:
    """`text` without case, accents and punctuation, its words parted by one space; "" beyond 200 characters.

    Signs that join two things ("Straat + huisnummer", "Postcode/plaats") count as one word, "+".
    """
    return "" if len(text) > _LONGEST else _words(text)


def loose(text: str) -> str:
    """The key under which two names are the same whatever their case, accents, spacing and punctuation.

    "" stands for a text that has no letter or digit, and is the same as nothing.
    """
    return words(text).replace(" ", "")


def nearest(text: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a person most likely meant by `text`; None if none is near. To be suggested, never taken."""
    scored = [(likeness(text, candidate), len(candidate), candidate) for candidate in candidates]
    best, _, candidate = max(scored, default=(0.0, 0, ""))
    return candidate if best >= _ALIKE else None


def likeness(text: str, name: str) -> float:
    """How probable it is that `text` was meant to be `name`, from 0 to 100: spelled alike, or holding all its words."""
    mine, theirs = words(text).split(), words(name).split()
    if not mine or not theirs:
        return 0.0
    if set(theirs) < set(mine):
        return _CONTAINED
    from rapidfuzz import fuzz  # noqa: PLC0415 -- a file whose headers and values are known needs none of it

    shared = set(mine) & set(theirs)
    whole = fuzz.ratio("".join(mine), "".join(theirs))
    rest = fuzz.ratio(*("".join(word for word in text_words if word not in shared) for text_words in (mine, theirs)))
    return min(whole, rest)


def spaced(text: str) -> str:
    """`text` without case, its words parted by one space where white space, hyphens or underscores parted them."""
    return " ".join(re.split(r"[\s_-]+", text.casefold())).strip()


@lru_cache(maxsize=8192)  # the same few hundred names are compared with every header
def _words(text: str) -> str:
    bare = text if text.isascii() else _without_accents(text)
    kept = _NO_WORD.sub(" ", _JOINERS.sub(" + ", bare.casefold()))
    return _REPEATED_JOINERS.sub(" + ", f" {' '.join(kept.split())} ").strip(" +")


def _without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
