"""Plain text tables, cut into columns as whole blocks; whatever is not provably plain is declined.

Plain means: the careful splitter (`records`) would find nothing to remark on and give every record the same number of
cells. Then pyarrow's parser, the only user of which is this module, gives the same cells some ten times faster. A
property test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from batch.reading.sightings import holds
from batch.reading.text.swallowed import FEWEST_COLUMNS, swallowing

_QUOTE, _LF, _CR = 34, 10, 13
_MARK = b"\xef\xbb\xbf"  # pyarrow would drop one at the start of any block
_MOST_REPEATED = 1_000  # times, in a pattern of RE2
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainBlock:
    """The whole records at the start of a text: `columns` of equal length and the line each record starts on.

    `used` is the number of bytes cut, `line` the number of the line after them.
    """

    columns: list[pa.Array]
    lines: Positions
    used: int
    line: int


def split_plain(
    text: bytes, delimiter: bytes, *, widest: int, line: int, final: bool, usual: int = 0
) -> PlainBlock | None:
    """The whole records of `text` as columns, at most `widest`; None if it is not provably plain, or holds none.

    `usual` is the usual number of columns, or 0, as the careful splitter has it.
    """
    data = np.frombuffer(text, np.uint8)
    if b"\0" in text or holds(text, b'\\"') or text.startswith(_MARK) or _lone_return(text):
        return None
    breaks = np.flatnonzero(data == _LF)
    quotes = np.flatnonzero(data == _QUOTE) if b'"' in text else None
    ends = breaks if quotes is None else breaks[np.searchsorted(quotes, breaks) % 2 == 0]
    used = _used(text, ends, quotes, final=final)
    if not used or (quotes is not None and not _regular(data[:used], quotes[quotes < used], ord(delimiter))):
        return None
    starts = _starts(ends, used)
    first = text[: starts[1] if len(starts) > 1 else used]
    width = 1 + sum(part.count(delimiter) for part in first.split(b'"')[::2])  # outside quotation marks
    if width > widest:
        return None
    table = _parsed(text[:used], delimiter, width, quoted=quotes is not None, multiline=len(ends) != len(breaks))
    if table is None or table.num_rows != len(starts):
        return None
    columns = [column.combine_chunks() for column in table.columns]
    if len(ends) != len(breaks) and _swallowed(columns, data[:used], starts, ord(delimiter), usual):
        return None
    lines = line + np.searchsorted(breaks, starts)
    return PlainBlock(columns=columns, lines=lines, used=used, line=line + int(np.searchsorted(breaks, used)))


def _lone_return(text: bytes) -> bool:
    return b"\r" in text and text.count(b"\r") != text.count(b"\r\n")


def _used(text: bytes, ends: Positions, quotes: Positions | None, *, final: bool) -> int:
    """How many bytes hold whole records; 0 if none do, or if the last quotation mark stays open."""
    if not final:
        return int(ends[-1]) + 1 if len(ends) else 0
    return 0 if quotes is not None and len(quotes) % 2 else len(text)


def _starts(ends: Positions, used: int) -> Positions:
    starts = np.concatenate((np.zeros(1, np.intp), ends[ends < used] + 1))
    return starts[:-1] if starts[-1] == used else starts


def _regular(data: NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Whether each quotation mark opens a value at its start, closes one at its end, or is one of a doubled pair."""
    around = np.concatenate((np.array([_LF], np.uint8), data, np.array([_LF], np.uint8)))
    before, after = around[quotes[::2]], around[quotes[1::2] + 2]
    opens = (before == delimiter) | (before == _LF) | (before == _QUOTE)
    closes = (after == delimiter) | (after == _LF) | (after == _CR) | (after == _QUOTE)
    return bool(opens.all() and closes.all())


def _swallowed(columns: list[pa.Array], data: NDArray[np.uint8], starts: Positions, delimiter: int, usual: int) -> bool:
    """Whether a quotation mark swallowed rows; only records with about as many delimiters as two rows are looked at."""
    outer, whole = len(columns) - 1, usual - 1
    places = np.searchsorted(np.flatnonzero(data == delimiter), np.append(starts, len(data)))
    suspects = np.flatnonzero(np.diff(places) - outer >= min(whole, 2 * whole - outer))
    if usual < FEWEST_COLUMNS or not len(suspects):
        return False
    if whole > _MOST_REPEATED:
        return True
    mark = bytes([delimiter])
    chosen = [column.take(pa.array(suspects)) for column in columns]
    for at, column in enumerate(chosen):
        hits = pc.indices_nonzero(pc.match_substring_regex(column, _rows_within(delimiter, whole, at, outer - at)))
        for place in hits.to_pylist():
            if swallowing([each[place].as_py().encode() for each in chosen], mark, usual) is not None:
                return True
    return False


def _rows_within(delimiter: int, whole: int, before: int, behind: int) -> str:
    """What every value matches that may hold rows with `whole` delimiters, where so many stand before and behind it."""
    mark = f"\\x{{{delimiter:X}}}"
    first, between, last = (
        rf"(?:[^{mark}\n]*{mark}){{{count}}}[^{mark}\n]*" for count in (whole - before, whole, whole - behind)
    )
    ends = rf"|^{first}\n(?s:.*\n)?{last}$" if whole >= max(before, behind) else ""
    return rf"\n{between}\n{ends}"


def _parsed(text: bytes, delimiter: bytes, width: int, *, quoted: bool, multiline: bool) -> pa.Table | None:
    """The table, every value as text; None if the records differ in length, or the text is not UTF-8."""
    names = [str(position) for position in range(width)]
    parse = csv.ParseOptions(
        delimiter=delimiter.decode(),
        quote_char='"' if quoted else False,
        double_quote=quoted,
        escape_char=False,
        newlines_in_values=multiline,
        ignore_empty_lines=False,
    )
    convert = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.large_string()), null_values=[], strings_can_be_null=False
    )
    read = csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1)
    try:
        return csv.read_csv(pa.py_buffer(text), read_options=read, parse_options=parse, convert_options=convert)
    except pa.ArrowInvalid:
        return None
