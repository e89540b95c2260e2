from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from batch.errors import OutputError
from batch.results.xlsx import table as module
from batch.results.xlsx.cells import Cell, Column
from batch.results.xlsx.spool import Spool
from batch.results.xlsx.style import FAULTY, PLAIN, THEIRS_HEADER
from batch.results.xlsx.table import Place, Table

_STYLES = {PLAIN: 1, FAULTY: 2, replace(PLAIN, wrap=True): 3, replace(FAULTY, wrap=True): 4}
Make = Callable[..., Table]


@pytest.fixture
def table() -> Iterator[Make]:
    made: list[Table] = []

    def make(*headers: str, sheet_rows: int = 1_000, note: str = "") -> Table:
        columns = [Column(header=header, header_style=THEIRS_HEADER, note=note) for header in headers]
        made.append(Table("Results", columns, _STYLES.__getitem__, frozen="A2", sheet_rows=sheet_rows))
        return made[-1]

    yield make
    for each in made:
        each.close()


def written(spool: Spool) -> str:
    return b"".join(spool.read()).decode()


def test_text_numbers_and_special_cells_are_written_in_place(table: Make) -> None:
    made = table("a", "b", "c")
    made.append(["=1", 7, Cell("x", FAULTY)])
    assert written(made.parts[0].cells) == (
        '<row r="2"><c r="A2" s="1" t="inlineStr"><is><t>=1</t></is></c><c r="B2" s="1"><v>7</v></c>'
        '<c r="C2" s="2" t="inlineStr"><is><t>x</t></is></c></row>'
    )


def test_an_empty_cell_is_left_to_its_column(table: Make) -> None:
    made = table("a", "b")
    made.append(["", "x"])
    assert 'r="A2"' not in written(made.parts[0].cells)


def test_text_of_several_lines_gets_room_for_them(table: Make) -> None:
    made = table("a", "b")
    made.append(["one\ntwo\nthree", Cell("x\ny", FAULTY)])
    made.append(["\n" * 50, "x"])
    made.append(["x", "y"])
    xml = written(made.parts[0].cells)
    assert '<row r="2" ht="45" customHeight="1"><c r="A2" s="3"' in xml
    assert '<c r="B2" s="4"' in xml
    assert '<row r="3" ht="90" customHeight="1">' in xml
    assert '<row r="4"><c r="A4" s="1"' in xml
    assert made.parts[0].widths == [5, 1]


def test_a_special_number_keeps_being_a_number(table: Make) -> None:
    made = table("a")
    made.append([Cell(5, FAULTY)])
    assert '<c r="A2" s="2"><v>5</v></c>' in written(made.parts[0].cells)


def test_a_full_sheet_is_continued_on_another_with_the_same_header_notes(table: Make) -> None:
    made = table("a", sheet_rows=3, note="why")
    places = []
    for number in range(5):
        places.append(made.next_place())
        made.append([str(number)])
    assert places == [
        Place("Results", 2), Place("Results", 3),
        Place("Results (2)", 2), Place("Results (2)", 3),
        Place("Results (3)", 2),
    ]  # fmt: skip
    assert [part.note_count for part in made.parts] == [1, 1, 1]


def test_a_place_is_the_target_of_a_link() -> None:
    assert Place("Results (2)", 12).link(27) == "'Results (2)'!AB12"


def test_a_longer_row_gets_columns_without_headers(table: Make) -> None:
    made = table("a")
    made.append(["1", "2", "3"])
    assert [column.header for column in made.columns] == ["a", "", ""]
    assert made.parts[0].widths == [1, 1, 1]


def test_only_the_first_rows_are_measured_and_wide_letters_count_double(table: Make) -> None:
    made = table("a")
    for _ in range(600):
        made.append(["日本語"])
    made.append(["x" * 50])
    assert made.parts[0].widths == [6]


def test_more_columns_than_a_sheet_has_are_refused_with_a_way_out(table: Make) -> None:
    with pytest.raises(OutputError, match=r"16,385 columns.*--format csv") as caught:
        table(*["a"] * 16_385)
    assert caught.value.code == "too_many_columns"


def test_links_and_notes_stop_where_they_would_make_the_file_slow(table: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHEET_LINKS", 2)
    monkeypatch.setattr(module, "TABLE_NOTES", 1)
    made = table("a")
    for number in range(3):
        made.append([Cell(str(number), FAULTY, note="why", link="'Results'!A1")])
    part = made.parts[0]
    assert (part.link_count, made.links_left_out) == (2, 1)
    assert (part.note_count, made.notes_left_out) == (1, 2)
    cells = written(part.cells)
    assert cells.count('s="2"') == 2, "a cell without its link looks like any other"
    assert written(part.links).count("<hyperlink ") == 2
