"""Any text table, cut into records the careful way: every oddity is marked, and nothing is dropped.

A record ends at CR LF, LF or CR outside quotation marks. A quotation mark inside a quoted value is doubled, or
escaped with a backslash where only that makes sense. A quotation mark that is never closed, or that swallows lines
and then closes in the middle of something, costs its own line and not the lines below it; so does one that swallows
rows (`swallowed`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from batch.reading.remarks import STRAY_QUOTE, UNTERMINATED_QUOTE, Remark, swallowing_quote
from batch.reading.text.swallowed import LINE_END, swallowing

_QUOTED = re.compile(rb'"((?>[^"]+|"")*+)"')
_ESCAPED = re.compile(rb'"((?>[^"\\]+|\\.|"")*+)"', re.DOTALL)
_UNESCAPED = re.compile(rb'\\(["\\])|"(")')
_BLANKS = b" \t"


class TooWideError(Exception):
    """A record has more cells than any spreadsheet; `line` is where it starts."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Record(NamedTuple):
    """One record: `line` is the line on which it starts, `cells` are UTF-8, `remarks` are (column, remark)."""

    line: int
    cells: list[bytes]
    remarks: tuple[tuple[int, Remark], ...] = ()


class Records(NamedTuple):
    """The whole records in a piece of text: `used` bytes of it, ending before line `line`."""

    records: list[Record]
    used: int
    line: int


class _Field(NamedTuple):
    """One value: its text, where the text after it starts, how it ended (delimiter, line end or end of text)."""

    text: bytes
    after: int
    ending: bytes
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class Splitter:
    """Cuts text into records at one delimiter (one ASCII byte).

    `record_bytes` bounds how far a quotation mark may reach for the one that closes it, `columns` the cells of a
    record (TooWideError). `width` is the usual number of cells, by which rows that a quotation mark swallowed are
    known; 0 where it is not known.
    """

    delimiter: bytes
    record_bytes: int
    columns: int
    width: int = 0
    _tail: re.Pattern[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        mark = re.escape(self.delimiter)
        object.__setattr__(self, "_tail", re.compile(rb"([^%s\r\n]*)(%s|\r\n|\n|\r|\Z)" % (mark, mark)))

    def split(self, text: bytes, *, line: int, final: bool, most: int | None = None) -> Records:
        """The records of `text`, whose first line is `line`, `most` of them if that is said.

        Unless `final`, an incomplete last record is left.
        """
        records: list[Record] = []
        position = 0
        while position < len(text) and (most is None or len(records) < most):
            found = self._record(text, position, line, final=final)
            if found is None:
                break
            record, after = found
            records.append(record)
            line += _lines(text, position, after)
            position = after
        return Records(records, position, line)

    def _record(self, text: bytes, start: int, line: int, *, final: bool) -> tuple[Record, int] | None:
        """The record at `start` and where the next one starts; None if more text is needed to know."""
        ending = LINE_END.search(text, start)
        if ending is None and not final and b'"' not in text[start:]:
            return None
        stop, after = ending.span() if ending else (len(text), len(text))
        if text.find(b'"', start, stop) >= 0:
            return self._quoted_record(text, start, line, final=final)
        if not final and after == len(text) and text.endswith(b"\r"):
            return None
        if text.count(self.delimiter, start, stop) >= self.columns:
            raise TooWideError(line)
        return Record(line, text[start:stop].split(self.delimiter)), after

    def _quoted_record(self, text: bytes, start: int, line: int, *, final: bool) -> tuple[Record, int] | None:
        cells: list[bytes] = []
        starts: list[int] = []
        remarks: list[tuple[int, Remark]] = []
        position = start
        while True:
            value = self._value(text, position, final=final)
            if value is None or (not final and value.after == len(text) and value.ending in (b"", b"\r")):
                return None
            if value.remark:
                remarks.append((len(cells), value.remark))
            cells.append(value.text)
            starts.append(position)
            if len(cells) > self.columns:
                raise TooWideError(line)
            position = value.after
            if value.ending != self.delimiter:
                break
        at = swallowing(cells, self.delimiter, self.width)
        if at is None:
            return Record(line, cells, tuple(remarks)), position
        closed = line + sum(len(LINE_END.findall(cell)) for cell in cells[: at + 1])
        own = self._unclosed(text, starts[at])
        before = (remark for remark in remarks if remark[0] < at)
        return Record(line, [*cells[:at], own.text], (*before, (at, swallowing_quote(closed)))), own.after

    def _value(self, text: bytes, start: int, *, final: bool) -> _Field | None:
        if text[start : start + 1] == b'"':
            return self._quoted(text, start, final=final)
        bare = self._rest(text, start)
        if bare.text.lstrip(_BLANKS).startswith(b'"'):
            blanks = len(bare.text) - len(bare.text.lstrip(_BLANKS))
            quoted = self._quoted(text, start + blanks, final=final)
            if quoted is None:
                return None
            if quoted.remark is None and not LINE_END.search(quoted.text):
                return quoted._replace(text=text[start : start + blanks] + quoted.text)
        remark = STRAY_QUOTE if bare.text.lstrip().startswith(b'"') else None
        return bare._replace(remark=remark)

    def _quoted(self, text: bytes, start: int, *, final: bool) -> _Field | None:
        match = _QUOTED.match(text, start)
        if match is None:
            exhausted = len(text) - start >= self.record_bytes
            return self._unclosed(text, start) if final or exhausted else None
        if match.end() == len(text) and not final:
            return None
        rest = self._rest(text, match.end())
        regular = not rest.text.strip(_BLANKS)
        escaped = self._escaped(text, start) if b"\\" in match[1] else None
        if regular:
            value = match[1].replace(b'""', b'"') + rest.text
            return rest._replace(text=value, remark=STRAY_QUOTE if escaped and escaped.after != rest.after else None)
        if escaped:
            return escaped
        if LINE_END.search(match[1]):
            return self._unclosed(text, start)
        return rest._replace(text=match[1].replace(b'""', b'"') + rest.text, remark=STRAY_QUOTE)

    def _escaped(self, text: bytes, start: int) -> _Field | None:
        """The value at `start` if quotation marks in it are escaped by a backslash; None if that does not fit."""
        match = _ESCAPED.match(text, start)
        rest = self._rest(text, match.end()) if match else None
        if match is None or rest is None or rest.text.strip(_BLANKS):
            return None
        return rest._replace(text=_UNESCAPED.sub(rb"\1\2", match[1]) + rest.text)

    def _unclosed(self, text: bytes, start: int) -> _Field:
        ending = LINE_END.search(text, start)
        stop, after = ending.span() if ending else (len(text), len(text))
        return _Field(text[start:stop], after, text[stop:after], UNTERMINATED_QUOTE)

    def _rest(self, text: bytes, start: int) -> _Field:
        match = cast("re.Match[bytes]", self._tail.match(text, start))  # the pattern matches empty text too
        return _Field(match[1], match.end(), match[2])


def _lines(text: bytes, start: int, stop: int) -> int:
    """How many lines the record from `start` to `stop` takes; the last may lack its line end."""
    inside = text.count(b"\n", start, stop) + text.count(b"\r", start, stop) - text.count(b"\r\n", start, stop)
    return inside or 1
