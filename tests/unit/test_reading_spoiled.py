# ruff: noqa: RUF001  (letters that look like others are what is tested)
"""Text that an earlier program spoiled: each kind is flagged with what is known, and what only resembles it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.model import CellFlag
from batch.reading import ReadOptions
from batch.reading.garbled import likely_original
from tests.support.reading import open_here
from tests.support.spreadsheets import text_rows, write_xlsx


def flags(tmp_path: Path, *texts: str) -> list[CellFlag]:
    """What is said of the texts, one to a row below a header, in a text file."""
    lines = ["kop;x", *('"' + text.replace('"', '""') + '";x' for text in texts)]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    with open_here(tmp_path / "a.csv", ReadOptions(delimiter=";", encoding="utf-8")) as source:
        return [flag for chunk in source.chunks("", after=1, width=2) for flag in chunk.flags]


def codes(tmp_path: Path, *texts: str) -> list[str]:
    return [flag.code for flag in flags(tmp_path, *texts)]


@pytest.mark.parametrize(
    "text", ["#N/A", "#N/B", "#WAARDE!", "#VERW!", "#NAAM?", "#DEEL/0!", "#NV", "#¡REF!", " #ref! ", "Err:502"]
)
def test_what_a_spreadsheet_shows_for_an_error_is_no_value(tmp_path: Path, text: str) -> None:
    (flag,) = flags(tmp_path, text)
    assert (flag.row, flag.column, flag.code, flag.blocks) == (2, 0, "error_cell", True)
    assert str(flag.sentence) == (
        f"The cell shows the error {text.strip()} in place of a value. Correct the formula, or type the value."
    )


@pytest.mark.parametrize("text", ["###", " ######## ", "#" * 200])
def test_a_column_that_was_too_narrow_has_lost_its_value(tmp_path: Path, text: str) -> None:
    (flag,) = flags(tmp_path, text)
    assert (flag.code, flag.blocks) == ("column_too_narrow", True)
    assert "shows when a column is too narrow" in str(flag.sentence)


@pytest.mark.parametrize("text", ["6,12E+08", "3.16123E+10", "1E+11", "-5.1e-07", " 6E+08 "])
def test_a_number_in_scientific_notation_has_lost_digits(tmp_path: Path, text: str) -> None:
    (flag,) = flags(tmp_path, text)
    assert (flag.code, flag.blocks) == ("scientific_number", True)
    assert "digits of it are lost" in str(flag.sentence)


@pytest.mark.parametrize(
    ("text", "likely", "words"),
    [
        ("2-jan", "2-1", "2-1 or 1-2"),
        ("02-Jan", "2-1", "2-1 or 1-2"),
        ("1-mrt", "1-3", "1-3 or 3-1"),
        ("1-jan.", "1-1", "of 1-1, which"),
        ("12. Mai", "12-5", "12-5 or 5-12"),
        ("31-août", "31-8", "31-8 or 8-31"),
        ("jan-02", "1-2", "1-2 or 2-1"),
        ("Feb-35", "2-35", "2-35 or 35-2"),
    ],
)
def test_a_date_that_a_spreadsheet_made_of_a_house_number_says_what_was_typed(
    tmp_path: Path, text: str, likely: str, words: str
) -> None:
    (flag,) = flags(tmp_path, text)
    assert (flag.code, flag.blocks, flag.likely) == ("date_cell", True, likely)
    assert words in str(flag.sentence)


GARBLED = [
    ("CafÃ© De Kroon", "Café De Kroon"),
    ("ZoÃ«", "Zoë"),
    ("Janâ€™s", "Jan’s"),
    ("Ã\xa0 la carte", "à la carte"),
    ("ZoÃƒÂ«", "Zoë"),
    ("Zo├½", "Zoë"),
    ("Zo√´", "Zoë"),
    ("Straße 5°é".encode().decode("cp1252") + " é", "Straße 5°é é"),
    ("Łódź".encode().decode("latin-1"), "Łódź"),
    ("Иванов".encode().decode("latin-1"), "Иванов"),
]


@pytest.mark.parametrize(("text", "likely"), GARBLED)
def test_text_that_was_read_in_a_wrong_encoding_once_says_what_it_was(text: str, likely: str) -> None:
    assert likely_original(text) == likely


def test_garbled_text_is_flagged_with_the_likely_original(tmp_path: Path) -> None:
    (flag,) = flags(tmp_path, "CafÃ© De Kroon")
    assert (flag.code, flag.blocks, flag.likely) == ("garbled_text", True, "Café De Kroon")
    assert str(flag.sentence) == (
        'Letters of this text were garbled before it came into the file; it was probably "Café De Kroon". '
        "Type it again."
    )


def test_seven_bit_unicode_is_garbled_too(tmp_path: Path) -> None:
    (flag,) = flags(tmp_path, "Caf+AOk- De Kroon")
    assert (flag.code, flag.likely) == ("garbled_text", "Café De Kroon")
    assert codes(tmp_path, "A+ABC-", "bloed +AB-", "+A===-") == []


@pytest.mark.parametrize(
    "text",
    [
        "SÃO PAULO",
        "CAFÉ’S",
        "É–R",
        "CAFÉ™",
        "Âge d’Or",
        "IRMÃ",
        "ÅSE",
        "MUÑOZ",
        "ÄÖÜ",
        "Гёте",
        "Ä°",
        "ÉÉ",
        "½",
        "√4",
        "日本",
    ],
)
def test_letters_that_only_resemble_garbled_ones_are_left_alone(tmp_path: Path, text: str) -> None:
    assert likely_original(text) is None
    assert codes(tmp_path, text) == []


def test_a_lost_character_is_flagged(tmp_path: Path) -> None:
    (flag,) = flags(tmp_path, "Ren\ufffde")
    assert (flag.code, flag.blocks) == ("lost_character", True)
    assert "A character of this text was lost" in str(flag.sentence)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9d", "\ufffe"])
def test_control_characters_are_flagged_by_their_number(tmp_path: Path, character: str) -> None:
    (flag,) = flags(tmp_path, f"Jan{character}sen")
    assert (flag.code, flag.blocks) == ("control_character", True)
    assert f"U+{ord(character):04X}" in str(flag.sentence)


@pytest.mark.parametrize("character", ["\u200b", "\ufeff", "\u202e", "\u00ad", "\u2060"])
def test_characters_that_cannot_be_seen_are_said_within_a_text_and_trimmed_elsewhere_at_its_ends(
    tmp_path: Path, character: str
) -> None:
    (flag,) = flags(tmp_path, f"Jan{character}sen", f"{character}Jansen{character}")
    assert (flag.row, flag.code, flag.blocks) == (2, "invisible_character", False)
    assert f"U+{ord(character):04X}" in str(flag.sentence)


@pytest.mark.parametrize(
    ("text", "likely"), [("Jansen &amp; Zn", "Jansen & Zn"), ("Caf&eacute;", "Café"), ("&#233;&#xEB;n", "éën")]
)
def test_characters_as_web_pages_write_them_are_said(tmp_path: Path, text: str, likely: str) -> None:
    (flag,) = flags(tmp_path, text)
    assert (flag.code, flag.blocks, flag.likely) == ("markup_entity", False, likely)


def test_texts_that_resemble_spoiled_ones_are_left_alone(tmp_path: Path) -> None:
    innocent = [
        *("#1", "# 5", "#", "##", "#YES!", "C#", "N/A", "Err", "Terr:12"),
        *("1E5", "12E+3A", "E+08", "5e-mail", "A1E+08", "1E 08", "ee-8"),
        *("12-a", "3-5", "2-janse", "32-jan", "0-jan", "MAR-12", "jan-2026", "Jan-Peter", "2 mei", "2 jan", "1-2"),
        *("R&D;", "a & b;", "&;", "Q&A"),
    ]
    assert codes(tmp_path, *innocent) == []


def test_texts_in_workbooks_are_looked_at_too_and_cells_are_flagged_once(tmp_path: Path) -> None:
    error = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2" t="inlineStr"><is><t>#N/A</t></is></c></row>'
    path = write_xlsx(tmp_path / "a.xlsx", text_rows([["kop", "ZoÃ«"]]) + error)
    with open_here(path, ReadOptions()) as source:
        found = [flag for chunk in source.chunks("Sheet1", after=0, width=2) for flag in chunk.flags]
    assert [(flag.row, flag.column, flag.code) for flag in found] == [
        (1, 1, "garbled_text"),
        (2, 0, "error_cell"),
        (2, 1, "error_cell"),
    ]


def test_values_that_are_formulas_to_keep_their_zeros_are_read_as_shown(tmp_path: Path) -> None:
    rows = [
        '="kop";x',
        '="0612345678";a',
        '"=""0612""";b',
        '"=""a """"b"""" c""";c',
        '="";d',
        '="x"y;e',
        "=1+1;f",
        '="a"&"b";g',
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    with open_here(tmp_path / "a.csv", ReadOptions()) as source:
        assert source.head("", 1)[0].cells == ("kop", "x")
        chunks = list(source.chunks("", after=1, width=2))
    cells = [row for chunk in chunks for row in chunk.cells.to_numpy().tolist()]
    assert cells == [
        ["0612345678", "a"],
        ["0612", "b"],
        ['a "b" c', "c"],
        ["", "d"],
        ['="x"y', "e"],
        ["=1+1", "f"],
        ['="a"&"b"', "g"],
    ]
    found = [(flag.row, flag.column, flag.code, flag.blocks) for chunk in chunks for flag in chunk.flags]
    assert found == [(row, 0, "formula_text", False) for row in (2, 3, 4, 5)]
    assert str(chunks[0].flags[0].sentence) == (
        'The file says ="0612345678", which a spreadsheet program shows as 0612345678; it is read as that.'
    )
