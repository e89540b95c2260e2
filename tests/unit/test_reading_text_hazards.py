"""Text files as customers' programs write them: each hazard with the cells that come of it, and what is said."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from batch.errors import InputError
from batch.model import CellFlag
from batch.reading import ReadOptions
from tests.support.reading import open_here

DUTCH = "naam;plaats\nZoë;Assen\nRené;Één\n"


def read(
    tmp_path: Path, data: bytes | str, *, after: int = 1, **options: str
) -> tuple[dict[int, list[str]], list[CellFlag]]:
    """The rows below line `after` by their number, as wide as the first row, and what is said of them."""
    (tmp_path / "a.csv").write_bytes(data.encode() if isinstance(data, str) else data)
    with open_here(tmp_path / "a.csv", ReadOptions(**options)) as source:  # type: ignore[arg-type]
        width = len(source.head("", 1)[0].cells)
        found = list(source.chunks("", after=after, width=width))
    rows = {
        row: values for chunk in found for row, values in zip(chunk.rows, chunk.cells.to_numpy().tolist(), strict=True)
    }
    return rows, [flag for chunk in found for flag in chunk.flags]


def refused(tmp_path: Path, data: bytes | str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(tmp_path, data)
    return caught.value


def said(flags: list[CellFlag]) -> list[tuple[int, int | None, str, bool]]:
    return [(flag.row, flag.column, flag.code, flag.blocks) for flag in flags]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252", "cp850"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_dutch_text_is_read_in_every_usual_encoding_without_being_told(tmp_path: Path, encoding: str, end: str) -> None:
    rows, flags = read(tmp_path, DUTCH.replace("\n", end).encode(encoding))
    assert rows == {2: ["Zoë", "Assen"], 3: ["René", "Één"]}
    assert flags == []


def test_half_a_character_at_the_end_of_a_wide_file_is_damage(tmp_path: Path) -> None:
    error = refused(tmp_path, DUTCH.encode("utf-16-le")[:-1])
    assert error.code == "not_in_encoding"
    assert "line 4 is not valid utf-16 text" in error.message or "line 3 is not valid utf-16 text" in error.message


def test_two_encodings_in_one_file_are_refused_with_the_line(tmp_path: Path) -> None:
    error = refused(tmp_path, "naam;plaats\nZoë;Assen\n".encode() + "René;Assen\n".encode("cp1252"))
    assert error.code == "mixed_encoding"
    assert "much of the file is UTF-8, but line 3 is not" in error.message


def test_a_line_in_another_encoding_than_all_others_is_flagged_as_garbled(tmp_path: Path) -> None:
    others = "René;Crème\nDaniël;Curaçao\nÉén;Zoë\n".encode("cp1252")
    rows, flags = read(tmp_path, "naam;plaats\nZoë;Assen\n".encode() + others)
    assert rows[3] == ["René", "Crème"]
    assert said(flags) == [(2, 0, "garbled_text", True)]
    assert flags[0].likely == "Zoë"


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE])
def test_a_mark_and_nothing_else_is_an_empty_file(tmp_path: Path, mark: bytes) -> None:
    assert refused(tmp_path, mark).code == "empty_file"


def test_a_byte_order_mark_within_the_file_is_said_where_it_stands(tmp_path: Path) -> None:
    rows, flags = read(tmp_path, "naam;plaats\nJan;As\ufeffsen\n\ufeffPiet;Zwolle\n")
    assert rows == {2: ["Jan", "As\ufeffsen"], 3: ["\ufeffPiet", "Zwolle"]}
    assert said(flags) == [(2, 1, "invisible_character", False)]


@pytest.mark.parametrize("end", [b"\x1a", b"\n\x1a", b"\r\n\x1a"])
def test_the_mark_that_once_ended_a_text_is_no_row(tmp_path: Path, end: bytes) -> None:
    assert read(tmp_path, b"naam;plaats\nJan;Assen" + end) == ({2: ["Jan", "Assen"]}, [])


def test_that_mark_anywhere_else_is_a_control_character(tmp_path: Path) -> None:
    rows, flags = read(tmp_path, b"naam;plaats\nJa\x1an;Assen\n\x1a\x1a")
    assert rows == {2: ["Ja\x1an", "Assen"], 3: ["\x1a", ""]}
    assert [(flag.row, flag.code) for flag in flags if flag.blocks] == [(row, "control_character") for row in (2, 3)]


@pytest.mark.parametrize("directive", ["sep=;", "SEP=;", '"sep=;"', "sep=; "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_sep_line_names_the_delimiter_and_is_no_data(tmp_path: Path, directive: str, encoding: str) -> None:
    rows, flags = read(tmp_path, f"{directive}\r\nnaam;a,b\r\nJan;1,2\r\n".encode(encoding), after=2)
    assert (rows, flags) == ({3: ["Jan", "1,2"]}, [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "template",
    [
        "naam~plaats\nJan~Assen\nPiet~Zwolle\n",
        '"naam"~"plaats"\n"Jan"~"Assen"\n"Piet"~"Zwolle"',
        "naam ~ plaats\nJan ~ Assen\nPiet ~ Zwolle\n",
    ],
)
def test_each_delimiter_is_found_by_itself(tmp_path: Path, delimiter: str, template: str) -> None:
    rows, flags = read(tmp_path, template.replace("~", delimiter))
    assert {number: [cell.strip() for cell in row] for number, row in rows.items()} == {
        2: ["Jan", "Assen"],
        3: ["Piet", "Zwolle"],
    }
    assert flags == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"De ""Kroon"""', 'De "Kroon"'),
        ('"De \\"Kroon\\" BV"', 'De "Kroon" BV'),
        ('"een; twee"', "een; twee"),
        ('"een\r\ntwee"', "een\r\ntwee"),
        ('"een\ntwee"', "een\ntwee"),
        ('6" pijp', '6" pijp'),
        (' "een; twee" ', " een; twee "),
        ('"C:\\temp\\"', "C:\\temp\\"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("0039", "0039"),
        ("12,50", "12,50"),
        ("1.234,5", "1.234,5"),
        ("\u201cDe Kroon\u201d", "\u201cDe Kroon\u201d"),
    ],
)
def test_values_come_as_they_were_meant(tmp_path: Path, value: str, text: str) -> None:
    rows, flags = read(tmp_path, f"naam;plaats\n{value};Assen\nJan;Zwolle\n")
    assert list(rows.values()) == [[text, "Assen"], ["Jan", "Zwolle"]]
    assert flags == []


