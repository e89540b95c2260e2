"""How strange a text looks in an encoding: whether its letters beyond ASCII make words, and stand where they may."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial

from batch.reading.text.alphabets import Charset, Script

_WORD = re.compile(r"[^\W\d_]+")
_HALFWIDTH = range(0xFF61, 0xFFA0)
_LETTERS_BUT_IN_NAME = "\u00aa\u00ba\u00b5"  # the ordinal signs and the micro sign
_RARE, _WRONG = 0.3, 1.0
_NO_INITIAL, _MOST = 3, 0.6
_Rule = Callable[[str, str], float]

# Signs by what may stand before and after them: how strange they look there.
_SIGNS: tuple[tuple[str, _Rule], ...] = (
    ("\u00a0\u00ad", lambda _before, _after: 0.2),  # no-break space, soft hyphen
    ("\u2019\u00b4", lambda before, after: 0.0 if before.isalpha() or after.isalpha() else 0.5),  # apostrophes
    ("\u201c\u201e\u00ab\u2039\u2018", lambda before, _after: float(before.isalnum())),  # opening quotation marks
    ("\u201d\u00bb\u203a\u2026", lambda _before, after: float(after.isalpha())),  # closing ones, and the ellipsis
    ("\u00b2\u00b3\u00aa\u00ba", lambda before, after: float(not before.isalnum() or after.isalpha())),
    ("\u00bf\u00a1", lambda before, after: float(not after.isalpha() or before.isalpha())),  # Spanish openings
    (
        "\u20ac\u00a3\u00bd\u00bc\u00be\u2022\u00b7\u00a7\u00a9\u00ae\u2122\u00b0\u00b5\u00a5\u2013\u2014",
        lambda before, after: 0.5 if before.isalpha() and after.isalpha() else 0.0,
    ),
)
_RULES: Mapping[str, _Rule] = {sign: rule for signs, rule in _SIGNS for sign in signs}


def strangeness(text: str, charset: Charset) -> float:
    """From 0 (words of one language) to 1 and above (noise), for each character beyond ASCII; plus the rarity."""
    padded = f" {text} "
    places = [place for place, character in enumerate(padded) if not character.isascii()]
    around = [(padded[place - 1], padded[place], padded[place + 1]) for place in places]
    script = charset.script
    if script is None:
        return sum(_strange_ideograph(*three, charset) for three in around) / max(len(places), 1)
    known = "".join(script.languages.values()) + script.rare
    spelling = _misspelt([character.lower() for _, character, _ in around if character.isalpha()], script, known)
    judged = _strange_latin if script.mixes else partial(_strange_letter, known=known)
    shape = sum(judged(*three) for three in around) + _strange_words(text, script)
    return (spelling + shape) / max(len(places), 1) + charset.rarity


def _misspelt(letters: list[str], script: Script, known: str) -> float:
    """By the language that fits best: a letter of a neighbouring language is rare, a letter of none is wrong."""
    return min(
        sum(0.0 if letter in alphabet else _RARE if letter in known else _WRONG for letter in letters)
        for alphabet in script.languages.values()
    )


def _strange_words(text: str, script: Script) -> float:
    """Words of mostly accented letters, in languages where those are the exception."""
    strange = 0.0
    for word in _WORD.findall(text) if script.mixes and not script.often else ():
        accented = sum(1 for letter in word if not letter.isascii())
        if accented >= _NO_INITIAL and accented > _MOST * len(word):
            strange += 0.5 * accented
    return strange


def _strange_latin(before: str, character: str, after: str) -> float:
    if character.isalpha() and character not in _LETTERS_BUT_IN_NAME:
        return float(character.isupper() and before.islower())
    rule = _RULES.get(character)
    return rule(before, after) if rule else _WRONG


def _strange_letter(before: str, character: str, after: str, *, known: str) -> float:
    """A letter of an alphabet that does not mix with Latin letters in one word."""
    if character.lower() not in known:
        return _strange_latin(before, character, after)
    mixed = any(neighbour.isascii() and neighbour.isalpha() for neighbour in (before, after))
    return float(mixed or (character.isupper() and before.islower()))


def _strange_ideograph(before: str, character: str, after: str, charset: Charset) -> float:
    mixed = any(neighbour.isascii() and neighbour.isalpha() for neighbour in (before, after))
    if mixed or unicodedata.category(character) in ("Co", "Cn", "Cc"):
        return _WRONG
    if ord(character) in _HALFWIDTH:
        return 0.5
    stored = character.encode(charset.standard, "ignore")
    return 0.0 if stored and stored[0] in charset.common else 0.5
