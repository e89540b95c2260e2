"""inbox.arrivals and inbox.stillness: what is taken, what is left alone, and when a file is whole."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import openpyxl
import pytest

from batch.inbox.arrivals import look
from batch.inbox.stillness import Stillness, is_being_written
from tests.support.nights import Runs, make_night, night, places, put, reasons
from tests.support.program import named, write_csv


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in look(folder).spreadsheets)


def left(folder: Path) -> dict[str, str]:
    return {one.name: one.code for one in look(folder).left}


def workbook(path: Path, *rows: tuple[str, ...], sheet: str = "Sheet") -> Path:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "xlsx", "XLSX", "xlsm", "xls", "xlsb", "ods"])
def test_spreadsheets_are_known_by_their_names(tmp_path: Path, ending: str) -> None:
    put(tmp_path, f"klanten.{ending}", "fine")
    assert names(tmp_path) == [f"klanten.{ending}"]


def test_other_names_are_looked_into(tmp_path: Path) -> None:
    workbook(tmp_path / "klanten.xlsx", ("naam",)).rename(tmp_path / "klanten")
    workbook(tmp_path / "oud.xlsx", ("naam",)).rename(tmp_path / "oud.bak")
    put(tmp_path, "README.md", "naam")
    put(tmp_path, "scan.pdf", "%PDF")
    (tmp_path / "archive.zip").write_bytes(b"PK\x03\x04 and then nothing")
    assert names(tmp_path) == ["klanten", "oud.bak"]
    assert left(tmp_path) == dict.fromkeys(("README.md", "scan.pdf", "archive.zip"), "not_a_spreadsheet")


def test_what_programs_leave_beside_files_is_nothing_to_speak_of(tmp_path: Path) -> None:
    for name in (
        "~$a.xlsx",
        ".~lock.a.ods#",
        ".a.csv.Xy12",
        "~WRL0001.tmp",
        "a.csv~",
        ".hidden.csv",
        "inbox.jsonl",
        "flireo-map.toml",
    ):
        put(tmp_path, name, "fine")
    for name in ("done", "attention", "working", "sandbox"):
        put(tmp_path / name, "a.csv", "fine")
    assert (look(tmp_path).spreadsheets, look(tmp_path).left) == ((), ())


def test_what_is_no_ordinary_file_is_left_and_never_opened(tmp_path: Path) -> None:
    put(tmp_path / "klant", "a.csv", "fine")
    (tmp_path / "link.csv").symlink_to(tmp_path / "klant" / "a.csv")
    (tmp_path / "broken.csv").symlink_to("nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / os.fsdecode(b"na\xefme.csv")).write_text("x")
    put(tmp_path, "a.csv.part", "fine")
    assert names(tmp_path) == []
    assert left(tmp_path) == {
        "klant": "folder",
        "link.csv": "link",
        "broken.csv": "link",
        "pipe.csv": "not_a_file",
        "na?me.csv": "name_not_text",
        "a.csv.part": "unfinished_name",
    }


def test_results_are_no_input_and_a_customers_file_of_that_name_is(tmp_path: Path) -> None:
    own = ("row", "status", "requirement_group_id", "errors", "naam")
    workbook(tmp_path / "a.results.xlsx", own, sheet="Results")
    workbook(tmp_path / "a.failed.xlsx", ("naam", "flireo_row"))
    workbook(tmp_path / "lab.results.xlsx", ("naam", "plaats"))
    (tmp_path / "b.results-3.csv").write_text(",".join(own) + "\n2,created,x,,y\n")
    (tmp_path / "b.results-3.errors.csv").write_text("row,column,value,code,message\n")
    (tmp_path / "broken.results.xlsx").write_text("no workbook")
    assert names(tmp_path) == ["a.failed.xlsx", "broken.results.xlsx", "lab.results.xlsx"]
    ours = ("a.results.xlsx", "b.results-3.csv", "b.results-3.errors.csv")
    assert left(tmp_path) == dict.fromkeys(ours, "own_results")


def test_the_results_that_the_program_writes_are_known_as_such(tmp_path: Path) -> None:
    from batch.pipeline.check import check
    from batch.pipeline.rules import load_rules
    from batch.pipeline.values import OutputOptions, RunOptions
    from tests.support.line import Heard, quick_settings

    path = write_csv(tmp_path / "a.csv", *named(1), {"city": ""})
    for form in ("xlsx", "csv"):
        output = OutputOptions(format=form, failed_format=form)
        check(RunOptions(files=(path,), output=output), quick_settings(), load_rules(None, "NL"), Heard())
    path.unlink()
    assert names(tmp_path) == ["a.failed.csv", "a.failed.xlsx"]
    assert set(left(tmp_path).values()) == {"own_results"}


# Stillness


def stillness(now: float, sleep: object = None) -> Stillness:
    def nothing(seconds: float) -> None: ...

    return Stillness(quiet_seconds=10.0, now=lambda: now, sleep=sleep or nothing)  # type: ignore[arg-type]


def test_a_file_that_is_old_by_its_times_is_not_waited_for(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "fine")

    def never(_: float) -> None:
        pytest.fail("it waited")

    assert stillness(path.stat().st_ctime + 11, never).still([path]) == {path}


def test_a_young_file_is_watched(tmp_path: Path) -> None:
    growing, whole, gone = (put(tmp_path, name, "fine") for name in ("a.csv", "b.csv", "c.csv"))
    slept: list[float] = []

    def write_on(seconds: float) -> None:
        slept.append(seconds)
        growing.write_text("fine and more")
        gone.unlink()

    assert stillness(whole.stat().st_ctime + 1, write_on).still([growing, whole, gone]) == {whole}
    assert slept == [10.0]


def test_a_time_that_was_copied_along_or_lies_in_the_future_proves_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "fine")
    slept: list[float] = []
    for mtime in (1.0, 4e9):
        os.utime(path, (mtime, mtime))
        assert stillness(path.stat().st_ctime + 1, slept.append).still([path]) == {path}
    assert slept == [10.0, 10.0]


def test_a_file_that_is_not_there_is_not_still(tmp_path: Path) -> None:
    assert stillness(0).still([tmp_path / "none.csv"]) == frozenset()


@pytest.mark.skipif(sys.platform != "linux", reason="only there can it be told")
def test_a_file_that_somebody_has_open_for_writing_is_known(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "fine")
    assert not is_being_written(path)
    with path.open("a"):
        assert is_being_written(path)
        assert reasons(night(tmp_path)) == {"a.csv": "being_written"}
    with path.open():
        assert not is_being_written(path)
    assert not is_being_written(tmp_path / "none.csv")
    assert not is_being_written(Path("/proc/self/status")), "a file system that cannot tell"


@pytest.mark.parametrize("lock", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_file_that_is_open_in_a_spreadsheet_program_waits_but_not_for_ever(tmp_path: Path, lock: str) -> None:
    path = put(tmp_path, "a.xlsx", "fine")
    put(tmp_path, lock, "somebody")
    assert reasons(night(tmp_path)) == {"a.xlsx": "open_elsewhere"}
    os.utime(tmp_path / lock, (1, 1))
    assert places(night(tmp_path)) == {path.name: "done"}


def test_a_file_that_is_still_being_copied_is_left_or_taken_after_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")
    growing = put(tmp_path, "b.csv", "fine")
    a_night = make_night(tmp_path, Runs(), quiet_seconds=10.0)

    def write_on(_: float) -> None:
        growing.write_text(growing.read_text() + "more")

    a_night.stillness = Stillness(quiet_seconds=10.0, sleep=write_on)
    result = a_night.work()
    assert (places(result), reasons(result)) == ({"a.csv": "done"}, {"b.csv": "still_changing"})
    slept: list[float] = []

    def write_on_once(seconds: float) -> None:
        if not slept:
            write_on(seconds)
        slept.append(seconds)

    a_night = make_night(tmp_path, Runs(), quiet_seconds=10.0)
    put(tmp_path, "c.csv", "fine")
    a_night.stillness = Stillness(quiet_seconds=10.0, sleep=write_on_once)
    result = a_night.work()
    assert places(result) == {"b.csv": "done", "c.csv": "done"}
    assert reasons(result) == {}
