"""The log: one event for each state of a row, without a word of what it holds; files that take turns."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import batch.normalise
from batch.cli import checks, inboxes, runs
from batch.cli import log_file as log_file_module
from batch.cli.app import app
from batch.cli.exits import exit_code_of
from batch.cli.json_log import JsonObserver
from batch.cli.log_file import log_file
from batch.cli.observers import make_observer
from batch.errors import ApiStop, BatchError, SettingsError
from batch.model import Status
from batch.pipeline import prepare
from batch.progress import RowEnd
from batch.reading.confined import SPARES
from tests.support.program import named, write_csv


def ended(row: int) -> RowEnd:
    return RowEnd(
        row=row,
        position=row - 2,
        fingerprint=None,
        status=Status.INVALID,
        attempts=0,
        codes=("enum",),
        requirement_group_id=None,
    )


def logged(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_events_carry_the_run_and_go_to_the_screen_and_to_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "log.jsonl"
    with make_observer("json", quiet=True, log_path=path) as observer:
        observer.began("R1", [Path("in/a.csv")])
        observer.rows_ended(
            Path("in/a.csv"),
            (ended(at) for at in (2, 3)),
        )
        observer.stopped(ApiStop("key_refused", "The API refused the key: 'secret words'."))
    events = logged(path)
    assert [(event["event"], event["run"]) for event in events] == [
        ("began", "R1"),
        ("row_ended", "R1"),
        ("row_ended", "R1"),
        ("stopped", "R1"),
    ]
    assert (events[1]["file"], events[1]["row"], events[1]["status"], events[1]["codes"]) == (
        "a.csv",
        2,
        "invalid",
        ["enum"],
    )
    assert "secret" not in path.read_text()
    shown = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [event["event"] for event in shown] == [event["event"] for event in events]


def test_an_error_that_nobody_expected_is_noted_by_its_place_and_not_by_its_words(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with pytest.raises(ValueError, match="Geheim"), make_observer("text", quiet=True, log_path=path):
        raise ValueError("Geheim BV")
    (event,) = logged(path)
    assert (event["event"], event["error"]) == ("crashed", "ValueError")
    assert any("test_logs.py" in frame for frame in event["frames"])
    assert "Geheim" not in path.read_text()


@pytest.fixture
def _process_as_before() -> Iterator[None]:
    """A night listens to signals, and a process that is to read waits for a file, until its process ends."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    SPARES.let_go()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_process_as_before")
def test_one_file_of_a_night_that_brings_out_a_fault_here_is_noted_and_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object) -> None:
        raise ValueError("Geheim BV")

    monkeypatch.setattr(inboxes, "run", faulty)
    (tmp_path / "in").mkdir()
    write_csv(tmp_path / "in" / "a.csv", *named(1))
    path = tmp_path / "log.jsonl"
    words = ["inbox", str(tmp_path / "in"), "--sandbox", "--unchanged-for", "0", "--log-file", str(path), "--json"]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, json.loads(done.stdout)["files"][0]["error"]["code"]) == (3, "unexpected")
    assert [event["error"] for event in logged(path) if event["event"] == "crashed"] == ["ValueError"]
    assert "Geheim" not in path.read_text() + done.stdout


@pytest.mark.usefixtures("_process_as_before")
@pytest.mark.parametrize("command", [["check"], ["run", "--sandbox"]], ids=" ".join)
def test_one_file_that_brings_out_a_fault_while_it_is_read_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    normalise = batch.normalise.normalise

    def faulty(frame: pd.DataFrame, *rest: Any) -> object:
        if "Geheim BV" in frame["business_name"].tolist():
            raise ValueError("Geheim BV")
        return normalise(frame, *rest)

    monkeypatch.setattr(prepare, "normalise", faulty)
    monkeypatch.setenv("FLIREO_LEDGER", str(tmp_path / "ledger.sqlite3"))
    files = [
        write_csv(tmp_path / "a.csv", {"business_name": "Geheim BV"}),
        write_csv(tmp_path / "b.csv", {"business_name": "Gewoon BV"}),
    ]
    done = CliRunner().invoke(app, [*command, *map(str, files), "--json"])
    first, second = json.loads(done.stdout)["files"]
    assert (done.exit_code, first["error"]["code"], second["error"], second["rows"]) == (3, "unexpected", None, 1)
    assert first["error"]["message"].startswith("a.csv: Something went wrong that should not (ValueError)")
    assert "Geheim" not in done.stdout + done.stderr


