# ruff: noqa: RUF001  (letters that look like others are what is looked for)
"""Text that an earlier program spoiled on its way into the file: errors, lost digits, lost or garbled letters.

A workbook tells of a number that it is shown in scientific notation; a text file saved from it holds just "6.12E+08".
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from batch.reading.garbled import likely_original
from batch.reading.remarks import (
    LOST_CHARACTER,
    SCIENTIFIC_TEXT,
    TOO_NARROW,
    Remark,
    error_cell,
    garbled_text,
    invisible_character,
    markup_entity,
    text_of_date,
)
from batch.reading.sightings import holds, may_be_shown_otherwise
from batch.visible import ZERO_WIDTH

# What spreadsheet programs show in place of a value, in the languages around the North Sea and of the South.
_ERRORS = frozenset(
    (
        *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!"),
        *("#BLOCKED!", "#CONNECT!", "#FIELD!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!", "#ERROR!"),
        *("#N/B", "#VERW!", "#WAARDE!", "#NAAM?", "#DEEL/0!", "#LEEG!", "#GETAL!", "#OVERLOOP!", "#BEREKENEN!"),
        *(
            "#NV",
            "#BEZUG!",
            "#WERT!",
            "#ZAHL!",
            "#ÜBERLAUF!",
            "#NUL!",
            "#VALEUR!",
            "#NOM?",
            "#NOMBRE!",
            "#PROPAGATION!",
        ),
        *("#N/D", "#¡REF!", "#¡VALOR!", "#¿NOMBRE?", "#¡DIV/0!", "#¡NULO!", "#¡NUM!", "#VALOR!", "#NOME?", "#NÚM!"),
        *("#RIF!", "#VALORE!", "#NULLO!", "#NULO!", "#I/T", "#REFERENS!", "#VÄRDEFEL!", "#NAMN?", "#OGILTIGT!"),
        *("#REFERENCE!", "#VÆRDI!", "#NAVN?", "#VERDI!", "#ARG!", "#ADR!", "#NAZWA?", "#LICZBA!", "#ZERO!"),
    )
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janv january januari januar",
            "feb févr fév february februari februar",
            "mar mrt mär mrz mars maart march",
            "apr avr april",
            "may mei mai",
            "jun juni juin june",
            "jul juli juil july",
            "aug août aoû august augustus",
            "sep sept september",
            "oct okt oktober october",
            "nov november",
            "dec dez déc december",
        ),
        1,
    )
    for name in names.split()
}
_DAY_FIRST = re.compile(r"0?([0-9]{1,2})(?:-|\.? )?([^\W\d_]+)\.?")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?-0?([0-9]{1,2})")
_MOST_DAYS = 31
_INVISIBLE = f"{ZERO_WIDTH}\u00ad"
_LOST = "\N{REPLACEMENT CHARACTER}"
_MISREAD = "ÃÂÄÅÐÑâ├┬Ô√¬‚"  # what the first byte of a letter or sign in UTF-8 becomes
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[eE][+-][0-9]{1,3}")
_ERROR_NUMBER = re.compile(r"(?:Err|Fout):[0-9]{3}")
_ANY_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_Judge = Callable[[str], Remark | None]


class _Detector(NamedTuple):
    """What to look for: `pattern` (RE2) in a cell. It is nowhere in a column whose UTF-8 is not `worthwhile`."""

    worthwhile: Callable[[bytes], bool]
    pattern: str
    judges: tuple[_Judge, ...]


def spoiled(column: pa.Array, data: bytes) -> Iterator[tuple[int, Remark]]:
    """Places in a column of text, whose UTF-8 is `data`, and what is to be said of the text there."""
    for detector in _DETECTORS:
        if detector.worthwhile(data):
            found = pc.indices_nonzero(pc.match_substring_regex(column, detector.pattern))
            for place in found.to_pylist():
                text = column[place].as_py()
                remarks = (judge(text) for judge in detector.judges)
                yield from ((place, remark) for remark in remarks if remark)


def _too_narrow(text: str) -> Remark | None:
    return TOO_NARROW if re.fullmatch("#{3,}", text.strip()) else None


def _scientific(text: str) -> Remark | None:
    return SCIENTIFIC_TEXT if _SCIENTIFIC.fullmatch(text.strip()) else None


def _lost(text: str) -> Remark | None:
    return LOST_CHARACTER if _LOST in text else None


def _error(text: str) -> Remark | None:
    shown = text.strip()
    return error_cell(shown) if shown.upper() in _ERRORS or _ERROR_NUMBER.fullmatch(shown) else None


def _month_of(name: str) -> int | None:
    return _MONTHS.get(name.lower())


def _date(text: str) -> Remark | None:
    """`2-jan`, which was 2-1 or 1-2, and `jan-02`, which was 1-2 or 1-02."""
    text = text.strip()
    if match := _DAY_FIRST.fullmatch(text):
        day, month = int(match[1]), _month_of(match[2])
        return text_of_date(f"{day}-{month}", f"{month}-{day}") if month and 0 < day <= _MOST_DAYS else None
    if match := _MONTH_FIRST.fullmatch(text):
        month, rest = _month_of(match[1]), int(match[2])
        shouted = match[1].isupper()  # a code such as MAR-12
        return text_of_date(f"{month}-{rest}", f"{rest}-{month}") if month and not shouted else None
    return None


def _garbled(text: str) -> Remark | None:
    likely = likely_original(text)
    return garbled_text(likely) if likely is not None else None


def _utf_7(text: str) -> Remark | None:
    try:
        likely = text.encode().decode("utf-7")
    except UnicodeDecodeError:
        return None
    return (
        garbled_text(likely) if any(character.isalpha() and not character.isascii() for character in likely) else None
    )


def _entity(text: str) -> Remark | None:
    likely = html.unescape(text)
    return markup_entity(likely) if likely != text else None


def _invisible(text: str) -> Remark | None:
    found = _ANY_INVISIBLE.search(text.strip(_INVISIBLE))  # at the ends they are trimmed, and that is recorded
    return invisible_character(found[0]) if found else None


def _beyond_ascii(data: bytes) -> bool:
    return not data.isascii()


def _class(characters: str) -> str:
    return "[" + "".join(f"\\x{{{ord(character):X}}}" for character in characters) + "]"


# Few patterns, each for several kinds: a pass over a column takes the same time for one kind as for many.
_DETECTORS = (
    _Detector(
        may_be_shown_otherwise,
        r"^\s*(?:#|(?:Err|Fout):[0-9]|[+-]?[0-9](?:[.,][0-9]+)?[eE][+-][0-9]|[0-9]{1,2}(?:-|\. )[^0-9\s]{3}"
        r"|[A-Za-z][^0-9\s]{2,9}-[0-9]{2}\s*$)",
        (_error, _too_narrow, _scientific, _date),
    ),
    _Detector(_beyond_ascii, f"{_LOST}|[{_MISREAD}][^\\x00-\\x7f]|{_class(_INVISIBLE)}", (_lost, _garbled, _invisible)),
    _Detector(partial(holds, mark=b"+A"), r"\pL\+A[MNO][A-Za-z0-9+/](?:[^A-Za-z0-9+/]|$)", (_utf_7,)),
    _Detector(
        partial(holds, mark=b"&"), r"&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z]{2,8}[0-9]{0,2});", (_entity,)
    ),
)
