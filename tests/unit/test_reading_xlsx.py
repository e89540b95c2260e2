"""XLSX workbooks: every shape of cell and sheet, by the fast way and by the careful one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from batch.errors import InputError
from batch.model import CellFlag, Chunk
from batch.reading import Extent, Limits, ReadOptions, Source
from tests.support.reading import open_here
from tests.support.spreadsheets import (
    MAIN,
    STRICT,
    cell,
    relationships,
    sheet_xml,
    text_rows,
    write_xlsx,
    write_zip,
    xlsx_parts,
)

SLOW = "<!-- a comment makes the reader careful -->"


def opened(path: Path, limits: Limits | None = None) -> Source:
    return open_here(path, ReadOptions(limits=limits or Limits()))


def refused(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read_all(opened(path, limits))
    return caught.value


def read_all(source: Source) -> None:
    for sheet in source.sheets:
        list(source.chunks(sheet.name, after=0, width=1))


def chunks(path: Path, *, after: int = 0, width: int = 1, sheet: str = "Sheet1") -> list[Chunk]:
    with opened(path) as source:
        return list(source.chunks(sheet, after=after, width=width))


def table(found: Sequence[Chunk]) -> dict[int, list[str]]:
    return {
        row: values for chunk in found for row, values in zip(chunk.rows, chunk.cells.to_numpy().tolist(), strict=True)
    }


def flags(found: Sequence[Chunk]) -> list[CellFlag]:
    return [flag for chunk in found for flag in chunk.flags]


def one(path: Path) -> tuple[str, str | None]:
    """The text of the only cell, and the code of what is said of it."""
    found = chunks(path)
    codes = [flag.code for flag in flags(found)]
    return next(iter(table(found).values()))[0], codes[0] if codes else None


@pytest.mark.parametrize(
    ("xml", "text", "code"),
    [
        ('<c r="A1" t="inlineStr"><is><t>Zoë &amp; Co</t></is></c>', "Zoë & Co", None),
        (
            '<c r="A1" t="inlineStr"><is><r><t>Zo</t></r><r><rPr/><t xml:space="preserve">ë </t></r></is></c>',
            "Zoë ",
            None,
        ),
        ('<c r="A1" t="inlineStr"><is><t>a</t><rPh><t>phonetic</t></rPh></is></c>', "a", None),
        ('<c r="A1" t="s"><v>0</v></c>', "plain", None),
        ('<c r="A1" t="s"><v>1</v></c>', "rich text", None),
        ('<c r="A1" t="s"><v>2</v></c>', "a\rb", None),
        ('<c r="A1" t="s"><v>9</v></c>', "9", "unreadable_cell"),
        ('<c r="A1" t="s"><v>x</v></c>', "x", "unreadable_cell"),
        ('<c r="A1" t="str"><f>A2</f><v>text</v></c>', "text", None),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', "2", None),
        ('<c r="A1"><f>A2 + B2</f></c>', "=A2 + B2", "formula_without_result"),
        ('<c r="A1"><f>A2</f><v></v></c>', "=A2", "formula_without_result"),
        ('<c r="A1"><f t="shared" si="0"/><v/></c>', "=", "formula_without_result"),
        ('<c r="A1" t="b"><v>1</v></c>', "TRUE", None),
        ('<c r="A1" t="b"><v>0</v></c>', "FALSE", None),
        ('<c r="A1" t="b"><v>7</v></c>', "7", "unreadable_cell"),
        ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A", "error_cell"),
        ('<c r="A1" t="d"><v>2026-01-02</v></c>', "2026-01-02", "date_cell"),
        ('<c r="A1" t="d"><v>2026-01-02T10:30:00</v></c>', "2026-01-02T10:30:00", "date_cell"),
        ('<c r="A1" t="d"><v>2026-01-02T10:30:00Z</v></c>', "2026-01-02T10:30:00", "date_cell"),
        ('<c r="A1" t="d" s="2"><v>10:30:00</v></c>', "10:30:00", "time_cell"),
        ('<c r="A1" t="d"><v>someday</v></c>', "someday", "unreadable_cell"),
        ('<c r="A1" t="zzz"><v>1</v></c>', "1", "unreadable_cell"),
        ('<c r="A1"><v> 12.0 </v></c>', "12", None),
        ('<c r="A1" t="n"><v>#NUM!</v></c>', "#NUM!", "unreadable_number"),
        ('<c r="A1" s="1"><v>6083</v></c>', "06083", None),
        ('<c r="A1" s="77"><v>12</v></c>', "12", None),
        ('<c r="$A$1"><v>1</v></c>', "1", None),
        ("<c><v>1</v></c>", "1", None),
        (
            '<c r="A1" t="inlineStr"><is><t>_x0041_ _x005F_x0041_ _xD83D__xDE00_</t></is></c>',
            "A _x0041_ \U0001f600",
            None,
        ),
        ('<c r="A1" t="inlineStr"><is><t>_xD800_</t></is></c>', "\ufffd", "lost_character"),
        ('<c r="A1" t="inlineStr"><is><t>a_x0007_b</t></is></c>', "a\x07b", "control_character"),
        ('<c r="A1"><is><t>no type</t></is></c>', "no type", None),
    ],
)
def test_every_kind_of_cell(tmp_path: Path, xml: str, text: str, code: str | None) -> None:
    strings = ["<t>plain</t>", "<r><t>rich</t></r><r><t> text</t></r><rPh><t>x</t></rPh>", "<t>a_x000D_b</t>"]
    row = f'<row r="1">{xml}</row>'
    options = {"strings": strings, "formats": ["00000", "h:mm:ss"]}
    assert one(write_xlsx(tmp_path / "a.xlsx", row, **options)) == (text, code)  # type: ignore[arg-type]
    assert one(write_xlsx(tmp_path / "b.xlsx", SLOW + row, **options)) == (text, code)  # type: ignore[arg-type]


@pytest.mark.parametrize("before", ["", SLOW])
def test_an_empty_shared_text_is_an_empty_cell(tmp_path: Path, before: str) -> None:
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row>'
    assert table(chunks(write_xlsx(tmp_path / "a.xlsx", before + row, strings=["<t/>"]), width=2)) == {1: ["", "1"]}


def test_an_empty_text_result_of_a_formula_is_an_empty_cell(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" t="str"><f>A2</f><v></v></c><c r="B1"><v>1</v></c></row>'
    found = chunks(write_xlsx(tmp_path / "a.xlsx", row), width=2)
    assert table(found) == {1: ["", "1"]}
    assert flags(found) == []


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    extension = '<workbookPr date1904="1"/><extLst xmlns:x="other"><x:workbookPr date1904="0"/></extLst>'
    row = '<row r="1"><c r="A1" s="1"><v>44562</v></c></row>'
    path = write_xlsx(tmp_path / "a.xlsx", row, formats=["yyyy-mm-dd"], workbook_properties=extension)
    assert one(path) == ("2026-01-02", "date_cell")
    row = '<row r="1"><c r="A1" t="d"><v>2026-01-02</v></c></row>'
    path = write_xlsx(tmp_path / "b.xlsx", row, formats=[], workbook_properties=extension)
    assert one(path) == ("2026-01-02", "date_cell")


def test_many_rows_of_a_kind_and_then_others(tmp_path: Path) -> None:
    """The template is learned from the first stretch, learns new shapes, and leaves to expat what it cannot tell."""
    rows: list[str] = []
    expected: dict[int, list[str]] = {}
    for number in range(1, 12_001):
        cells = [f'<c r="A{number}" s="1" t="s"><v>{number % 3}</v></c>', f'<c r="B{number}"><v>{number}</v></c>']
        values = [["één", "twee & drie", "x"][number % 3], str(number), "tekst", ""]
        if number % 5:
            cells.append(f'<c r="C{number}" t="inlineStr"><is><t>a &lt; b _x0041_</t></is></c>')
            values[2] = "a < b A"
        else:
            cells.append(f'<c r="C{number}" s="1"/>')
            values[2] = ""
        if number > 6_000:
            cells.append(f'<c r="D{number}" s="2"><f>B{number}</f><v>{number}.5</v></c>')
            values[3] = f"{number}.5"
        if number == 9_000:
            cells[1] = f'<c r="B{number}" cm="1"><v>7</v></c>'
            values[1] = "7"
        if number % 11 == 0:
            cells[0] = values[0] = ""
        rows.append(f'<row r="{number}" spans="1:4">{"".join(cells)}</row>')
        expected[number] = values
    path = write_xlsx(
        tmp_path / "a.xlsx",
        "".join(rows),
        strings=["<t>één</t>", "<t>twee &amp; drie</t>", "<t>x</t>"],
        formats=["@", "General"],
    )
    found = chunks(path, width=4)
    assert table(found) == expected
    assert flags(found) == []
    assert {len(chunk.rows) for chunk in found} <= set(range(10_001))


def test_phantom_rows_cost_nothing(tmp_path: Path) -> None:
    phantoms = "".join(f'<row r="{number}" s="1" customFormat="1"/>' for number in range(3, 30_000))
    styled = "".join(
        f'<row r="{number}"><c r="A{number}" s="1"/><c r="B{number}" s="1"/></row>' for number in range(30_000, 40_000)
    )
    last = '<row r="40000"><c r="A40000" t="inlineStr"><is><t>x</t></is></c></row>'
    first = text_rows([["a"], ["b"]])
    path = write_xlsx(tmp_path / "a.xlsx", first + phantoms + styled + last)
    assert table(chunks(path)) == {1: ["a"], 2: ["b"], 40_000: ["x"]}
    assert opened(path).measure("Sheet1") == Extent(rows=3, columns=1)


def test_empty_rows_between_others_keep_the_fast_way_in_step(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{2 * number}"><c r="A{2 * number}"><v>{number}</v></c></row><row r="{2 * number + 1}" ht="15"/>'
        for number in range(1, 9_000)
    )
    found = chunks(write_xlsx(tmp_path / "a.xlsx", rows))
    assert table(found) == {2 * number: [str(number)] for number in range(1, 9_000)}


def test_cells_and_rows_without_references_go_by_position(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/>"
    rows += "<row><c><v>4</v></c><c r='D3'><v>5</v></c><c><v>6</v></c></row>"
    found = table(chunks(write_xlsx(tmp_path / "a.xlsx", rows), width=5))
    assert found == {1: ["1", "", "3", "", ""], 3: ["4", "", "", "5", "6"]}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', "row 1 comes after row 2"),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>', "row 1 comes after row 1"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "out of order in row 1"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "out of order in row 1"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "cell A2 in row 1"),
        ('<row r="1"><c r="?"><v>1</v></c></row>', "cell ? in row 1"),
        ('<row r="1"><c r="A1"><v>1</c></row>', "mismatched tag"),
        ('<row r="1"><c r="A1"><v>&nbsp;</v></c></row>', "undefined entity"),
        ('<row r="1"><c r="A1" s="1"><v>\x01</v></c></row>', "invalid token"),
    ],
)
def test_disorder_is_refused_rather_than_guessed_at(tmp_path: Path, rows: str, words: str) -> None:
    for path in (
        write_xlsx(tmp_path / "a.xlsx", rows),
        write_xlsx(tmp_path / "b.xlsx", text_rows([]) + SLOW + rows),
    ):
        error = refused(path)
        assert error.code == "corrupt_file"
        assert words in error.message


def test_disorder_after_many_good_rows_is_refused_too(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(1, 9_000))
    assert "row 5 comes after" in refused(write_xlsx(tmp_path / "a.xlsx", rows + '<row r="5"/><row r="9999"/>')).message
    bad = '<row r="9500"><c r="A9501"><v>1</v></c></row>'
    assert "cell A9501 in row 9500" in refused(write_xlsx(tmp_path / "b.xlsx", rows + bad)).message


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "y">]>' + sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')
    error = refused(write_xlsx(tmp_path / "a.xlsx", bomb))
    assert error.code == "unsafe_file"
    assert "xl/worksheets/sheet1.xml" in error.message


def test_a_wrong_dimension_is_ignored(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", sheet_xml(text_rows([["a", "b"], ["c", "d"]]), before='<dimension ref="A1"/>')
    )
    assert opened(path).measure("Sheet1") == Extent(rows=2, columns=2)


def test_strict_and_prefixed_documents_are_read_alike(tmp_path: Path) -> None:
    rows = text_rows([["a"], ["b"]])
    prefixed = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    prefixed = (
        prefixed.replace("<row", "<x:row").replace("</row", "</x:row").replace("<c ", "<x:c ").replace("</c>", "</x:c>")
    )
    for tag in ("is", "t"):
        prefixed = prefixed.replace(f"<{tag}>", f"<x:{tag}>").replace(f"</{tag}>", f"</x:{tag}>")
    bare = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    for name, xml in {"strict": sheet_xml(rows, namespace=STRICT), "prefixed": prefixed, "bare": bare}.items():
        assert table(chunks(write_xlsx(tmp_path / f"{name}.xlsx", xml))) == {1: ["a"], 2: ["b"]}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_other_encodings_of_xml_are_read(tmp_path: Path, encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    xml = f'<?xml version="1.0" encoding="{declared}"?>' + sheet_xml(text_rows([["Zoë"], ["één"]]))
    assert table(chunks(write_xlsx(tmp_path / "a.xlsx", xml.encode(encoding)))) == {1: ["Zoë"], 2: ["één"]}


def test_foreign_elements_are_not_taken_for_cells(tmp_path: Path) -> None:
    foreign = '<extLst xmlns:z="other"><z:row r="9"><z:c r="A9"><z:v>9</z:v></z:c></z:row><row r="8"/></extLst>'
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    path = write_xlsx(tmp_path / "a.xlsx", sheet_xml(rows, after=foreign + "<c><v>5</v></c>"))
    assert table(chunks(path)) == {1: ["1"]}


def test_meaning_that_changes_after_plain_rows_is_followed(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(1, 9_000))
    cdata = '<row r="9001"><c r="A9001" t="inlineStr"><is><t><![CDATA[</row>a]]></t></is></c></row>'
    after = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(9_002, 18_000))
    found = table(chunks(write_xlsx(tmp_path / "a.xlsx", rows + cdata + after)))
    assert found[9_001] == ["</row>a"]
    assert len(found) == 8_999 + 1 + 8_998


def test_a_large_prologue_and_a_huge_row_are_read_carefully(tmp_path: Path) -> None:
    columns = "<cols>" + '<col min="1" max="1" width="9"/>' * 60_000 + "</cols>"
    long = f't="inlineStr"><is><t>{"x" * 300_000}</t></is></c>'
    huge = "".join(f'<c r="{letters}1" {long}' for letters in "ABCDEFGHIJKLMNOPQ")
    xml = sheet_xml(f'<row r="1">{huge}</row>' + '<row r="2"><c r="A2"><v>2</v></c></row>', before=columns)
    found = chunks(write_xlsx(tmp_path / "a.xlsx", xml), width=17)
    assert [len(values[16]) for values in table(found).values()] == [300_000, 0]
    assert {flag.code for flag in flags(found)} == {"cell_too_long"}


def test_a_tag_without_end_is_refused_in_time(tmp_path: Path) -> None:
    xml = sheet_xml('<row r="1"><c r="A1' + "1" * 9_000_000 + '"><v>1</v></c></row>')
    assert "a tag has no end" in refused(write_xlsx(tmp_path / "a.xlsx", xml)).message


def test_hidden_rows_columns_and_merged_cells_are_said(tmp_path: Path) -> None:
    rows = text_rows([["a", "b", "c"]] * 9).replace('<row r="3"', '<row hidden="1" r="3"')
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="4" max="4" width="0"/><col min="5" width="9"/></cols>'
    one_hidden = sheet_xml(rows, before=columns)
    many = rows
    for number in (4, 5, 6, 7, 8):
        many = many.replace(f'<row r="{number}"', f'<row r="{number}" ht="15" hidden="true"')
    several = sheet_xml(
        many,
        before='<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" hidden="true"/><col min="9"/></cols>',
        after='<autoFilter ref="A1:C9"><filterColumn colId="0"/></autoFilter>'
        '<mergeCells><mergeCell ref="B2:C3"/><mergeCell ref="$A$5:$A$6"/><mergeCell ref="nonsense"/></mergeCells>',
    )
    source = opened(write_zip(tmp_path / "a.xlsx", xlsx_parts({"Een": one_hidden, "Twee": several, "Drie": rows[:0]})))
    assert [notice.message for notice in source.sheet_notices("Een")] == [
        "1 row is hidden (row 3); it is read like the others.",
        "Columns B and D are hidden; they are read like the others.",
    ]
    assert [(notice.code, notice.row, notice.message) for notice in source.sheet_notices("Twee")] == [
        (
            "hidden_rows",
            3,
            "6 rows are hidden by a filter (rows 3, 4, 5, 6, 7 and 1 more); they are read like the others.",
        ),
        ("hidden_columns", None, "Columns B:C and E are hidden; they are read like the others."),
        (
            "merged_cells",
            2,
            "Cells are merged (B2:C3 and A5:A6). Their value belongs to the first cell of each area.",
        ),
    ]
    assert source.sheet_notices("Drie") == ()
    found = list(source.chunks("Twee", after=1, width=3))
    assert len(table(found)) == 8
    assert [(flag.row, flag.column, flag.code, flag.blocks) for flag in flags(found)] == [
        (2, 2, "merged_cell", True),
        (3, 1, "merged_cell", True),
        (3, 2, "merged_cell", True),
        (6, 0, "merged_cell", True),
    ]


def test_hidden_rows_are_found_by_either_way_of_looking(tmp_path: Path) -> None:
    rows = '<row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row hidden="1"><c><v>1</v></c></row>'
    for name, xml in {
        "careful": "<?xml version='1.0'?><!-- a -->" + sheet_xml(rows),
        "looks_like_an_end": sheet_xml(rows + "<!-- </sheetData> -->"),
        "plain": sheet_xml(rows),
        "no_height": sheet_xml(rows.replace('hidden="1"', 'ht="0" customHeight="1"')),
        "careful_no_height": "<!-- a -->" + sheet_xml(rows.replace('hidden="1"', 'ht="0.0"')),
        "self_closing": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
    }.items():
        source = opened(write_xlsx(tmp_path / f"{name}.xlsx", xml))
        assert len(source.sheet_notices("Sheet1")) == (name != "self_closing")


def test_values_beyond_the_header_are_kept_and_said(tmp_path: Path) -> None:
    found = chunks(
        write_xlsx(tmp_path / "a.xlsx", text_rows([["a", "b"], ["1", "2", "x"], ["1", "2", "x", "y"]])),
        after=1,
        width=2,
    )
    assert table(found) == {2: ["1", "2", "x", ""], 3: ["1", "2", "x", "y"]}
    assert [(flag.row, flag.column, flag.code, flag.blocks) for flag in flags(found)] == [
        (2, None, "beyond_header", False),
        (3, None, "beyond_header", False),
    ]
    assert str(flags(found)[0].sentence).startswith("1 value of this row stands to the right of the last header")
    assert str(flags(found)[1].sentence).startswith("2 values of this row stand to the right of the last header")


def test_one_value_in_the_last_cell_of_all_makes_no_grid(tmp_path: Path) -> None:
    rows = text_rows([["a"]]) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    found = chunks(path)
    assert [row for chunk in found for row in chunk.rows] == [1, 1_048_576]
    assert found[-1].cells.iloc[-1, 16_383] == "1"
    assert opened(path).measure("Sheet1") == Extent(rows=2, columns=16_384)


def test_rows_of_very_different_width_are_not_all_made_wide(tmp_path: Path) -> None:
    narrow = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 2_000))
    wide = '<row r="2000"><c r="XFD2000"><v>1</v></c></row>'
    rest = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(2_001, 4_000))
    found = chunks(write_xlsx(tmp_path / "a.xlsx", SLOW + narrow + wide + rest))
    assert sum(len(chunk.rows) for chunk in found) == 3_999
    assert max(chunk.cells.size for chunk in found) <= 4_000_000


@pytest.mark.parametrize(
    ("rows", "limits"),
    [
        ('<row r="11"><c r="A11"><v>1</v></c></row>', Limits(rows=10)),
        ('<row r="1"><c r="K1"><v>1</v></c></row>', Limits(columns=10)),
        ('<row r="1"><c r="J1"><v>1</v></c></row><row r="2"><c r="J2"><v>1</v></c></row>', Limits(cells=19)),
    ],
)
def test_a_sheet_beyond_the_limits_is_refused(tmp_path: Path, rows: str, limits: Limits) -> None:
    error = refused(write_xlsx(tmp_path / "a.xlsx", rows), limits)
    assert error.code == "sheet_too_large"
    assert "sheet 'Sheet1' is too large" in error.message


def test_too_many_sheets_and_none_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.xlsx", xlsx_parts({"A": "", "B": ""}))
    assert refused(path, Limits(sheets=1)).code == "too_many_sheets"
    assert refused(write_zip(tmp_path / "b.xlsx", xlsx_parts({}))).code == "no_sheets"
    twins = xlsx_parts({"A": "", "B": ""})
    twins["xl/workbook.xml"] = str(twins["xl/workbook.xml"]).replace('name="B"', 'name="A"')
    assert "two sheets have the same name" in refused(write_zip(tmp_path / "c.xlsx", twins)).message


def test_sheets_tell_whether_they_are_hidden(tmp_path: Path) -> None:
    parts = xlsx_parts({"A": "", "B": "", "C": ""}, states={"B": "hidden", "C": "veryHidden"})
    sheets = opened(write_zip(tmp_path / "a.xlsx", parts)).sheets
    assert [(sheet.name, sheet.visibility) for sheet in sheets] == [
        ("A", "visible"),
        ("B", "hidden"),
        ("C", "very_hidden"),
    ]


def test_chart_sheets_are_no_sheets_and_missing_ones_are_damage(tmp_path: Path) -> None:
    parts = xlsx_parts({"A": text_rows([["x"]]), "Chart": ""})
    targets = {"r1": ("worksheet", "worksheets/sheet1.xml"), "r2": ("chartsheet", "worksheets/sheet2.xml")}
    parts["xl/_rels/workbook.xml.rels"] = relationships(targets)
    assert [sheet.name for sheet in opened(write_zip(tmp_path / "a.xlsx", parts)).sheets] == ["A"]
    parts["xl/_rels/workbook.xml.rels"] = relationships({"r1": ("worksheet", "worksheets/gone.xml")})
    error = refused(write_zip(tmp_path / "b.xlsx", parts))
    assert error.code == "corrupt_file"
    assert "(A: the sheet is listed, but is not in the file)" in error.message


def test_parts_are_found_however_they_are_written(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sheet1": text_rows([["x"]])})
    absolute = {"r1": ("worksheet", "/xl/worksheets/sheet1.xml"), "r2": ("worksheet", "..\\elsewhere.xml")}
    parts["xl/_rels/workbook.xml.rels"] = relationships(absolute)
    backslashed = {name.replace("/", "\\").upper(): content for name, content in parts.items()}
    assert one(write_zip(tmp_path / "a.xlsx", backslashed)) == ("x", None)
    del parts["_rels/.rels"], parts["[Content_Types].xml"]
    assert one(write_zip(tmp_path / "b.xlsx", parts)) == ("x", None)


def test_types_by_extension_and_external_targets(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sheet1": text_rows([["x"]])})
    parts["[Content_Types].xml"] = (
        '<Types><Default Extension="XML" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    external = '<Relationship Id="r9" Type="x/externalLink" Target="http://example.test/" TargetMode="External"/>'
    key = "xl/_rels/workbook.xml.rels"
    parts[key] = str(parts[key]).replace("</Relationships>", external + "</Relationships>")
    assert one(write_zip(tmp_path / "a.xlsx", parts)) == ("x", None)


def test_a_workbook_needs_neither_styles_nor_strings(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sheet1": '<row r="1"><c r="A1" s="3"><v>5</v></c></row>'})
    del parts["xl/styles.xml"], parts["xl/sharedStrings.xml"]
    error = refused(write_zip(tmp_path / "a.xlsx", parts))
    assert error.code == "corrupt_file"
    assert "the part is listed, but is not in the file" in error.message
    parts["xl/_rels/workbook.xml.rels"] = relationships({"r1": ("worksheet", "worksheets/sheet1.xml")})
    assert one(write_zip(tmp_path / "b.xlsx", parts)) == ("5", None)


def test_many_shared_strings_by_either_way(tmp_path: Path) -> None:
    texts = [f"tekst {number} {'x' * 60}" for number in range(17_000)]
    strings = [f"<t>{text}</t>" for text in texts]
    rows = '<row r="1"><c r="A1" t="s"><v>9000</v></c><c r="B1" t="s"><v>16999</v></c></row>'
    variants = {
        "plain": strings,
        "rich in the middle": [*strings[:9_000], "<r><t>" + texts[9_000] + "</t></r>", *strings[9_001:]],
        "empty in the middle": [*strings[:16_000], "</si><si/><si><t>x</t>", *strings[16_003:]],
        "escaped": [text.replace("tekst", "_x0074_ekst") for text in strings],
        "entities": [text.replace("tekst", "&#116;e&#x6B;st") for text in strings],
        "comment": [*strings[:9_001], "<!-- </si> --><t>x</t>", *strings[9_002:]],
        "carriage return": [*strings[:-2], "<t>a\rb</t>", strings[-1]],
    }
    for name, variant in variants.items():
        path = write_zip(tmp_path / "a.xlsx", xlsx_parts({"Sheet1": rows}, strings=variant))
        assert table(chunks(path, width=2)) == {1: [texts[9_000], texts[16_999]]}, name
    bad_entity = xlsx_parts({"Sheet1": rows}, strings=[*strings, "<t>&#0;</t>"])
    no_text = xlsx_parts({"Sheet1": rows}, strings=[*strings, "<t>\xff</t>"])
    no_text["xl/sharedStrings.xml"] = str(no_text["xl/sharedStrings.xml"]).encode("latin-1")
    for parts in (bad_entity, no_text):
        assert refused(write_zip(tmp_path / "a.xlsx", parts)).code == "corrupt_file"


def test_entities_are_resolved_or_refused_alike(tmp_path: Path) -> None:
    many = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>x &amp; &#233; &#xE9;</t></is></c></row>'
        for number in range(1, 6_000)
    )
    found = table(chunks(write_xlsx(tmp_path / "a.xlsx", many)))
    assert set(map(tuple, found.values())) == {("x & é é",)}
    for entity in ("&nbsp;", "&#1;", "&#xD800;", "&#x110000;"):
        bad = f'<row r="6000"><c r="A6000" t="inlineStr"><is><t>{entity}</t></is></c></row>'
        assert refused(write_xlsx(tmp_path / "b.xlsx", many + bad)).code == "corrupt_file"


def test_shared_texts_of_many_rows_of_a_kind(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>{number % 2}</v></c></row>' for number in range(1, 9_000)
    )
    found = table(chunks(write_xlsx(tmp_path / "a.xlsx", rows, strings=["<t>even</t>", "<t>odd</t>"])))
    assert found == {number: [["even", "odd"][number % 2]] for number in range(1, 9_000)}


def test_remarks_of_many_rows_of_a_kind_stand_at_their_cells(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}"><c r="B{number}" s="1"><v>{46_000 + number}</v></c></row>' for number in range(1, 9_000)
    )
    found = chunks(write_xlsx(tmp_path / "a.xlsx", rows, formats=["d-mmm"]), width=2)
    assert [(flag.row, flag.column, flag.code) for flag in flags(found)] == [
        (number, 1, "date_cell") for number in range(1, 9_000)
    ]
    assert table(found)[24] == ["", "2026-01-02"]


def test_shared_strings_that_do_not_exist_are_flagged_by_the_fast_way_too(tmp_path: Path) -> None:
    good = "".join(f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>' for number in range(1, 9_000))
    bad = '<row r="9000"><c r="A9000" t="s"><v>5</v></c></row><row r="9001"><c r="A9001" t="s"><v>1_0</v></c></row>'
    found = chunks(write_xlsx(tmp_path / "a.xlsx", good + bad, strings=["<t>x</t>"]))
    assert [(flag.row, flag.code) for flag in flags(found)] == [(9_000, "unreadable_cell"), (9_001, "unreadable_cell")]


def test_more_columns_than_a_template_has_are_read_carefully(tmp_path: Path) -> None:
    def name(column: int) -> str:
        return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)

    rows = "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{name(column)}{number}", str(column)) for column in range(250))
        + "</row>"
        for number in range(1, 60)
    )
    found = chunks(write_xlsx(tmp_path / "a.xlsx", rows), width=250)
    assert set(map(tuple, table(found).values())) == {tuple(map(str, range(250)))}


def test_a_sheet_without_rows_gives_nothing(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", "")
    assert chunks(path) == []
    assert opened(path).head("Sheet1", 5) == ()
    assert opened(path).measure("Sheet1") == Extent(rows=0, columns=0)


def test_the_head_is_as_long_as_asked_and_ends_with_its_last_value(tmp_path: Path) -> None:
    rows = text_rows([["titel"], ["a", "b"], ["c", "d"]]).replace('<row r="1">', '<row r="1"><!-- -->')
    head = opened(write_xlsx(tmp_path / "a.xlsx", rows)).head("Sheet1", 2)
    assert [(row.number, row.cells) for row in head] == [(1, ("titel",)), (2, ("a", "b"))]
    wide = opened(write_xlsx(tmp_path / "b.xlsx", text_rows([["titel"], ["a", "b"]])))
    assert [row.cells for row in wide.head("Sheet1", 9)] == [("titel",), ("a", "b")]


def test_numbers_are_remembered_only_so_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batch.reading.workbook.cells._REMEMBERED", 2)
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}.0</v></c></row>' for number in range(1, 9))
    assert table(chunks(write_xlsx(tmp_path / "a.xlsx", rows))) == {number: [str(number)] for number in range(1, 9)}
