"""Which character separates the columns of a text table, told from its first records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from batch.errors import SettingsError
from batch.reading.text.records import Record, Splitter

CANDIDATES = (b"\t", b";", b"|", b",")  # where all fit equally, the one that is rarest in prose
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_DIRECTIVE = re.compile(rb'"?sep=([^\r\n"\0])"?[ \t]*(\r\n|\n|\r|\Z)', re.IGNORECASE)
_RECORDS = 200
_MOST, _AS_GOOD = 0.5, 0.05
_ODD = 0.6  # what a record counts for in which quotation marks stand oddly
_PROSE_WIDTH = 2  # a comma or so in some lines of a single column makes two "columns" at times


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The delimiter, and how much of the file is a `sep=` line that is no data (`skip` bytes, `lines` lines).

    `rival` is another delimiter that would have fitted as well.
    """

    delimiter: bytes
    skip: int = 0
    lines: int = 0
    rival: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """How well one delimiter fits: the share of records with the usual number of columns, and that number."""

    delimiter: bytes
    share: float
    width: int
    count: int

    @property
    def splits(self) -> bool:
        """Whether there is a table: most records have the same columns, or a few have several."""
        return self.width > 1 and (self.share >= _MOST or (self.width > _PROSE_WIDTH and self.count > 1))


def wanted_delimiter(wanted: str) -> bytes:
    """What the operator asked for: one character, or its name."""
    character = _NAMES.get(wanted.lower(), wanted)
    if len(character) != 1 or not character.isascii() or character in '"\r\n\0':
        raise SettingsError(
            "bad_delimiter",
            f"--delimiter must be one character (such as ; or ,) or tab, comma, semicolon or pipe; found {wanted!r}.",
        )
    return character.encode()


def find_dialect(sample: bytes, *, final: bool, record_bytes: int) -> Dialect:
    """The dialect of a text that begins with `sample` (UTF-8); `final` if that is all of it."""
    directive = _DIRECTIVE.match(sample)
    if directive and directive[1].isascii():
        return Dialect(delimiter=directive[1], skip=directive.end(), lines=1)
    fits = [_fit(sample, delimiter, final=final, record_bytes=record_bytes) for delimiter in CANDIDATES]
    tables = sorted((fit for fit in fits if fit.splits), key=lambda fit: (-round(fit.share, 2), -fit.width))
    if not tables:
        return Dialect(delimiter=_absent(sample))
    best, *others = tables
    rival = next((fit.delimiter for fit in others if fit.share > best.share - _AS_GOOD), None)
    return Dialect(delimiter=best.delimiter, rival=rival)


def usual_width(sample: bytes, delimiter: bytes, *, final: bool, record_bytes: int) -> int:
    """How many values most of the first records have at that delimiter, with the empty ones at their ends."""
    return _usual(map(_width, _first_records(sample, delimiter, final=final, record_bytes=record_bytes)))[0]


def _fit(sample: bytes, delimiter: bytes, *, final: bool, record_bytes: int) -> _Fit:
    records = _first_records(sample, delimiter, final=final, record_bytes=record_bytes)
    sound = [record for record in records if not record.remarks]
    width_of = max((_width, _width_without_end), key=lambda width_of: _usual(map(width_of, sound))[1])
    usual, count = _usual(map(width_of, sound or records))
    odd = sum(width_of(record) == usual for record in records if record.remarks)
    whole = (count if sound else 0) + _ODD * odd
    return _Fit(delimiter=delimiter, share=whole / max(len(records), 1), width=usual, count=max(count, odd))


def _first_records(sample: bytes, delimiter: bytes, *, final: bool, record_bytes: int) -> list[Record]:
    """Those of them that hold something."""
    splitter = Splitter(delimiter, record_bytes, columns=len(sample) + 1)
    found = splitter.split(sample, line=1, final=final, most=_RECORDS).records
    found = found or splitter.split(sample, line=1, final=True, most=_RECORDS).records
    return [record for record in found if any(cell.strip() for cell in record.cells)]


def _usual(found: Iterable[int]) -> tuple[int, int]:
    """The most frequent number of columns, and how often it occurs; one column only if no more ever occur."""
    widths = list(found)
    several = Counter(width for width in widths if width > 1).most_common(1)
    usual = Counter(widths).most_common(1)
    return several[0] if several and usual[0][0] <= 1 else usual[0] if usual else (0, 0)


def _width(record: Record) -> int:
    return len(record.cells)


def _width_without_end(record: Record) -> int:
    """How many cells there are up to the last that holds something, since some programs add delimiters at the end."""
    return max((place for place, cell in enumerate(record.cells, 1) if cell.strip()), default=0)


def _absent(sample: bytes) -> bytes:
    """For a single column: the comma, unless that would split it."""
    return next((delimiter for delimiter in reversed(CANDIDATES) if delimiter not in sample), b"\t")
