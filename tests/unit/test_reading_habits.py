"""Habits of the programs that write workbooks: odd names, missing declarations, formats, formulas not calculated."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from batch.model import CellFlag
from batch.reading import ReadOptions
from tests.support.reading import open_here
from tests.support.spreadsheets import (
    MAIN,
    cell,
    relationships,
    sheet_xml,
    text_rows,
    write_xlsx,
    write_zip,
    xlsx_parts,
)

MANY = 400  # rows, so that the fast parser has its turn


def read(path: Path, sheet: str = "Sheet1", width: int = 1) -> tuple[dict[int, list[str]], list[CellFlag]]:
    with open_here(path, ReadOptions()) as source:
        found = list(source.chunks(sheet, after=0, width=width))
    rows = {
        row: values for chunk in found for row, values in zip(chunk.rows, chunk.cells.to_numpy().tolist(), strict=True)
    }
    return rows, [flag for chunk in found for flag in chunk.flags]


def codes(flags: list[CellFlag]) -> list[tuple[int, int | None, str, bool]]:
    return [(flag.row, flag.column, flag.code, flag.blocks) for flag in flags]


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("@", "Jansen", None),
        ("General", "Jansen", None),
        ("0.00", "Jansen", None),
        ("0;-0;;@", "Jansen", None),
        ("_-* #,##0_-;-* #,##0_-;_-* -??_-;_-@_-", "Jansen", None),
        ('"nr. "@', "nr. Jansen", None),
        ('0;-0;0;"("@")"', "(Jansen)", None),
        ('@" BV"', "Jansen BV", None),
        ("@@", "JansenJansen", None),
        (";;;", "Jansen", "text_format"),
        ('0;-0;0;"tekst"', "Jansen", "text_format"),
    ],
)
@pytest.mark.parametrize("kind", ["inlineStr", "s", "str"])
def test_a_text_is_read_as_its_format_shows_it(
    tmp_path: Path, kind: str, code: str, text: str, said: str | None
) -> None:
    stored = "0" if kind == "s" else "Jansen"
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", stored, kind=kind, style=1)}</row>' for n in range(1, MANY))
    found, flags = read(write_xlsx(tmp_path / "a.xlsx", rows, strings=["<t>Jansen</t>"], formats=[code]))
    assert found == {n: [text] for n in range(1, MANY)}
    assert codes(flags) == [(n, 0, said, True) for n in range(1, MANY) if said]


def test_formats_of_conditional_formatting_do_not_replace_those_of_cells(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sheet1": f'<row r="1">{cell("A1", "6083", style=1)}</row>'}, formats=["00000"])
    styles = str(parts["xl/styles.xml"])
    conditional = '<dxfs><dxf><numFmt numFmtId="200" formatCode="0%"/></dxf></dxfs></styleSheet>'
    parts["xl/styles.xml"] = styles.replace("</styleSheet>", conditional)
    assert read(write_zip(tmp_path / "a.xlsx", parts)) == ({1: ["06083"]}, [])


RECALCULATES = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'


@pytest.mark.parametrize(("properties", "trusted"), [("", True), (RECALCULATES, False)])
def test_the_zero_that_a_program_stores_because_it_cannot_calculate_is_no_result(
    tmp_path: Path, properties: str, *, trusted: bool
) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><f>B{n}+1</f><v>{0 if n in (2, 300) else 7}</v></c><c r="B{n}"><v>0</v></c></row>'
        for n in range(1, MANY)
    )
    found, flags = read(write_xlsx(tmp_path / "a.xlsx", rows, workbook_properties=properties), width=2)
    expected = {n: ["0" if n in (2, 300) else "7", "0"] for n in range(1, MANY)}
    if not trusted:
        expected |= {n: [f"=B{n}+1", "0"] for n in (2, 300)}
    assert found == expected
    wanted = [] if trusted else [(n, 0, "formula_without_result", True) for n in (2, 300)]
    assert codes(flags) == wanted


def test_a_formula_that_openpyxl_wrote_has_no_result(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["1", "=A1&A1"])
    book.save(tmp_path / "a.xlsx")
    found, flags = read(tmp_path / "a.xlsx", "Sheet", width=2)
    assert found == {1: ["1", "=A1&A1"]}
    assert codes(flags) == [(1, 1, "formula_without_result", True)]


@pytest.mark.parametrize("written", ["sheet 1.xml", "sheet%201.xml"])
@pytest.mark.parametrize("target", ["sheet 1.xml", "sheet%201.xml"])
def test_part_names_may_be_written_with_percent_signs_on_either_side(tmp_path: Path, written: str, target: str) -> None:
    parts = xlsx_parts({"Sheet1": text_rows([["x"]])})
    parts[f"xl/worksheets/{written}"] = parts.pop("xl/worksheets/sheet1.xml")
    parts["xl/_rels/workbook.xml.rels"] = relationships({"r1": ("worksheet", f"worksheets/{target}")})
    assert read(write_zip(tmp_path / "a.xlsx", parts)) == ({1: ["x"]}, [])


@pytest.mark.parametrize(
    "types",
    [
        None,
        '<Types xmlns="x"/>',
        '<Types xmlns="x"><Default Extension="xml" ContentType="application/xml"/></Types>',
        '<Types xmlns="x"><Default Extension="XML" ContentType="TEXT/XML"/></Types>',
    ],
)
@pytest.mark.parametrize("main", ["xl/workbook.xml", "office/book.xml"])
def test_a_workbook_is_known_without_its_content_type(tmp_path: Path, types: str | None, main: str) -> None:
    parts = xlsx_parts({"Sheet1": text_rows([["x"]])})
    parts[main] = parts.pop("xl/workbook.xml")
    folder, name = main.split("/")
    parts["_rels/.rels"] = relationships({"r1": ("officeDocument", main)})
    parts[f"{folder}/_rels/{name}.rels"] = relationships({"r1": ("worksheet", "/xl/worksheets/sheet1.xml")})
    del parts["[Content_Types].xml"]
    if types:
        parts["[Content_Types].xml"] = types
    assert read(write_zip(tmp_path / "a.xlsx", parts)) == ({1: ["x"]}, [])


def test_another_xml_part_without_a_content_type_is_no_workbook(tmp_path: Path) -> None:
    parts = {"_rels/.rels": relationships({"r1": ("officeDocument", "a.xml")}), "a.xml": '<document xmlns="word"/>'}
    with pytest.raises(Exception, match="a document of another kind"):
        open_here(write_zip(tmp_path / "a.xlsx", parts), ReadOptions())


@pytest.mark.parametrize("kind", ["chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"])
def test_sheets_that_are_no_tables_are_passed_over(tmp_path: Path, kind: str) -> None:
    parts = xlsx_parts({"Grafiek": "<chartsheet/>", "Sheet1": text_rows([["x"]])})
    known = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = known.replace("/worksheet", f"/{kind}", 1)
    with open_here(write_zip(tmp_path / "a.xlsx", parts), ReadOptions()) as source:
        assert [sheet.name for sheet in source.sheets] == ["Sheet1"]


def test_a_sheet_of_a_kind_that_nobody_knows_is_read_rather_than_passed_over(tmp_path: Path) -> None:
    parts = xlsx_parts({"Sheet1": text_rows([["x"]])})
    known = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = known.replace("/worksheet", "/WorkSheet2", 1)
    assert read(write_zip(tmp_path / "a.xlsx", parts)) == ({1: ["x"]}, [])


def test_line_ends_and_indents_between_tags_are_no_values(tmp_path: Path) -> None:
    xml = f"""<?xml version="1.0"?>
    <worksheet xmlns="{MAIN}">
      <sheetData>
        <row r="1">
          <c r="A1" t="s">
            <v> 0
            </v>
          </c>
          <c r="B1" t="inlineStr">
            <is>
              <t>in</t>
            </is>
          </c>
          <c r="C1">
            <v>
              12
            </v>
          </c>
          <c r="D1" t="e"><v> #N/A </v></c>
        </row>
      </sheetData>
    </worksheet>"""
    found, flags = read(write_xlsx(tmp_path / "a.xlsx", xml, strings=["<t>gedeeld</t>"]), width=4)
    assert found == {1: ["gedeeld", "in", "12", "#N/A"]}
    assert codes(flags) == [(1, 3, "error_cell", True)]


def test_areas_that_overlap_by_the_thousand_are_flagged_once_for_each_cell(tmp_path: Path) -> None:
    merged = "".join(f'<mergeCell ref="A{top}:C1048576"/>' for top in range(1, 3000))
    rows = text_rows([["a", "b", "c"], ["d", "e", "f"]])
    path = write_xlsx(tmp_path / "a.xlsx", sheet_xml(rows, after=f"<mergeCells>{merged}</mergeCells>"))
    _, flags = read(path, width=3)
    assert codes(flags) == [
        (row, column, "merged_cell", True) for row in (1, 2) for column in range(3) if (row, column) != (1, 0)
    ]


def test_an_area_beside_the_table_covers_nothing_of_it(tmp_path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="E1:F9"/></mergeCells>'
    path = write_xlsx(tmp_path / "a.xlsx", sheet_xml(text_rows([["a", "b"]]), after=merged))
    assert read(path, width=2) == ({1: ["a", "b"]}, [])
