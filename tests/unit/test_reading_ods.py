"""ODS spreadsheets: cells as they are shown, repeats, and what stands around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.errors import InputError
from batch.model import CellFlag
from batch.reading import Extent, Limits, ReadOptions, Source
from tests.support.reading import open_here
from tests.support.spreadsheets import write_ods


def typed(kind: str, text: str | None = None, **attributes: str) -> str:
    stored = "".join(f' office:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    shown = "" if text is None else f"<text:p>{text}</text:p>"
    return f'<table:table-cell office:value-type="{kind}"{stored}>{shown}</table:table-cell>'


def string(text: str, extra: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{extra}><text:p>{text}</text:p></table:table-cell>'


def number(value: str, text: str | None = None, kind: str = "float") -> str:
    return typed(kind, text, value=value)


def row(*cells: str, extra: str = "") -> str:
    return f"<table:table-row{extra}>{''.join(cells)}</table:table-row>"


def sheet(*rows: str, name: str = "S", extra: str = "") -> str:
    return f'<table:table table:name="{name}"{extra}>{"".join(rows)}</table:table>'


def opened(path: Path, limits: Limits | None = None) -> Source:
    return open_here(path, ReadOptions(limits=limits or Limits()))


def read(source: Source, name: str = "S") -> tuple[dict[int, list[str]], list[CellFlag]]:
    found = list(source.chunks(name, after=0, width=1))
    rows = {
        row: values for chunk in found for row, values in zip(chunk.rows, chunk.cells.to_numpy().tolist(), strict=True)
    }
    return rows, [flag for chunk in found for flag in chunk.flags]


def refused(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read(opened(path, limits))
    return caught.value


FORMULA = ' table:formula="of:=[.A2]"'


@pytest.mark.parametrize(
    ("xml", "text", "code"),
    [
        (string("Zoë &amp; Co"), "Zoë & Co", None),
        (string('a<text:span>b</text:span><text:a>c</text:a><text:s text:c="2"/>d<text:s/>e'), "abc  d e", None),
        (string("a<text:tab/>b<text:line-break/>c"), "a\tb\nc", None),
        (string("\n  a \n b"), "a b", None),
        (string("a</text:p><text:p>b"), "a\nb", None),
        (string("a<office:annotation><text:p>note<text:s/></text:p></office:annotation>b"), "ab", None),
        ('<table:table-cell office:value-type="string" office:string-value="x"/>', "x", None),
        ("<table:table-cell><text:p>untyped</text:p></table:table-cell>", "untyped", None),
        (number("12", "12"), "12", None),
        (number("6083", "06083"), "06083", None),
        (number("612345678", "061 234 5678"), "061 234 5678", None),
        (number("5", "NL005"), "NL005", None),
        (number("-5", "-005"), "-005", None),
        (number("1", "TRUE"), "TRUE", None),
        (number("12"), "12", None),
        (number("316123456789", "316123456789"), "316123456789", None),
        (number("12", "12.00"), "12", "number_format"),
        (number("12.5", "12,5"), "12,5", None),
        (number("0", "0.00"), "0", "number_format"),
        (number("0", "-"), "0", "number_format"),
        (number("0", "000"), "000", None),
        (number("-1234.5", "-1234,5"), "-1234,5", None),
        (number("5", ""), "5", "number_format"),
        (typed("string", "", string_value="x"), "x", "text_format"),
        (typed("string", "nr. x", string_value="x"), "nr. x", None),
        (typed("string", "a</text:p><text:p>b   c", string_value="a&#10;b   c "), "a\nb   c ", None),
        (
            string("<text:ruby><text:ruby-base>kanji</text:ruby-base><text:ruby-text>k</text:ruby-text></text:ruby>!"),
            "kanji!",
            None,
        ),
        (number("12.5", "12.50"), "12.5", "number_format"),
        (number("1234567", "1,234,567"), "1234567", "number_format"),
        (number("1234567.5", "1.234.567,50"), "1234567.5", "number_format"),
        (number("1234567", "1 234 567"), "1234567", "number_format"),
        (number("12.345", "12.35"), "12.345", "rounded_number"),
        (number("12.7", "13"), "12.7", "rounded_number"),
        (number("0.5", " 1/2"), "0.5", "number_format"),
        (number("-5", "(5)"), "-5", "number_format"),
        (number("5", "ja"), "5", "number_format"),
        (number("120000000000", "1.20E+11"), "120000000000", "scientific_number"),
        (number("1234567890123456", "1234567890123456"), "1234567890123456", "digits_lost"),
        (number("nonsense", "x"), "nonsense", "unreadable_number"),
        (number("", "x"), "x", "unreadable_number"),
        (number("12.5", "€ 12.50"), "€ 12.50", "currency_cell"),
        (number("12.5", "12.50", "currency"), "12.50", "currency_cell"),
        (number("0.5", "50%", "percentage"), "50%", "percent_cell"),
        (number("0.5", "50%"), "50%", "percent_cell"),
        (typed("date", "2-Jan", date_value="2026-01-02"), "2026-01-02", "date_cell"),
        (typed("date", "x", date_value="2026-01-02T10:30:00"), "2026-01-02T10:30:00", "date_cell"),
        (typed("date", "someday", date_value="someday"), "someday", "unreadable_cell"),
        (typed("date", None, date_value="someday"), "someday", "unreadable_cell"),
        (typed("time", "10:30", time_value="PT10H30M00S"), "10:30", "time_cell"),
        (typed("time", None, time_value="PT10H30M00S"), "PT10H30M00S", "time_cell"),
        (typed("boolean", "WAAR", boolean_value="true"), "WAAR", None),
        (typed("boolean", None, boolean_value="true"), "TRUE", None),
        (typed("boolean", None, boolean_value="false"), "FALSE", None),
        (string("#N/A", ' calcext:value-type="error" calcext:other="x"'), "#N/A", "error_cell"),
        (string("Err:508", FORMULA), "Err:508", "error_cell"),
        (string("#1", ""), "#1", None),
        (f"<table:table-cell{FORMULA}/>", "=[.A2]", "formula_without_result"),
        (f'<table:table-cell{FORMULA} office:value-type="string"><text:p>uit</text:p></table:table-cell>', "uit", None),
    ],
)
def test_every_kind_of_cell(tmp_path: Path, xml: str, text: str, code: str | None) -> None:
    rows, flags = read(opened(write_ods(tmp_path / "a.ods", sheet(row(xml)))))
    assert rows == {1: [text]}
    assert [flag.code for flag in flags] == ([code] if code else [])


@pytest.mark.parametrize(
    ("shown", "likely", "words"),
    [("2-1-2026", "2-1", "If 2-1 was"), ("02/01/26", "2-1", "If 2-1 was"), ("1/2/26", "1-2", "If 1-2 or 2-1 was")],
)
def test_the_order_in_which_a_date_is_shown_tells_what_was_typed(
    tmp_path: Path, shown: str, likely: str, words: str
) -> None:
    cell = typed("date", shown, date_value="2026-01-02")
    (flag,) = read(opened(write_ods(tmp_path / "a.ods", sheet(row(cell)))))[1]
    assert flag.likely == likely
    assert words in str(flag.sentence)


def test_an_absurdly_long_date_is_judged_in_time(tmp_path: Path) -> None:
    cell = typed("date", "0" * 1_000_000, date_value="2026-01-02")
    assert read(opened(write_ods(tmp_path / "a.ods", sheet(row(cell)))))[1][0].code == "date_cell"


def test_repeated_cells_and_rows_are_written_out(tmp_path: Path) -> None:
    rows = (
        row('<table:table-cell table:number-columns-repeated="2"/>', string("x", ' table:number-columns-repeated="3"')),
        row("<table:table-cell/>", extra=' table:number-rows-repeated="7"'),
        row(string("y"), extra=' table:number-rows-repeated="2"'),
        row('<table:table-cell table:number-columns-repeated="16384"/>', extra=' table:number-rows-repeated="1048566"'),
    )
    source = opened(write_ods(tmp_path / "a.ods", sheet(*rows)))
    assert read(source)[0] == {1: ["", "", "x", "x", "x"], 9: ["y", "", "", "", ""], 10: ["y", "", "", "", ""]}
    assert source.measure("S") == Extent(rows=3, columns=5)


def test_remarks_are_repeated_too(tmp_path: Path) -> None:
    cell = typed("time", "10:30", time_value="PT10H30M").replace(
        "<table:table-cell", '<table:table-cell table:number-columns-repeated="2"'
    )
    _, flags = read(opened(write_ods(tmp_path / "a.ods", sheet(row(cell, extra=' table:number-rows-repeated="2"')))))
    assert [(flag.row, flag.column) for flag in flags if flag.code == "time_cell"] == [(1, 0), (1, 1), (2, 0), (2, 1)]


@pytest.mark.parametrize(
    ("rows", "limits"),
    [
        (
            row(
                string("x", ' table:number-columns-repeated="999999999"'),
                extra=' table:number-rows-repeated="999999999"',
            ),
            Limits(),
        ),
        (row(string("x"), extra=' table:number-rows-repeated="1048577"'), Limits()),
        (row(string("x", ' table:number-columns-repeated="11"')), Limits(columns=10)),
        (
            row(string("x", ' table:number-columns-repeated="5"'), extra=' table:number-rows-repeated="5"'),
            Limits(cells=24),
        ),
    ],
)
def test_declared_sizes_are_bounded_before_anything_is_written_out(tmp_path: Path, rows: str, limits: Limits) -> None:
    error = refused(write_ods(tmp_path / "a.ods", sheet(rows)), limits)
    assert error.code == "sheet_too_large"


def test_a_repeat_that_is_no_number_is_damage(tmp_path: Path) -> None:
    assert (
        refused(write_ods(tmp_path / "a.ods", sheet(row(string("x", ' table:number-columns-repeated="x"'))))).code
        == "corrupt_file"
    )


def test_several_sheets_in_one_part(tmp_path: Path) -> None:
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    shown = '<style:style style:name="ta1"><style:table-properties table:display="true"/></style:style>'
    tables = (
        sheet(row(string("een")), name="A", extra=' table:style-name="ta1"')
        + sheet(row(string("twee")), name="B", extra=' table:style-name="ta2"')
        + sheet(row(string("drie")), name="C")
        + "<table:database-ranges><table:database-range/></table:database-ranges>"
    )
    source = opened(write_ods(tmp_path / "a.ods", tables, styles=shown + hidden))
    assert [(one.name, one.visibility) for one in source.sheets] == [
        ("A", "visible"),
        ("B", "hidden"),
        ("C", "visible"),
    ]
    assert [read(source, one.name)[0] for one in source.sheets] == [{1: ["een"]}, {1: ["twee"]}, {1: ["drie"]}]
    assert source.head("B", 5)[0].cells == ("twee",)


def test_what_stands_around_the_cells_is_said(tmp_path: Path) -> None:
    tables = sheet(
        '<table:table-column table:number-columns-repeated="2"/>',
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>',
        '<table:table-column table:visibility="collapse"/>',
        row(
            string("a", ' table:number-columns-spanned="2" table:number-rows-spanned="2"'),
            "<table:covered-table-cell><text:p>under</text:p></table:covered-table-cell>",
        ),
        row(string("b"), extra=' table:visibility="filter"'),
        row(string("c"), extra=' table:visibility="collapse" table:number-rows-repeated="9"'),
    )
    source = opened(write_ods(tmp_path / "a.ods", tables))
    assert [notice.message for notice in source.sheet_notices("S")] == [
        "10 rows are hidden by a filter (rows 2, 3, 4, 5, 6 and 5 more); they are read like the others.",
        "Columns C:D and E are hidden; they are read like the others.",
        "Cells are merged (A1:B2). Their value belongs to the first cell of each area.",
    ]
    rows, flags = read(source)
    assert rows[1] == ["a", "under"]
    assert [(flag.row, flag.column) for flag in flags if flag.code == "merged_cell"] == [(1, 1), (2, 0), (2, 1)]


def test_tables_and_texts_that_are_no_sheets_are_passed_over(tmp_path: Path) -> None:
    inner = sheet(row(string("elders")), name="X")
    tables = (
        "<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell>"
        "<text:p>vroeger</text:p></table:change-track-table-cell></table:previous></table:cell-content-change>"
        "</table:tracked-changes>"
        + sheet("<office:forms/>", f"<table:shapes>{inner}</table:shapes>", row(string("a")))
        + sheet(row(string("b")), name="'file:///elders.ods'#$Blad1")
        + f"<table:dde-links><table:dde-link>{inner}</table:dde-link></table:dde-links>"
    )
    source = opened(write_ods(tmp_path / "a.ods", tables))
    assert [one.name for one in source.sheets] == ["S"]
    assert read(source)[0] == {1: ["a"]}


def test_rows_of_a_collapsed_group_are_said_to_be_hidden(tmp_path: Path) -> None:
    rows = (
        row(string("a")),
        f'<table:table-row-group table:display="false">{row(string("b"))}</table:table-row-group>',
        f"<table:table-row-group>{row(string('c'))}</table:table-row-group>",
    )
    source = opened(write_ods(tmp_path / "a.ods", sheet(*rows)))
    assert [notice.message for notice in source.sheet_notices("S")] == [
        "1 row is hidden (row 2); it is read like the others."
    ]
    assert read(source)[0] == {1: ["a"], 2: ["b"], 3: ["c"]}


def test_a_protected_spreadsheet_is_said_to_be(tmp_path: Path) -> None:
    manifest = '<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    path = write_ods(tmp_path / "a.ods", sheet(), extra={"META-INF/manifest.xml": manifest})
    assert refused(path).code == "encrypted_file"


def test_cells_outside_of_rows_and_rows_outside_of_sheets_are_nothing(tmp_path: Path) -> None:
    stray = row(string("x")) + string("y") + "<table:table-column/>"
    source = opened(write_ods(tmp_path / "a.ods", stray + sheet(string("z"), row(string("a")))))
    assert read(source)[0] == {1: ["a"]}


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", sheet(), extra={"META-INF/manifest.xml": "<!DOCTYPE a><m/>"})
    assert refused(path).code == "unsafe_file"
