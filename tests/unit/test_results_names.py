from pathlib import Path

import pytest

from batch.results.names import beside, numbered, stem_of
from batch.results.report import Form


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("customers.xlsx", "customers"),
        ("customers.csv", "customers"),
        ("klanten maart 2026.v2.xlsx", "klanten maart 2026.v2"),
        ("customers.failed.xlsx", "customers"),
        ("customers.failed-3.xlsx", "customers"),
        ("customers.FAILED-12.CSV", "customers"),
        ("customers.failed.failed.xlsx", "customers.failed"),
        (".failed.xlsx", ".failed"),
        ("failed.xlsx", "failed"),
        ("customers.failed-x.xlsx", "customers.failed-x"),
    ],
)
def test_a_failed_file_keeps_the_stem_of_the_file_that_it_came_from(source: str, stem: str) -> None:
    assert stem_of(Path("folder") / source) == stem


def test_the_first_round_has_no_number_and_each_file_its_own_form() -> None:
    first = numbered(Path("out"), "customers", 1, Form.XLSX, Form.CSV)
    third = numbered(Path("out"), "customers", 3, Form.CSV, Form.XLSX)
    assert [path.name for path in first.all()] == ["customers.failed.csv", "customers.results.xlsx"]
    assert [path.name for path in third.all()] == [
        "customers.failed-3.xlsx",
        "customers.results-3.errors.csv",
        "customers.results-3.warnings.csv",
        "customers.results-3.changes.csv",
        "customers.results-3.summary.csv",
        "customers.results-3.csv",
    ]


def test_names_can_move_to_another_folder() -> None:
    moved = numbered(Path("out"), "customers", 1, Form.XLSX, Form.XLSX).moved(Path("elsewhere"))
    assert moved.results == Path("elsewhere/customers.results.xlsx")
    assert moved.failed == Path("elsewhere/customers.failed.xlsx")


def test_csv_sheets_stand_beside_the_results() -> None:
    assert beside(Path("a/customers.results-2.csv"), "errors") == Path("a/customers.results-2.errors.csv")
