"""Which 8-bit or East Asian encoding a text that is not UTF-8 was written in, judged by its letters; or: unsure.

Each encoding's reading is weighed by how usual the encoding is and how likely the letters are in its languages. One is
believed when next to nothing is left for all others. charset-normalizer, the only user of which is this module, has a
vote among East Asian encodings; elsewhere it is too sure of short texts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from charset_normalizer import from_bytes

from batch.reading.text.alphabets import ENCODINGS, Ideographs
from batch.reading.text.likelihood import Likelihood, likelihood

_USUAL, _SURE_OF_USUAL, _SURE, _SURE_OF_IDEOGRAPHS = "cp1252", 0.985, 0.995, 0.999
_NOISE, _NOISE_OF_FEW, _FEW = -3.5, -4.5, 3  # log10 of the likelihood, for each character
_WORTH_NAMING = 1e-4
_CHAOS_LEAD, _COHERENCE_LEAD = 0.05, 0.1
_LETTERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An encoding that fits: its codec, its name for a person, the letters that the text has in it."""

    codec: str
    label: str
    letters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The candidates, the likeliest first, and how certain that one is (0 to 1); `sure` if it can be relied on."""

    candidates: Sequence[Candidate]
    certainty: float
    sure: bool


class _Reading(NamedTuple):
    """One way to read the evidence: the text, the encoding that is named for it, its weight and likelihood (log10)."""

    text: str
    codec: str
    weight: float
    likely: Likelihood


def guess(evidence: bytes) -> Guess | None:
    """The encodings that `evidence` (lines with bytes above 127) may be in; None if it makes no sense in any."""
    readings = _readings(evidence)
    if not readings or _is_noise(readings[0]):
        return None
    total = math.fsum(10 ** (reading.weight - readings[0].weight) for reading in readings)
    shares = [10 ** (reading.weight - readings[0].weight) / total for reading in readings]
    near = [reading for reading, share in zip(readings, shares, strict=True) if share >= _WORTH_NAMING]
    if shares[0] >= _needed(readings[0]):
        return Guess(candidates=_candidates(near), certainty=shares[0], sure=True)
    voted = _voted(near, evidence)
    first = [voted] if voted else []
    others = [reading for reading in near if reading is not voted]
    return Guess(candidates=_candidates(first + others), certainty=shares[0], sure=voted is not None)


def _readings(evidence: bytes) -> list[_Reading]:
    """The readings that differ, the heaviest first; encodings that give the same text carry its weight together."""
    found: dict[str, list[_Reading]] = {}
    for codec, charset in ENCODINGS.items():
        try:
            text = evidence.decode(codec)
        except UnicodeDecodeError:
            continue
        likely = likelihood(text, charset)
        weight = math.log10(charset.share) + likely.log10
        found.setdefault(text, []).append(_Reading(text, codec, weight, likely))
    return sorted(map(_together, found.values()), key=lambda reading: -reading.weight)


def _together(alike: list[_Reading]) -> _Reading:
    first = max(alike, key=lambda reading: reading.weight)
    total = math.fsum(10 ** (reading.weight - first.weight) for reading in alike)
    return first._replace(weight=first.weight + math.log10(total))


def _is_noise(reading: _Reading) -> bool:
    log10, characters = reading.likely
    return log10 < characters * (_NOISE if characters > _FEW else _NOISE_OF_FEW)


def _needed(reading: _Reading) -> float:
    if isinstance(ENCODINGS[reading.codec].script, Ideographs):
        return _SURE_OF_IDEOGRAPHS
    return _SURE_OF_USUAL if reading.codec == _USUAL else _SURE


def _candidates(readings: Sequence[_Reading]) -> list[Candidate]:
    return [
        Candidate(codec=reading.codec, label=ENCODINGS[reading.codec].label, letters=_letters(reading.text))
        for reading in readings
    ]


def _letters(text: str) -> str:
    found = {character for character in text if not character.isascii() and character.isprintable()}
    return " ".join(sorted(found, key=lambda character: (not character.isalpha(), character))[:_LETTERS])


def _voted(near: Sequence[_Reading], evidence: bytes) -> _Reading | None:
    """The reading that charset-normalizer prefers, if it prefers one clearly and all are East Asian."""
    if not all(isinstance(ENCODINGS[reading.codec].script, Ideographs) for reading in near):
        return None
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
