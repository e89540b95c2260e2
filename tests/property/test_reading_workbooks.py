"""Any table of text reads back exactly from workbooks; fast and careful parsing agree; damage never crashes."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.errors import InputError
from batch.model import CellFlag
from batch.reading import Limits, ReadOptions
from batch.reading.stored import stored_file
from batch.reading.workbook.archive import Archive, open_archive
from batch.reading.workbook.cells import CellReader
from batch.reading.xlsx.rowtemplate import RowTemplate
from batch.reading.xlsx.sheetrows import sheet_rows
from tests.support.reading import open_here
from tests.support.spreadsheets import (
    biff,
    biff_text,
    sheet_xml,
    text_rows,
    write_ods,
    write_xls,
    write_xlsx,
    write_zip,
    xls_stream,
    xlsb_parts,
    xlsx_parts,
)

SMALL = Limits(inflated_bytes=50 << 20, cells=200_000, compound_bytes=1 << 20)


def read(path: Path) -> dict[str, tuple[dict[int, list[str]], list[CellFlag]]]:
    answers = {}
    with open_here(path, ReadOptions(limits=SMALL)) as source:
        for sheet in source.sheets:
            chunks = list(source.chunks(sheet.name, after=0, width=1))
            source.head(sheet.name, 3)
            source.sheet_notices(sheet.name)
            rows = {
                row: values
                for chunk in chunks
                for row, values in zip(chunk.rows, chunk.cells.to_numpy().tolist(), strict=True)
            }
            answers[sheet.name] = (rows, [flag for chunk in chunks for flag in chunk.flags])
    return answers


_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"))
_TEXTS = st.lists(
    st.one_of(_LETTERS, st.sampled_from(["\n", "\t", "&", "<", "_x0041_", "=", "'", "]]>", "\ufffd"])), max_size=6
).map("".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(_TEXTS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_any_table_of_text_reads_back_from_openpyxl(table: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, row in enumerate(table, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = text.replace("_x", "_x005F_x")
            cell.data_type = "s"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        book.save(path)
        rows, flags = read(path)[sheet.title]
    expected = {number: row for number, row in enumerate(table, 1) if any(text.strip() for text in row)}
    assert {number: _without_end(row) for number, row in rows.items()} == {
        number: _without_end(row) for number, row in expected.items()
    }
    assert _blocked(flags) == _lost(table)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(_TEXTS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_any_table_of_text_reads_back_from_opendocument(table: list[list[str]]) -> None:
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in table)
    with tempfile.TemporaryDirectory() as folder:
        path = write_ods(Path(folder, "a.ods"), f'<table:table table:name="S">{rows}</table:table>')
        found, flags = read(path)["S"]
    expected = {number: row for number, row in enumerate(table, 1) if any(text.strip() for text in row)}
    assert {number: _without_end(row) for number, row in found.items()} == {
        number: _without_end(row) for number, row in expected.items()
    }
    assert _blocked(flags) == _lost(table)


def _blocked(flags: list[CellFlag]) -> list[tuple[int, int | None, str]]:
    return sorted((flag.row, flag.column, flag.code) for flag in flags if flag.blocks)


def _lost(table: list[list[str]]) -> list[tuple[int, int, str]]:
    """The sign for a character that was lost is among all characters, and is never taken for one of the text."""
    return [
        (number, column, "lost_character")
        for number, row in enumerate(table, 1)
        for column, text in enumerate(row)
        if "\ufffd" in text
    ]


def _ods_cell(text: str) -> str:
    """A cell as LibreOffice writes it: a paragraph for each line, and blanks and tabs as elements."""
    lines = escape(text).split("\n")
    told = (line.replace(" ", "<text:s/>").replace("\t", "<text:tab/>") for line in lines)
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in told)
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def _without_end(row: list[str]) -> list[str]:
    while row and not row[-1].strip():  # blanks beyond the header are nobody's
        row = row[:-1]
    return row


_CELLS = st.sampled_from(
    [
        '<c r="{r}" t="s"><v>1</v></c>',
        '<c r="{r}" s="1" t="s"><v>0</v></c>',
        '<c r="{r}"><v>12</v></c>',
        '<c r="{r}" s="2"><v>12</v></c>',
        '<c r="{r}"><v>1.50</v></c>',
        '<c r="{r}" t="inlineStr"><is><t>a &amp; b</t></is></c>',
        '<c r="{r}" t="inlineStr"><is><t xml:space="preserve"> _x0041_</t></is></c>',
        '<c r="{r}" s="1"/>',
        '<c r="{r}" t="str"><f>A1</f><v>uit</v></c>',
        '<c r="{r}"><f t="shared" si="0"/><v>3</v></c>',
        '<c r="{r}" t="e"><v>#N/A</v></c>',
        '<c r="{r}" t="b"><v>1</v></c>',
        '<c r="{r}"><f>A1</f></c>',
        '<c r="{r}" t="s"><v>7</v></c>',
        '<c r="{r}" t="inlineStr"><is><r><t>x</t></r></is></c>',
        '<c r="{r}" cm="1"><v>4</v></c>',
        "",
        "",
    ]
)
_ENDS = st.sampled_from(["", "", "", '<row r="{n}"/>', "\n", "<!-- -->"])


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.lists(_CELLS, max_size=4), _ENDS), min_size=1, max_size=12), st.integers(60, 2000))
def test_the_template_tells_what_expat_tells(shapes: list[tuple[list[str], str]], stretch: int) -> None:
    number, xml = 0, []
    for cells, end in shapes * 3:
        number += 1
        filled = "".join(cell.format(r=f"{'ABCD'[place]}{number}") for place, cell in enumerate(cells))
        xml.append(f'<row r="{number}" spans="1:4">{filled}</row>')
        if "row" in end:
            number += 1
        xml.append(end.format(n=number))
    with tempfile.TemporaryDirectory() as folder:
        archive, cells_reader = _sheet(Path(folder, "a.xlsx"), "".join(xml))
        fast = _told(archive, cells_reader, stretch)
        slow = _told(archive, cells_reader, None)
    assert fast == slow


def _sheet(path: Path, rows: str) -> tuple[Archive, CellReader]:
    file = stored_file(write_xlsx(path, sheet_xml(rows)), Limits())
    return open_archive(file, Limits()), CellReader(
        strings=["nul", "een"], codes=["General", "@", "000"], from_1904=False
    )


def _told(archive: Archive, cells: CellReader, stretch: int | None) -> list[object]:
    """The rows and remarks, by the template in stretches of some bytes, or (None) by expat alone."""
    told: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        if stretch is None:
            patch.setattr(RowTemplate, "parse", lambda *_arguments: None)
        else:
            patch.setattr("batch.reading.xlsx.sheetrows._STRETCH", stretch)
        for batch in sheet_rows(archive, "xl/worksheets/sheet1.xml", cells):
            for place, row in enumerate(batch.rows.tolist()):
                texts = _without_end([column[place].as_py() for column in batch.columns])
                remarks = sorted((column, remark.code) for number, column, remark in batch.remarks if number == row)
                if texts:
                    told.append((row, texts, remarks))
    return told


def _originals(folder: Path) -> list[Path]:
    label = biff(0x0204, b"\0\0\0\0\0\0" + biff_text("tekst"))
    cells = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    table = f'<table:table table:name="S"><table:table-row>{cells}</table:table-row></table:table>'
    return [
        write_xlsx(folder / "a.xlsx", text_rows([["naam", "plaats"], ["Jan", "Assen"]]), strings=["<t>x</t>"]),
        write_xls(folder / "a.xls", xls_stream({"S": label}, formats=["00000"]), small=True),
        write_zip(folder / "a.xlsb", xlsb_parts({"S": b"\x00\x19" + bytes(25)}, strings=["x"], formats=["0"])),
        write_ods(folder / "a.ods", table),
    ]


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 3), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8), st.booleans()
)
def test_damaged_files_are_refused_or_read_but_never_crash(
    which: int, wounds: list[tuple[float, int]], cut: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = _originals(Path(folder))[which]
        data = bytearray(path.read_bytes())
        for place, value in wounds:
            data[min(int(place * len(data)), len(data) - 1)] = value
        path.write_bytes(bytes(data[: int(wounds[0][0] * len(data))] if cut else data))
        _answers(path)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 3), st.data())
def test_damaged_parts_within_sound_zip_files_never_crash(which: int, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = _originals(Path(folder))[which]
        if path.suffix == ".xls":
            stream = bytearray(xls_stream({"S": biff(0x0204, b"\0\0\0\0\0\0" + biff_text("tekst"))}, formats=["0"]))
            _wound(stream, data)
            write_xls(path, bytes(stream), small=True)
        else:
            with zipfile.ZipFile(path) as archive:
                parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
            _wound(parts[data.draw(st.sampled_from(sorted(parts)))], data)
            write_zip(path, {name: bytes(content) for name, content in parts.items()})
        _answers(path)


def _wound(content: bytearray, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        piece = data.draw(
            st.sampled_from([b"\0", b"\xff", b"<", b"</row>", b'"', b"&", b"9", b"", b"<c", b"\xff\xff\xff\x7f"])
        )
        content[place : place + data.draw(st.integers(0, 3))] = piece


def _answers(path: Path) -> None:
    with contextlib.suppress(InputError):
        read(path)


def test_the_originals_are_sound(tmp_path: Path) -> None:
    assert [list(read(path)) for path in _originals(tmp_path)] == [["Sheet1"], ["S"], ["S"], ["S"]]
    assert xlsx_parts({"S": ""})
