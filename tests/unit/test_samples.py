import csv
import datetime as dt
import io
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import phonenumbers
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from batch.sandbox.body_check import load_body_check
from batch.schema import load_schema, schemas_folder

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
MEGABYTE = 1024 * 1024
PHONE, STREET, HOUSE_NUMBER, POSTAL_CODE, PROVINCE = "G", "H", "I", "J", "L"


def messy(*, results: bool = False, sheet: str = "Klanten") -> Worksheet:
    found = openpyxl.load_workbook(SAMPLES / "messy.xlsx", data_only=results)[sheet]
    assert isinstance(found, Worksheet)
    return found


def hostile() -> list[list[str]]:
    text = (SAMPLES / "hostile.csv").read_bytes().decode("utf-8-sig")
    usual = csv.field_size_limit(2 * MEGABYTE)
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(usual)


def messy_rows() -> dict[int, list[str]]:
    sheet = messy(results=True)
    rows = {at: [str(cell.value or "") for cell in sheet[at]] for at in range(5, sheet.max_row + 1)}
    return {at: cells for at, cells in rows.items() if any(cells)}


@pytest.mark.parametrize("name", ["clean.csv", "messy.xlsx", "hostile.csv"])
def test_the_generator_makes_the_very_files_that_lie_there(tmp_path: Path, name: str) -> None:
    subprocess.run([sys.executable, "-B", SAMPLES / "make_samples.py", tmp_path], check=True)
    assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()


def test_nothing_in_the_samples_points_at_anybody_real() -> None:
    everything = "".join(
        (SAMPLES / name).read_text("utf-8", "replace") for name in ("clean.csv", "hostile.csv", "messy.xlsx")
    )
    assert set(re.findall(r"[\w.]+@([\w.]+)", everything)) <= {"example.com"}
    assert set(re.findall(r"(?:https?|ldap)://([\w.]+)", everything)) <= {"example.com", "schemas.openxmlformats.org"}


def test_every_clean_row_is_valid_as_it_stands_and_needs_no_change() -> None:
    schema = load_schema(schemas_folder() / "verification-group.request.json")
    rows = list(csv.DictReader(io.StringIO((SAMPLES / "clean.csv").read_bytes().decode(), newline="")))
    names = {field.label: field.name for field in schema.fields}
    assert len(rows) == 12
    for row in rows:
        body = {names[label]: value for label, value in row.items()}
        assert load_body_check(None).faulty(body) is None
        assert all(value == value.strip() for value in row.values())
        number = phonenumbers.parse(body["contact_person_phone"])
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == body["contact_person_phone"]
    assert len({row["Name"] for row in rows}) == 12


def test_the_messy_header_stands_under_titles_and_is_dutch() -> None:
    sheet = messy()
    assert [merged.coord for merged in sheet.merged_cells.ranges] == ["A1:F1"]
    assert [cell.value for cell in sheet[3]] == [None] * 13
    assert {"Soort nummer", "Bedrijfsnaam ", "Huisnummer", "Postcode", "Plaats", "Provincie"} <= {
        cell.value for cell in sheet[4]
    }


def test_the_messy_file_has_twenty_five_rows_and_empty_ones_between() -> None:
    assert len(messy_rows()) == 25
    assert not {9, 15} & set(messy_rows())


def test_the_messy_file_has_numbers_where_text_should_be() -> None:
    sheet = messy()
    assert (sheet[f"{PHONE}6"].value, sheet[f"{HOUSE_NUMBER}6"].value, sheet[f"{POSTAL_CODE}23"].value) == (
        612345611,
        12,
        9000,
    )
    assert (sheet[f"{PHONE}8"].value, sheet[f"{PHONE}8"].number_format) == (201234568, "0000000000")


def test_the_messy_file_has_a_date_for_a_house_number_and_an_error_for_a_province() -> None:
    sheet = messy()
    assert sheet[f"{HOUSE_NUMBER}7"].value == dt.datetime(2025, 2, 1)  # noqa: DTZ001 - Excel knows no zones
    assert sheet[f"{PROVINCE}21"].data_type == "e"


def test_the_messy_file_has_a_formula_with_its_result_and_one_without() -> None:
    assert messy()["C16"].value == '=CONCATENATE(D16," - ",K16)'
    shown = [messy(results=True)[f"{column}16"].value for column in "DKC"]
    assert shown[2] == f"{shown[0]} - {shown[1]}"
    assert messy()[f"{STREET}17"].value == "=H16"
    assert messy(results=True)[f"{STREET}17"].value is None


def test_the_messy_file_has_duplicates_as_it_stands_and_in_another_spelling() -> None:
    rows = messy_rows()
    assert rows[13][1:] == rows[5][1:]
    assert rows[14][1:] != rows[6][1:]
    assert [cell.strip().lower() for cell in rows[14][1:6]] == [cell.strip().lower() for cell in rows[6][1:6]]
    names = [cells[2].strip() for at, cells in rows.items() if at not in (13, 14)]
    assert len(names) == len(set(names))


def test_the_messy_phone_numbers_are_valid_but_for_the_one_that_is_none() -> None:
    phones = {at: cells[6] for at, cells in messy_rows().items()}
    assert phones.pop(19) == "zie e-mail"
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone, "NL")) for phone in phones.values())


def test_the_messy_file_has_blanks_of_all_kinds_missing_values_and_a_wrong_type() -> None:
    rows = messy_rows()
    assert rows[10][1] == "Nationaal\u00a0"
    assert "\u200b" in rows[22][9]
    assert "\u0301" in rows[22][2]
    assert rows[11][1] == "vast"
    assert (rows[12][10], rows[20][3].strip()) == ("", "")
    assert (rows[25][1], rows[25][4], rows[25][8]) == ("", "", "")


def test_the_messy_file_has_a_second_sheet_of_notes() -> None:
    notes = messy(sheet="Opmerkingen")
    assert notes.max_row == 4
    assert notes.max_column == 1


def test_the_hostile_file_begins_with_a_mark_and_ends_its_lines_in_three_ways() -> None:
    content = (SAMPLES / "hostile.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert all(re.search(end, content) for end in (rb"\r\n", rb"[^\r]\n", rb"\r[^\n]"))


def test_the_hostile_file_has_fourteen_rows_a_short_and_a_long_one_among_them() -> None:
    _, *rows = hostile()
    assert len(rows) == 14
    assert sorted({len(row) for row in rows}) == [5, 12, 14]


def test_the_hostile_file_has_formulas_control_characters_quotes_and_a_cell_of_a_megabyte() -> None:
    cells = [cell for row in hostile() for cell in row]
    assert {cell[0] for cell in cells if cell} >= set("=@+-\t\n")
    assert {character for cell in cells for character in cell if character < " "} >= set("\x01\x07\x08\x0c\x1b")
    assert '"' in cells
    assert max(map(len, cells)) == MEGABYTE
    assert {"NULL", "NA", "None", "nan", "null", "1E5", "00123"} <= set(cells)


@pytest.mark.parametrize(("name", "rows"), [("clean.csv", 12), ("messy.xlsx", 25), ("hostile.csv", 14)])
def test_the_readme_expects_an_outcome_of_every_row(name: str, rows: int) -> None:
    line = re.search(
        rf"^\| `{re.escape(name)}` \| (\d+) \| (.*) \|$", (SAMPLES / "README.md").read_text(), re.MULTILINE
    )
    assert line is not None
    assert int(line[1]) == rows == sum(map(int, re.findall(r"\d+", line[2])))
