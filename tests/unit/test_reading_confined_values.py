"""What travels from the child: every value comes back as it was, and what is no frame is found out."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import pyarrow as pa
import pytest

from batch.model import CellFlag, Notice, SourceRow, sentence
from batch.reading import Extent, Sheet, Survey
from batch.reading.confined import values
from batch.reading.confined.frames import BrokenFrameError, Frame, Kind, read_frame, write_frame
from batch.reading.readrows import ReadRows

NOTICE = Notice(
    code="odd",
    sentence=sentence("{n:,} odd {what}", n=1234, what="r\udc80ws"),
    row=3,
    column="Naam",
    field="name",
    value="x",
)


def sent(head: object = None, body: bytes | memoryview = b"", kind: Kind = Kind.ANSWER) -> Frame:
    stream = io.BytesIO()
    write_frame(stream, Frame(kind=kind, head=head, body=body))
    stream.seek(0)
    frame = read_frame(stream)
    assert frame
    assert read_frame(stream) is None
    return frame


def test_a_survey_comes_back_as_it_was() -> None:
    survey = Survey(
        format="csv",
        sheets=(Sheet(name="A", visibility="very_hidden"), Sheet(name="B", rows=1, columns=2)),
        notices=(NOTICE,),
        encoding="utf-8",
        delimiter="\t",
    )
    assert values.survey_of(sent(values.plain_survey(survey)).head) == survey


def test_rows_notices_and_extents_come_back_as_they_were() -> None:
    rows = (SourceRow(number=1, cells=("a", "", "é\n")), SourceRow(number=9, cells=()))
    assert values.source_rows_of(sent(values.plain_source_rows(rows)).head) == rows
    assert values.notices_of(sent(values.plain_notices([NOTICE])).head) == (NOTICE,)
    assert values.extent_of(sent(values.plain_extent(Extent(rows=5, columns=3))).head) == Extent(rows=5, columns=3)


def test_what_json_cannot_carry_in_a_sentence_is_text_already() -> None:
    notice = Notice(code="day", sentence=sentence("on {day}", day=dt.date(2026, 1, 2)))
    (found,) = values.notices_of(sent(values.plain_notices([notice])).head)
    assert found.message == notice.message == "on 2026-01-02"


def test_read_rows_come_back_as_they_were_each_remark_once() -> None:
    column = pa.array(["", "b", "c", "dé"], pa.large_string())
    same = sentence("{n} too many", n=2)
    flags = (
        CellFlag(row=2, column=None, code="long_row", sentence=same, blocks=True),
        CellFlag(row=3, column=1, code="long_row", sentence=sentence("{n} too many", n=2), blocks=True),
        CellFlag(row=3, column=1, code="date_cell", sentence=same, blocks=True, likely="1-2"),
    )
    rows = ReadRows(rows=np.array([2, 3, 7]), columns=[column[1:], column[:3]], flags=flags)
    head, body = values.plain_rows(rows)
    assert isinstance(head, dict)
    assert len(head["remarks"]) == 2
    frame = sent(head, body)
    found = values.rows_of(frame.head, frame.body)
    assert found.rows.tolist() == [2, 3, 7]
    assert [column.to_pylist() for column in found.columns] == [["b", "c", "dé"], ["", "b", "c"]]
    assert found.flags == flags


def test_text_that_is_none_is_found_out_before_anybody_uses_it() -> None:
    head, body = values.plain_rows(ReadRows(rows=np.array([1]), columns=[pa.array(["abcdefgh"], pa.large_string())]))
    broken = bytes(body).replace(b"abcdefgh", b"\xff\xff\xff\xff\xff\xff\xff\xff")
    with pytest.raises(ValueError, match="UTF8"):
        values.rows_of(head, broken)
    with pytest.raises((OSError, ValueError)):
        values.rows_of(head, bytes(body)[:40])


def test_a_frame_that_is_cut_off_is_the_end() -> None:
    stream = io.BytesIO()
    write_frame(stream, Frame(kind=Kind.ANSWER, head=[1], body=b"xyz"))
    for length in range(len(stream.getvalue())):
        assert read_frame(io.BytesIO(stream.getvalue()[:length])) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x63" + b"\0" * 12,  # no such kind
        b"\x01" + b"\0" * 12,  # no head
        b"\x01\x01\0\0\0" + b"\0" * 8 + b"x",  # a head that is not JSON
        b"\x01" + b"\xff" * 12,  # larger than anything that is sent
    ],
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFrameError):
        read_frame(io.BytesIO(data))
