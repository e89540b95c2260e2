"""inspect for a person: fits the terminal, says where things are, groups what is alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
import typer

from batch.cli.inspection import InspectRequest, inspect_file
from tests.support.line import FIELDS

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(params=[80, 120])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COLUMNS", str(request.param))
    return int(request.param)


def page(
    capsys: pytest.CaptureFixture[str],
    path: Path,
    *,
    cells: bool = False,
    sheet: str | None = None,
    all_sheets: bool = False,
    mapping: list[str] | None = None,
    lang: str | None = None,
) -> list[str]:
    with pytest.raises(typer.Exit):
        inspect_file(
            InspectRequest(
                path=path,
                sheet=sheet,
                all_sheets=all_sheets,
                mapping=mapping or [],
                map_file=None,
                no_map_file=False,
                save_map=None,
                overwrite=False,
                delimiter=None,
                encoding=None,
                cells=cells,
                as_json=False,
                lang=lang,
                config=None,
            )
        )
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def line_with(lines: list[str], text: str) -> str:
    (found,) = [line for line in lines if text in line]
    return found


@pytest.mark.parametrize("name", ["clean.csv", "messy.xlsx", "hostile.csv"])
def test_the_page_is_no_wider_than_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, width: int, name: str
) -> None:
    lines = page(capsys, Path(shutil.copy(SAMPLES / name, tmp_path)))
    path, command = lines[0], lines[-1]
    assert all(len(line) <= width for line in lines if line not in (path, command))
    assert all(line.isprintable() for line in lines)
    assert "flireo-batch check" in command


@pytest.mark.usefixtures("width")
def test_sheets_columns_and_first_values_stand_in_tables(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = page(capsys, Path(shutil.copy(SAMPLES / "messy.xlsx", tmp_path)))
    facts = " ".join(lines[: lines.index("Sheets")])
    assert "XLSX" in facts
    assert 'header in row 4 of sheet "Klanten"' in facts
    assert line_with(lines, "Opmerkingen  ").split() == ["Opmerkingen", "4", "1", "not", "read"]
    assert line_with(lines, "house_number").split() == ["I", "Huisnummer", "house_number", "1,", "12"]
    assert line_with(lines, "A  Klantnr").split() == ["A", "Klantnr", "not", "sent", "1001,", "1002"]


@pytest.mark.usefixtures("width")
def test_warnings_that_are_alike_are_one_with_their_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    short = ",".join(FIELDS.values())
    path.write_text("\n".join([",".join([*FIELDS, "description"]), *[short] * 8]) + "\n", encoding="utf-8")
    lines = page(capsys, path)
    assert lines.count("Warnings") == 1
    assert "  rows 2, 3, 4, 5, 6 and 3 more" in lines
    assert sum("the header has 12" in line for line in lines) == 1


@pytest.mark.usefixtures("width")
def test_what_sense_finds_is_among_the_warnings(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = page(capsys, Path(shutil.copy(SAMPLES / "messy.xlsx", tmp_path)))
    assert "  Telefoon: row 19" in lines[lines.index("Warnings") :]
    assert "  Postcode: row 22" in lines[lines.index("Warnings") :]


@pytest.mark.usefixtures("width")
def test_what_is_missing_is_said_in_the_table_and_as_a_problem(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,business_name,city,phone_number_type\nDepot,X,U,local\n", encoding="utf-8")
    lines = page(capsys, path)
    assert line_with(lines, "  postal_code").split() == ["no", "column", "postal_code"]
    assert "Problems: nothing can be sent before these are solved" in lines
    assert not any("flireo-batch check" in line for line in lines)


@pytest.mark.usefixtures("width")
def test_cells_do_nothing_to_a_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = page(capsys, Path(shutil.copy(SAMPLES / "hostile.csv", tmp_path)), cells=True)
    assert all(line.isprintable() for line in lines)
    assert any("[U+001B]" in line for line in lines)


@pytest.mark.usefixtures("width")
def test_splits_the_mapping_and_rows_that_are_no_data_are_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    header = [name for name in FIELDS if name not in ("street_name", "house_number")]
    rows = [
        [*header, "Adres", "Klantnr"],
        [*(FIELDS[name] for name in header), "Laan 9", "7"],
        ["Totaal: 1"],
        header[:3],
    ]
    (tmp_path / "a.csv").write_text("".join(f"{','.join(row)}\n" for row in rows))
    (tmp_path / "flireo-map.toml").write_text('[columns]\n"Adres" = "street_name+house_number"\n')
    lines = page(capsys, tmp_path / "a.csv", mapping=["Klantnr="])
    assert "2 rows of data, 1 not read as data, mapping" in " ".join(" ".join(lines[1:3]).split())
    assert line_with(lines, "street_name+house_number (split)").split()[:2] == ["J", "Adres"]
    assert "left out" in line_with(lines, "Klantnr  ")
    at = lines.index("Rows that cannot be sent")
    assert "row 4" in lines[at + 1]
    assert "Another table begins in this row" in lines[at + 2]


@pytest.mark.usefixtures("width")
def test_of_several_sheets_each_has_its_columns(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Noord"
    for sheet, names in ((book.worksheets[0], list(FIELDS)), (book.create_sheet("Zuid"), list(reversed(FIELDS)))):
        sheet.append(names)
        sheet.append([FIELDS[name] for name in names])
    book.create_sheet("Uitleg").append(["bel Jan"])
    book["Zuid"].append(["Totaal: 1"])
    book.save(tmp_path / "k.xlsx")
    lines = page(capsys, tmp_path / "k.xlsx", all_sheets=True)
    facts = " ".join(" ".join(lines[1:4]).split())
    assert 'header rows 1 ("Noord"), 1 ("Zuid"), 2 rows of data, 1 not read as data' in facts
    assert [line for line in lines if line.startswith("Columns of sheet")] == [
        'Columns of sheet "Noord"',
        'Columns of sheet "Zuid"',
    ]
    assert line_with(lines, "Uitleg  ").split()[-2:] == ["not", "read"]
    assert any('sheet "Zuid": row 3' in line for line in lines)


def test_the_page_is_told_in_the_language_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    lines = page(capsys, Path(shutil.copy(SAMPLES / "messy.xlsx", tmp_path)), lang="nl")
    assert line_with(lines, "Opmerkingen  ").split() == ["Opmerkingen", "4", "1", "niet", "gelezen"]
    assert line_with(lines, "A  Klantnr").split() == ["A", "Klantnr", "niet", "verzonden", "1001,", "1002"]
    assert "Kolommen" in lines
    assert "Regels die niet verzonden kunnen worden" in lines
    assert not [line for line in lines if " row" in line or " sheet" in line]
    assert lines[-1].startswith("Om elke regel te controleren: flireo-batch check ")


def test_of_a_sheet_without_known_columns_so_many_cells_are_told_and_that_there_are_more(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batch.cli.inspection._MOST_OF_ANY_CELL", 3)
    path = tmp_path / "a.csv"
    path.write_text("alfa,beta\n" + "#N/A,1\n" * 5, encoding="utf-8")
    told = " ".join(" ".join(page(capsys, path)).split())
    assert "Only the first 3 remarks on single cells are told" in told
    assert "there are more from row 5 on" in told
    path.write_text("alfa,beta\n" + "#N/A,1\n" * 3, encoding="utf-8")
    assert "Only the first" not in " ".join(page(capsys, path))
