"""pipeline: what a mapping, a split and rows that are no data come to in the files that are written."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from batch.ledger import Ledger, open_ledger
from batch.model import Status
from batch.pipeline.batch_run import BatchRun
from batch.pipeline.check import check
from batch.pipeline.prepare import FileOptions
from batch.pipeline.rules import load_rules
from batch.pipeline.run import run
from batch.pipeline.values import BatchResult, FileResult, OutputOptions, RunOptions
from tests.support.line import FIELDS, Api, Heard, Line, again, line_to, quick_settings, sandbox
from tests.support.program import sheet

RULES = load_rules(None, "NL")
SPLIT = FileOptions(
    mapping=("Adres=street_name+house_number", "Contactpersoon=contact_person_first_name+contact_person_last_name")
)
PARTS = ("street_name", "house_number", "contact_person_first_name", "contact_person_last_name")


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def line(api: Api, tmp_path: Path) -> Iterator[Line]:
    with line_to(api, tmp_path, concurrency=1) as line:
        yield line


def go(line: Line, *files: Path, **options: object) -> BatchResult:
    def ledger() -> Ledger:
        return open_ledger(line.location)

    def drive(work: BatchRun) -> None:
        asyncio.run(work.work())

    tools = replace(line.tools(open_ledger(line.location)), open_ledger=ledger)
    return run(RunOptions(files=files, **options), tools, drive)  # type: ignore[arg-type]


def checked(path: Path, file: FileOptions | None = None, heard: Heard | None = None) -> FileResult:
    options = RunOptions(files=(path,), file=file or FileOptions(), output=OutputOptions(overwrite=True))
    (result,) = check(options, quick_settings(), RULES, heard or Heard()).files
    return result


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """A customer's file with combined columns."""
    header = [*(name for name in FIELDS if name not in PARTS), "Adres", "Contactpersoon"]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, header, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**FIELDS, "Adres": "Laan 9", "Contactpersoon": "Jan van der Berg", **row} for row in rows)
    return path


def test_combined_columns_are_split_recorded_and_given_back_whole(api: Api, line: Line, tmp_path: Path) -> None:
    rows = [{"name": "A"}, {"name": "B", "Contactpersoon": "Jan"}, {"name": "C", "Adres": ""}]
    (first,) = go(line, write_rows(tmp_path / "a.csv", rows), file=SPLIT).files
    assert (first.counts[Status.CREATED], first.counts[Status.INVALID]) == (1, 2)
    (body,) = api.bodies()
    assert [body[name] for name in PARTS] == ["Laan", "9", "Jan", "van der Berg"]
    changes = [row for row in sheet(str(first.results_file), "Changes") if row["code"] == "split"]
    assert [(row["row"], row["column"], row["field"], row["from"], row["to"]) for row in changes[:2]] == [
        (2, "Adres", "street_name", "Laan 9", "Laan"),
        (2, "Adres", "house_number", "Laan 9", "9"),
    ]
    errors = [(row["row"], row["column"], row["code"]) for row in sheet(str(first.results_file), "Errors")]
    assert errors == [(3, "Contactpersoon", "cannot_split"), (4, "Adres", "required"), (4, "Adres", "required")]
    failed = sheet(str(first.failed_file))
    assert [(row["Adres"], row["Contactpersoon"]) for row in failed] == [("Laan 9", "Jan"), (None, "Jan van der Berg")]
    assert not set(PARTS) & set(failed[0])


def test_a_corrected_failed_file_runs_with_the_same_mapping(api: Api, line: Line, tmp_path: Path) -> None:
    rows = [{"name": "A"}, {"name": "B", "Contactpersoon": "Anna Maria Jansen"}]
    (first,) = go(
        line, write_rows(tmp_path / "a.csv", rows), file=SPLIT, output=OutputOptions(format="csv", failed_format="csv")
    ).files
    assert first.failed_file is not None
    (untouched,) = go(again(line), first.failed_file, file=SPLIT).files
    assert (untouched.counts[Status.INVALID], api.posts) == (1, 1)
    text = first.failed_file.read_text(encoding="utf-8")
    first.failed_file.write_text(text.replace("Anna Maria Jansen", "Anna Maria | Jansen"), encoding="utf-8")
    (second,) = go(again(line), first.failed_file, file=SPLIT).files
    assert second.counts[Status.CREATED] == 1
    assert api.bodies()[-1]["contact_person_first_name"] == "Anna Maria"


def test_a_cell_that_cannot_be_trusted_is_told_once_and_not_split(tmp_path: Path) -> None:
    from batch.check_marker import mark

    result = checked(write_rows(tmp_path / "a.csv", [{"Adres": mark("Laan 9")}]), SPLIT)
    (row,) = sheet(str(result.failed_file))
    assert row["flireo_errors"].count("bears the mark") == 1
    assert "cannot be split" not in row["flireo_errors"]


def test_combined_columns_are_left_alone_unasked(tmp_path: Path) -> None:
    result = checked(write_rows(tmp_path / "a.csv", [{}]))
    assert result.error is not None
    for option in SPLIT.mapping:
        assert f'--map "{option}"' in result.error.message
