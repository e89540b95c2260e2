"""Which 8-bit or East Asian encoding a text that is not UTF-8 was written in, judged by its letters; or: unsure.

An encoding is believed when its letters make words of one language and no other encoding's do. charset-normalizer,
the only user of which is this module, is asked where that leaves several; alone it is too sure of short texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from charset_normalizer import from_bytes

from batch.reading.text.alphabets import BALTIC, CENTRAL, CYRILLIC, ENCODINGS, GREEK, TURKISH, WESTERN, Script

_WORD = re.compile(r"[^\W\d_]+")
_TOO_STRANGE, _CLEARLY_LESS = 0.25, 0.12
_HALFWIDTH = range(0xFF61, 0xFFA0)
_VOTE_LEAD = 0.05
_BEFORE_LETTER_ONLY, _AFTER_LETTER_ONLY = "¿¡", "²³ªº"
_OPENING, _CLOSING, _LOOSE = "“„«‹‘", "”»›…", "€£½¼¾•·§©®™°µ¥–—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A codec, its name for a person, the letters that told, and whether another encoding would fit as well."""

    codec: str
    label: str
    letters: str
    contested: bool


def guess(evidence: bytes) -> Guess | None:
    """The encoding of `evidence` (lines with bytes above 127); None if that is not certain enough to rely on."""
    readings = _readings(evidence)
    best = min((strangeness for _, strangeness in readings.values()), default=1.0)
    near = {text: found for text, found in readings.items() if found[1] < best + _CLEARLY_LESS}
    if best > _TOO_STRANGE:
        return None
    text = _chosen(near, evidence)
    if text is None:
        return None
    codec = near[text][0]
    letters = " ".join(sorted({character for character in text if not character.isascii()})[:12])
    return Guess(codec=codec, label=ENCODINGS[codec].label, letters=letters, contested=len(near) > 1)


def _readings(evidence: bytes) -> dict[str, tuple[str, float]]:
    """Each different reading of the evidence, with the first encoding that gives it and how strange it looks."""
    readings: dict[str, tuple[str, float]] = {}
    for codec, script in ENCODINGS.items():
        try:
            text = evidence.decode(codec)
        except UnicodeDecodeError:
            continue
        strangeness = _strangeness(text, script)
        if text not in readings or strangeness < readings[text][1]:
            readings[text] = (codec, strangeness)
    return readings


def _chosen(near: Mapping[str, tuple[str, float]], evidence: bytes) -> str | None:
    if len(near) == 1:
        return next(iter(near))
    least = min(strangeness for _, strangeness in near.values())
    for text, (codec, strangeness) in near.items():
        if codec == "cp1252" and strangeness == least:
            return text  # by far the most usual of those that fit
    if any(ENCODINGS[codec].languages in (WESTERN, CENTRAL, TURKISH, BALTIC) for codec, _ in near.values()):
        return None  # the library's vote is often wrong among Latin alphabets
    return _vote(near, evidence)


def _vote(near: Mapping[str, tuple[str, float]], evidence: bytes) -> str | None:
    """The reading that charset-normalizer prefers, if it prefers one clearly."""
    matches = list(from_bytes(evidence))
    if not matches or str(matches[0]) not in near:
        return None
    rivals = [match for match in matches[1:] if str(match) != str(matches[0])]
    clear = all(
        match.chaos > matches[0].chaos + _VOTE_LEAD or match.coherence + 2 * _VOTE_LEAD < matches[0].coherence
        for match in rivals
    )
    return str(matches[0]) if clear else None


def _strangeness(text: str, script: Script) -> float:
    """From 0 (words of one language) to 1 and above (noise), for each character above 127; plus the rarity."""
    padded = f" {text} "
    places = [place for place, character in enumerate(padded) if not character.isascii()]
    if script.standard:
        return sum(_strange_ideograph(padded, place, script) for place in places) / max(len(places), 1)
    languages = script.languages
    letters = [padded[place].lower() for place in places if padded[place].isalpha()]
    spelling = min(_misspelt(letters, alphabet, languages) for alphabet in languages.values())
    shaped = _strange_letter if languages in (CYRILLIC, GREEK) else _strange_latin
    shape = sum(shaped(padded, place) for place in places) + _strange_words(text, languages)
    return (spelling + shape) / max(len(places), 1) + script.rarity


def _misspelt(letters: list[str], alphabet: str, languages: Mapping[str, str]) -> float:
    """A letter of a neighbouring language is rare, a letter of none of them is wrong."""
    known = set().union(*languages.values())
    return sum(0.0 if letter in alphabet else 0.3 if letter in known else 1.0 for letter in letters)


def _strange_words(text: str, languages: Mapping[str, str]) -> float:
    """Words of mostly accented letters, in languages where those are the exception."""
    if languages in (CYRILLIC, GREEK, CENTRAL):
        return 0.0
    strange = 0.0
    for word in _WORD.findall(text):
        accented = sum(1 for letter in word if not letter.isascii())
        if accented > 2 and accented > 0.6 * len(word):
            strange += 0.5 * accented
    return strange


def _strange_latin(text: str, place: int) -> float:
    before, character, after = text[place - 1 : place + 2]
    if character.isalpha() and character not in "ªºµ":
        return 1.0 if character.isupper() and before.islower() else 0.0
    if character in "\xa0\xad":
        return 0.2
    if character in "’´":
        return 0.0 if before.isalpha() or after.isalpha() else 0.5
    if character in _OPENING:
        return 1.0 if before.isalnum() else 0.0
    if character in _CLOSING:
        return 1.0 if after.isalpha() else 0.0
    if character in _AFTER_LETTER_ONLY:
        return 0.0 if before.isalnum() and not after.isalpha() else 1.0
    if character in _BEFORE_LETTER_ONLY:
        return 0.0 if after.isalpha() and not before.isalpha() else 1.0
    if character in _LOOSE:
        return 0.5 if before.isalpha() and after.isalpha() else 0.0
    return 1.0


def _strange_letter(text: str, place: int) -> float:
    before, character, after = text[place - 1 : place + 2]
    if not character.isalpha():
        return _strange_latin(text, place)
    mixed = any(neighbour.isascii() and neighbour.isalpha() for neighbour in (before, after))
    return 1.0 if mixed or (character.isupper() and before.islower()) else 0.0


def _strange_ideograph(text: str, place: int, script: Script) -> float:
    before, character, after = text[place - 1 : place + 2]
    if any(neighbour.isascii() and neighbour.isalpha() for neighbour in (before, after)):
        return 1.0
    if ord(character) in _HALFWIDTH:
        return 0.5
    stored = character.encode(script.standard, "ignore")
    return 0.0 if stored and stored[0] in script.common else 0.5
