"""XLS workbooks: records, texts over several of them, and the container that they lie in."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from batch.errors import InputError
from batch.model import CellFlag
from batch.reading import Extent, Limits, ReadOptions, Source
from batch.reading.xls.compound import DamagedCompoundError, open_compound
from tests.support.reading import open_here
from tests.support.spreadsheets import biff, biff_text, compound, write_xls, xls_stream


def place(row: int, column: int, style: int = 0) -> bytes:
    return struct.pack("<3H", row, column, style)


def label(row: int, column: int, text: str) -> bytes:
    return biff(0x0204, place(row, column) + biff_text(text))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return biff(0x0203, place(row, column, style) + struct.pack("<d", value))


CALCULATED = biff(0x01C1, bytes(8))  # as Excel writes


def opened(path: Path, limits: Limits | None = None) -> Source:
    return open_here(path, ReadOptions(limits=limits or Limits()))


def read(source: Source, sheet: str = "S") -> tuple[dict[int, list[str]], list[CellFlag]]:
    found = list(source.chunks(sheet, after=0, width=1))
    rows = {
        row: values for chunk in found for row, values in zip(chunk.rows, chunk.cells.to_numpy().tolist(), strict=True)
    }
    return rows, [flag for chunk in found for flag in chunk.flags]


def refused(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read(opened(path, limits))
    return caught.value


@pytest.mark.parametrize("small", [False, True])
def test_every_kind_of_cell(tmp_path: Path, small: bool) -> None:
    shared = [
        struct.pack("<2I", 3, 3),
        biff_text("één"),
        struct.pack("<HBH", 4, 0b1001, 1) + "rijk".encode("utf-16-le") + bytes(4),
        struct.pack("<HBI", 2, 0b0100, 6) + b"ja" + bytes(6),
    ]
    no_number = b"\xff\xff"
    records = (
        label(0, 0, "Zoë €")
        + biff(0x00FD, place(0, 1) + struct.pack("<I", 0))
        + biff(0x00FD, place(0, 2) + struct.pack("<I", 1))
        + biff(0x00FD, place(0, 3) + struct.pack("<I", 2))
        + biff(0x00FD, place(0, 4) + struct.pack("<I", 9))
        + number(1, 0, 12.0)
        + number(1, 1, 6083, 1)
        + biff(0x027E, place(1, 2) + struct.pack("<I", 0b10 | 42 << 2))
        + biff(0x00BD, struct.pack("<2H", 1, 3) + struct.pack("<HI", 0, 0b11 | 1250 << 2) * 2 + struct.pack("<H", 4))
        + biff(0x0205, place(2, 0) + b"\x01\x00")
        + biff(0x0205, place(2, 1) + b"\x00\x00")
        + biff(0x0205, place(2, 2) + b"\x2a\x01")
        + number(2, 3, 46024, 2)
        + biff(0x0006, place(3, 0) + struct.pack("<d", 2.5) + bytes(8))
        + biff(0x0006, place(3, 1) + bytes([0, 0, 0, 0, 0, 0]) + no_number + bytes(8))
        + biff(0x0207, biff_text("uit formule"))
        + biff(0x0006, place(3, 2) + bytes([1, 0, 1, 0, 0, 0]) + no_number + bytes(8))
        + biff(0x0006, place(3, 3) + bytes([2, 0, 0x17, 0, 0, 0]) + no_number + bytes(8))
        + biff(0x0006, place(3, 4) + bytes([3, 0, 0, 0, 0, 0]) + no_number + bytes(8))
        + biff(0x0207, biff_text("stray"))
        + biff(0x0201, place(4, 0))
    )
    stream = xls_stream(
        {"S": records}, formats=["00000", "d-mmm"], strings=biff(0x00FC, b"".join(shared)), before=CALCULATED
    )
    source = opened(write_xls(tmp_path / "a.xls", stream, small=small))
    rows, flags = read(source)
    assert rows == {
        1: ["Zoë €", "één", "rijk", "ja", "9"],
        2: ["12", "06083", "42", "12.5", "12.5"],
        3: ["TRUE", "FALSE", "#N/A", "2026-01-02", ""],
        4: ["2.5", "uit formule", "TRUE", "#REF!", ""],
    }
    assert [(flag.row, flag.column, flag.code) for flag in flags if flag.column is not None] == [
        (1, 4, "unreadable_cell"),
        (3, 2, "error_cell"),
        (3, 3, "date_cell"),
        (4, 3, "error_cell"),
    ]
    assert source.format == "xls"
    assert source.measure("S") == Extent(rows=4, columns=5)
    assert [row.cells for row in source.head("S", 1)] == [("Zoë €", "één", "rijk", "ja", "9")]


def test_texts_that_go_on_in_further_records(tmp_path: Path) -> None:
    first = struct.pack("<2I", 2, 2) + struct.pack("<HB", 6, 0) + b"abc"
    second = b"\x01" + "dé€".encode("utf-16-le") + struct.pack("<HB", 2, 1) + "漢".encode("utf-16-le")
    third = b"\x01" + "字".encode("utf-16-le")
    strings = biff(0x00FC, first) + biff(0x003C, second) + biff(0x003C, third)
    cells = b"".join(biff(0x00FD, place(0, column) + struct.pack("<I", column)) for column in range(2))
    path = write_xls(tmp_path / "a.xls", xls_stream({"S": cells}, strings=strings))
    assert read(opened(path))[0] == {1: ["abcdé€", "漢字"]}


def test_a_text_may_start_where_a_record_ends(tmp_path: Path) -> None:
    strings = biff(0x00FC, struct.pack("<2I", 2, 2) + biff_text("een")) + biff(0x003C, biff_text("twee"))
    path = write_xls(tmp_path / "a.xls", xls_stream({"S": biff(0x00FD, place(0, 0) + b"\1\0\0\0")}, strings=strings))
    assert read(opened(path))[0] == {1: ["twee"]}


def test_a_table_of_strings_may_end_early(tmp_path: Path) -> None:
    strings = biff(0x00FC, struct.pack("<2I", 9, 9) + biff_text("x"))
    path = write_xls(tmp_path / "a.xls", xls_stream({"S": biff(0x00FD, place(0, 0) + bytes(4))}, strings=strings))
    assert read(opened(path))[0] == {1: ["x"]}


def test_cells_may_come_in_any_order_but_not_twice(tmp_path: Path) -> None:
    records = label(5, 1, "b") + label(2, 0, "x") + label(5, 0, "a")
    assert read(opened(write_xls(tmp_path / "a.xls", xls_stream({"S": records}))))[0] == {3: ["x", ""], 6: ["a", "b"]}
    error = refused(write_xls(tmp_path / "b.xls", xls_stream({"S": records + label(2, 0, "y")})))
    assert error.code == "corrupt_file"
    assert "cell A3 is there twice" in error.message


def test_what_stands_around_the_cells_is_said(tmp_path: Path) -> None:
    hidden = struct.pack("<6HI", 1, 0, 1, 255, 0, 0, 0x20)
    shown = struct.pack("<6HI", 0, 0, 1, 255, 0, 0, 0)
    records = (
        biff(0x007D, struct.pack("<5H", 2, 3, 2048, 0, 1))
        + biff(0x007D, struct.pack("<5H", 4, 4, 2048, 0, 0))
        + biff(0x007D, struct.pack("<5H", 6, 6, 0, 0, 0))
        + biff(0x009B)
        + biff(0x0208, shown)
        + biff(0x0208, hidden)
        + label(0, 0, "a")
        + label(1, 0, "b")
        + biff(0x00E5, struct.pack("<5H", 1, 0, 1, 0, 0))
    )
    source = opened(write_xls(tmp_path / "a.xls", xls_stream({"S": records})))
    assert [notice.message for notice in source.sheet_notices("S")] == [
        "1 row is hidden by a filter (row 2); it is read like the others.",
        "Columns C:D and G are hidden; they are read like the others.",
        "Cells are merged (A1:A2). Their value belongs to the first cell of each area.",
    ]
    assert [(flag.row, flag.column, flag.code) for flag in read(source)[1]] == [(2, 0, "merged_cell")]


def test_only_worksheets_are_sheets_and_some_are_hidden(tmp_path: Path) -> None:
    stream = xls_stream({"A": b"", "B": b"", "C": b"", "Grafiek": b""}, states=[0, 1, 2, 0], kinds=[0, 0, 0, 2])
    assert [(sheet.name, sheet.visibility) for sheet in opened(write_xls(tmp_path / "a.xls", stream)).sheets] == [
        ("A", "visible"),
        ("B", "hidden"),
        ("C", "very_hidden"),
    ]


def test_a_sheet_that_is_not_where_the_workbook_says_is_damage(tmp_path: Path) -> None:
    stream = bytearray(xls_stream({"S": label(0, 0, "x")}))
    place = bytes(stream).index(struct.pack("<2H", 0x0085, len("S") + 8)) + 4
    (start,) = struct.unpack_from("<I", stream, place)
    struct.pack_into("<I", stream, place, start + 4)
    assert "a part is not where it should be" in refused(write_xls(tmp_path / "a.xls", bytes(stream))).message


def test_a_text_result_that_never_comes_is_said(tmp_path: Path) -> None:
    formula = struct.pack("<3H", 0, 0, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(8)
    for records in (biff(0x0006, formula), biff(0x0006, formula) + biff(0x0006, b"\1" + formula[1:])):
        rows, flags = read(opened(write_xls(tmp_path / "a.xls", xls_stream({"S": records}))))
        assert rows[1] == ["="]
        assert flags[0].code == "formula_without_result"


def formula(column: int, result: bytes, flags: int = 0) -> bytes:
    return biff(0x0006, struct.pack("<3H", 0, column, 0) + result + struct.pack("<H", flags) + bytes(6))


EMPTY = b"\3\0\0\0\0\0\xff\xff"


@pytest.mark.parametrize("calculated", [True, False])
def test_results_that_no_program_calculated_are_said(tmp_path: Path, *, calculated: bool) -> None:
    """Some programs store 0 or an empty text, and leave it to Excel to calculate."""
    records = (
        formula(0, bytes(8)) + formula(1, EMPTY) + formula(2, struct.pack("<d", 7)) + formula(3, bytes(8), flags=1)
    )
    stream = xls_stream({"S": records}, before=CALCULATED if calculated else b"")
    rows, flags = read(opened(write_xls(tmp_path / "a.xls", stream)))
    assert rows == {1: ["0", "", "7", "="] if calculated else ["=", "=", "7", "="]}
    said = [(flag.column, flag.code) for flag in flags if flag.column is not None]
    assert said == [(column, "formula_without_result") for column in ([3] if calculated else [0, 1, 3])]


def test_texts_are_shown_by_their_format(tmp_path: Path) -> None:
    records = biff(0x0204, struct.pack("<3H", 0, 0, 1) + biff_text("12")) + biff(
        0x0204, struct.pack("<3H", 0, 1, 2) + biff_text("geheim")
    )
    stream = xls_stream({"S": records}, formats=['"nr. "@', ";;;"])
    rows, flags = read(opened(write_xls(tmp_path / "a.xls", stream)))
    assert rows == {1: ["nr. 12", "geheim"]}
    assert [(flag.column, flag.code) for flag in flags if flag.column is not None] == [(1, "text_format")]


def test_a_chart_within_a_sheet_is_passed_over(tmp_path: Path) -> None:
    chart = biff(0x0809, struct.pack("<4H2I", 0x0600, 0x20, 0, 0, 0, 0)) + label(0, 0, "chart") + biff(0x000A)
    path = write_xls(tmp_path / "a.xls", xls_stream({"S": label(0, 1, "a") + chart + label(0, 2, "b")}))
    assert read(opened(path))[0] == {1: ["", "a", "b"]}


def test_dates_may_count_from_1904(tmp_path: Path) -> None:
    stream = xls_stream(
        {"S": number(0, 0, 44562, 1)}, formats=["yyyy-mm-dd"], before=biff(0x00E1, b"\0\0") + biff(0x0022, b"\x01\x00")
    )
    assert read(opened(write_xls(tmp_path / "a.xls", stream)))[0] == {1: ["2026-01-02"]}


@pytest.mark.parametrize(
    ("code_page", "codec"),
    [(1252, "cp1252"), (850, "cp850"), (10000, "mac_roman"), (32769, "cp1252"), (9999, "cp1252")],
)
def test_workbooks_of_excel_5_have_texts_in_a_code_page(tmp_path: Path, code_page: int, codec: str) -> None:
    start = biff(0x0809, struct.pack("<4H", 0x0500, 5, 0, 0)) + biff(0x0042, struct.pack("<H", code_page))
    start += biff(0x041E, struct.pack("<HB", 200, 5) + b"00000") + biff(0x00E0, struct.pack("<2H", 0, 200) + bytes(12))
    name = b"Blad"
    size = len(start) + 4 + 6 + 1 + len(name) + 4
    start += biff(0x0085, struct.pack("<IBB", size, 0, 0) + bytes([len(name)]) + name) + biff(0x000A)
    body = biff(0x0809, struct.pack("<4H", 0x0500, 0x10, 0, 0))
    text = "Zoë".encode(codec)
    body += biff(0x0204, place(0, 0) + struct.pack("<H", len(text)) + text) + number(0, 1, 7) + biff(0x000A)
    path = write_xls(tmp_path / "a.xls", start + body, name="Book")
    assert read(opened(path), "Blad")[0] == {1: ["Zoë", "00007"]}


def test_a_protected_workbook_is_said_to_be(tmp_path: Path) -> None:
    stream = xls_stream({"S": b""}, before=biff(0x002F, bytes(6)))
    assert refused(write_xls(tmp_path / "a.xls", stream)).code == "encrypted_file"


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (xls_stream({"S": b""})[:-4], "it is cut off"),
        (xls_stream({"S": label(0, 0, "x")})[:-8], "it is cut off"),
        (xls_stream({"S": biff(0x00FD, b"\0")}), "requires a buffer"),
        (xls_stream({"S": biff(0x0204, place(0, 0) + struct.pack("<HB", 99, 0) + b"x")}), "a text is cut off"),
        (xls_stream({"S": biff(0x0205, place(0, 0))}), "index out of range"),
        (b"\x09\x08", "it is cut off"),
    ],
)
def test_damaged_streams_are_refused(tmp_path: Path, stream: bytes, words: str) -> None:
    (tmp_path / "a.xls").write_bytes(compound({"Workbook": stream}, small=True))
    error = refused(tmp_path / "a.xls")
    assert error.code == "corrupt_file"
    assert words in error.message


def test_cells_are_bounded(tmp_path: Path) -> None:
    records = b"".join(number(row, 0, row) for row in range(20))
    assert (
        refused(write_xls(tmp_path / "a.xls", xls_stream({"S": records})), Limits(cells=10)).code == "sheet_too_large"
    )


def test_many_rows_come_in_several_pieces(tmp_path: Path) -> None:
    records = b"".join(number(row, 0, row) for row in range(12_000))
    rows, flags = read(opened(write_xls(tmp_path / "a.xls", xls_stream({"S": records}))))
    assert rows == {row + 1: [str(row)] for row in range(12_000)}
    assert flags == []


def test_a_container_is_read_whichever_way_its_streams_lie() -> None:
    for small in (False, True):
        found = open_compound(compound({"A": b"een", "B": b"twee" * 100}, small=small))
        assert found.read("A").startswith(b"een")
        assert found.read("B").startswith(b"twee" * 100)


def test_the_sectors_of_a_large_file_are_listed_beyond_the_header() -> None:
    data = bytearray(compound({"A": b"x" * 100_000}))
    (first,) = struct.unpack_from("<I", data, 76)  # moved from the header to a sector that lists it
    data[76:80] = struct.pack("<I", 0xFFFFFFFF)
    extra = (len(data) - 512) // 512
    struct.pack_into("<2I", data, 68, extra, 1)
    listed = struct.pack("<I", first) + b"\xff" * 504 + struct.pack("<I", 0xFFFFFFFE)
    count = len(struct.unpack_from("<109I", data, 76))
    others = [place for place in struct.unpack_from("<109I", data, 76) if place < 0xFFFFFFFA]
    assert count == 109
    struct.pack_into("<109I", data, 76, *([0xFFFFFFFF] * 109))
    listed = struct.pack("<2I", first, *others[:1]) if others else struct.pack("<I", first)
    listed = listed.ljust(508, b"\xff") + struct.pack("<I", 0xFFFFFFFE)
    assert open_compound(bytes(data) + listed).read("A") == b"x" * 100_000
    struct.pack_into("<2I", data, 68, 0xFFFFFFFE, 1)
    with pytest.raises(DamagedCompoundError):
        open_compound(bytes(data) + listed)


@pytest.mark.parametrize(
    ("place_of", "value", "words"),
    [
        (30, struct.pack("<H", 99), "the header is not one"),
        (32, struct.pack("<H", 9), "the header is not one"),
        (48, struct.pack("<I", 99_999), "a chain of sectors has no end"),
        (76, struct.pack("<I", 99_999), "a sector lies outside the file"),
    ],
)
def test_containers_whose_tables_lie_are_refused(place_of: int, value: bytes, words: str) -> None:
    data = bytearray(compound({"A": b"een"}))
    data[place_of : place_of + len(value)] = value
    with pytest.raises(DamagedCompoundError, match=words):
        open_compound(bytes(data))


def test_chains_that_bite_their_tails_are_refused() -> None:
    data = bytearray(compound({"A": b"een"}))
    (table,) = struct.unpack_from("<I", data, 76)
    start = 512 + table * 512
    struct.pack_into("<8I", data, start, 1, 2, 3, 4, 5, 6, 7, 0)
    found = open_compound(bytes(data))
    with pytest.raises(DamagedCompoundError, match="a chain of sectors has no end"):
        found.read("A")


def test_a_stream_that_is_shorter_than_it_says_is_refused() -> None:
    data = bytearray(compound({"A": b"een"}))
    entry = data.index("A".encode("utf-16-le") + b"\0\0")
    struct.pack_into("<I", data, entry + 120, 999_999)
    with pytest.raises(DamagedCompoundError, match="the stream A is cut off"):
        open_compound(bytes(data)).read("A")


def test_a_header_that_is_cut_off_is_refused() -> None:
    with pytest.raises(DamagedCompoundError, match="the header is cut off"):
        open_compound(compound({"A": b"een"})[:60])