@pytest.mark.parametrize(
    ("line", "cells", "code"),
    [
        ('"Jansen;Assen', ['"Jansen;Assen', ""], "unterminated_quote"),
        ('Jansen;"Assen', ["Jansen", '"Assen'], "unterminated_quote"),
        ('"Jan"sen;Assen', ["Jansen", "Assen"], "stray_quote"),
        (' "Jan" sen;Assen', [' "Jan" sen', "Assen"], "stray_quote"),
        (' "Jansen;Assen', [' "Jansen', "Assen"], "stray_quote"),
    ],
)
def test_quotation_marks_that_stand_oddly_cost_their_own_row_alone(
    tmp_path: Path, line: str, cells: list[str], code: str
) -> None:
    rows, flags = read(tmp_path, f'naam;plaats\n{line}\nPiet;"Zwolle"\nKlaas;"Emmen"\n', delimiter=";")
    assert rows == {2: cells, 3: ["Piet", "Zwolle"], 4: ["Klaas", "Emmen"]}
    assert [(flag.row, flag.code) for flag in flags if flag.blocks] == [(2, code)]


def test_a_quotation_mark_that_is_open_at_the_end_of_the_file_is_said(tmp_path: Path) -> None:
    rows, flags = read(tmp_path, 'naam;plaats\nJan;Assen\nPiet;"Zwolle')
    assert rows == {2: ["Jan", "Assen"], 3: ["Piet", '"Zwolle']}
    assert said(flags) == [(3, 1, "unterminated_quote", True)]
    assert "opened in this row and not closed" in str(flags[0].sentence)


def test_a_quoted_table_is_told_by_its_delimiter_though_blanks_stand_before_the_marks(tmp_path: Path) -> None:
    rows, flags = read(tmp_path, 'naam; "plaats" ;nr\nJan; "Assen, NL" ;1\n')
    assert (rows, flags) == ({2: ["Jan", " Assen, NL ", "1"]}, [])


