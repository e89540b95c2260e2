from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from batch.model import Origin, Status
from batch.results import Form, ResultRow
from tests.support.answers import (
    ENUMS,
    HARD_TEXTS,
    INVALID_TOLD,
    LABELS,
    error,
    grid,
    invalid,
    opened,
    part,
    report,
    row,
    seen,
    write_failed,
)


def written(path: Path, rows: list[ResultRow], **given: object) -> Path:
    write_failed(path / "f.xlsx", report(rows, **given), iter(rows), ENUMS, form=Form.XLSX)  # type: ignore[arg-type]
    return path / "f.xlsx"


def sheet(path: Path) -> Worksheet:
    found = opened(path)["To correct"]
    assert isinstance(found, Worksheet)
    return found


def test_the_customer_s_columns_come_first_and_then_the_four_of_the_program(tmp_path: Path) -> None:
    path = written(tmp_path, [invalid(5)])
    assert grid(path, "To correct") == [
        [*LABELS, "flireo_row", "flireo_source", "flireo_status", "flireo_errors"],
        [
            "vast", "Bakkerij De Molen B.V.", "", "1-2", "5", "klanten.xlsx", "invalid",
            INVALID_TOLD,
        ],
    ]  # fmt: skip


def test_a_row_keeps_the_file_and_row_that_it_first_came_from(tmp_path: Path) -> None:
    path = written(tmp_path, [row(2, Status.REJECTED, origin=Origin(source="eerste.xlsx", row=40))])
    assert grid(path, "To correct")[1][4:7] == ["40", "eerste.xlsx", "rejected"]


def test_the_sheet_of_rows_is_first_and_shown_and_a_second_tells_how_in_two_languages(tmp_path: Path) -> None:
    workbook = opened(written(tmp_path, [invalid(5)]))
    assert workbook.sheetnames == ["To correct", "How to"]
    assert workbook.active is not None
    assert workbook.active.title == "To correct"
    told = " ".join(str(cell) for line in workbook["How to"].iter_rows(values_only=True) for cell in line)
    assert "How to correct this file" in told
    assert "Zo corrigeert u dit bestand" in told
    assert "sheet To correct" in told
    assert "blad To correct" in told


def test_what_is_typed_stays_text_in_whole_columns_and_in_rows_that_are_still_empty(tmp_path: Path) -> None:
    made = sheet(written(tmp_path, [invalid(5)]))
    assert [made.column_dimensions[letter].number_format for letter in "ABCD"] == ["@"] * 4
    assert {made.cell(2, column).number_format for column in range(1, 5)} == {"@"}


def test_faulty_cells_are_marked_with_the_reason(tmp_path: Path) -> None:
    made = sheet(written(tmp_path, [invalid(5)]))
    assert made["A2"].comment.text.startswith("Soort must be one of")
    assert made["C2"].comment.text.startswith("Telefoon is required")
    assert made["A2"].fill.fgColor.rgb == made["C2"].fill.fgColor.rgb == "00FDE3E0"
    assert made["B2"].comment is None


def test_columns_with_fixed_values_have_a_drop_down_in_every_row(tmp_path: Path) -> None:
    (rule,) = sheet(written(tmp_path, [invalid(5)])).data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref)) == ('"local,mobile,national"', "A2:A1048576")
    assert rule.errorStyle == "warning", "what the program understands too, such as lokaal, can still be typed"
    assert rule.error == "Choose one of local, mobile, national. Keep what you typed?"


def test_the_drop_down_is_found_by_label_where_the_header_is_spelled_otherwise(tmp_path: Path) -> None:
    path = written(tmp_path, [invalid(5)], headers=(" Soort", "Bedrijf", "Telefoon", "Huisnummer"))
    assert len(sheet(path).data_validations.dataValidation) == 1
    assert grid(path, "To correct")[0][0] == " Soort"


def test_the_program_s_columns_say_to_leave_them_alone(tmp_path: Path) -> None:
    made = sheet(written(tmp_path, [invalid(5)]))
    notes = [made.cell(1, column).comment for column in range(5, 9)]
    assert all(note is not None and "Leave it as it is" in note.text for note in notes)
    assert made["E2"].value == 5


def test_every_text_survives(tmp_path: Path) -> None:
    rows = [
        row(number, Status.INVALID, (hard, "x", "x", hard), [error(number, "Soort", hard, "x", "No.")])
        for number, hard in enumerate(HARD_TEXTS, 2)
    ]
    path = written(tmp_path, rows)
    assert [(line[0], line[3]) for line in seen(path, "To correct")[1:]] == [(hard, hard) for hard in HARD_TEXTS]
    assert "<f>" not in part(path, "xl/worksheets/sheet1.xml")
    assert "hyperlink" not in part(path, "xl/worksheets/sheet1.xml")


def test_too_long_a_text_is_cut_with_a_marker_that_reading_refuses(tmp_path: Path) -> None:
    path = written(tmp_path, [row(2, Status.INVALID, ("x" * 40_000,))])
    assert grid(path, "To correct")[1][0].endswith("... [cut by flireo-batch: 40000 characters in all]")


def test_cells_beyond_the_headers_come_after_the_program_s_columns(tmp_path: Path) -> None:
    path = written(tmp_path, [row(2, Status.INVALID, ("a", "b", "c", "d", "extra"))])
    assert grid(path, "To correct")[0][-1] == ""
    assert grid(path, "To correct")[1] == ["a", "b", "c", "d", "2", "klanten.xlsx", "invalid", "", "extra"]
