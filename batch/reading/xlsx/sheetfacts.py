"""What stands around a worksheet's rows: merged cells, hidden rows and columns, filters; the rows are not parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from batch.errors import InputError
from batch.reading.workbook.archive import Archive
from batch.reading.workbook.facts import NAMED, SheetFacts
from batch.reading.workbook.markup import feeder, spreadsheet
from batch.reading.workbook.places import Area, area, columns_name

_START = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?sheetData(?:\s[^<>]*)?(?<!/)>")
_END = re.compile(rb"</(?:[A-Za-z][\w.-]*:)?sheetData\s*>")
_HIDDEN_ROW = re.compile(
    rb"<(?:[A-Za-z][\w.-]*:)?row\s(?:[^<>]*\s)?(?:hidden=[\"'](?:1|true)|ht=[\"']0(?:\.0*)?)[\"'][^<>]*>"
)
_MAY_HIDE = (b"hidden", b'ht="0', b"ht='0")
_ROW_NUMBER = re.compile(rb"\sr=[\"']([0-9]{1,7})[\"']")
_LONGEST_PROLOGUE = _LONGEST_TAG = 4 << 20
_TRUE = ("1", "true")


def sheet_facts(archive: Archive, part: str) -> SheetFacts:
    """The facts of one worksheet; all of the part is unpacked, so that its checksum is proved."""
    try:
        return _facts(archive, part, whole=False)
    except InputError:  # the rows may hold a comment or section that looks like their end
        return _facts(archive, part, whole=True)


def _facts(archive: Archive, part: str, *, whole: bool) -> SheetFacts:
    listener = _Listener()
    feed = feeder(archive, part, listener)
    blocks = archive.blocks(part)
    for piece in blocks if whole else _around_rows(blocks, listener):
        feed(piece)
    feed(b"", final=True)
    return SheetFacts(
        merged=tuple(listener.merged),
        hidden_rows=tuple(listener.hidden_rows[:NAMED]),
        hidden_count=listener.hidden_count,
        hidden_columns=tuple(listener.hidden_columns),
        filtered=listener.filtered,
    )


def _around_rows(blocks: Iterable[bytes], listener: _Listener) -> Iterator[bytes]:
    """The XML without its rows; all of it if it is not clear where they are."""
    pieces = iter(blocks)
    before = b""
    for block in pieces:
        before += block
        if (start := _START.search(before)) or len(before) > _LONGEST_PROLOGUE:
            break
    else:
        start = None
    if start is None or b"<!" in before[: start.start()]:
        yield before
        yield from pieces
        return
    yield before[: start.end()]
    yield _after_rows(before[start.end() :], pieces, listener)
    yield from pieces


def _after_rows(waiting: bytes, pieces: Iterator[bytes], listener: _Listener) -> bytes:
    """Skips the rows, noting those that are hidden; what comes after them, as far as it was read."""
    while True:
        end = _END.search(waiting) if b"sheetData" in waiting else None  # a plain search is far quicker
        cut = end.start() if end else max(waiting.rfind(b"<"), 0)
        if any(mark in waiting for mark in _MAY_HIDE):
            listener.note_hidden(waiting[:cut])
        waiting = waiting[cut:]
        block = None if end or len(waiting) > _LONGEST_TAG else next(pieces, None)
        if block is None:
            return waiting
        waiting = (waiting if waiting.startswith(b"<") else b"") + block


@dataclass(slots=True)
class _Listener:
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_count: int = 0
    hidden_columns: list[str] = field(default_factory=list)
    filtered: bool = False

    def note_hidden(self, rows: bytes) -> None:
        for match in _HIDDEN_ROW.finditer(rows):
            self.hidden_count += 1
            if len(self.hidden_rows) < NAMED and (number := _ROW_NUMBER.search(match[0])):
                self.hidden_rows.append(int(number[1]))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = spreadsheet(name)
        if tag == "mergeCell" and (found := area(attributes.get("ref", ""))):
            self.merged.append(found)
        elif tag == "col" and _is_hidden(attributes, "width"):
            self._hide_columns(attributes)
        elif tag == "filterColumn":
            self.filtered = True
        elif tag == "row" and _is_hidden(attributes, "ht"):
            self.hidden_count += 1
            self.hidden_rows.append(int(attributes.get("r", "0")))

    def end(self, name: str) -> None:
        """Nothing to close."""

    def text(self, text: str) -> None:
        """No text is expected."""

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        first, last = (int(attributes.get(side, "1")) - 1 for side in ("min", "max"))
        self.hidden_columns.append(columns_name(first, last))


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or column is marked as hidden, or made so small that nothing is left of it."""
    return attributes.get("hidden") in _TRUE or re.fullmatch(r"0(?:\.0*)?", attributes.get(size, "")) is not None
