"""Cell text to clean text, every change recorded: blanks trimmed, NFC, defaults, enum values, phone numbers to E.164.

Pure and by whole columns: a value becomes a Python object only where it changes or is in doubt.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from batch.arrow_text import texts_of, utf8_of
from batch.countries import Countries
from batch.hints import FieldHints, Hints, Kind
from batch.likeness import BLANK, spaced, trimmed
from batch.model import Change
from batch.phones import Doubt, PhoneDoubt, final_form, read_phones
from batch.schema import Field, Schema, spelled
from batch.text_column import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_Edit: TypeAlias = tuple[int, str, str, str]
"""One value altered by one step: its position in the column, before, after, code."""

_FIRST_BYTE_FROM_U0300: Final = 0xCC  # in UTF-8; smaller bytes begin, or are within, a character below U+0300

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """The clean frame, of the same shape and index, with what was altered and what is in doubt, in row order.

    A cell that was altered in several ways has a `Change` for each, `after` of one being `before` of the next. The
    codes: trimmed, nfc, default, enum_case, enum_synonym, phone_e164. `doubts` are the phone numbers left as they are.
    """

    frame: pd.DataFrame
    changes: tuple[Change, ...] = ()
    doubts: tuple[PhoneDoubt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column on its way: its text by now, the edits so far, and the doubts about phone numbers by position."""

    text: pa.LargeStringArray
    edits: tuple[_Edit, ...] = ()
    doubts: tuple[tuple[int, Doubt], ...] = ()


def normalise(
    frame: pd.DataFrame,
    rows: Sequence[int],
    labels: Mapping[str, str],
    schema: Schema,
    hints: Hints,
    countries: Countries,
) -> Normalised:
    """Cleans `frame`: one str column for each mapped field, "" where the cell is empty.

    `rows` are the row numbers, one for each frame row; `labels` the column labels by field. A phone number without a
    country code is of the row's country.
    """
    columns = {name: _cleaned(frame[name], schema.field(name), hints.of(name), countries) for name in frame.columns}
    clean = frame.copy(deep=False)
    for name, column in columns.items():
        if column.edits:
            clean[name] = pd.Series(column.text, index=frame.index, dtype="str")
    changes = (pair for name, column in columns.items() for pair in _changes(column, rows, labels[name], name))
    doubts = (
        (at, PhoneDoubt(place=at, field=name, doubt=it)) for name, each in columns.items() for at, it in each.doubts
    )
    return Normalised(frame=clean, changes=_in_row_order(changes), doubts=_in_row_order(doubts))


def _cleaned(series: pd.Series[str], field: Field | None, hints: FieldHints, countries: Countries) -> _Column:
    column = _Column(text=texts_of(series))
    for step in _steps(field, hints):
        column = _edited(column, step(column.text))
    return _with_phones(column, countries) if hints.kind is Kind.PHONE else column


def _steps(field: Field | None, hints: FieldHints) -> Iterator[Callable[[pa.LargeStringArray], Sequence[_Edit]]]:
    """What is done to the values of a field, in order. A value that the schema lists is clean, whatever it holds."""
    enum = field.enum if field else ()
    yield partial(_trim, enum=enum)
    yield partial(_compose, enum=enum)
    if field and (default := _default(field)):
        yield partial(_fill, default=default)
    if enum:
        yield partial(_choose, enum=enum, meanings=hints.meanings)


def _trim(text: pa.LargeStringArray, *, enum: Sequence[str]) -> Sequence[_Edit]:
    column = Column(text)
    others = pa.array(np.flatnonzero(column.filled & ~column.bare).astype(np.uint64))
    if not len(others):
        return ()
    before = text.take(others)
    after = pc.utf8_trim(before, characters=BLANK)
    changed = _where(pc.not_equal(pc.binary_length(before), pc.binary_length(after)))
    return _edits(others.take(changed), before.take(changed), after.take(changed), "trimmed", enum)


def _compose(text: pa.LargeStringArray, *, enum: Sequence[str]) -> Sequence[_Edit]:
    if _plain(text):
        return ()
    others = _where(pc.invert(pc.string_is_ascii(text)))
    before = text.take(others)
    after = pc.utf8_normalize(before, form="NFC")
    changed = _where(pc.not_equal(before, after))
    return _edits(others.take(changed), before.take(changed), after.take(changed), "nfc", enum)


