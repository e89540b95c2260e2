"""pipeline: what sense finds travels as notices of rows; with strict the same sentences are errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.errors import SettingsError
from batch.model import Notice, RowError
from batch.pipeline.check import check
from batch.pipeline.mapped import FileOptions
from batch.pipeline.prepare import PreparedFile
from batch.pipeline.rules import load_rules
from batch.pipeline.values import RunOptions
from batch.settings import load_settings
from tests.support.line import FIELDS, Heard
from tests.support.program import write_csv

RULES = load_rules(None, "NL")
FINE = {
    **FIELDS,
    "contact_person_first_name": "Anna",
    "postal_code": "1015 CJ",
    "city": "Amsterdam",
    "province": "Noord-Holland",
}


def prepared(path: Path, *, strict: bool = False) -> tuple[list[Notice], list[RowError], list[bool]]:
    with PreparedFile(path, RULES, FileOptions(strict=strict)) as file:
        parts = list(file.parts())
    return (
        [warning for part in parts for warning in part.warnings],
        [error for part in parts for errors in part.errors.values() for error in errors],
        [valid for part in parts for valid in part.valid.tolist()],
    )


def test_a_warning_is_told_by_the_row_of_the_file_and_blocks_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", FINE, {**FINE, "name": "b", "province": "Noord Hollnad"})
    notices, errors, valid = prepared(path)
    (notice,) = notices
    assert (notice.row, notice.column, notice.field) == (3, "province", "province")
    assert (notice.code, notice.value) == ("province_unknown", "Noord Hollnad")
    assert (errors, valid) == ([], [True, True])


def test_whoever_watches_hears_of_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", FINE, {**FINE, "name": "b", "province": "Noord Hollnad"})
    heard = Heard()
    check(RunOptions(files=(path,)), load_settings(), RULES, heard)
    assert "province_unknown" in [notice.code for notice in heard.notices]


def test_with_strict_it_is_an_error_with_the_same_sentence(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", FINE, {**FINE, "name": "b", "province": "Noord Hollnad"})
    (notice,) = prepared(path)[0]
    notices, errors, valid = prepared(path, strict=True)
    (error,) = errors
    assert (error.row, error.column, error.field, error.value) == (3, "province", "province", "Noord Hollnad")
    assert (error.code, error.message, error.retype) == (notice.code, notice.message, False)
    assert (notices, valid) == ([], [True, False])


def test_what_the_reader_remarks_of_a_row_counts_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    short = list(FINE.values())
    path.write_text("\n".join([",".join([*FINE, "description"]), ",".join(short)]) + "\n", encoding="utf-8")
    (notice,) = prepared(path)[0]
    assert (notice.code, notice.row, notice.column) == ("short_row", 2, None)
    assert prepared(path, strict=True)[2] == [False]


def test_a_cell_that_is_wrong_is_not_warned_of_as_well(tmp_path: Path) -> None:
    notices, errors, _ = prepared(write_csv(tmp_path / "a.csv", {**FINE, "province": " "}))
    assert [error.code for error in errors] == ["required"]
    assert notices == []


def test_a_column_of_countries_is_used_though_it_feeds_no_field(tmp_path: Path) -> None:
    odd = {**FINE, "postal_code": "2000", "province": "Elders"}
    assert len(prepared(write_csv(tmp_path / "a.csv", odd))[0]) == 2
    path = tmp_path / "b.csv"
    path.write_text("\n".join([",".join([*odd, "Land"]), ",".join([*odd.values(), "België"])]) + "\n", encoding="utf-8")
    assert prepared(path)[0] == []


def test_a_region_that_is_no_country_is_refused() -> None:
    with pytest.raises(SettingsError, match='no country with the code "XX"') as caught:
        load_rules(None, "XX")
    assert caught.value.code == "unknown_region"
