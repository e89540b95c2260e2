"""Fillers ("n.v.t.", "xxx", "0000" in a field that must be there) and text that looks cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from batch.hints import Kind
from batch.model import sentence, words
from batch.sense.columns import Texts, at_least, cells, mask
from batch.sense.rows import Finding, Rows
from batch.visible import shown

_SIGNS: Final = tuple(sign * count for sign in "-.?*_/=~#" for count in range(1, 13))
_WORDS: Final = (
    *("n.v.t.", "n.v.t", "nvt", "nvt.", "niet van toepassing", "not applicable", "n/a", "n.a.", "#n/a", "#n/b", "#nv"),
    *("onbekend", "unknown", "unbekannt", "inconnu", "niet bekend", "geen", "none", "null", "nihil", "leeg", "empty"),
    *("test", "test test", "testtest", "test1", "test123", "dummy", "tbd", "t.b.d.", "todo", "to do", "nog invullen"),
    *("xx", "xxx", "xxxx", "xxxxx", "xxxxxx", "x x x", "asdf", "asdfasdf", "asdfgh", "qwerty"),
    *("#ref!", "#verw!", "#value!", "#waarde!", "#name?", "#naam?", "#div/0!", "#deel/0!", "#null!", "#num!"),
    *("\N{EN DASH}", "\N{EM DASH}", "- -", "...", "\N{HORIZONTAL ELLIPSIS}"),
)
_ZEROS: Final = tuple("0" * count for count in range(1, 16))
_COUNTED: Final = ("123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "012345678")
_REPEATED: Final = tuple(digit * count for digit in "123456789" for count in range(6, 16))
# Real names of people and firms, when written as a name.
_NAMES: Final = frozenset({"Geen", "None", "Null", "Nihil", "XX", "XXX"})
_ANYWHERE: Final = pa.array((*_SIGNS, *_WORDS), pa.large_string())
_WITH_DIGITS: Final = pa.array((*_SIGNS, *_WORDS, *_ZEROS, *_COUNTED, *_REPEATED), pa.large_string())
_CUT: Final = 255  # characters; databases and old spreadsheet programs cut here
_SENTENCE_END: Final = tuple(".!?…)\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}")


def fillers(rows: Rows) -> Iterator[Finding]:
    """In a field of no kind (an internal name, say) digits may mean something; words such as "test" mean nothing."""
    kinds = {name: kind for kind, name in rows.fields.items()}
    for name, texts in rows.texts.items():
        kind = kinds.get(name)
        for place, text in _fillers(texts, kind) if name in rows.required else ():
            said = sentence(
                '"{value}" looks like a filler; the real {title} is needed.',
                value=shown(text),
                title=words(rows.titles[name]),
            )
            yield Finding(place=place, field=name, code="placeholder", sentence=said)


def cut_off(rows: Rows) -> Iterator[Finding]:
    """Exactly 255 characters, and no end of a sentence."""
    for name, texts in rows.texts.items():
        for place, text in cells(texts, at_least(texts, _CUT)):
            if len(text) == _CUT and not text.endswith(_SENTENCE_END):
                said = sentence(
                    "This text has exactly {length} characters, where some programs cut text off. "
                    "Check that its end is there.",
                    length=_CUT,
                )
                yield Finding(place=place, field=name, code="cut_off", sentence=said)


def _fillers(texts: Texts, kind: Kind | None) -> Iterator[tuple[int, str]]:
    where = mask(pc.is_in(pc.ascii_lower(texts), value_set=_ANYWHERE if kind is None else _WITH_DIGITS))
    for place, text in cells(texts, where):
        means_something = text in _NAMES if kind is not Kind.POSTAL_CODE else text in _REPEATED
        if not means_something:
            yield place, text
