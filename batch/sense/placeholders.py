"""Fillers ("n.v.t.", "xxx", "0000" in a field that must be there) and text that looks cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batch.hints import Kind
from batch.model import sentence
from batch.sense.rows import Finding, Rows
from batch.text_column import Column, mask
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


_SPELLED: Final = [text.encode() for filler in _WITH_DIGITS.to_pylist() for text in (filler, filler.upper())]
_LONGEST: Final = max(map(len, _SPELLED))
_BYTES: Final = 256


def _shapes() -> NDArray[np.bool_]:
    """By size in bytes times 256, plus first byte: whether there is a filler like that. Few real values are."""
    shapes = np.zeros((_LONGEST + 2) * _BYTES, dtype=np.bool_)
    shapes[[len(text) * _BYTES + text[0] for text in _SPELLED]] = True
    return shapes


def _edges() -> NDArray[np.bool_]:
    """By first byte times 256, plus last byte: whether there is a filler like that, in whatever case."""
    edges = np.zeros(_BYTES * _BYTES, dtype=np.bool_)
    cases = [(text, text.upper()) for text in _SPELLED]
    edges[[one[0] * _BYTES + other[-1] for each in cases for one in each for other in each]] = True
    return edges


_SHAPES: Final = _shapes()
_EDGES: Final = _edges()
_CUT: Final = 255  # characters; databases and old spreadsheet programs cut here
_SENTENCE_END: Final = tuple(".!?…)\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}")


def fillers(rows: Rows) -> Iterator[Finding]:
    """In a field of no kind (an internal name, say) digits may mean something; words such as "test" mean nothing."""
    kinds = {name: kind for kind, name in rows.fields.items()}
    for name, column in rows.columns.items():
        kind = kinds.get(name)
        for place, text in _fillers(column, kind) if name in rows.required else ():
            said = sentence(
                '"{value}" looks like a filler; the real {title} is needed.', value=shown(text), title=rows.titles[name]
            )
            yield Finding(place=place, field=name, code="placeholder", sentence=said)


def cut_off(rows: Rows) -> Iterator[Finding]:
    """Exactly 255 characters, and no end of a sentence."""
    for name, column in rows.columns.items():
        for place, text in column.cells(column.at_least(_CUT)):
            if len(text) == _CUT and not text.endswith(_SENTENCE_END):
                said = sentence(
                    "This text has exactly {length} characters, where some programs cut text off. "
                    "Check that its end is there.",
                    length=_CUT,
                )
                yield Finding(place=place, field=name, code="cut_off", sentence=said)


def _fillers(column: Column, kind: Kind | None) -> Iterator[tuple[int, str]]:
    shaped = _EDGES.take(column.edges)  # which settles it for nearly all cells
    at = np.flatnonzero(shaped)
    shaped[at] = _SHAPES.take(np.minimum(column.sizes[at], _LONGEST + 1) * _BYTES + column.first_bytes[at])
    if not shaped.any():
        return
    lower = pc.ascii_lower(column.texts.filter(pa.array(shaped)))
    shaped[shaped] = mask(pc.is_in(lower, value_set=_ANYWHERE if kind is None else _WITH_DIGITS))
    for place, text in column.cells(shaped):
        means_something = text in _NAMES if kind is not Kind.POSTAL_CODE else text in _REPEATED
        if not means_something:
            yield place, text
