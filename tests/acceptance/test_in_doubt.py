"""Rows in doubt as a person meets them: named, listed with what they might be, settled by the list or by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.line import FIELDS, Api, sandbox
from tests.support.program import Program, named, sheet, statuses, write_csv


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def program(api: Api, tmp_path: Path) -> Program:
    program = Program(folder=tmp_path, api=api, settings={"FLIREO_CONCURRENCY": "1"})
    assert program("run", write_csv(tmp_path / "first.csv", {"name": "Eerste"})).code == 0
    return program


def leave_in_doubt(program: Program, api: Api, *, made: bool = True) -> dict[str, object]:
    """A row whose answer was lost and that the list could not settle, as `history --in-doubt --json` shows it."""
    api.next("drop_after" if made else "drop_before")
    api.next(None, "403", endpoint="list")
    done = program("run", write_csv(program.folder / "a.csv", *named(2)), "--json")
    assert done.file["counts"]["in_doubt"] == 1
    (row,) = program("history", "--in-doubt", "--json").json["in_doubt"]
    return dict(row)


def test_doubt_is_listed_by_file_row_and_fingerprint(program: Program, api: Api) -> None:
    row = leave_in_doubt(program, api)
    assert (row["source"], row["row"], row["state"], row["code"]) == ("a.csv", 2, "in_doubt", "list_unreliable")
    shown = program("history", "--in-doubt").out
    assert str(row["fingerprint"])[:12] in shown
    assert "flireo-batch settle" in shown


def test_nothing_in_doubt_is_said_too(program: Program) -> None:
    assert "No row is in doubt" in program("history", "--in-doubt").out


def test_doubt_is_told_and_settled_in_dutch(program: Program, api: Api) -> None:
    row = leave_in_doubt(program, api, made=False)
    runs = program("history", "--lang", "nl").out
    assert ", klaar\n" in runs
    assert "Van 1 regel is het lot onbekend: a.csv." in runs
    assert "a.csv, regel 2: " in program("history", "--in-doubt", "--lang", "nl").out
    assert {run["state"] for run in program("history", "--json", "--lang", "nl").json["runs"]} == {"finished"}
    assert "geen onzekere regel met '000000'" in program("settle", "000000", "--absent", "--lang", "nl").err
    program.settings["FLIREO_LANG"] = "nl"
    settled = program("settle", row["fingerprint"], "--absent")
    assert settled.out.startswith("Regel 2 van a.csv geldt als niet aangemaakt;")
    assert program("history", "--in-doubt").out == "Van geen enkele regel is het lot onbekend.\n"


def test_a_row_in_doubt_is_not_called_unsent_by_a_run_that_ended_before_it(program: Program, api: Api) -> None:
    leave_in_doubt(program, api)
    api.plan("list", fraction=1.0, weights={"503_before": 1})
    program.settings |= {"FLIREO_MAX_WAIT_SECONDS": "0.1", "FLIREO_MAX_ATTEMPTS": "1"}
    more = write_csv(program.folder / "b.csv", *named(3))
    done = program("run", more, "--json")
    assert (done.code, done.json["stopped"]) == (4, "api_down")
    assert statuses(done.file["results_file"]) == ["in_doubt", "already_created", "not_sent"]
    first = sheet(done.file["results_file"], "Errors")[0]
    assert "was sent before (a.csv, row 2) and its fate is not known yet" in str(first["message"])


def test_a_row_settled_as_created_is_not_sent_again(program: Program, api: Api) -> None:
    row = leave_in_doubt(program, api)
    made = api.id_of("Vestiging 1")
    done = program("settle", str(row["fingerprint"])[:12], "--created", made.upper())
    assert done.code == 0
    assert made in done.out
    again = program("run", program.folder / "a.csv", "--json")
    assert again.file["counts"]["already_created"] == 2
    assert made in [line["requirement_group_id"] for line in sheet(again.file["results_file"], "Results")]
    assert len(api.groups()) == 3


def test_a_row_settled_as_absent_is_sent_by_the_next_run(program: Program, api: Api) -> None:
    row = leave_in_doubt(program, api, made=False)
    assert program("settle", row["fingerprint"], "--absent").code == 0
    api.plan("list", fraction=1.0, weights={"500_before": 1}, at_most=1)
    again = program("run", program.folder / "a.csv", "--json")
    assert again.file["counts"]["created"] == 1
    assert [body["name"] for body in api.bodies()].count("Vestiging 1") == 1


def test_several_groups_that_might_be_it_are_named(program: Program, api: Api) -> None:
    api.next("drop_after")
    api.next(None, "403", endpoint="list")
    path = write_csv(program.folder / "a.csv", *named(1))
    assert program("run", path).code == 1
    api.place({**FIELDS, "name": "Vestiging 1"})
    done = program("run", path, "--json")
    assert done.file["counts"]["in_doubt"] == 1
    candidates = [str(group["id"]) for group in api.groups() if group["body"]["name"] == "Vestiging 1"]  # type: ignore[index]
    (failed,) = sheet(done.file["failed_file"])
    (row,) = program("history", "--in-doubt", "--json").json["in_doubt"]
    assert sorted(row["candidates"]) == sorted(candidates)
    for candidate in candidates:
        assert candidate in str(failed["flireo_errors"])
        assert candidate in program("history", "--in-doubt").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["abcdef123"], "Say either --created ID"),
        (["abcdef123", "--created", "not-a-uuid"], "expected a UUID"),
        (["abc", "--absent"], "at least 6 characters"),
        (["abcdef123", "--absent"], "no row in doubt begins"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(program: Program, words: list[str], said: str) -> None:
    done = program("settle", *words)
    assert done.code == 2
    assert said in done.err


def test_a_corrected_row_waits_while_its_first_version_is_in_doubt(program: Program, api: Api) -> None:
    leave_in_doubt(program, api)
    api.plan("list", fraction=1.0, weights={"404": 1})
    api.next(None, endpoint="list")
    changed = write_csv(program.folder / "b.csv", {"name": "Vestiging 1", "street_name": "Andere straat"})
    done = program("run", changed, "--json")
    assert done.file["counts"]["duplicate"] == 1
    assert len(api.groups()) == 3
    api.plan("list")
    done = program("run", changed, "--json")
    assert done.file["counts"]["duplicate"] == 1
    (error,) = sheet(done.file["results_file"], "Errors")
    assert error["code"] == "same_group_other_details"
    assert len(api.groups()) == 3