def _fill(text: pa.LargeStringArray, *, default: str) -> Sequence[_Edit]:
    return [(position, "", default, "default") for position in _where(pc.equal(text, "")).to_pylist()]


def _choose(text: pa.LargeStringArray, *, enum: Sequence[str], meanings: Mapping[str, str]) -> Sequence[_Edit]:
    known = pa.array([*enum, ""], pa.large_string())
    unknown = _where(pc.invert(pc.is_in(text, value_set=known)))
    found = text.take(unknown).to_pylist()
    meant = {value: _meant(value, enum, meanings) for value in set(found)}
    pairs = zip(unknown.to_pylist(), found, strict=True)
    return [(position, value, *meaning) for position, value in pairs if (meaning := meant[value])]


def _meant(value: str, enum: Sequence[str], meanings: Mapping[str, str]) -> tuple[str, str] | None:
    """The member of `enum` that `value` surely means, and how that is known."""
    same = {member for member in enum if _caseless(member) == _caseless(value)}
    if same:
        return (same.pop(), "enum_case") if len(same) == 1 else None
    synonym = meanings.get(spaced(value), "")
    return (synonym, "enum_synonym") if synonym in enum else None


def _with_phones(column: _Column, countries: Countries) -> _Column:
    unsettled = _where(pc.and_not(pc.not_equal(column.text, ""), pa.array(final_form(column.text))))
    positions, texts = unsettled.to_pylist(), column.text.take(unsettled).to_pylist()
    regions = countries.regions(positions)
    pairs = set(zip(regions, texts, strict=True))
    read = {region: read_phones((text for at, text in pairs if at == region), region) for region in set(regions)}
    found = [(at, text, read[region][text]) for at, text, region in zip(positions, texts, regions, strict=True)]
    edits = [(at, text, to, "phone_e164") for at, text, to in found if not isinstance(to, Doubt) and to != text]
    doubts = tuple((at, doubt) for at, _, doubt in found if isinstance(doubt, Doubt))
    return replace(_edited(column, edits), doubts=doubts)


def _edits(
    positions: pa.UInt64Array, before: pa.LargeStringArray, after: pa.LargeStringArray, code: str, enum: Sequence[str]
) -> Sequence[_Edit]:
    edits = zip(positions.to_pylist(), before.to_pylist(), after.to_pylist(), strict=True)
    return [(position, old, new, code) for position, old, new in edits if old not in enum]


def _edited(column: _Column, edits: Sequence[_Edit]) -> _Column:
    """The column with the edits made, which are in the order of their positions."""
    if not edits:
        return column
    touched = np.zeros(len(column.text), dtype=np.bool_)
    touched[[position for position, *_ in edits]] = True
    after = pa.array([after for _, _, after, _ in edits], pa.large_string())
    text = pc.replace_with_mask(column.text, pa.array(touched), after)
    return replace(column, text=text, edits=(*column.edits, *edits))


def _default(field: Field) -> str:
    """What an empty cell of the field stands for, itself clean; "" if the schema does not say."""
    text = "" if field.default is None else spelled(field.default)
    return text if text in field.enum else unicodedata.normalize("NFC", trimmed(text))


def _changes(column: _Column, rows: Sequence[int], label: str, field: str) -> Iterator[tuple[int, Change]]:
    for position, before, after, code in column.edits:
        row = int(rows[position])
        yield position, Change(row=row, column=label, field=field, before=before, after=after, code=code)


def _in_row_order(found: Iterable[tuple[int, _Found]]) -> tuple[_Found, ...]:
    return tuple(value for _, value in sorted(found, key=itemgetter(0)))


def _plain(text: pa.LargeStringArray) -> bool:
    """Whether every character is below U+0300, where the first stands that NFC can touch."""
    return not bool((utf8_of(text) >= _FIRST_BYTE_FROM_U0300).any())


def _where(mask: pa.BooleanArray) -> pa.UInt64Array:
    return pc.indices_nonzero(mask)


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
