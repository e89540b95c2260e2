"""`inbox` as cron runs it: the real program, real HTTP, real files; killed, stopped, and started twice."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import Embedded
from tests.support.line import FIELDS, Api, sandbox
from tests.support.nights import tree
from tests.support.program import Done, Program, interrupt, named, sheet, wait_until, write_csv

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ROWS = 40


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox(latency_seconds=0.01) as api:
        yield api


@pytest.fixture
def program(api: Api, tmp_path: Path) -> Program:
    (tmp_path / "in").mkdir()
    return Program(folder=tmp_path, api=api, settings={"FLIREO_CONCURRENCY": "2"})


def inbox(program: Program, *words: object) -> Done:
    return program("inbox", "in", "--unchanged-for", "0", "--json", *words)


def dated(root: Path) -> list[str]:
    """The tree with today in place of the date, whichever side of midnight it was."""
    days = {path.name for place in ("done", "attention") for path in (root / place).glob("*")}
    assert len(days) <= 1
    return [name.replace(next(iter(days), "-"), "TODAY") for name in tree(root)]


def created_once(api: Api, count: int = ROWS) -> None:
    assert sorted(str(body["name"]) for body in api.bodies()) == sorted(row["name"] for row in named(count))


def test_a_night_with_all_kinds_of_files(program: Program, api: Api, tmp_path: Path) -> None:
    root = tmp_path / "in"
    for name in ("clean.csv", "messy.xlsx"):
        shutil.copy(SAMPLES / name, root)
    (root / "scan.xlsx").write_bytes(b"%PDF-1.4 and so on")
    (root / "notes.md").write_text("not for the program")
    done = inbox(program)
    assert done.code == 3, done.err
    files = {Path(file["input"]).name: file for file in done.json["files"]}
    assert {name: file["place"] for name, file in files.items()} == {
        "clean.csv": "done",
        "messy.xlsx": "attention",
        "scan.xlsx": "attention",
    }
    assert [left["name"] for left in done.json["left"]] == ["notes.md"]
    assert dated(root) == [
        "attention/TODAY/messy.failed.xlsx",
        "attention/TODAY/messy.results.xlsx",
        "attention/TODAY/messy.xlsx",
        "attention/TODAY/scan.error.txt",
        "attention/TODAY/scan.xlsx",
        "done/TODAY/clean.csv",
        "done/TODAY/clean.results.xlsx",
        "notes.md",
    ]
    assert len(api.groups()) == files["clean.csv"]["counts"]["created"] + files["messy.xlsx"]["counts"]["created"]
    rows = sheet(files["clean.csv"]["results_file"], "Results")
    assert {row["status"] for row in rows} == {"created"}
    lines = [json.loads(line) for line in (root / "inbox.jsonl").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["file", "file", "file", "night"]
    assert lines[-1]["exit_code"] == 3
    quiet = program("inbox", "in", "--unchanged-for", "0", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_a_corrected_failed_file_is_an_input(program: Program, api: Api, tmp_path: Path) -> None:
    root = tmp_path / "in"
    write_csv(root / "a.csv", *named(2), {"name": "Zonder plaats", "city": ""})
    first = inbox(program, "--failed-format", "csv")
    assert first.code == 1
    failed = Path(first.file["failed_file"])
    text = failed.read_text(encoding="utf-8-sig")
    shutil.copy(first.file["results_file"], root / "a.results.xlsx")
    (root / failed.name).write_text(text.replace(",,Utrecht", ",Utrecht,Utrecht"), encoding="utf-8")
    second = inbox(program)
    assert (second.code, second.file["counts"]["created"]) == (0, 1), second.err
    assert [left["code"] for left in second.json["left"]] == ["own_results"]
    assert len(api.groups()) == 3


def test_a_second_inbox_at_the_same_time_leaves_quietly(program: Program, api: Api, tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "a.csv", *named(ROWS))
    program.settings["FLIREO_RATE_LIMIT"] = "10/second"  # it is still at work when the others come
    process = program.start("inbox", "in", "--unchanged-for", "0", "--json")
    wait_until(lambda: len(api.groups()) > 2)
    second = inbox(program)
    assert (second.code, second.json["stopped"]) == (5, "inbox_busy")
    silent = program("inbox", "in", "--quiet")
    assert (silent.code, silent.out, silent.err) == (5, "", "")
    assert program.finish(process).code == 0
    created_once(api)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_the_file_in_the_inbox_and_the_next_night_finishes_it(
    program: Program, api: Api, tmp_path: Path, number: signal.Signals
) -> None:
    root = tmp_path / "in"
    write_csv(root / "a.csv", *named(ROWS))
    process = program.start("inbox", "in", "--unchanged-for", "0", "--json")
    wait_until(lambda: len(api.groups()) > 2)
    interrupt(process, number)
    done = program.finish(process)
    assert (done.code, done.file["place"], done.json["stopped"]) == (128 + number, "inbox", "interrupted")
    assert dated(root) == ["a.csv", "attention/TODAY/a.results.xlsx"]
    assert sum(done.file["counts"].values()) == ROWS
    again = inbox(program)
    assert (again.code, again.file["place"]) == (0, "done")
    created_once(api)


def test_a_killed_night_is_finished_first_and_nothing_is_made_twice(program: Program, api: Api, tmp_path: Path) -> None:
    root = tmp_path / "in"
    write_csv(root / "a.csv", *named(ROWS))
    process = program.start("inbox", "in", "--unchanged-for", "0", "--json")
    wait_until(lambda: len(api.groups()) > 2)
    process.kill()
    process.communicate()
    assert [name.split("/")[0] for name in tree(root) if name.endswith("/a.csv")] == ["working"]
    done = inbox(program)
    assert (done.code, done.file["place"], done.file["rows"]) == (0, "done", ROWS), done.err
    assert not (root / "working").exists()
    created_once(api)


def test_a_refused_key_leaves_everything_for_the_next_night(tmp_path: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    for name in ("a", "b"):
        write_csv(root / f"{name}.csv", *named(2, name))
    with Embedded(SandboxOptions(rate_limit=None)) as embedded:
        settings = {"FLIREO_BASE_URL": embedded.base_url, "FLIREO_API_KEY": "fl_test_wrong"}
        done = inbox(Program(folder=tmp_path, settings=settings))
        assert (done.code, done.json["stopped"]) == (4, "key_refused")
        assert [left["code"] for left in done.json["left"]] == ["waiting"]
        assert dated(root) == ["a.csv", "b.csv"]
        settings["FLIREO_API_KEY"] = embedded.api_key
        again = inbox(Program(folder=tmp_path, settings={**settings, "FLIREO_LEDGER": str(tmp_path / "other")}))
        assert (again.code, {file["place"] for file in again.json["files"]}) == (0, {"done"})


def test_a_dry_run_touches_nothing(program: Program, api: Api, tmp_path: Path) -> None:
    root = tmp_path / "in"
    write_csv(root / "a.csv", *named(3))
    done = inbox(program, "--dry-run")
    assert (done.code, done.file["counts"]["not_sent"], done.file["place"]) == (1, 3, "inbox")
    assert [path.name for path in root.iterdir()] == ["a.csv"]
    kept = inbox(program, "--dry-run", "--out", "out")
    assert Path(kept.file["results_file"]).parent == tmp_path / "out"
    assert api.posts == 0


def test_a_dry_run_takes_no_more_than_the_limit_lets_a_night_take(program: Program, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_csv(tmp_path / "in" / f"{name}.csv", *named(3, name))
    done = inbox(program, "--dry-run", "--limit", 2)
    assert [left["code"] for left in done.json["left"]] == ["waiting"]
    assert len(done.json["files"]) == 1


def test_a_trial_in_the_sandbox_keeps_apart_from_what_is_real(program: Program, api: Api, tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "a.csv", *named(3))
    done = inbox(program, "--sandbox")
    assert (done.code, api.posts) == (0, 0)
    assert Path(done.file["stands_at"]).relative_to(tmp_path / "in").parts[:2] == ("sandbox", "done")


def test_a_folder_that_cannot_be_an_inbox_is_refused(program: Program, tmp_path: Path) -> None:
    missing = program("inbox", "none", "--json")
    assert (missing.code, missing.json["stopped"]) == (2, "no_inbox")
    itself = inbox(program, "--out", "in")
    assert (itself.code, itself.json["stopped"]) == (2, "out_is_inbox")
    assert program("inbox", "in", "--max-errors", "many").code == 2


def test_a_wrong_map_stops_the_night_before_anything_is_taken(program: Program, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "in" / "a.csv", *named(2))
    for flag, code in (("Ort", "map_malformed"), ("city=town", "map_unknown_field")):
        wrong = inbox(program, "--map", flag)
        assert (wrong.code, wrong.json["stopped"], path.exists()) == (2, code, True)
    (tmp_path / "in" / "flireo-map.toml").write_text('[columns]\ncity = "town"\n')
    wrong = inbox(program)
    assert (wrong.code, wrong.json["stopped"], path.exists()) == (2, "map_unknown_field", True)


def test_a_broken_map_file_of_the_inbox_stops_the_night_before_anything_is_taken(
    program: Program, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "in" / "a.csv", *named(2))
    (tmp_path / "in" / "flireo-map.toml").write_text("[columns\n")
    wrong = inbox(program)
    assert (wrong.code, wrong.json["stopped"], path.exists()) == (2, "map_file_malformed", True)
    assert not (tmp_path / "in" / "attention").exists()


def test_what_a_person_sees_after_a_night(program: Program, tmp_path: Path) -> None:
    root = tmp_path / "in"
    write_csv(root / "a.csv", *named(2))
    write_csv(root / "b.csv", {"city": ""})
    (root / "scan.xlsx").write_bytes(b"%PDF-1.4 and so on")
    (root / "notes.md").write_text("not for the program")
    done = program("inbox", "in", "--unchanged-for", "0")
    today = f"{datetime.now().astimezone():%Y-%m-%d}"
    assert done.code == 3
    assert f"a.csv: done, now in/done/{today}/a.csv" in done.out
    assert f"b.csv: needs someone, now in/attention/{today}/b.csv" in done.out
    assert "the file is a PDF" in done.out
    assert "notes.md: left where it is." in done.out


def test_the_map_file_of_the_inbox_serves_every_file_in_it(program: Program, api: Api, tmp_path: Path) -> None:
    header = [name for name in FIELDS if name not in ("street_name", "house_number")]
    rows = [[*header, "Adres"], [*(FIELDS[name] for name in header), "Laan 9"]]
    text = "".join(f"{','.join(row)}\n" for row in rows)
    (tmp_path / "in" / "a.csv").write_text(text)
    (tmp_path / "in" / "flireo-map.toml").write_text('[columns]\n"Adres" = "street_name+house_number"\n')
    done = inbox(program)
    assert (done.code, done.json["left"]) == (0, [])
    assert [(body["street_name"], body["house_number"]) for body in api.bodies()] == [("Laan", "9")]
    (tmp_path / "in" / "b.csv").write_text(text)
    assert inbox(program, "--no-map-file").code == 3
