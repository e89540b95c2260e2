"""Which 8-bit or East Asian encoding a text that is not UTF-8 was written in, judged by its letters; or: unsure.

An encoding is believed when its letters make words of one language and no other encoding's do. charset-normalizer,
the only user of which is this module, is asked where that leaves several; alone it is too sure of short texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from charset_normalizer import from_bytes

from batch.reading.text.alphabets import ENCODINGS
from batch.reading.text.strangeness import strangeness

_TOO_STRANGE, _CLEARLY_LESS = 0.15, 0.12
_CHAOS_LEAD, _COHERENCE_LEAD = 0.05, 0.1
_LETTERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A codec, its name for a person, the letters that told, and whether another encoding would fit as well."""

    codec: str
    label: str
    letters: str
    contested: bool


class _Reading(NamedTuple):
    """One way to read the evidence: the text, the first encoding that gives it, and how strange it looks."""

    text: str
    codec: str
    strangeness: float


def guess(evidence: bytes) -> Guess | None:
    """The encoding of `evidence` (lines with bytes above 127); None if that is not certain enough to rely on."""
    readings = sorted(_readings(evidence), key=lambda reading: reading.strangeness)
    if not readings or readings[0].strangeness > _TOO_STRANGE:
        return None
    near = [reading for reading in readings if reading.strangeness < readings[0].strangeness + _CLEARLY_LESS]
    chosen = near[0] if len(near) == 1 else _chosen(near, evidence)
    if chosen is None:
        return None
    found = {character for character in chosen.text if not character.isascii()}
    letters = sorted(found, key=lambda character: (not character.isalpha(), character))[:_LETTERS]
    label = ENCODINGS[chosen.codec].label
    return Guess(codec=chosen.codec, label=label, letters=" ".join(letters), contested=len(near) > 1)


def _readings(evidence: bytes) -> list[_Reading]:
    """The readings that differ, each with the encoding in which it looks least strange."""
    readings: dict[str, _Reading] = {}
    for codec, charset in ENCODINGS.items():
        try:
            text = evidence.decode(codec)
        except UnicodeDecodeError:
            continue
        found = _Reading(text, codec, strangeness(text, charset))
        known = readings.get(text)
        if known is None or found.strangeness < known.strangeness:
            readings[text] = found
    return list(readings.values())


def _chosen(near: list[_Reading], evidence: bytes) -> _Reading | None:
    """One of several that look alike; None if nothing speaks for it."""
    for reading in near:
        if reading.codec == "cp1252" and reading.strangeness == near[0].strangeness:
            return reading  # by far the most usual of those that fit
    scripts = [ENCODINGS[reading.codec].script for reading in near]
    if any(script and script.mixes for script in scripts):
        return None  # the library's vote is often wrong among Latin alphabets
    return _vote(near, evidence)


def _vote(near: list[_Reading], evidence: bytes) -> _Reading | None:
    """The reading that charset-normalizer prefers, if it prefers one clearly."""
    matches = list(from_bytes(evidence))
    chosen = next((reading for reading in near if matches and reading.text == str(matches[0])), None)
    if chosen is None:
        return None
    chaos, coherence = matches[0].chaos, matches[0].coherence
    clear = all(
        other.chaos > chaos + _CHAOS_LEAD or other.coherence < coherence - _COHERENCE_LEAD
        for other in matches[1:]
        if str(other) != chosen.text
    )
    return chosen if clear else None
