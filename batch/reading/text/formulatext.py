"""Values written as `="0612"`: how some programs make a spreadsheet keep the zeros of a text file."""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from batch.model import sentence
from batch.reading.batches import Batch, stored
from batch.reading.remarks import Remark
from batch.reading.sightings import holds
from batch.visible import shown

_MARK = b'="'
_WRAPPED = re.compile(r'="((?:[^"]|"")*)"')
_ANY_WRAPPED = r'^="(?:[^"]|"")*"$'


def unwrapped(text: str) -> str:
    """The text that a spreadsheet program shows for `text`."""
    match = _WRAPPED.fullmatch(text)
    return match[1].replace('""', '"') if match else text


def may_be_wrapped(text: bytes) -> bool:
    """Whether a value of `text`, a piece of a text file as it stands there, may be written so.

    The mark of one that is quoted stands there too, its quotation mark doubled.
    """
    return holds(text, _MARK)


def without_wrapping(batch: Batch) -> Batch:
    """The batch with each such value as it is shown, and that said."""
    columns: list[pa.Array] = []
    remarks: list[tuple[int, int | None, Remark]] = []
    for position, column in enumerate(batch.columns):
        if holds(stored(column)[1].tobytes(), _MARK):
            mask = pc.match_substring_regex(column, _ANY_WRAPPED)
            before = column.filter(mask).to_pylist()
            after = [unwrapped(text) for text in before]
            rows = batch.rows[mask.to_numpy(zero_copy_only=False)].tolist()
            remarks += [(row, position, _said(one, other)) for row, one, other in zip(rows, before, after, strict=True)]
            columns.append(pc.replace_with_mask(column, mask, pa.array(after, pa.large_string())))
        else:
            columns.append(column)
    return replace(batch, columns=columns, remarks=(*batch.remarks, *remarks)) if remarks else batch


def _said(before: str, after: str) -> Remark:
    said = sentence(
        "The file says {before}, which a spreadsheet program shows as {after}; it is read as that.",
        before=shown(before),
        after=shown(after),
    )
    return Remark(code="formula_text", sentence=said, blocks=False)
