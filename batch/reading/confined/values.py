"""The values of reading as what JSON and Arrow can carry, and back.

Functions that make values raise something of UNMAKEABLE where they are given something else than what their
counterparts gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import pyarrow as pa

from batch.model import CellFlag, Notice, SourceRow
from batch.reading.confined.sayings import plain_sentence, sentence_of
from batch.reading.readrows import ReadRows
from batch.reading.survey import Extent, Format, Sheet, Survey, Visibility

Plain = Mapping[str, object]
UNMAKEABLE = (AttributeError, LookupError, OSError, TypeError, ValueError, pa.ArrowException)


def plain_survey(survey: Survey) -> Plain:
    return {
        "format": survey.format,
        "sheets": [[sheet.name, sheet.visibility, sheet.rows, sheet.columns] for sheet in survey.sheets],
        "notices": plain_notices(survey.notices),
        "encoding": survey.encoding,
        "delimiter": survey.delimiter,
    }


def survey_of(head: object) -> Survey:
    plain = cast("Plain", head)
    sheets = cast("Sequence[tuple[str, Visibility, int | None, int | None]]", plain["sheets"])
    return Survey(
        format=cast("Format", plain["format"]),
        sheets=tuple(
            Sheet(name=name, visibility=visibility, rows=rows, columns=columns)
            for name, visibility, rows, columns in sheets
        ),
        notices=notices_of(plain["notices"]),
        encoding=cast("str | None", plain["encoding"]),
        delimiter=cast("str | None", plain["delimiter"]),
    )


def plain_notices(notices: Sequence[Notice]) -> Sequence[object]:
    return [
        [notice.code, *plain_sentence(notice.sentence), notice.row, notice.column, notice.field, notice.value]
        for notice in notices
    ]


def notices_of(head: object) -> tuple[Notice, ...]:
    plain = cast("Sequence[tuple[str, str, Plain, int | None, str | None, str | None, str]]", head)
    return tuple(
        Notice(code=code, sentence=sentence_of(template, values), row=row, column=column, field=field, value=value)
        for code, template, values, row, column, field, value in plain
    )


def plain_source_rows(rows: Sequence[SourceRow]) -> Sequence[object]:
    return [[row.number, row.cells] for row in rows]


def source_rows_of(head: object) -> tuple[SourceRow, ...]:
    plain = cast("Sequence[tuple[int, Sequence[str]]]", head)
    return tuple(SourceRow(number=number, cells=tuple(cells)) for number, cells in plain)


def plain_extent(extent: Extent) -> Sequence[object]:
    return [extent.rows, extent.columns]


def extent_of(head: object) -> Extent:
    rows, columns = cast("tuple[int, int]", head)
    return Extent(rows=rows, columns=columns)


def plain_rows(found: ReadRows) -> tuple[Plain, memoryview]:
    """The flags as a head, each remark once; row numbers and text as one Arrow record batch without its schema."""
    said: dict[tuple[object, ...], int] = {}
    remarks: list[object] = []
    places: list[tuple[int, int | None, int]] = []
    for flag in found.flags:
        template, values = plain_sentence(flag.sentence)
        key = (flag.code, template, *map(str, values.values()), flag.blocks, flag.likely)
        if (which := said.setdefault(key, len(said))) == len(remarks):
            remarks.append([flag.code, template, values, flag.blocks, flag.likely])
        places.append((flag.row, flag.column, which))
    batch = pa.record_batch([pa.array(found.rows), *found.columns], schema=_schema(len(found.columns)))
    head = {"width": len(found.columns), "share": found.share, "remarks": remarks, "flags": places}
    return head, memoryview(batch.serialize())


def rows_of(head: object, body: bytes | memoryview) -> ReadRows:
    plain = cast("Plain", head)
    batch = pa.ipc.read_record_batch(pa.py_buffer(body), _schema(cast("int", plain["width"])))
    batch.validate(full=True)
    numbers, *columns = batch.columns
    share = cast("float | None", plain["share"])
    return ReadRows(rows=numbers.to_numpy(), columns=columns, flags=tuple(_flags_of(plain)), share=share)


def _flags_of(plain: Plain) -> list[CellFlag]:
    remarks = [
        (code, sentence_of(template, values), blocks, likely)
        for code, template, values, blocks, likely in cast(
            "Sequence[tuple[str, str, Plain, bool, str | None]]", plain["remarks"]
        )
    ]
    found: list[CellFlag] = []
    for row, column, which in cast("Sequence[tuple[int, int | None, int]]", plain["flags"]):
        code, said, blocks, likely = remarks[which]
        found.append(CellFlag(row=row, column=column, code=code, sentence=said, blocks=blocks, likely=likely))
    return found


def _schema(width: int) -> pa.Schema:
    texts = [pa.field(str(position), pa.large_string(), nullable=False) for position in range(width)]
    return pa.schema([pa.field("row", pa.int64(), nullable=False), *texts])