def test_ragged_rows_are_flagged_and_nothing_of_them_is_dropped(tmp_path: Path) -> None:
    rows, flags = read(tmp_path, "naam;plaats;nr\nJan;Assen\nPiet;Zwolle;1;over\nKlaas\nKoen;Emmen;3;;\n")
    assert rows == {
        2: ["Jan", "Assen", "", "", ""],
        3: ["Piet", "Zwolle", "1", "over", ""],
        4: ["Klaas", "", "", "", ""],
        5: ["Koen", "Emmen", "3", "", ""],
    }
    assert said(flags) == [(2, None, "short_row", False), (3, None, "long_row", True), (4, None, "short_row", False)]
    assert str(flags[0].sentence) == ("This row has 2 values, but the header has 3; what is missing is read as empty.")
    assert "This row has 4 values, but the header has 3." in str(flags[1].sentence)


@pytest.mark.parametrize(
    "table", ["naam;plaats;\nJan;Assen;\n", "naam;plaats;;\nJan;Assen\n", "naam;plaats\nJan;Assen;;\n"]
)
def test_delimiters_at_the_end_of_a_line_make_no_columns(tmp_path: Path, table: str) -> None:
    rows, flags = read(tmp_path, table)
    assert (rows, flags) == ({2: ["Jan", "Assen"]}, [])


@pytest.mark.parametrize("ends", ["\r\n|\n|\r", "\r\r\n|\r\r\n|\r\r\n", "\n\r|\n\r|\n\r", "\n|\r\n|"])
def test_line_ends_of_every_kind_and_mixture_end_lines(tmp_path: Path, ends: str) -> None:
    one, two, three = ends.split("|")
    rows, flags = read(tmp_path, f"naam;plaats{one}Jan;Assen{two}Piet;Zwolle{three}")
    assert list(rows.values()) == [["Jan", "Assen"], ["Piet", "Zwolle"]]
    assert flags == []


def test_zero_bytes_are_said_and_not_dropped(tmp_path: Path) -> None:
    rows, flags = read(tmp_path, b"naam;plaats\nJa\0n;Assen\n")
    assert rows == {2: ["Ja\0n", "Assen"]}
    assert said(flags) == [(2, 0, "control_character", True)]
    assert "U+0000" in str(flags[0].sentence)


def test_comments_titles_and_blank_lines_keep_their_numbers(tmp_path: Path) -> None:
    text = "# uitvoer van 2026\n\nLijst van klanten\n;;\n  \nnaam;plaats;nr\nJan;Assen;1\n"
    (tmp_path / "a.csv").write_text(text)
    with open_here(tmp_path / "a.csv", ReadOptions()) as source:
        assert source.delimiter == ";"
        heads = source.head("", 9)
    assert [(row.number, row.cells) for row in heads] == [
        (1, ("# uitvoer van 2026",)),
        (3, ("Lijst van klanten",)),
        (6, ("naam", "plaats", "nr")),
        (7, ("Jan", "Assen", "1")),
    ]


def test_a_table_as_wide_as_a_spreadsheet_can_be(tmp_path: Path) -> None:
    header, row = (";".join(f"{letter}{place}" for place in range(16_384)) for letter in "kv")
    rows, flags = read(tmp_path, f"{header}\n{row}\n")
    assert (rows[2][0], rows[2][-1], len(rows[2]), flags) == ("v0", "v16383", 16_384, [])
    assert refused(tmp_path, f"{header};x\n{row};y\n").code == "too_many_columns"


def test_a_line_of_megabytes_is_read_and_said_to_be_too_long(tmp_path: Path) -> None:
    rows, flags = read(tmp_path, "naam;plaats\n" + "x" * 3_000_000 + ";Assen\n")
    assert (len(rows[2][0]), rows[2][1]) == (3_000_000, "Assen")
    assert said(flags) == [(2, 0, "cell_too_long", True)]
    assert "3,000,000 characters long" in str(flags[0].sentence)


@pytest.mark.parametrize(
    "text", ["naam plaats\nJan Assen\n", "naam      plaats\nJan       Assen \n", "naam^plaats\nJan^Assen\n"]
)
def test_what_separates_in_another_way_stays_whole_rather_than_being_guessed_at(tmp_path: Path, text: str) -> None:
    rows, flags = read(tmp_path, text)
    assert (rows, flags) == ({2: [text.splitlines()[1]]}, [])


def test_an_unusual_delimiter_can_be_named(tmp_path: Path) -> None:
    assert read(tmp_path, "naam^plaats\nJan^Assen\n", delimiter="^")[0] == {2: ["Jan", "Assen"]}
