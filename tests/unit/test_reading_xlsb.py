"""XLSB workbooks: their records, and everything that XLSX has too."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from batch.errors import InputError
from batch.model import CellFlag
from batch.reading import Extent, Limits, ReadOptions, Source
from tests.support.reading import open_here
from tests.support.spreadsheets import biff12, relationships, wide, write_zip, xlsb_parts


def row(number: int, *, hidden: bool = False) -> bytes:
    return biff12(0, struct.pack("<2IHBB", number, 0, 0, 0, 0x10 if hidden else 0) + bytes(5))


def cell(kind: int, column: int, value: bytes, style: int = 0) -> bytes:
    return biff12(kind, struct.pack("<2I", column, style) + value)


def text(column: int, value: str) -> bytes:
    return cell(6, column, wide(value))


def opened(path: Path, limits: Limits | None = None) -> Source:
    return open_here(path, ReadOptions(limits=limits or Limits()))


def read(source: Source) -> tuple[dict[int, list[str]], list[CellFlag]]:
    found = list(source.chunks("S", after=0, width=1))
    rows = {
        row: values for chunk in found for row, values in zip(chunk.rows, chunk.cells.to_numpy().tolist(), strict=True)
    }
    return rows, [flag for chunk in found for flag in chunk.flags]


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read(opened(path))
    return caught.value


def test_every_kind_of_cell(tmp_path: Path) -> None:
    records = (
        biff12(145)
        + row(0)
        + text(0, "Zoë €")
        + cell(7, 1, struct.pack("<I", 0))
        + cell(7, 2, struct.pack("<I", 9))
        + cell(62, 3, b"\0" + wide("rijk"))
        + row(2)
        + cell(1, 0, b"")
        + cell(2, 1, struct.pack("<I", 0b10 | 42 << 2))
        + cell(5, 2, struct.pack("<d", 6083), style=1)
        + cell(3, 3, b"\x2a")
        + cell(4, 4, b"\x01")
        + row(3)
        + cell(8, 0, wide("uit formule"))
        + cell(9, 1, struct.pack("<d", 46024), style=2)
        + cell(10, 2, b"\0")
        + cell(11, 3, b"\x17")
        + cell(8, 4, wide(""))
        + biff12(146)
    )
    parts = xlsb_parts({"S": records}, strings=["gedeeld"], formats=["00000", "d-mmm"])
    source = opened(write_zip(tmp_path / "a.xlsb", parts))
    rows, flags = read(source)
    assert rows == {
        1: ["Zoë €", "gedeeld", "9", "rijk", ""],
        3: ["", "42", "06083", "#N/A", "TRUE"],
        4: ["uit formule", "2026-01-02", "FALSE", "#REF!", ""],
    }
    assert [(flag.row, flag.column, flag.code) for flag in flags if flag.column is not None] == [
        (1, 2, "unreadable_cell"),
        (3, 3, "error_cell"),
        (4, 1, "date_cell"),
        (4, 3, "error_cell"),
    ]
    assert source.measure("S") == Extent(rows=3, columns=5)


def test_cells_without_a_column_follow_the_one_before(tmp_path: Path) -> None:
    def short(kind: int, value: bytes, style: int = 0) -> bytes:
        return biff12(kind, struct.pack("<I", style) + value)

    records = (
        row(0)
        + short(17, wide("eerste"))
        + short(18, struct.pack("<I", 0))
        + short(12, b"")
        + short(13, struct.pack("<I", 0b10 | 42 << 2))
        + short(16, struct.pack("<d", 6083), style=1)
        + row(1)
        + cell(1, 1, b"")
        + short(15, b"\x01")
        + short(14, b"\x2a")
    )
    parts = xlsb_parts({"S": records}, strings=["gedeeld"], formats=["00000"])
    rows, flags = read(opened(write_zip(tmp_path / "a.xlsb", parts)))
    assert rows == {1: ["eerste", "gedeeld", "", "42", "06083"], 2: ["", "", "TRUE", "#N/A", ""]}
    assert [flag.code for flag in flags if flag.column is not None] == ["error_cell"]


def test_texts_are_shown_by_their_format(tmp_path: Path) -> None:
    records = row(0) + cell(6, 0, wide("12"), style=1) + cell(7, 1, struct.pack("<I", 0), style=2)
    parts = xlsb_parts({"S": records}, strings=["geheim"], formats=['"nr. "@', ";;;"])
    rows, flags = read(opened(write_zip(tmp_path / "a.xlsb", parts)))
    assert rows == {1: ["nr. 12", "geheim"]}
    assert [(flag.column, flag.code, flag.blocks) for flag in flags if flag.column is not None] == [
        (1, "text_format", True)
    ]


def test_what_stands_around_the_cells_is_said(tmp_path: Path) -> None:
    records = (
        biff12(60, struct.pack("<4IH", 1, 1, 2048, 0, 1))
        + biff12(60, struct.pack("<4IH", 2, 3, 2048, 0, 0))
        + biff12(60, struct.pack("<4IH", 5, 5, 0, 0, 0))
        + row(0)
        + text(0, "a")
        + row(1, hidden=True)
        + text(0, "b")
        + biff12(162)
        + biff12(176, struct.pack("<4I", 0, 1, 0, 0))
    )
    source = opened(write_zip(tmp_path / "a.xlsb", xlsb_parts({"S": records})))
    assert [notice.message for notice in source.sheet_notices("S")] == [
        "1 row is hidden by a filter (row 2); it is read like the others.",
        "Columns B and F are hidden; they are read like the others.",
        "Cells are merged (A1:A2). Their value belongs to the first cell of each area.",
    ]
    assert [(flag.row, flag.column, flag.code) for flag in read(source)[1]] == [(2, 0, "merged_cell")]


def test_sheets_dates_and_missing_parts(tmp_path: Path) -> None:
    records = row(0) + cell(5, 0, struct.pack("<d", 44562), style=1)
    parts = xlsb_parts({"S": records, "T": b"", "U": b""}, formats=["yyyy-mm-dd"], from_1904=True, states=[0, 1, 2])
    source = opened(write_zip(tmp_path / "a.xlsb", parts))
    assert read(source)[0] == {1: ["2026-01-02"]}
    assert [sheet.visibility for sheet in source.sheets] == ["visible", "hidden", "very_hidden"]
    targets = {"r1": ("worksheet", "worksheets/sheet1.bin"), "r2": ("chartsheet", "worksheets/sheet2.bin")}
    parts["xl/_rels/workbook.bin.rels"] = relationships({**targets, "r3": ("worksheet", "worksheets/sheet3.bin")})
    bare = opened(write_zip(tmp_path / "b.xlsb", parts))
    assert [sheet.name for sheet in bare.sheets] == ["S", "U"]
    assert read(bare)[0] == {1: ["44562"]}  # no styles, no date
    parts["xl/_rels/workbook.bin.rels"] = relationships({})
    assert "(S: the sheet is listed, but is not in the file)" in refused(write_zip(tmp_path / "c.xlsb", parts)).message


def test_many_rows_come_in_several_pieces(tmp_path: Path) -> None:
    records = b"".join(row(number) + text(0, "x" * 300) for number in range(5_000))
    rows, flags = read(opened(write_zip(tmp_path / "a.xlsb", xlsb_parts({"S": records}))))
    assert rows == {number + 1: ["x" * 300] for number in range(5_000)}
    assert flags == []


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (row(0) + text(0, "x")[:-1], "it is cut off"),
        (row(0) + b"\x06", "it is cut off"),
        (row(0) + b"\xff", "it is cut off"),
        (row(0) + b"\x06\xff\xff\xff\xff\x01", "it is cut off"),
        (row(0) + cell(6, 0, struct.pack("<I", 99)), "a text is cut off"),
        (row(0) + biff12(5, b"\0\0"), "requires a buffer"),
        (row(0) + cell(4, 0, b""), "index out of range"),
        (row(1) + text(0, "x") + row(0), "row 1 comes after row 2"),
        (row(0) + text(1, "x") + text(0, "y"), "cells out of order in row 1"),
    ],
)
def test_damaged_parts_are_refused(tmp_path: Path, records: bytes, words: str) -> None:
    error = refused(write_zip(tmp_path / "a.xlsb", xlsb_parts({"S": records})))
    assert error.code == "corrupt_file"
    assert words in error.message


@pytest.mark.parametrize("part", ["xl/workbook.bin", "xl/styles.bin", "xl/sharedStrings.bin"])
def test_damage_elsewhere_is_refused_too(tmp_path: Path, part: str) -> None:
    parts = xlsb_parts({"S": b""}, strings=["x"])
    stored = parts[part]
    assert isinstance(stored, bytes)
    parts[part] = stored[:-1]
    assert refused(write_zip(tmp_path / "a.xlsb", parts)).code == "corrupt_file"


def test_a_text_that_is_not_there_is_empty(tmp_path: Path) -> None:
    records = row(0) + cell(6, 0, struct.pack("<I", 0xFFFFFFFF)) + text(1, "x")
    assert read(opened(write_zip(tmp_path / "a.xlsb", xlsb_parts({"S": records}))))[0] == {1: ["", "x"]}
