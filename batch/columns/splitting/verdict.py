"""What comes of splitting one cell: its parts, or the reason why nobody can be sure of them."""

from collections.abc import Callable
from typing import TypeAlias

from batch.model import Sentence, sentence

Parts: TypeAlias = tuple[str, ...]
"""One text for each field, none of them empty."""

Verdict: TypeAlias = Parts | Sentence
"""The parts; or, where they are not certain, a clause that says why, to stand behind a colon."""

Rule: TypeAlias = Callable[[str], Verdict]
"""Splits a text in which single spaces part the words. Pure; the same text always has the same verdict."""

UNCLEAR = sentence("it is not certain where each part begins")
