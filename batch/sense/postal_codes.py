"""Postal code and province of Dutch rows: whether they exist, and whether they agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from stdnum.nl import postcode

from batch.hints import Kind
from batch.model import Sentence, sentence
from batch.sense.areas import PROVINCES, UNKNOWN, province_numbers
from batch.sense.postal_forms import plain
from batch.sense.provinces import dutch_province, nearest_province
from batch.sense.rows import Finding, Rows
from batch.sense.whereabouts import NETHERLANDS
from batch.text_column import Column, Mask
from batch.visible import shown

_SUSPECT: Final = r"(?:^|[ ,(])[0-9]{4}|[0-9]$"
_SHORTEST: Final = 6
_WITHIN: Final = re.compile(r"(?:^|[ ,(])[1-9][0-9]{3} ?[A-Z]{2}(?:$|[ ,)])")


def postal_codes(rows: Rows) -> Iterator[Finding]:
    """Postal codes of Dutch rows that cannot exist."""
    codes = rows.of(Kind.POSTAL_CODE)
    if codes is None:
        return
    suspects = codes.filled & ~plain(codes)
    if not suspects.any():
        return
    for place, text in codes.cells(suspects & rows.countries.within(NETHERLANDS)):
        if not postcode.is_valid(text):
            said = rows.assumed(place, _why_not(text))
            yield Finding(place=place, field=rows.fields[Kind.POSTAL_CODE], code="postal_code_not_valid", sentence=said)


def provinces(rows: Rows) -> Iterator[Finding]:
    """Provinces of Dutch rows that are none, or another than the postal code lies in."""
    column = rows.of(Kind.PROVINCE)
    if column is None:
        return
    written = column.texts.dictionary_encode()
    names = [dutch_province(text) for text in written.dictionary.to_pylist()]
    numbers = np.array([UNKNOWN if name is None else PROVINCES.index(name) for name in names], dtype=np.int8)
    said = numbers[written.indices.to_numpy()] if names else np.empty(0, np.int8)
    dutch = rows.countries.within(NETHERLANDS)
    for place, text in column.cells(dutch & column.filled & (said == UNKNOWN)):
        yield _finding(rows, place, "province_unknown", _no_province(text))
    yield from _contradictions(rows, column, said, dutch)


def misplaced_codes(rows: Rows) -> Iterator[Finding]:
    """A Dutch postal code within the city or another part of the address, or the row's own code before its city."""
    for kind, name, column in rows.kinds(Kind.CITY, Kind.STREET, Kind.HOUSE_NUMBER, Kind.PROVINCE):
        for place, text in column.cells(_suspects(kind, column), _SUSPECT):
            dutch = rows.countries.at(place).region == NETHERLANDS
            own = kind is Kind.CITY and rows.text(Kind.POSTAL_CODE, place) in text.split()
            if own or (dutch and _WITHIN.search(text)):
                what = sentence(
                    "There is a postal code in this cell; {title} alone was expected here.",
                    title=rows.titles[name],
                )
                yield Finding(place=place, field=name, code="postal_code_misplaced", sentence=what)


def _suspects(kind: Kind, column: Column) -> Mask:
    """Where a postal code may hide; nearly every house number has a digit, so there that is not asked."""
    long_enough = column.at_least(_SHORTEST)
    return long_enough if kind is Kind.HOUSE_NUMBER else long_enough & column.with_digit


def _contradictions(
    rows: Rows,
    column: Column,
    said: NDArray[np.int8],
    dutch: Mask,
) -> Iterator[Finding]:
    codes = rows.of(Kind.POSTAL_CODE)
    if codes is None:
        return
    digits = codes.leading_numbers(4)
    there = province_numbers(digits)
    wrong = dutch & (said != UNKNOWN) & (there != UNKNOWN) & (there != said) & column.filled
    for place, province in column.cells(wrong):
        if not postcode.is_valid(rows.text(Kind.POSTAL_CODE, place)):
            continue
        what = sentence(
            'Postal code {code} is in {there}, not in "{province}". One of the two is wrong.',
            code=int(digits[place]),
            there=PROVINCES[there[place]],
            province=shown(province),
        )
        yield Finding(
            place=place,
            field=rows.fields[Kind.PROVINCE],
            code="province_contradicts_postal_code",
            sentence=what,
        )


def _finding(rows: Rows, place: int, code: str, what: Sentence) -> Finding:
    return Finding(place=place, field=rows.fields[Kind.PROVINCE], code=code, sentence=rows.assumed(place, what))


def _why_not(text: str) -> Sentence:
    bare = "".join(text.split())
    if len(bare) == 4 and bare.isascii() and bare.isdigit():  # noqa: PLR2004
        return sentence('The two letters of the Dutch postal code are missing: "{value}".', value=shown(text))
    return sentence(
        '"{value}" is no Dutch postal code: that is four digits and two letters, such as 1012 AB.', value=shown(text)
    )


def _no_province(text: str) -> Sentence:
    meant = nearest_province(text)
    if meant is None:
        return sentence('"{value}" is no Dutch province.', value=shown(text))
    return sentence('"{value}" is no Dutch province. Did you mean {meant}?', value=shown(text), meant=meant)