@pytest.mark.usefixtures("_process_as_before")
@pytest.mark.parametrize(
    ("command", "module", "name", "advice"),
    [
        (["check"], checks, "check", "Nothing was sent."),
        (["run", "--sandbox"], runs, "run", "What was created is in the ledger"),
        (["inbox"], inboxes, "_run_inbox", "What was created is in the ledger"),
    ],
)
def test_an_error_that_nobody_expected_leaves_a_document_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], module: ModuleType, name: str, advice: str
) -> None:
    def faulty(*_: object) -> None:
        raise ValueError("Geheim BV")

    monkeypatch.setattr(module, name, faulty)
    where = tmp_path if command == ["inbox"] else write_csv(tmp_path / "a.csv", *named(1))
    done = CliRunner().invoke(app, [*command, str(where), "--json"])
    document = json.loads(done.stdout)
    assert (document["exit_code"], document["stopped"], document["files"]) == (4, "unexpected", [])
    assert isinstance(done.exception, BatchError)
    assert exit_code_of(done.exception) == 4
    assert advice in done.exception.message
    assert "Geheim" not in done.exception.message


def test_log_files_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file_module, "_MOST_BYTES", 200)
    path = tmp_path / "log.jsonl"
    with log_file(path) as lines:
        for number in range(40):
            JsonObserver(lines).warned(f"number {number}")
    names = sorted(found.name for found in tmp_path.iterdir())
    assert names == ["log.jsonl", *(f"log.jsonl.{number}" for number in range(1, 6))]
    assert all(found.stat().st_size <= 200 for found in tmp_path.iterdir())
    assert logged(path)[-1]["message"] == "number 39"


def test_what_a_killed_program_left_unfinished_does_not_spoil_the_next_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    for begun, lines in (("", 1), ("{}\n", 2), ('{"event": "row_en', 2)):
        path.write_text(begun)
        with log_file(path) as log:
            JsonObserver(log).warned("next")
        assert len(path.read_text().splitlines()) == lines
        assert json.loads(path.read_text().splitlines()[-1])["message"] == "next"


def test_many_rows_are_made_once_and_reach_both_a_few_at_a_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, made = tmp_path / "log.jsonl", 0

    def rows() -> Iterator[RowEnd]:
        nonlocal made
        for made in range(1, 2001):
            if not made % 250:
                assert made - path.read_text().count("\n") <= 500  # so many are held back at most
            yield ended(made + 1)

    with make_observer("json", quiet=True, log_path=path) as observer:
        observer.began("R1", [Path("a.csv")])
        observer.rows_ended(Path("a.csv"), rows())
    assert made == 2000
    assert [event["row"] for event in logged(path)[1:]] == list(range(2, 2002))
    assert len(capsys.readouterr().err.splitlines()) == 2001


def test_nobody_makes_the_ends_of_rows_where_only_a_person_looks() -> None:
    with make_observer("text", quiet=True) as observer:
        rows = map(ended, (2, 3))
        observer.rows_ended(Path("a.csv"), rows)
    assert next(rows).row == 2


def test_a_log_that_cannot_be_opened_is_refused_and_one_that_cannot_be_written_costs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="--log-file"), log_file(tmp_path / "file" / "log.jsonl"):
        pass
    full = Path("/dev/full")
    if full.exists():
        with log_file(full) as lines:
            lines.info("text")
        assert capsys.readouterr() == ("", "")
