"""Sentences on their way out of the child: as JSON carries them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from batch.model import Sentence

_NATIVE = (str, int, float, bool, type(None))


def plain_said(said: object) -> object:
    """A sentence, with those within it, or a text."""
    if isinstance(said, Sentence):
        template, values = plain_sentence(said)
        return {"template": template, "values": values}
    return said if isinstance(said, _NATIVE) else str(said)  # what JSON cannot carry is at last shown as text anyway


def said_of(plain: object) -> object:
    """The same on the other side."""
    if isinstance(plain, dict):
        return sentence_of(cast("str", plain["template"]), cast("Mapping[str, object]", plain["values"]))
    return plain


def plain_sentence(said: Sentence) -> tuple[str, dict[str, object]]:
    return said.template, {name: plain_said(value) for name, value in said.values.items()}


def sentence_of(template: str, values: Mapping[str, object]) -> Sentence:
    return Sentence(template=template, values={name: said_of(value) for name, value in values.items()})
