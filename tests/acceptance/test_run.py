"""`run` as its user runs it: the real program, real HTTP, real files."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from batch.model import Status
from tests.support.line import FIELDS, Api, sandbox
from tests.support.program import Done, Program, interrupt, named, sheet, statuses, wait_until, write_csv

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def program(api: Api, tmp_path: Path) -> Program:
    return Program(folder=tmp_path, api=api)


def sample(name: str, folder: Path) -> Path:
    return Path(shutil.copy(SAMPLES / name, folder / name))


def test_every_row_of_a_clean_file_is_created_and_its_id_is_in_the_results(
    program: Program, api: Api, tmp_path: Path
) -> None:
    done = program("run", sample("clean.csv", tmp_path), "--json")
    assert done.code == 0
    assert done.file["counts"]["created"] == done.file["rows"] == len(api.groups())
    assert done.file["failed_file"] is None
    assert done.file["results_file"] == str(tmp_path / "clean.results.xlsx")
    rows = sheet(done.file["results_file"], "Results")
    assert list(rows[0])[:4] == ["row", "status", "requirement_group_id", "errors"]
    made = {str(group["body"]["name"]): group["id"] for group in api.groups()}  # type: ignore[index]
    assert {str(row["Name"]): row["requirement_group_id"] for row in rows} == made
    assert {row["status"] for row in rows} == {"created"}


def test_files_without_a_row_are_done_and_cost_no_request(program: Program, api: Api, tmp_path: Path) -> None:
    header_only = write_csv(tmp_path / "none.csv")
    assert program("template", "untouched.xlsx").code == 0
    done = program("run", header_only, "untouched.xlsx", "--json")
    assert (done.code, [file["rows"] for file in done.json["files"]]) == (0, [0, 0])
    for file in done.json["files"]:
        assert sheet(tmp_path / file["results_file"], "Results") == []
        assert file["failed_file"] is None
    assert api.posts == 0


def test_running_the_same_file_again_creates_nothing_and_gives_the_same_ids(
    program: Program, api: Api, tmp_path: Path
) -> None:
    path = sample("clean.csv", tmp_path)
    first = program("run", path, "--json")
    again = program("run", path, "--json")
    assert again.code == 0
    assert again.file["counts"]["already_created"] == again.file["rows"]
    assert api.posts == first.file["rows"]
    assert again.file["results_file"] == str(tmp_path / "clean.results-2.xlsx")
    ids = [
        [row["requirement_group_id"] for row in sheet(done.file["results_file"], "Results")] for done in (first, again)
    ]
    assert ids[0] == ids[1]


CORRECTIONS = {
    # row of messy.xlsx -> what the onboarding colleague types, by header
    7: {"Huisnummer": "1-2"},
    11: {"Soort nummer": "lokaal"},
    12: {"Plaats": "Utrecht"},
    17: {"Straat": "Voorbeeldlaan"},
    20: {"Bedrijfsnaam": "Voorbeeld Opslag BV"},
    21: {"Provincie": "Utrecht"},
    25: {"Soort nummer": "mobiel", "Voornaam contactpersoon": "Test", "Huisnummer": "7"},
}


def test_a_messy_file_then_its_corrected_failed_file_create_every_group_exactly_once(
    program: Program, api: Api, tmp_path: Path
) -> None:
    first = program("run", sample("messy.xlsx", tmp_path), "--json")
    assert first.code == 1
    counts = first.file["counts"]
    assert sum(counts.values()) == first.file["rows"]
    assert counts["created"] == len(api.groups())
    assert counts["invalid"] > 0
    assert counts["duplicate"] == 2

    failed = Path(first.file["failed_file"])
    assert failed == tmp_path / "messy.failed.xlsx"
    invalid = {row["flireo_row"]: row for row in sheet(failed) if row["flireo_status"] == "invalid"}
    assert {int(row) for row in invalid} == set(CORRECTIONS)
    correct(failed)

    second = program("run", failed, "--json")
    assert second.code == 0, "the duplicates are known by now"
    assert second.file["results_file"] == str(tmp_path / "messy.results-2.xlsx")
    assert second.file["counts"]["created"] == len(CORRECTIONS)
    assert second.file["counts"]["invalid"] == 0
    assert second.file["counts"]["already_created"] == 2

    bodies = [json.dumps(body, sort_keys=True) for body in api.bodies()]
    assert len(bodies) == len(set(bodies)) == counts["created"] + len(CORRECTIONS)
    created = {int(row["row"]) for row in sheet(second.file["results_file"], "Results") if row["status"] == "created"}
    assert created == set(CORRECTIONS), "row numbers are still those of the first file"
    again = program("run", tmp_path / "messy.xlsx", "--json")
    assert again.file["counts"]["created"] == 0
    assert len(api.groups()) == len(bodies)


def correct(failed: Path) -> None:
    book = openpyxl.load_workbook(failed)
    rows = book.worksheets[0]
    header = {str(cell.value).strip(): int(cell.column or 0) for cell in rows[1]}
    for line in range(2, rows.max_row + 1):
        origin = rows.cell(line, header["flireo_row"]).value
        for name, text in CORRECTIONS.get(int(str(origin)), {}).items():
            rows.cell(line, header[name]).value = text
    book.save(failed)


def test_the_untouched_failed_file_creates_nothing(program: Program, api: Api, tmp_path: Path) -> None:
    first = program("run", sample("messy.xlsx", tmp_path), "--json")
    posts = api.posts
    again = program("run", first.file["failed_file"], "--json")
    assert api.posts == posts
    assert again.file["counts"]["created"] == 0
    rows = [
        (row["flireo_row"], row["flireo_status"], row["flireo_status"] == "duplicate")
        for row in sheet(first.file["failed_file"])
    ]
    assert [(row["flireo_row"], row["flireo_status"], False) for row in sheet(again.file["failed_file"])] == [
        row for row in rows if not row[2]
    ], "a second copy of a row that was created is known by now; the rest stands as it did"
    assert {row["flireo_source"] for row in sheet(again.file["failed_file"])} == {"messy.xlsx"}


def test_a_hostile_file_does_no_harm_and_what_is_sent_is_what_stands_there(
    program: Program, api: Api, tmp_path: Path
) -> None:
    done = program("run", sample("hostile.csv", tmp_path), "--json")
    assert done.code == 1
    assert sum(done.file["counts"].values()) == done.file["rows"]
    assert done.file["counts"]["created"] == len(api.groups()) > 0
    for path in (done.file["results_file"], done.file["failed_file"]):
        book = openpyxl.load_workbook(path)
        kinds = {
            cell.data_type
            for page in book.worksheets
            if page.title in ("Results", "Errors")
            for row in page.iter_rows()
            for cell in row
        }
        assert "f" not in kinds
        book.close()


def test_texts_that_a_spreadsheet_would_spoil_come_back_as_they_were(
    program: Program, api: Api, tmp_path: Path
) -> None:
    odd = {
        "name": "=cmd|' /C calc'!A0",
        "house_number": "00123",
        "postal_code": "1E5",
        "street_name": "@SUM(1)",
        "city": "+31 dorp",
    }
    done = program("run", write_csv(tmp_path / "odd.csv", odd, {**odd, "name": "x", "city": ""}), "--json")
    (sent,) = api.bodies()
    assert {name: sent[name] for name in odd} == odd
    first, _ = sheet(done.file["results_file"], "Results")
    assert {name: first[name] for name in odd} == odd
    (failed,) = sheet(done.file["failed_file"])
    assert failed["house_number"] == "00123"


def test_before_sending_it_says_how_many_at_what_pace_and_how_long(program: Program, tmp_path: Path) -> None:
    program.settings["FLIREO_RATE_LIMIT"] = "3/0.5s"
    done = program("run", write_csv(tmp_path / "a.csv", *named(7)))
    assert done.code == 0
    assert "Sending 7 of 7 rows, at most 3/0.5s; done in about 1 s" in done.err
    assert "created" in done.out


def test_without_a_base_url_or_key_nothing_is_read_and_it_is_said(tmp_path: Path) -> None:
    program = Program(folder=tmp_path)
    path = write_csv(tmp_path / "a.csv", *named(1))
    assert (done := program("run", path)).code == 2
    assert "FLIREO_BASE_URL" in done.err
    program.settings["FLIREO_BASE_URL"] = "http://127.0.0.1:9"
    assert (done := program("run", path)).code == 2
    assert "FLIREO_API_KEY" in done.err
    told = program("run", path, "--json").json
    assert (told["exit_code"], told["stopped"], told["files"]) == (2, "api_key_missing", [])
    assert list(tmp_path.glob("*results*")) == []


def test_a_file_that_cannot_be_used_leaves_the_others_alone(program: Program, api: Api, tmp_path: Path) -> None:
    good = write_csv(tmp_path / "good.csv", *named(2))
    (tmp_path / "bad.csv").write_text("a;b\n1;2\n")
    done = program("run", tmp_path / "bad.csv", good, tmp_path / "none.csv", "--json")
    assert done.code == 3
    bad, fine, none = done.json["files"]
    assert bad["error"]["code"]
    assert none["error"]["code"]
    assert bad["results_file"] is None
    assert fine["counts"]["created"] == 2 == len(api.groups())


def test_a_dry_run_sends_nothing_and_says_what_it_would_send(program: Program, api: Api, tmp_path: Path) -> None:
    done = program("run", write_csv(tmp_path / "a.csv", *named(3), {"name": "x", "city": ""}), "--dry-run", "--json")
    assert api.posts == 0
    assert done.code == 1
    assert done.file["counts"]["not_sent"] == 3
    errors = [row["code"] for row in sheet(done.file["results_file"], "Errors")]
    assert errors.count("would_send") == 3


def test_a_dry_run_counts_apart_what_a_limit_holds_back(program: Program, tmp_path: Path) -> None:
    done = program("run", write_csv(tmp_path / "a.csv", *named(4)), "--dry-run", "--limit", 1)
    assert "Would send 1 of 4 rows; --limit holds others back (--dry-run: nothing is sent)." in done.err
    heads, counts = (line.split() for line in done.out.splitlines()[:2])
    assert heads == ["file", "rows", "would", "be", "sent", "not", "sent"]
    assert counts == ["a.csv", "4", "1", "3"]
    summary = str(sheet(tmp_path / "a.results.xlsx", "Summary"))
    assert "1 of 4 rows of a.csv can be sent; 3 need someone." in summary


def test_a_limit_is_kept_and_the_rest_is_in_the_failed_file(program: Program, api: Api, tmp_path: Path) -> None:
    done = program("run", write_csv(tmp_path / "a.csv", *named(5)), "--limit", 2, "--json")
    assert (done.code, len(api.groups())) == (1, 2)
    assert done.file["counts"]["not_sent"] == 3
    assert len(sheet(done.file["failed_file"])) == 3
    assert program("run", done.file["failed_file"], "--json").code == 0
    assert len(api.groups()) == 5


@pytest.mark.parametrize(("limit", "sent"), [("0", 0), ("1", 3), ("10%", 0), ("25%", 3)])
def test_too_many_errors_hold_a_whole_file_back(
    program: Program, api: Api, tmp_path: Path, limit: str, sent: int
) -> None:
    path = write_csv(tmp_path / "a.csv", *named(3), {"name": "x", "city": ""})
    done = program("run", path, "--max-errors", limit, "--json")
    assert len(api.groups()) == sent
    assert done.file["counts"]["created"] == sent
    assert done.code == 1


def test_a_nonsensical_limit_of_errors_is_a_wrong_command_line(program: Program, tmp_path: Path) -> None:
    done = program("run", write_csv(tmp_path / "a.csv", *named(1)), "--max-errors", "some")
    assert done.code == 2
    assert "--max-errors" in done.err


@pytest.mark.parametrize(
    ("fault", "code"), [("401", "key_refused"), ("402", "insufficient_credits"), ("403", "forbidden")]
)
def test_a_stop_by_the_api_leaves_the_rest_for_the_next_run(
    program: Program, api: Api, tmp_path: Path, fault: str, code: str
) -> None:
    path = write_csv(tmp_path / "a.csv", *named(6))
    program.settings["FLIREO_CONCURRENCY"] = "1"
    api.next(None, None, fault)
    done = program("run", path, "--json")
    assert (done.code, done.json["stopped"]) == (4, code)
    assert done.file["counts"]["created"] == 2
    assert done.file["counts"]["not_sent"] == 4
    assert len(sheet(done.file["failed_file"])) == 4
    assert program("run", path, "--json").code == 0
    assert len(api.groups()) == 6


def test_a_refused_key_at_the_start_spends_no_row(program: Program, api: Api, tmp_path: Path) -> None:
    program.settings["FLIREO_API_KEY"] = "fl_test_wrong"
    done = program("run", write_csv(tmp_path / "a.csv", *named(2)))
    assert done.code == 4
    assert "refused the key" in done.err
    assert api.posts == 0


def test_lost_answers_neither_duplicate_nor_lose_rows(program: Program, api: Api, tmp_path: Path) -> None:
    api.plan(fraction=0.4, weights={"lost": 1, "server": 1, "garbled": 1}, seed=7, at_most=2)
    done = program("run", write_csv(tmp_path / "a.csv", *named(40)), "--json")
    assert done.code == 0, done.err
    assert done.file["counts"]["created"] == 40
    assert sorted(body["name"] for body in api.bodies()) == sorted(row["name"] for row in named(40))
    ids = [row["requirement_group_id"] for row in sheet(done.file["results_file"], "Results")]
    assert (len(ids), set(ids)) == (40, api.ids())


def test_a_new_ledger_does_not_create_what_the_account_has(program: Program, api: Api, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(3))
    assert program("run", path).code == 0
    program.settings["FLIREO_LEDGER"] = str(tmp_path / "another.sqlite3")
    done = program("run", path, "--json")
    assert done.file["counts"]["already_created"] == 3
    assert len(api.groups()) == 3


def test_check_existing_finds_what_others_made_since(program: Program, api: Api, tmp_path: Path) -> None:
    assert program("run", write_csv(tmp_path / "a.csv", *named(1))).code == 0
    api.place({**FIELDS, "name": "Vestiging 2"})
    done = program("run", write_csv(tmp_path / "b.csv", *named(3)), "--check-existing", "--json")
    assert done.file["counts"]["already_created"] == 2
    assert done.file["counts"]["created"] == 1


def test_another_key_under_the_same_name_is_refused_until_confirmed(api: Api, tmp_path: Path) -> None:
    with sandbox(keys={"fl_test_one": "a", "fl_test_two": "a"}) as two:
        program = Program(folder=tmp_path, api=two)
        program.settings["FLIREO_API_KEY"] = "fl_test_one"
        path = write_csv(tmp_path / "a.csv", *named(1))
        assert program("run", path).code == 0
        program.settings["FLIREO_API_KEY"] = "fl_test_two"
        done = program("run", path)
        assert done.code == 2
        assert "--accept-new-key" in done.err
        assert program("run", path, "--accept-new-key").code == 0


def test_the_same_group_with_other_details_is_named(program: Program, api: Api, tmp_path: Path) -> None:
    assert program("run", write_csv(tmp_path / "a.csv", *named(1))).code == 0
    changed = {**named(1)[0], "street_name": "Andere straat"}
    done = program("run", write_csv(tmp_path / "b.csv", changed), "--json")
    assert done.code == 1
    assert done.file["counts"]["duplicate"] == 1
    (error,) = sheet(done.file["results_file"], "Errors")
    assert api.id_of("Vestiging 1") in str(error["message"])
    assert "street_name" in str(error["message"])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_writes_its_results_and_the_next_one_finishes(
    tmp_path: Path, number: int, code: int
) -> None:
    with sandbox(latency_seconds=0.2) as api:
        program = Program(folder=tmp_path, api=api, settings={"FLIREO_CONCURRENCY": "2"})
        path = write_csv(tmp_path / "a.csv", *named(40))
        process = program.start("run", path, "--json")
        wait_until(lambda: len(api.groups()) >= 4)
        interrupt(process, number)
        done = program.finish(process)
        assert (done.code, done.json["exit_code"], done.json["stopped"]) == (code, code, "interrupted")
        assert f"Interrupted: {len(api.groups())} rows were created by this run." in done.err
        counts = done.file["counts"]
        assert counts["created"] == len(api.groups()) >= 4
        assert counts["created"] + counts["not_sent"] == 40
        assert statuses(done.file["results_file"]).count("created") == counts["created"]
        program.settings["FLIREO_CONCURRENCY"] = "8"
        assert program("run", path, "--json").code == 0
        assert len(api.groups()) == 40


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_signal_while_files_are_read_leaves_the_answers_of_those_that_are_done(
    program: Program, api: Api, tmp_path: Path, command: str, number: int, code: int
) -> None:
    read, large = write_csv(tmp_path / "a.csv", *named(2), {"city": ""}), write_csv(tmp_path / "b.csv", *named(150_000))
    done = _interrupted(program, number, command, read, large, tmp_path / "none.csv")
    assert (done.code, done.json["exit_code"], done.json["stopped"]) == (code, code, "interrupted")
    first, second, third = done.json["files"]
    assert (first["counts"]["invalid"], first["counts"]["not_sent"]) == (1, 2)
    assert Path(first["failed_file"]).exists()
    assert (first["results_file"] is None) == (command == "check")
    assert (second["rows"], second["error"]["code"]) == (0, "interrupted")
    assert third["error"]["code"] == "interrupted"
    assert "Interrupted: nothing of these 3 files was sent. 2 files were not read to their end." in done.err
    assert {path.stem for path in tmp_path.glob("*.xlsx")} <= {"a.failed", "a.results"}
    assert api.posts == 0


def _interrupted(program: Program, number: int, *words: object) -> Done:
    """A command that gets one signal, once its log has what is odd about its first file and it reads the second."""
    process = program.start(*words, "--json")
    try:
        wait_until(lambda: program.log.exists() and '"odd"' in program.log.read_text(encoding="utf-8"))
        interrupt(process, number)
        return program.finish(process)
    finally:
        process.kill()


def test_a_second_signal_does_not_wait_for_answers(tmp_path: Path) -> None:
    with sandbox() as api:
        program = Program(folder=tmp_path, api=api, settings={"FLIREO_CONCURRENCY": "2"})
        path = write_csv(tmp_path / "a.csv", *named(5))
        api.next(None, "silent_after", "silent_after")
        process = program.start("run", path, "--json")
        wait_until(lambda: api.posts >= 3)
        interrupt(process)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        interrupt(process)
        done = program.finish(process)
        assert done.code == 130
        assert done.file["counts"] == {
            **{status.value: 0 for status in Status},
            "created": 1,
            "in_doubt": 2,
            "not_sent": 2,
        }
        assert program("run", path, "--json").code == 0
        assert len(api.groups()) == 5


def test_a_killed_run_is_finished_by_the_next_one(tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.1) as api:
        program = Program(folder=tmp_path, api=api, settings={"FLIREO_CONCURRENCY": "4"})
        path = write_csv(tmp_path / "a.csv", *named(30))
        process = program.start("run", path)
        wait_until(lambda: len(api.groups()) >= 6)
        process.kill()
        process.communicate()
        done = program("run", path, "--json")
        assert done.code == 0
        assert len(api.groups()) == 30
        assert {row["requirement_group_id"] for row in sheet(done.file["results_file"], "Results")} == api.ids()


def test_two_runs_of_one_file_at_once_create_everything_once(tmp_path: Path) -> None:
    with sandbox(latency_seconds=0.05) as api:
        program = Program(folder=tmp_path, api=api)
        path = write_csv(tmp_path / "a.csv", *named(40))
        processes = [program.start("run", path, "--json") for _ in range(2)]
        results = [program.finish(process) for process in processes]
        assert [done.code for done in results] == [0, 0], results
        assert len(api.groups()) == 40
        created = sum(done.file["counts"]["created"] for done in results)
        assert created == 40
        assert {done.file["results_file"] for done in results} == {
            str(tmp_path / "a.results.xlsx"),
            str(tmp_path / "a.results-2.xlsx"),
        }


def test_the_embedded_sandbox_needs_nothing_and_leaves_the_live_account_alone(tmp_path: Path) -> None:
    program = Program(folder=tmp_path)
    path = write_csv(tmp_path / "a.csv", *named(3))
    first = program("run", path, "--sandbox", "--json")
    assert (first.code, first.file["counts"]["created"]) == (0, 3)
    again = program("run", path, "--sandbox", "--json")
    assert again.file["counts"]["already_created"] == 3
    with sandbox() as api:
        program.api = api
        assert program("run", path, "--json").file["counts"]["created"] == 3


def test_json_is_the_only_thing_on_standard_output_and_logs_hold_no_values(program: Program, tmp_path: Path) -> None:
    done = program(
        "run",
        write_csv(tmp_path / "a.csv", *named(3), {"name": "Geheim", "city": ""}),
        "--json",
        "--log-format",
        "json",
    )
    assert set(done.json) == {"run_id", "exit_code", "stopped", "requests", "retries", "seconds", "files"}
    assert done.json["requests"] >= 4
    events = [json.loads(line) for line in done.err.splitlines()]
    sent = [event for event in events if event["event"] == "row_sent"]
    assert len(sent) == 3
    for event in sent:
        assert (event["run"], event["file"], event["status"], event["attempt"]) == (
            done.json["run_id"],
            "a.csv",
            "created",
            1,
        )
        assert len(event["fingerprint"]) == 64
        assert event["latency_seconds"] > 0
    ended = {event["row"]: event["status"] for event in events if event["event"] == "row_ended"}
    assert ended == {2: "created", 3: "created", 4: "created", 5: "invalid"}
    for value in ("Geheim", FIELDS["business_name"], FIELDS["contact_person_phone"], FIELDS["street_name"]):
        assert value not in done.err


def test_quiet_says_nothing_when_all_is_well(program: Program, tmp_path: Path) -> None:
    done = program("run", write_csv(tmp_path / "a.csv", *named(2)), "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_results_may_be_csv_and_go_elsewhere(program: Program, tmp_path: Path) -> None:
    done = program(
        "run",
        write_csv(tmp_path / "a.csv", *named(1), {"name": "x", "city": ""}),
        "--format",
        "csv",
        "--out",
        tmp_path / "out",
        "--json",
    )
    assert done.file["results_file"] == str(tmp_path / "out" / "a.results.csv")
    assert done.file["failed_file"] == str(tmp_path / "out" / "a.failed.csv")
    fixed = Path(done.file["failed_file"])
    assert program("run", fixed, "--json").file["counts"]["invalid"] == 1


def test_a_place_where_nothing_can_be_written_stops_before_anything_is_sent(
    program: Program, api: Api, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file, not a folder")
    done = program("run", write_csv(tmp_path / "a.csv", *named(1)), "--out", tmp_path / "out", "--json")
    assert done.code == 4
    assert api.posts == 0
    assert done.file["error"]["code"]


def test_a_ledger_that_cannot_be_opened_stops_before_anything_is_sent(
    program: Program, api: Api, tmp_path: Path
) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"this is no database" * 100)
    done = program("run", write_csv(tmp_path / "a.csv", *named(2)), "--json")
    assert (done.code, done.json["stopped"]) == (4, "ledger_unusable")
    assert done.file["counts"]["not_sent"] == 2
    assert api.posts == 0


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("mysql://u:secret@h/db", "ledger_url"),
        ("sqlite:////x", "ledger_url"),
        ("postgresql://h:port/db", "ledger_url"),
        ("~nobody-of-that-name/x", "ledger_url"),
        (".", "ledger_folder"),
        ("/", "ledger_folder"),
        ("..", "ledger_folder"),
    ],
)
def test_a_ledger_that_can_be_none_is_a_wrong_setting(
    program: Program, api: Api, tmp_path: Path, location: str, code: str
) -> None:
    program.settings["FLIREO_LEDGER"] = location
    done = program("run", write_csv(tmp_path / "a.csv", *named(1)), "--json")
    assert (done.code, done.json["exit_code"], done.json["stopped"]) == (2, 2, code)
    assert "FLIREO_LEDGER" in done.err
    assert "secret" not in done.err
    assert program("history").code == 2
    assert code in program("doctor", "--json").out
    assert api.posts == 0


def test_history_shows_runs_and_what_is_in_doubt(program: Program, api: Api, tmp_path: Path) -> None:
    assert "No run is in the ledger" in program("history").out
    api.next("drop_after")
    api.plan("list", fraction=1.0, weights={"404": 1})
    program.settings["FLIREO_CONCURRENCY"] = "1"
    path = write_csv(tmp_path / "a.csv", *named(2))
    assert program("run", path).code == 4, "an unread list of an unknown account stops everything"
    api.plan("list")
    assert program("run", path).code == 0
    document = program("history", "--json").json
    assert [run["state"] for run in document["runs"]] == ["finished", "stopped: list_unreliable"]
    assert document["in_doubt"] == []
    lines = program("history").out.splitlines()
    assert lines[0].endswith(f"{document['runs'][0]['run_id']}  default, finished")
    assert lines[1] == "    a.csv: 2 created"


def test_a_row_that_the_list_cannot_settle_is_in_doubt_and_settled_by_the_next_run(
    program: Program, api: Api, tmp_path: Path
) -> None:
    assert program("run", write_csv(tmp_path / "a.csv", *named(1))).code == 0
    path = write_csv(tmp_path / "b.csv", *named(3))
    program.settings["FLIREO_CONCURRENCY"] = "1"
    api.next("drop_after")
    api.next(None, "404", endpoint="list")
    done = program("run", path, "--json")
    assert done.code == 1
    assert done.file["counts"]["in_doubt"] == 1
    (failed,) = sheet(done.file["failed_file"])
    assert "not sent again by itself" in str(failed["flireo_errors"])
    assert "1 row is in doubt: b.csv" in program("history").out
    done = program("run", done.file["failed_file"], "--json")
    assert done.file["counts"]["already_created"] == 1
    assert len(api.groups()) == 3


def commands_in_summary(path: Path) -> list[str]:
    page = openpyxl.load_workbook(path)["Summary"]
    texts = [str(cell) for row in page.iter_rows(values_only=True) for cell in row]
    return [text[text.index("flireo-batch") :] for text in texts if "flireo-batch" in text]


def test_what_was_tried_out_is_followed_up_in_the_sandbox(tmp_path: Path) -> None:
    """A copied command must not send what was only tried to the API."""
    program = Program(folder=tmp_path)
    write_csv(tmp_path / "a.csv", *named(1), {"name": "n5", "city": ""})
    program("run", "a.csv", "--sandbox", "--dry-run", "--overwrite")
    corrected, sent = commands_in_summary(tmp_path / "a.results.xlsx")
    assert corrected.startswith("flireo-batch run --sandbox a.failed.xlsx. ")
    assert sent == "flireo-batch run --sandbox a.csv"
    told = program("run", "a.csv", "--sandbox", "--overwrite").out
    assert "then: flireo-batch run --sandbox a.failed.xlsx\n" in told
    (corrected,) = commands_in_summary(tmp_path / "a.results.xlsx")
    assert corrected.startswith("flireo-batch run --sandbox a.failed.xlsx. ")
