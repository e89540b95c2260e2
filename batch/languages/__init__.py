"""The languages in which sentences are said to a customer: a `Sentence` and a language make a text.

The sentences in the source are English and are the keys of the catalogs, `nl.po` and what is compiled from it; a
sentence that a catalog lacks is said in English.
"""

from __future__ import annotations

import gettext
import locale
import os
import string
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from batch.model import Sentence

LANGUAGE_VARIABLE = "FLIREO_LANG"
_VARIABLES = (LANGUAGE_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")


class Language(StrEnum):
    """A language that sentences can be said in, by its ISO 639 code."""

    EN = "en"
    NL = "nl"


Say = Callable[[object], str]
"""Puts a `Sentence` into a person's language; anything else as `str` has it."""


def say_in(language: Language) -> Say:
    """How sentences are said in a language."""
    translations = _catalog(language)
    formatter = _Formatter(language)

    def say(what: object) -> str:
        if not isinstance(what, Sentence):
            return str(what)
        values = {name: say(value) if isinstance(value, Sentence) else value for name, value in what.values.items()}
        return formatter.vformat(translations.gettext(what.template), (), values)

    return say


def usual_language() -> Language:
    """The language of whoever runs the program: as set in the environment, else by the system's locale; English where
    that is none of ours.
    """
    said = next((value for name in _VARIABLES if (value := os.environ.get(name))), None) or locale.getlocale()[0] or ""
    code = said.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return Language(code) if code in set(Language) else Language.EN


class _Formatter(string.Formatter):
    """As `str.format`, but numbers are written as the language does: 1.000 and 0,5 in Dutch."""

    def __init__(self, language: Language) -> None:
        self._turned = language is Language.NL

    def format_field(self, value: object, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        if self._turned and ("," in format_spec or format_spec.endswith("f")):
            return text.translate(str.maketrans(",.", ".,"))
        return text


@lru_cache
def _catalog(language: Language) -> gettext.NullTranslations:
    compiled = files(__name__) / f"{language.value}.mo"
    if language is Language.EN:
        return gettext.NullTranslations()
    with compiled.open("rb") as stream:
        return gettext.GNUTranslations(stream)
