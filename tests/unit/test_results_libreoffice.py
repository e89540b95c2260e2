"""What LibreOffice makes of our files; skipped where it is not installed, the XML itself is asserted elsewhere."""

import csv
from pathlib import Path

from batch.model import Status
from batch.results import Form
from tests.support.answers import (
    ENUMS,
    HARD_TEXTS,
    error,
    libreoffice,
    opened,
    part,
    report,
    row,
    seen,
    write_failed,
    write_results,
)

# LibreOffice makes a line feed of any line end.
TEXTS = [text for text in HARD_TEXTS if "\r" not in text]
# What it reads right (see the CSV below) it saves wrong: its own XLSX has too few escapes for these.
RESAVED = [text for text in TEXTS if text not in ("_x005F_x0041_", "_x0041_x0042_")]


def test_a_workbook_survives_libreoffice_as_text_with_marks_notes_lists_and_charts(tmp_path: Path) -> None:
    rows = [
        row(number, Status.INVALID, ("vast", text), [error(number, "Soort", "vast", "enum", "No.")])
        for number, text in enumerate(RESAVED, 2)
    ]
    made = report(rows, labels=("Soort", "Bedrijf"))
    write_failed(tmp_path / "f.xlsx", made, iter(rows), ENUMS, form=Form.XLSX)
    write_results(tmp_path / "r.xlsx", made, iter(rows), form=Form.XLSX)

    failed, saved = libreoffice("xlsx", tmp_path, tmp_path / "f.xlsx", tmp_path / "r.xlsx")
    assert [line[1] for line in seen(failed, "To correct")[1:]] == RESAVED
    sheet = opened(failed)["To correct"]
    assert sheet["A2"].comment.text.strip() == "No."
    assert sheet["A2"].fill.fgColor.rgb == "FFFDE3E0"
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"local,mobile,national"']
    assert sheet.column_dimensions["A"].number_format == "@"

    results = opened(saved)
    assert results.active is not None
    assert results.active.title == "Summary"
    assert part(saved, "xl/charts/chart2.xml")


def test_a_workbook_saved_as_csv_by_libreoffice_shows_each_text_as_it_is(tmp_path: Path) -> None:
    rows = [row(number, Status.INVALID, (text,)) for number, text in enumerate(TEXTS, 2)]
    write_failed(tmp_path / "f.xlsx", report(rows, labels=("A",)), iter(rows), {}, form=Form.XLSX)
    saved = libreoffice("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true", tmp_path, tmp_path / "f.xlsx")[0]
    with saved.open(encoding="utf-8", newline="") as file:
        assert [line[0] for line in csv.reader(file)][1:] == TEXTS


def test_a_failed_csv_opened_by_libreoffice_runs_no_formula(tmp_path: Path) -> None:
    rows = [row(2, Status.INVALID, ("=1+1", "+31201234567", "@SUM(A1)"))]
    made = report(rows, labels=("A", "B", "C"))
    write_failed(tmp_path / "f.csv", made, iter(rows), {}, form=Form.CSV, delimiter=",")
    sheet = opened(libreoffice("xlsx", tmp_path, tmp_path / "f.csv")[0]).worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == ["'=1+1", "'+31201234567", "'@SUM(A1)"]
    assert {cell.data_type for cell in sheet[2][:3]} == {"s"}


def test_the_smallest_workbooks_open(tmp_path: Path) -> None:
    paths = [tmp_path / "empty.xlsx", tmp_path / "one.xlsx"]
    for path, rows in zip(paths, ([], [row(4)]), strict=True):
        write_results(path, report(rows), iter(rows), form=Form.XLSX)
    assert [len(opened(saved).sheetnames) for saved in libreoffice("xlsx", tmp_path, *paths)] == [5, 5]
