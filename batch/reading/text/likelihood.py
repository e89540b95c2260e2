"""How likely a text is when its bytes are read in one encoding: whether its letters make words, and its signs sense.

Only characters beyond ASCII are weighed: what is ASCII is the same in every reading.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from batch.reading.text.alphabets import Charset, Ideographs, Script
from batch.reading.text.letterstats import LETTERS, VOWELS

_BETWEEN_WORDS = re.compile(r'[ \t\r\n;,|"]+')
_WORD_OR_SIGN = re.compile(r"[^\W\d_ªºµ¼½¾²³¹]+|[^\x00-\x7f]")
_ACCENTED_RUN = re.compile(r"[^\x00-\x7f]+")
_NEIGHBOURING, _FOREIGN = 2e-5, 1e-6  # a letter of another language of the script, and of none
_SENSELESS, _IDLE, _CONTROL = 1e-6, 3e-6, 1e-7
_MISPLACED_CAPITAL, _MIXED, _LONG_RUN = 1e-4, 1e-4, 1e-3
_USUAL_RUN = 2  # accented letters side by side, in a language where they are the exception
_RARE_IDEOGRAPH, _SYLLABLE, _IDEOGRAPHIC_SIGN, _LATIN_NEIGHBOUR = 1e-5, 1 / 80, 1e-4, 1e-3
_SIGN_LEADS = frozenset((0xA1, 0xA2, 0xA3))
_HALFWIDTH = range(0xFF61, 0xFFA0)


class _Use(NamedTuple):
    """Where signs make sense: what may stand before and after (a letter, digit, other); how likely they are."""

    signs: str
    before: str
    after: str
    likely: float


_USES = (  # the first that fits counts
    _Use("\u00a0", "ado", "ado", 3e-3),  # no-break space
    _Use("\u00ad", "ado", "ado", 3e-4),  # soft hyphen
    _Use("\u2019", "a", "a", 2e-2),  # apostrophe
    _Use("\u2019", "ado", "ado", 4e-3),
    _Use("\u00b4", "ado", "ado", 3e-4),
    _Use("\u201c\u201e\u00ab\u2039\u2018", "o", "a", 2e-3),  # opening quotation marks
    _Use("\u201c\u201e\u00ab\u2039\u2018", "o", "do", 1e-4),
    _Use("\u201d\u00bb\u203a\u2026", "ado", "do", 2e-3),  # closing ones, and the ellipsis
    _Use("\u00bf\u00a1", "do", "a", 1e-3),  # Spanish openings
    _Use("\u00b0", "d", "ado", 3e-3),
    _Use("\u00b0", "a", "do", 8e-4),
    _Use("\u00b2\u00b3\u00aa\u00ba", "d", "do", 3e-3),
    _Use("\u00b2\u00b3\u00aa\u00ba", "a", "do", 8e-4),
    _Use("\u00bd\u00bc\u00be", "do", "do", 2e-3),
    _Use("\u20ac\u00a3\u00a5\u00a2", "do", "do", 4e-3),
    _Use("\u2013\u2014\u2022\u00b7", "a", "a", 1e-4),  # dashes and bullets
    _Use("\u2013\u2014\u2022\u00b7", "ado", "ado", 4e-3),
    _Use("\u00ae\u00a9\u2122", "ado", "do", 2e-4),
    _Use("\u00a7\u00b6\u2020\u2021\u00b1\u00d7\u00f7\u00b5", "do", "do", 3e-4),
)
_USES_OF: Mapping[str, Sequence[_Use]] = {
    sign: [use for use in _USES if sign in use.signs] for use in _USES for sign in use.signs
}


class Likelihood(NamedTuple):
    """How likely a text is, as a logarithm to the base 10, and how many characters were weighed."""

    log10: float
    characters: int


def likelihood(text: str, charset: Charset) -> Likelihood:
    """How likely `text` is; words that come again count once."""
    words = dict.fromkeys(word for word in _BETWEEN_WORDS.split(text) if not word.isascii())
    padded = f" {' '.join(words)} "
    script = charset.script
    if isinstance(script, Ideographs):
        places = [place for place, character in enumerate(padded) if not character.isascii()]
        chances = [_ideograph(padded[place - 1], padded[place], padded[place + 1], script) for place in places]
    else:
        chances = [
            _chance(match[0], padded[match.start() - 1], padded[match.end()], script)
            for match in _WORD_OR_SIGN.finditer(padded)
            if not match[0].isascii()
        ]
    return Likelihood(math.fsum(map(math.log10, chances)), sum(not character.isascii() for character in padded))


def _chance(piece: str, before: str, after: str, script: Script) -> float:
    if not piece.isalpha() or piece in _USES_OF:
        return math.prod(_sign(sign, before, after) for sign in piece)
    chance = sum(share * _in_language(piece, language, script) for language, share in script.languages.items())
    return max(chance * _shape(piece, script), math.ulp(0.0))


def _sign(sign: str, before: str, after: str) -> float:
    if sign not in _USES_OF:
        return _CONTROL if unicodedata.category(sign).startswith("C") else _IDLE
    around = _class(before), _class(after)
    uses = (use.likely for use in _USES_OF[sign] if around[0] in use.before and around[1] in use.after)
    return next(uses, _SENSELESS)


def _class(character: str) -> str:
    return "a" if character.isalpha() else "d" if character.isdigit() else "o"


def _in_language(word: str, language: str, script: Script) -> float:
    """How likely the letters of the word beyond ASCII are to stand where they do in one language."""
    small = "".join(map(_small, word))
    padded = f" {small} "
    known = LETTERS[language]
    chance = 1.0
    for place, letter in enumerate(small):
        if not letter.isascii():
            where = 3 * _kind(padded[place]) + _kind(padded[place + 2])
            chance *= known[letter][where] if letter in known else _strange_letter(letter, script)
    return chance


def _strange_letter(letter: str, script: Script) -> float:
    return _NEIGHBOURING if any(letter in LETTERS[language] for language in script.languages) else _FOREIGN


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter


def _kind(letter: str) -> int:
    """0 for nothing, 1 for a vowel, 2 for a consonant."""
    if not letter.isalpha():
        return 0
    return 1 if letter in VOWELS or unicodedata.normalize("NFD", letter)[0] in VOWELS else 2


def _shape(word: str, script: Script) -> float:
    """Lowers the likelihood of capitals within a word, of scripts that do not mix, and of accents in a row."""
    capitals = 0 if word.isupper() else sum(letter.isupper() and not letter.isascii() for letter in word[1:])
    lowered = _MISPLACED_CAPITAL**capitals
    if script.mixes:
        longest = max(map(len, _ACCENTED_RUN.findall(word)))
        return lowered * _LONG_RUN ** max(longest - _USUAL_RUN, 0)
    return lowered * _MIXED ** sum(one.isascii() != other.isascii() for one, other in pairwise(word))


def _ideograph(before: str, character: str, after: str, script: Ideographs) -> float:
    """How likely a character is between two others, in a script that does not mix with Latin letters."""
    mixed = any(neighbour.isascii() and neighbour.isalpha() for neighbour in (before, after))
    return _in_script(character, script) * (_LATIN_NEIGHBOUR if mixed else 1.0)


def _in_script(character: str, script: Ideographs) -> float:
    if unicodedata.category(character) in ("Co", "Cn", "Cc"):
        return _CONTROL
    stored = b"" if ord(character) in _HALFWIDTH else character.encode(script.standard, "ignore")
    lead = stored[0] if stored else None
    if lead in script.syllables:
        return _SYLLABLE
    if lead not in script.common:
        return _RARE_IDEOGRAPH
    return _IDEOGRAPHIC_SIGN if lead in _SIGN_LEADS and script.standard != "big5" else script.likely
