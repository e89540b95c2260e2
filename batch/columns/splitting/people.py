"""A person's first and last name in one cell: split where only one reading is possible.

A first name is one word, with initials before or behind it, or initials alone ("Jan", "Jan P.", "J.P."). A last name
is one word with its particles in front, or two such with a hyphen between ("van der Berg", "Jansen-de Vries"). So
"Anna Maria Jansen" is not split: nobody can know where her last name begins. A comma decides where the user says that
the last name comes first ("Berg, Jan van der").
"""

import re
from collections.abc import Sequence
from typing import Final

from batch.columns.splitting.verdict import Verdict
from batch.hints import Hints, Words
from batch.likeness import spaced
from batch.model import sentence

_NAME: Final = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*\.?")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]|Th|Chr|Ph)\.(?:-?(?:[^\W\d_]|Th|Chr|Ph)\.)*|[^\W\d_]")
_NO_NAME: Final = re.compile(r"[^\w\s.,'\u2019-]|\d|_")
_HYPHEN: Final = "-"

_ONE_WORD = sentence("there is only one word")
_COMMA = sentence("it has a comma, as if the last name came first")
_MORE_THAN_NAME = sentence("it holds more than the name of one person")
_TITLE = sentence("it holds a title")
_NO_FIRST_NAME = sentence("there is no first name at its beginning")
_UNFINISHED = sentence("the last name is not whole")
_WHERE = sentence("it is not certain where the last name begins")


class People:
    """The rule, with the words that it goes by. `first_last` gives (first, last name), `last_first` the reverse."""

    def __init__(self, hints: Hints) -> None:
        self._particles = hints.listed(Words.PARTICLES)
        self._titles = hints.listed(Words.TITLES)

    def first_last(self, text: str) -> Verdict:
        words = text.split(" ")
        if refusal := self._odd(words):
            return refusal
        if "," in text:
            return _COMMA
        if self._is_particle(words[0]):
            return _NO_FIRST_NAME
        if self._is_particle(words[-1]):
            return _UNFINISHED
        found = [at for at in range(1, len(words)) if self._is_first(words[:at]) and self._is_last(words[at:])]
        return _parted(words, found[0]) if len(found) == 1 else _WHERE

    def last_first(self, text: str) -> Verdict:
        words = text.split(" ")
        if refusal := self._odd(words):
            return refusal
        if "," in text:
            return self._with_comma(text)
        found = [at for at in range(1, len(words)) if self._is_last(words[:at]) and self._is_first(words[at:])]
        return _parted(words, found[0]) if len(found) == 1 else _WHERE

    def _with_comma(self, text: str) -> Verdict:
        """Where "Berg, Jan van der" has particles behind the first names, they go in front of the last name."""
        last, _, first = (part.strip() for part in text.partition(","))
        words = first.split(" ")
        end = next((at for at, word in enumerate(words) if self._is_particle(word)), len(words))
        names, particles = words[:end], words[end:]
        if not last or "," in first or not all(map(self._is_particle, particles)) or not all(map(_is_name, names)):
            return _WHERE
        if particles and self._is_particle(last.split(" ")[0]):
            return _WHERE
        return (" ".join((*particles, last)), " ".join(names)) if names else _NO_FIRST_NAME

    def _odd(self, words: Sequence[str]) -> Verdict | None:
        """Why the text is no name of one person, if it is none."""
        bare = [spaced(word).strip(".,") for word in words]
        if _NO_NAME.search(" ".join(words)):
            return _MORE_THAN_NAME
        if len(words) == 1:
            return _ONE_WORD
        return _TITLE if self._titles.intersection(bare) else None

    def _is_first(self, words: Sequence[str]) -> bool:
        full = [word for word in words if not _is_initials(word)]
        return len(full) <= 1 and all(_is_name(word) and not self._is_particle(word) for word in words)

    def _is_last(self, words: Sequence[str]) -> bool:
        start = self._behind_particles(words, 0)
        if start == len(words) or not _is_name(words[start].rstrip(_HYPHEN)) or _is_initials(words[start]):
            return False
        if start == len(words) - 1:
            return not words[start].endswith(_HYPHEN)
        return self._is_double(words[start], words[start + 1 :])

    def _is_double(self, first: str, rest: Sequence[str]) -> bool:
        """Whether a second half with a hyphen follows: "Berg-de" + "Vries", "Berg" + "-" + "de" + "Vries"."""
        _, hyphen, particle = first.rpartition(_HYPHEN)
        joined = hyphen and (not particle or self._is_particle(particle))
        if not joined and rest[0] != _HYPHEN:
            return False
        second = rest if joined else rest[1:]
        start = self._behind_particles(second, 0)
        return start == len(second) - 1 and _is_name(second[start])

    def _behind_particles(self, words: Sequence[str], start: int) -> int:
        return next((at for at in range(start, len(words)) if not self._is_particle(words[at])), len(words))

    def _is_particle(self, word: str) -> bool:
        return not _is_initials(word) and word.casefold().replace("\u2019", "'") in self._particles


def _parted(words: Sequence[str], at: int) -> Verdict:
    return " ".join(words[:at]), " ".join(words[at:])


def _is_name(word: str) -> bool:
    return _NAME.fullmatch(word) is not None or _is_initials(word)


def _is_initials(word: str) -> bool:
    """Whether it is "J.", "J.P." or "J": in capitals, so that "v." is none."""
    return _INITIALS.fullmatch(word) is not None and word[0].isupper()
