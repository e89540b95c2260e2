"""The rows of a worksheet, each stretch of its XML by the fast parser if it is plain, else by expat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from batch.reading.batches import Batch
from batch.reading.workbook.archive import Archive
from batch.reading.workbook.cells import CellReader
from batch.reading.workbook.markup import feeder, stretches
from batch.reading.workbook.rawrows import raw_batches
from batch.reading.xlsx.plainxml import begins_plainly, goes_on_plainly
from batch.reading.xlsx.rowtemplate import RowTemplate
from batch.reading.xlsx.sheetxml import RowListener

_DATA = re.compile(rb"<sheetData\s*>")
_ROW_END = b"</row>"
_LONGEST_PROLOGUE = 1 << 20
_STRETCH = 256 << 10


def sheet_rows(archive: Archive, part: str, reader: CellReader) -> Iterator[Batch]:
    """The rows that are stored, in order, in batches of whatever size.

    The template takes over at the end of a row and gives back at the end of a row, so that expat sees a sound
    document from which whole rows are missing.
    """
    listener = RowListener(archive=archive, part=part, reader=reader)
    feed = feeder(archive, part, listener)
    blocks = archive.blocks(part, _STRETCH)
    prologue, rest = _prologue(blocks)
    feed(prologue)
    template = RowTemplate(reader) if listener.in_data and begins_plainly(prologue, "worksheet") else None
    for stretch in stretches(chain((rest,), blocks), _ROW_END):
        if template and (batch := template.parse(stretch, listener.last_row)):
            listener.last_row = int(batch.rows[-1])
            yield batch
            continue
        feed(stretch)
        yield from raw_batches(listener.taken())
        if template:
            template.learn(stretch)
            template = template if _still_plain(listener, stretch) else None
    feed(b"", final=True)
    yield from raw_batches(listener.taken())


def _still_plain(listener: RowListener, stretch: bytes) -> bool:
    return listener.in_data and stretch.endswith(_ROW_END) and goes_on_plainly(stretch)


def _prologue(blocks: Iterator[bytes]) -> tuple[bytes, bytes]:
    """What comes before the rows, and what was read beyond it."""
    read = b""
    for block in blocks:
        read += block
        if start := _DATA.search(read):
            return read[: start.end()], read[start.end() :]
        if len(read) > _LONGEST_PROLOGUE:
            break
    return read, b""
