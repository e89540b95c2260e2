import re
from collections.abc import Callable
from pathlib import Path

import pytest

from batch.results.xlsx.book import Book
from batch.results.xlsx.cells import Cell, Column
from batch.results.xlsx.choices import Choices
from batch.results.xlsx.style import FAULTY, OURS_HEADER, PLAIN, THEIRS_HEADER, Style
from tests.support.answers import HARD_TEXTS, grid, opened, part, seen


def column(header: str, *, choices: Choices | None = None, note: str = "") -> Column:
    return Column(header=header, header_style=THEIRS_HEADER, choices=choices, note=note)


def saved(path: Path, fill: Callable[[Book], None], shown: str = "Data") -> Path:
    with Book("A book", sheet_rows=4) as book:
        fill(book)
        book.save(path / "book.xlsx", shown=shown)
    return path / "book.xlsx"


def test_every_text_comes_back_as_it_was_in_headers_tables_and_pages(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        table = book.table("Data", [column(text) for text in HARD_TEXTS], frozen="A2")
        table.append(HARD_TEXTS)
        page = book.page("Page", (10.0,))
        for text in HARD_TEXTS:
            page.line(text, style=PLAIN)

    path = saved(tmp_path, fill)
    wanted = list(HARD_TEXTS)
    assert seen(path, "Data") == [wanted, wanted]
    assert [line[0] for line in seen(path, "Page")] == wanted
    assert grid(path, "Data") == [wanted, wanted]
    assert "<f>" not in part(path, "xl/worksheets/sheet1.xml") + part(path, "xl/worksheets/sheet2.xml")
    assert "hyperlink" not in part(path, "xl/worksheets/sheet1.xml").lower()


def test_a_sheet_says_how_large_it_is_and_can_be_filtered_and_scrolled(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        table = book.table("Data", [column("a"), column("b")], frozen="B2")
        for _ in range(3):
            table.append(["1", "2"])

    path = saved(tmp_path, fill)
    sheet = opened(path)["Data"]
    assert '<dimension ref="A1:B4"' in part(path, "xl/worksheets/sheet1.xml")
    assert sheet.auto_filter.ref == "A1:B4"
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == "'Data'!$A$1:$B$4"


def test_digits_in_text_cells_get_no_green_triangles(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        book.table("Data", [column("a", note="why")], frozen="A2").append(["0012"])

    xml = part(saved(tmp_path, fill), "xl/worksheets/sheet1.xml")
    assert (
        '<ignoredErrors><ignoredError sqref="A1:A1048576" numberStoredAsText="1"/></ignoredErrors><legacyDrawing' in xml
    )


def test_a_table_longer_than_a_sheet_goes_on_where_it_belongs(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        table = book.table("Data", [column("a")], frozen="A2")
        book.page("Page", (10.0,)).line("x", style=PLAIN)
        other = book.table("More", [column("b")], frozen="A2")
        for number in range(7):
            table.append([str(number)])
        other.append(["y"])

    path = saved(tmp_path, fill, shown="Page")
    assert opened(path).sheetnames == ["Data", "Data (2)", "Data (3)", "Page", "More"]
    assert [grid(path, name) for name in ("Data", "Data (2)", "Data (3)", "More")] == [
        [["a"], ["0"], ["1"], ["2"]],
        [["a"], ["3"], ["4"], ["5"]],
        [["a"], ["6"]],
        [["b"], ["y"]],
    ]


def test_the_sheet_to_be_shown_is_the_only_one_selected(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        book.table("Data", [column("a")], frozen="A2")
        book.page("Page", (10.0,))

    workbook = opened(saved(tmp_path, fill, shown="Page"))
    assert workbook.active is not None
    assert workbook.active.title == "Page"
    assert [sheet.sheet_view.tabSelected for sheet in workbook.worksheets] == [False, True]


def test_notes_and_links_are_where_they_were_put(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        table = book.table("Data", [column("a", note="About a"), column("b")], frozen="A2")
        table.append(["x", Cell("y", FAULTY, note="Wrong & <odd>", link="'Page'!A1")])
        page = book.page("Page", (10.0,))
        row = page.line("z", style=PLAIN)
        page.link(row, 1, "'Data'!B2")

    workbook = opened(saved(tmp_path, fill))
    data = workbook["Data"]
    notes = {cell.coordinate: cell.comment.text for line in data for cell in line if cell.comment}
    assert notes == {"A1": "About a", "B2": "Wrong & <odd>"}
    assert data["B2"].hyperlink is not None
    assert data["B2"].hyperlink.location == "'Page'!A1"
    assert workbook["Page"]["A1"].hyperlink.location == "'Data'!B2"
    assert data["B2"].fill.fgColor.rgb == "00" + FAULTY.fill


def test_columns_are_text_down_to_the_last_row(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        book.table("Data", [column("a"), column("b")], frozen="A2")

    sheet = opened(saved(tmp_path, fill))["Data"]
    assert {sheet.column_dimensions[letter].number_format for letter in "AB"} == {"@"}


@pytest.mark.parametrize(
    ("values", "formula"),
    [
        (("local", "mobile"), '"local,mobile"'),
        (("a,b", "c"), "'Lists'!$A$1:$A$2"),
        (('a"b',), "'Lists'!$A$1:$A$1"),
        (tuple(f"value number {number}" for number in range(40)), "'Lists'!$A$1:$A$40"),
    ],
)
def test_drop_downs_offer_the_values_in_every_row(tmp_path: Path, values: tuple[str, ...], formula: str) -> None:
    choices = Choices(values=values, title="T" * 50, message="M" * 300, strict=True)

    def fill(book: Book) -> None:
        book.table("Data", [column("a", choices=choices)], frozen="A2")

    workbook = opened(saved(tmp_path, fill))
    (rule,) = workbook["Data"].data_validations.dataValidation
    assert (rule.formula1, rule.type, str(rule.sqref)) == (formula, "list", "A2:A1048576")
    assert (rule.errorStyle, rule.errorTitle, rule.error) == ("stop", "T" * 32, "M" * 255)
    if "Lists" in formula:
        assert workbook["Lists"].sheet_state == "hidden"
        assert tuple(cell.value for cell in workbook["Lists"]["A"]) == values


def test_two_lists_get_a_column_each_and_do_not_block_what_is_typed_unless_asked(tmp_path: Path) -> None:
    first, second = (
        Choices(values=(f"{letter},{letter}",), title="t", message="m", strict=False) for letter in ("a", "b")
    )

    def fill(book: Book) -> None:
        book.table("Data", [column("a", choices=first), column("b", choices=second)], frozen="A2")

    rules = opened(saved(tmp_path, fill))["Data"].data_validations.dataValidation
    assert [rule.formula1 for rule in rules] == ["'Lists'!$A$1:$A$1", "'Lists'!$B$1:$B$1"]
    assert {rule.errorStyle for rule in rules} == {"warning"}


def test_widths_follow_header_and_cells_within_bounds_and_long_headers_get_lines(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        headers = ("a", "Voornaam van de contactpersoon op locatie", "c")
        book.table("Data", [column(header) for header in headers], frozen="A2").append(["x", "x", "x" * 500])

    sheet = opened(saved(tmp_path, fill))["Data"]
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths[0] == 9
    assert 20 < widths[1] < 41
    assert widths[2] == 40
    assert sheet.row_dimensions[1].height > 30


def test_a_page_writes_lines_pairs_and_text_across(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        page = book.page("Page", (10.0, 10.0, 10.0))
        page.line("a", 1, style=PLAIN, styles=(OURS_HEADER,))
        page.skip()
        page.pair("name", "value", PLAIN, PLAIN)
        page.wide("long text " * 10, Style(wrap=True))

    sheet = opened(saved(tmp_path, fill, shown="Page"))["Page"]
    assert [sheet["A1"].value, sheet["B1"].value, sheet["A3"].value, sheet["B3"].value] == ["a", 1, "name", "value"]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"B3:C3", "A4:C4"}
    assert sheet.row_dimensions[4].height > 2 * sheet.row_dimensions[3].height
    assert sheet["A1"].font.b
    assert not sheet.sheet_view.showGridLines


def test_bars_are_a_native_chart_over_the_cells_of_the_table(tmp_path: Path) -> None:
    below: list[int] = []

    def fill(book: Book) -> None:
        page = book.page("Page", (10.0, 10.0))
        page.line("b", 3, style=PLAIN)
        page.line("a", 1, style=PLAIN)
        below.append(page.bars(1, "Title", range(1, 3), ["FF0000", "00FF00"], 3))

    path = saved(tmp_path, fill, shown="Page")
    chart = part(path, "xl/charts/chart1.xml")
    assert "'Page'!$B$1:$B$2" in chart
    assert "'Page'!$A$1:$A$2" in chart
    assert 'val="00FF00"' in chart
    assert below[0] > 5


def test_nothing_is_left_open_when_filling_fails(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        book.table("Data", [column("a")], frozen="A2").append(["x"])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        saved(tmp_path, fill)
    assert list(tmp_path.iterdir()) == []


def test_what_a_font_is_made_of_stands_in_the_order_of_the_schema(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        book.page("Data", (20.0,)).line("vet", style=Style(bold=True, italic=True, underline=True))

    styles = part(saved(tmp_path, fill), "xl/styles.xml")
    fonts = [re.findall(r"<(\w+)", font) for font in re.findall(r"<font>(.*?)</font>", styles, re.DOTALL)]
    order = ["b", "i", "strike", "outline", "u", "sz", "color", "name", "family", "charset", "scheme"]
    assert ["b", "i", "u", "sz", "color", "name"] in fonts
    assert fonts == [sorted(font, key=order.index) for font in fonts]
