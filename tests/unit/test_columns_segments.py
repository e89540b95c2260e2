"""Rows that are no data are told and left out; rows of another table are blocked; a row in doubt stays data."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from batch.columns import Layout, Segment, SheetHead, find_layout, segments
from batch.hints import Hints, load_hints
from batch.model import CellFlag, Chunk, SourceRow, sentence
from batch.schema import Schema, load_schema, parse_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
HEADER = [
    "Naam", "Soort nummer", "Bedrijfsnaam", "Voornaam", "Achternaam", "Telefoon", "Straat", "Huisnr", "Postcode",
    "Plaats", "Provincie", "Aantal",
]  # fmt: skip
DATA = ["Noord", "mobiel", "Test BV", "Jan", "Berg", "06-1", "Laan", "1", "1234 AB", "Ede", "Gelderland", "3"]
ODD = {"total_row", "footer_row", "repeated_header", "other_table"}


def layout_of(header: Sequence[str], sheet: str, schema: Schema, hints: Hints) -> Layout:
    rows = (SourceRow(number=1, cells=tuple(header)),)
    return find_layout([SheetHead(name=sheet, rows=rows)], schema, hints)


def chunk_of(rows: Mapping[int, Sequence[str]], width: int) -> Chunk:
    cells = [[*row, *[""] * (width - len(row))] for row in rows.values()]
    return Chunk(rows=list(rows), cells=pd.DataFrame(cells, columns=range(width), dtype="str"))


class Seen:
    """What came of the rows of a table: the numbers of those that are data, the codes of the others, the blocked."""

    def __init__(
        self,
        *chunks: Mapping[int, Sequence[str]],
        header: Sequence[str] = HEADER,
        sheet: str = "Klanten",
        schema: Schema = SCHEMA,
        hints: Hints = HINTS,
    ) -> None:
        width = max(len(header), *(len(row) for rows in chunks for row in rows.values()))
        layout = layout_of(header, sheet, schema, hints)
        parts = [chunk_of(rows, width) for rows in chunks]
        self.segments: list[Segment] = list(segments(iter(parts), layout, schema, hints))
        self.data = [int(row) for each in self.segments for row in each.chunk.rows]
        self.told = {notice.row: notice.code for each in self.segments for notice in each.notices}
        self.blocked = {row for each in self.segments for row in each.blocked}
        self.messages = {notice.row: notice.message for each in self.segments for notice in each.notices}


def around(*rows: Sequence[str]) -> dict[int, Sequence[str]]:
    """The rows, from row 3, between two rows of data."""
    return {2: DATA, **dict(enumerate(rows, 3)), 3 + len(rows): DATA}


@pytest.mark.parametrize(
    "row",
    [
        ["Totaal"],
        ["TOTAAL:"],
        ["Total: 120"],
        ["Totaal aantal klanten: 1.250"],
        ["Subtotaal", "", "", "", "", "", "", "", "", "", "", "3"],
        ["", "", "", "", "", "", "", "", "", "", "Totaal", "3,50"],
        ["Sub-total", "", "", "", "", "", "", "", "", "", "", "\u20ac 12,50"],
        ["Gesamt"],
        ["Aantal: 15"],
        ["Aantal", "", "", "", "", "", "", "", "", "", "", "3"],
        ["15 rijen"],
        ["Number of rows 15"],
    ],
)
def test_totals_and_counts_are_no_data_wherever_they_stand(row: list[str]) -> None:
    seen = Seen(around(row))
    assert (seen.data, seen.told) == ([2, 4], {3: "total_row"})
    assert seen.messages[3] == "This row is not read as data: it is a total or a count."


@pytest.mark.parametrize(
    "text",
    [
        "Let op: nog niet compleet",
        "NB: zie blad 2",
        "Note: subject to change",
        "Hinweis: vorl\u00e4ufig",
        "Laatst bijgewerkt op 1 maart 2026",
        "Last updated 2026-03-01",
        "Ge\u00ebxporteerd op 1-3-2026 om 12:00",
        "Derni\u00e8re mise \u00e0 jour : 1 mars",
        "\u00a9 2026 Voorbeeld BV",
        "(c) 2026 Voorbeeld",
        "Copyright Voorbeeld",
        "Vertrouwelijk",
        "Einde lijst",
        "Pagina 1 van 3",
        "Page 1 of 3",
        "blad 2/3",
        "----------",
        "* verplicht veld",
        "*) zie toelichting",
    ],
)
def test_remarks_are_no_data_wherever_they_stand(text: str) -> None:
    seen = Seen(around([text]))
    assert (seen.data, seen.told) == ([2, 4], {3: "footer_row"})
    assert Seen(around(["", "", "", "", text])).told == {3: "footer_row"}


@pytest.mark.parametrize(
    "row",
    [
        ["Totaal", "mobiel"],
        ["Totaal", "", "", "", "", "", "", "12"],
        ["Totaal Installaties"],
        ["Totaal 3 BV"],
        ["Aantal"],
        ["15"],
        ["Notaris Berg: en Zn"],
        ["Page & Sons"],
        ["Blad van Marken"],
        ["Let op"],
        ["Let op: x", "mobiel"],
        ["Noord"],
        ["x" * 5000],
    ],
)
def test_what_may_be_a_customer_s_row_stays_data(row: list[str]) -> None:
    assert (Seen(around(row)).data, Seen(around(row)).told) == ([2, 3, 4], {})


def test_what_is_beside_a_total_must_be_numbers() -> None:
    row = ["Totaal", *[""] * 10, "drie"]
    assert Seen(around(row)).told == {}


def test_a_row_of_numbers_under_columns_that_are_not_sent_is_no_data_at_the_end() -> None:
    row = [*[""] * 11, "6"]
    assert Seen({2: DATA, 3: row}).told == {3: "total_row"}
    assert Seen({2: DATA, 3: row, 4: ["Einde lijst"]}).told == {3: "total_row", 4: "footer_row"}
    assert Seen({2: DATA, 3: row, 4: DATA}).told == {}
    assert Seen({2: DATA, 3: [*[""] * 7, "6"]}).told == {}


def test_a_lone_first_cell_below_an_empty_row_at_the_end_is_no_data() -> None:
    seen = Seen({2: DATA, 4: ["Opgesteld door de afdeling"], 5: ["Akkoord directie"]})
    assert (seen.data, seen.told) == ([2], {4: "footer_row", 5: "footer_row"})
    assert "If it is data, fill in its other cells." in seen.messages[4]


@pytest.mark.parametrize(
    "rows",
    [
        {2: DATA, 3: ["Zuid"]},  # no empty row above it
        {2: DATA, 4: ["Zuid"], 5: DATA},  # not at the end
        {2: DATA, 4: ["", "mobiel"]},  # not in the first column
        {2: DATA, 4: ["Zuid", "mobiel"]},  # not alone
        {2: DATA, **{at: ["Zuid"] for at in range(4, 25)}},  # too many to be a foot
    ],
)
def test_a_lone_cell_elsewhere_stays_data(rows: dict[int, list[str]]) -> None:
    assert (Seen(rows).data, Seen(rows).told) == (list(rows), {})


def test_below_an_empty_row_counts_from_the_header_row_too() -> None:
    assert Seen({3: ["Nog niemand"]}).told == {3: "footer_row"}
    assert Seen({2: ["Nog niemand"]}).told == {}


def test_line_ends_within_cells_are_no_empty_rows_of_a_text_file() -> None:
    tall = ["Noord\r\nWest\nOost", *DATA[1:]]
    assert Seen({2: tall, 5: ["Zuid"]}, sheet="").told == {}
    assert Seen({2: tall, 6: ["Zuid"]}, sheet="").told == {6: "footer_row"}
    assert Seen({2: tall, 5: ["Zuid"]}, sheet="Klanten").told == {5: "footer_row"}
    high = ["Naam", *HEADER[1:-1], "Aantal\nstuks"]
    assert Seen({3: ["Zuid"]}, sheet="", header=high).told == {}


def test_the_foot_of_the_table_is_found_across_chunks() -> None:
    seen = Seen({2: DATA, 4: ["Opgesteld"]}, {5: ["Totaal: 1"]}, {7: ["Akkoord"]})
    assert (seen.data, seen.told) == ([2], {4: "footer_row", 5: "total_row", 7: "footer_row"})
    seen = Seen({2: DATA, 4: ["Opgesteld"]}, {5: ["Akkoord"], 6: DATA}, {8: ["Getekend"]})
    assert (seen.data, seen.told) == ([2, 4, 5, 6], {8: "footer_row"})
    assert Seen({2: ["Zuid"]}, {3: ["Oost"]}).data == [2, 3]


def test_nothing_is_left_out_for_want_of_a_single_required_field() -> None:
    document: dict[str, Any] = {
        "type": "object",
        "properties": {"naam": {"type": "string"}, "plaats": {"type": "string"}},
    }
    schema = parse_schema({**document, "required": ["naam"]}, source="s.json")
    seen = Seen({2: ["Zuid"], 4: ["Oost"]}, header=["naam", "plaats"], schema=schema, hints=Hints())
    assert (seen.data, seen.told) == ([2, 4], {})
    schema = parse_schema(document, source="s.json")
    assert Seen({2: ["Totaal: 1"]}, header=["naam", "plaats"], schema=schema).told == {2: "total_row"}


def test_a_row_that_a_failed_file_gave_back_is_data_whatever_it_says() -> None:
    header = [*HEADER, "flireo_row", "flireo_source", "flireo_status", "flireo_errors"]
    blank = [""] * 11
    rows = {2: ["Totaal", *blank, "7", "a.xlsx", "invalid", "Empty."], 3: ["Totaal"], 5: ["Zuid", *blank, "9"]}
    seen = Seen(rows, header=header)
    assert (seen.data, seen.told) == ([2, 5], {3: "total_row"})


def test_flags_of_rows_that_are_left_out_go_with_them() -> None:
    flags = tuple(
        CellFlag(row=row, column=None, code="short_row", sentence=sentence("Short."), blocks=False) for row in (2, 3)
    )
    whole = chunk_of({2: DATA, 3: ["Totaal"]}, len(HEADER))
    chunk = Chunk(rows=whole.rows, cells=whole.cells, flags=flags)
    (segment,) = segments([chunk], layout_of(HEADER, "", SCHEMA, HINTS), SCHEMA, HINTS)
    assert [flag.row for flag in segment.chunk.flags] == [2]
    assert list(segment.chunk.cells.index) == [0]


# Header rows further down.


@pytest.mark.parametrize("repeated", [HEADER, [f" {text.upper()}: " for text in HEADER]])
def test_a_repeated_header_is_no_data_and_the_rows_go_on(repeated: list[str]) -> None:
    seen = Seen({2: DATA, 3: repeated, 4: DATA}, {5: repeated, 6: DATA})
    assert (seen.data, seen.told, seen.blocked) == ([2, 4, 6], {3: "repeated_header", 5: "repeated_header"}, set())
    assert seen.messages[3] == "This row repeats the headers of row 1 and is not read as data."


def test_another_table_further_down_is_blocked_from_its_header_on() -> None:
    seen = Seen({2: DATA, 4: ["Naam", "Telefoon", "Opmerking"], 5: ["Jan", "06-1", ""]}, {6: DATA, 7: ["Totaal: 2"]})
    assert seen.data == [2, 4, 5, 6, 7]
    assert seen.told == {4: "other_table"}
    assert seen.blocked == {4, 5, 6, 7}
    said = next(text for each in seen.segments for text in each.blocked.values())
    assert str(said).startswith("This row belongs to another table, which begins in row 4: the headers there are not")
    assert "Put that table into a file of its own" in str(said)


def test_behind_another_table_the_first_may_go_on() -> None:
    seen = Seen({2: DATA, 3: ["Telefoon", "Naam"], 4: DATA, 5: HEADER, 6: DATA, 7: [*HEADER, "Extra"], 8: DATA})
    assert seen.blocked == {3, 4, 7, 8}
    assert seen.told == {3: "other_table", 5: "repeated_header", 7: "other_table"}


@pytest.mark.parametrize(
    "row",
    [
        ["Plaats", "mobiel", "Firma", *DATA[3:]],  # a few words that are headers too
        ["Noord", "mobiel"],
        ["Mobiel", "mobiel"],  # one header, and a value of the column
        ["Plaats", "Test", "Naam BV"],
    ],
)
def test_data_that_reads_like_headers_here_and_there_is_no_header_row(row: list[str]) -> None:
    assert Seen(around(row)).blocked == set()


def test_another_table_stays_blocked_when_it_comes_back_in_a_failed_file() -> None:
    header = [*HEADER, "flireo_row", "flireo_source", "flireo_status", "flireo_errors"]
    ours = [*[""] * 9, "7", "a.xlsx", "invalid", "Another table."]
    seen = Seen({2: ["Naam", "Telefoon", "Opmerking", *ours], 3: ["Jan", "06-1", "", *ours]}, header=header)
    assert seen.blocked == {2, 3}


def test_in_a_wide_sheet_the_first_columns_tell() -> None:
    header = [*HEADER, *(f"X{at}" for at in range(200))]
    assert Seen({2: DATA, 3: header, 4: DATA}, header=header).told == {3: "repeated_header"}


# Tables beside one another.


def beside(*headers: str) -> Layout:
    return layout_of(headers, "Klanten", SCHEMA, HINTS)


def test_two_tables_side_by_side_are_one_problem() -> None:
    (problem,) = beside(*HEADER, "", *HEADER).problems
    assert (problem.code, problem.row) == ("tables_side_by_side", 1)
    assert "(columns A to L, columns N to Y)" in problem.message
    assert "Name, Phone number type" in problem.message or "Phone number type, Name" in problem.message


def test_one_header_that_stands_twice_is_not_two_tables() -> None:
    assert [problem.code for problem in beside(*HEADER, "", "Plaats").problems] == ["duplicate_header"]
    assert {problem.code for problem in beside(*HEADER, "Plaats", "Postcode").problems} == {"duplicate_header"}


def test_a_table_beside_of_which_nothing_is_sent_is_told() -> None:
    notices = beside(*HEADER, "", "Order", "Bedrag").notices
    (notice,) = [each for each in notices if each.code == "table_beside"]
    assert notice.message.startswith("The columns N to O stand apart, behind an empty column: nothing of them is sent.")
    assert "table_beside" not in {each.code for each in beside(*HEADER, "", "Opmerking").notices}
    lineage = ("flireo_row", "flireo_source", "flireo_status", "flireo_errors")
    assert "table_beside" not in {each.code for each in beside(*HEADER, "", *lineage).notices}
