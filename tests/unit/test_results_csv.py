import csv
from pathlib import Path

import pytest

from batch.errors import OutputError
from batch.formula_guard import unguard
from batch.model import Change, Notice, Origin, Status, sentence
from batch.results import Form
from tests.support.answers import (
    ENUMS,
    HARD_TEXTS,
    ID,
    INVALID_TOLD,
    LABELS,
    error,
    invalid,
    report,
    row,
    write_failed,
    write_results,
)


def records(path: Path, delimiter: str = ",") -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel takes a CSV for UTF-8 only with a byte order mark"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def test_results_hold_what_the_workbook_holds(tmp_path: Path) -> None:
    rows = [row(4), invalid(5)]
    changes = [
        Change(row=4, column="Telefoon", field="phone", before="06", after="+316", code="phone_e164"),
        Change(row=4, column="Soort", field="kind", before="Local", after="local", code="enum_case"),
    ]
    made = report(
        rows,
        reasons={"enum_case": sentence("Case.")},
        notices=(Notice(code="hidden", sentence=sentence("A sheet is hidden.")),),
    )
    write_results(tmp_path / "k.results.csv", made, iter(rows), changes, form=Form.CSV)
    assert records(tmp_path / "k.results.csv") == [
        ["row", "status", "requirement_group_id", "errors", *LABELS],
        ["4", "created", ID, "", "local", "Bakkerij De Molen B.V.", "'+31201234567", "1-2"],
        [
            "5", "invalid", "",
            INVALID_TOLD,
            "vast", "Bakkerij De Molen B.V.", "", "1-2",
        ],
    ]  # fmt: skip
    assert [line[:4] for line in records(tmp_path / "k.results.errors.csv")] == [
        ["row", "column", "value", "code"],
        ["5", "Soort", "vast", "enum"],
        ["5", "Telefoon", "", "required"],
        ["5", "Telefoon", "", "minLength"],
    ]
    assert records(tmp_path / "k.results.changes.csv") == [
        ["row", "column", "field", "from", "to", "code", "reason"],
        ["4", "Telefoon", "phone", "06", "'+316", "phone_e164", ""],
        ["4", "Soort", "kind", "Local", "local", "enum_case", "Case."],
    ]
    summary = records(tmp_path / "k.results.summary.csv")
    for line in (
        ["what_happened", "", "1 of 2 rows of klanten.xlsx are created; 1 needs someone."],
        ["rows", "created", "1"],
        ["rows", "in_doubt", "0"],
        ["errors_by_column", "Telefoon", "2"],
        ["run", "Rate limit", "100/minute"],
        ["notice", "hidden", "A sheet is hidden."],
    ):
        assert line in summary


def test_warnings_stand_in_a_file_of_their_own_and_are_counted_in_the_summary(tmp_path: Path) -> None:
    said = sentence("This is odd.")
    warnings = [Notice(code="cut_off", sentence=said, row=4, column="Bedrijf", value="=x")]
    made = report([row(4)], warnings=warnings)
    write_results(tmp_path / "k.results.csv", made, iter([row(4)]), (), warnings, form=Form.CSV)
    assert records(tmp_path / "k.results.warnings.csv") == [
        ["row", "column", "value", "code", "message"],
        ["4", "Bedrijf", "'=x", "cut_off", "This is odd."],
    ]
    assert ["warnings", "cut_off", "1"] in records(tmp_path / "k.results.summary.csv")


def test_rows_of_a_failed_file_show_where_they_first_came_from(tmp_path: Path) -> None:
    rows = [row(2, origin=Origin(source="eerste.xlsx", row=40))]
    made = report(rows, shows_origin=True)
    write_results(tmp_path / "r.csv", made, iter(rows), form=Form.CSV)
    lines = records(tmp_path / "r.csv")
    assert lines[0][4:] == [*LABELS, "flireo_row", "flireo_source"]
    assert lines[1][8:] == ["40", "eerste.xlsx"]


def test_rows_that_are_not_those_of_the_report_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="do not add up"):
        write_results(tmp_path / "r.csv", report([]), iter([row(4)]), form=Form.CSV)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_failed_csv_is_lossless_once_the_guard_is_undone(tmp_path: Path, delimiter: str) -> None:
    rows = [row(number, Status.INVALID, (hard, hard, hard)) for number, hard in enumerate(HARD_TEXTS, 2)]
    made = report(rows, labels=("=1+1", "B", "C"))
    path = tmp_path / "f.csv"
    write_failed(path, made, iter(rows), ENUMS, form=Form.CSV, delimiter=delimiter)
    lines = records(path, delimiter)
    assert lines[0] == ["'=1+1", "B", "C", "flireo_row", "flireo_source", "flireo_status", "flireo_errors"]
    assert [[unguard(cell) for cell in line[:3]] for line in lines[1:]] == [[hard] * 3 for hard in HARD_TEXTS]


def test_no_cell_of_a_csv_file_can_be_taken_for_a_formula(tmp_path: Path) -> None:
    rows = [row(2, Status.INVALID, (hard,), [error(2, None, hard, "x", "=1+1")]) for hard in HARD_TEXTS]
    made = report(rows, labels=("a",), input_name="=1+1")
    write_failed(tmp_path / "f.csv", made, iter(rows), {}, form=Form.CSV)
    write_results(tmp_path / "r.csv", made, iter(rows), form=Form.CSV)
    cells = [
        cell
        for name, delimiter in (("f.csv", ";"), ("r.csv", ","), ("r.errors.csv", ","), ("r.summary.csv", ","))
        for line in records(tmp_path / name, delimiter)
        for cell in line
    ]
    assert not [cell for cell in cells if cell.lstrip()[:1] in set("=+-@") and cell != "-"]


def test_a_failed_csv_is_for_dutch_excel_unless_the_input_had_another_delimiter(tmp_path: Path) -> None:
    rows = [row(2, Status.INVALID, ("a", "b"))]
    made = report(rows, labels=("A", "B"))
    write_failed(tmp_path / "f.csv", made, iter(rows), {}, form=Form.CSV)
    assert (tmp_path / "f.csv").read_text(encoding="utf-8-sig").startswith("A;B;flireo_row;")


def test_cells_beyond_the_headers_are_kept(tmp_path: Path) -> None:
    rows = [row(2, Status.INVALID, ("a", "b", "extra")), row(3, Status.INVALID, ("a",))]
    made = report(rows, labels=("A", "B"))
    write_failed(tmp_path / "f.csv", made, iter(rows), {}, form=Form.CSV)
    assert records(tmp_path / "f.csv", ";")[1:] == [
        ["a", "b", "2", "klanten.xlsx", "invalid", "", "extra"],
        ["a", "", "3", "klanten.xlsx", "invalid", ""],
    ]


def test_half_a_surrogate_pair_does_not_stop_the_file(tmp_path: Path) -> None:
    rows = [row(2, Status.INVALID, ("a\ud800",))]
    write_failed(tmp_path / "f.csv", report(rows, labels=("A",)), iter(rows), {}, form=Form.CSV)
    assert records(tmp_path / "f.csv", ";")[1][0] == "a\\ud800"
