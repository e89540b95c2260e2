"""pipeline: the flow in this process, over real HTTP and real files; the acceptance tests drive it as a program."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from batch.errors import LedgerError
from batch.ledger import Ledger, Scope
from batch.model import Status
from batch.pipeline import batch_run
from batch.pipeline.batch_run import BatchRun
from batch.pipeline.check import check
from batch.pipeline.job import Job, Section
from batch.pipeline.mapped import FileOptions
from batch.pipeline.planning import plan_job
from batch.pipeline.rules import load_rules
from batch.pipeline.run import run
from batch.pipeline.values import BatchResult, ErrorLimit, OutputOptions, RunOptions
from batch.results import width
from tests.support.line import FIELDS, Api, Heard, Line, again, line_to, sandbox
from tests.support.program import named, sheet, write_csv

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def line(api: Api, tmp_path: Path) -> Iterator[Line]:
    with line_to(api, tmp_path, concurrency=1) as line:
        yield line


def drive(work: BatchRun) -> None:
    asyncio.run(work.work())


def go(line: Line, *files: Path, **options: object) -> BatchResult:
    """One run, as the command line would start it."""

    return run(RunOptions(files=files, **options), line.tools(), drive)  # type: ignore[arg-type]


def test_messy_rows_end_in_their_outcomes_and_a_second_run_knows_them(api: Api, line: Line, tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLES / "messy.xlsx", tmp_path))
    (first,) = go(line, path).files
    assert (first.counts[Status.CREATED], first.counts[Status.INVALID], first.counts[Status.DUPLICATE]) == (16, 7, 2)
    assert first.failed_file is not None
    (second,) = go(again(line), path, first.failed_file).files[:1]
    assert second.counts[Status.ALREADY_CREATED] == 16
    assert len(api.groups()) == 16


def test_hostile_rows_and_their_csv_answers_go_round(api: Api, line: Line, tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLES / "hostile.csv", tmp_path))
    output = OutputOptions(format="csv", failed_format="csv")
    (first,) = go(line, path, output=output).files
    assert first.failed_file is not None
    (second,) = go(again(line), first.failed_file, output=output).files
    assert second.counts[Status.INVALID] == first.counts[Status.INVALID] == 6
    assert len(api.groups()) == first.counts[Status.CREATED]


@pytest.mark.parametrize("wide_row", [1, 2], ids=["the header", "a row"])
def test_rows_that_would_not_go_into_the_answer_are_not_sent(
    api: Api, line: Line, tmp_path: Path, wide_row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(width, "SHEET_COLUMNS", len(FIELDS) + 20)
    path = write_csv(tmp_path / "a.csv", *named(2))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[wide_row - 1] += "," * 10 + "x"
    path.write_text("\n".join(lines), encoding="utf-8")
    checked = check(RunOptions(files=(path,)), line.settings, load_rules(None, "NL"), Heard())
    for result in (*go(line, path).files, *checked.files):
        assert result.error is not None
        assert result.error.code == "too_many_columns"
        assert "--format csv" in result.error.message
    assert api.posts == 0
    output = OutputOptions(format="csv", failed_format="csv")
    (result,) = go(again(line), path, output=output).files
    assert result.error is None
    assert api.posts > 0


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "409", "400", "429:0"])
def test_rows_are_settled_whatever_the_answer_was(api: Api, line: Line, tmp_path: Path, fault: str) -> None:
    api.next(None, fault)
    (result,) = go(line, write_csv(tmp_path / "a.csv", *named(3))).files
    wanted = Status.REJECTED if fault in ("409", "400") else Status.CREATED
    assert result.counts[wanted] == (1 if wanted is Status.REJECTED else 3)
    assert len(api.groups()) == result.counts[Status.CREATED]


def test_a_refusal_is_tied_to_the_column_that_the_api_names(line: Line, tmp_path: Path) -> None:
    from batch.sandbox.options import ErrorShape

    with sandbox(error_shape=ErrorShape.PARAM) as strict, line_to(strict, tmp_path / "x") as own:
        strict.next("400")
        (result,) = go(own, write_csv(tmp_path / "a.csv", *named(1))).files
        assert result.counts[Status.REJECTED] == 1
        (error,) = sheet(str(result.results_file), "Errors")
        assert "The API refused this row (HTTP 400)" in str(error["message"])


def test_rows_that_always_fail_are_given_up_as_not_sent(api: Api, line: Line, tmp_path: Path) -> None:
    line.settings = line.settings.model_copy(update={"max_attempts": 2})
    api.plan(fraction=1.0, weights={"500_before": 1})
    (result,) = go(line, write_csv(tmp_path / "a.csv", *named(2))).files
    assert result.counts[Status.NOT_SENT] == 2
    (first, _) = sheet(str(result.results_file), "Errors")
    assert "nothing was created" in str(first["message"])
    api.plan(fraction=1.0, weights={"429_bare": 1})
    (result,) = go(again(line), write_csv(tmp_path / "b.csv", *named(1, "Ander"))).files
    assert result.counts[Status.NOT_SENT] == 1


def test_a_row_of_another_file_in_doubt_holds_its_other_version_back(api: Api, line: Line, tmp_path: Path) -> None:
    go(line, write_csv(tmp_path / "first.csv", {"name": "Eerste"}))
    api.next("drop_after")
    api.next(None, "403", "403", "403", endpoint="list")
    other = {"name": "Vestiging 1", "street_name": "Elders"}
    one, two = go(again(line), write_csv(tmp_path / "a.csv", *named(1)), write_csv(tmp_path / "b.csv", other)).files
    assert one.counts[Status.IN_DOUBT] == 1
    assert two.counts[Status.DUPLICATE] == 1
    assert api.posts == 2


def test_a_dry_run_a_limit_and_too_many_errors_hold_rows_back(api: Api, line: Line, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(3), {"city": ""})
    (dry,) = go(line, path, dry_run=True).files
    assert (dry.counts[Status.NOT_SENT], api.posts) == (3, 0)
    (held,) = go(again(line), path, max_errors=ErrorLimit(share=0.1)).files
    assert (held.counts[Status.NOT_SENT], api.posts) == (3, 0)
    (some,) = go(again(line), path, limit=1, max_errors=ErrorLimit(rows=1)).files
    assert (some.counts[Status.CREATED], some.counts[Status.NOT_SENT]) == (1, 2)
    assert str(ErrorLimit(rows=1)) == "1"
    assert str(ErrorLimit(share=0.1)) == "10%"


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"limit": 1}, ["would_send", "limit", "limit", "required", "limit"]),
        ({"limit": 4}, ["would_send", "would_send", "would_send", "required", "would_send"]),
        ({"limit": 0}, ["limit", "limit", "limit", "required", "limit"]),
        ({"max_errors": ErrorLimit(rows=0)}, [*["too_many_errors"] * 3, "required", "would_send"]),
        ({"max_errors": ErrorLimit(rows=0), "limit": 0}, [*["too_many_errors"] * 3, "required", "limit"]),
    ],
)
def test_a_dry_run_shows_what_the_run_then_does(
    api: Api, line: Line, tmp_path: Path, options: dict[str, object], codes: list[str]
) -> None:
    """Row by row: what would be sent is sent, and everything else ends alike."""
    paths = write_csv(tmp_path / "a.csv", *named(3), {"city": ""}), write_csv(tmp_path / "b.csv", *named(1, "Elders"))
    dry_line, real_line = again(line), again(line)
    dry = go(dry_line, *paths, dry_run=True, **options)
    assert api.posts == 0
    real = go(real_line, *paths, **options)
    told = [text for line in (dry_line, real_line) for text in line.heard.said if text.startswith("forecast")]
    assert told == [f"forecast {codes.count('would_send')}"] * 2
    assert dry.sent == real.sent == api.posts == codes.count("would_send")
    assert [file.ready for file in dry.files] == [file.counts[Status.CREATED] for file in real.files]
    ended = [_codes(file.results_file) for result in (dry, real) for file in result.files]
    assert ended[0] + ended[1] == codes
    assert ended[2] + ended[3] == [code for code in codes if code != "would_send"]


def _codes(results: Path | None) -> list[str]:
    assert results is not None
    return [str(row["code"]) for row in sheet(results, "Errors")]


def test_the_end_of_each_row_is_told_once_with_what_led_to_it(api: Api, line: Line, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(3), {"city": ""}, *named(1))
    api.next(None, "429:0", "drop_after")
    go(line, path)
    ends = line.heard.ends
    assert [(end.row, end.position) for end in ends] == [(2, 0), (3, 1), (4, 2), (5, 3), (6, 4)]
    assert [end.status.value for end in ends] == ["created", "created", "created", "invalid", "duplicate"]
    assert [end.attempts for end in ends[3:]] == [0, 0]
    assert sorted(end.attempts for end in ends[:3]) == [1, 1, 2]
    assert [bool(end.codes) for end in ends] == [False, False, False, True, True]
    assert {end.requirement_group_id for end in ends[:3]} == {group["id"] for group in api.groups()}
    sent = {(event.record.row, event.record.fingerprint) for event in line.heard.events}
    assert {(end.row, end.fingerprint) for end in ends[:3]} == sent
    assert ends[3].fingerprint is None
    later = again(line)
    go(later, path, dry_run=True)
    assert [end.fingerprint for end in later.heard.ends] == [end.fingerprint for end in ends]
    assert [end.attempts for end in later.heard.ends] == [0] * 5


def test_a_row_of_two_files_was_sent_for_the_first_of_them(line: Line, tmp_path: Path) -> None:
    go(line, write_csv(tmp_path / "a.csv", *named(2)), write_csv(tmp_path / "b.csv", *named(2), *named(1, "Ander")))
    assert [end.attempts for end in line.heard.ends] == [1, 1, 0, 0, 1]


def test_the_ends_of_rows_are_told_also_where_the_disk_refuses_the_answer(line: Line, tmp_path: Path) -> None:
    full = tmp_path / "full"

    def drive_and_lose_the_folder(work: BatchRun) -> None:
        drive(work)
        shutil.rmtree(full)

    options = RunOptions(files=(write_csv(tmp_path / "a.csv", *named(2)),), output=OutputOptions(out=full))
    (result,) = run(options, line.tools(), drive_and_lose_the_folder).files
    assert result.error is not None
    assert [end.status for end in line.heard.ends] == [Status.CREATED] * 2


def test_a_ledger_that_cannot_be_opened_leaves_every_row_not_sent(api: Api, line: Line, tmp_path: Path) -> None:
    def broken() -> Ledger:
        raise LedgerError("ledger_unusable", "The disk is gone.")

    result = run(RunOptions(files=(write_csv(tmp_path / "a.csv", *named(2)),)), line.tools(broken), drive)
    assert result.stopped is not None
    assert result.files[0].counts[Status.NOT_SENT] == 2
    assert "The disk is gone." in line.heard.said
    assert [(end.status, end.fingerprint) for end in line.heard.ends] == [(Status.NOT_SENT, None)] * 2


def test_a_list_that_cannot_be_read_stops_the_first_run_of_an_account(api: Api, line: Line, tmp_path: Path) -> None:
    api.next(None, "404", endpoint="list")
    one, other = named(2)
    result = go(line, write_csv(tmp_path / "a.csv", one, other, one))
    assert result.stopped is not None
    assert result.stopped.code == "list_unreliable"
    assert api.posts == 0
    counts = result.files[0].counts
    assert (counts[Status.NOT_SENT], counts[Status.DUPLICATE]) == (2, 1), "what the file itself decides is still told"


def test_every_row_is_planned_once_on_an_account_that_is_new_and_that_is_known(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes its time for a large file, before the first row is sent."""
    planned: list[Path] = []

    def noted(job: Job, *rest: Any) -> None:
        planned.append(job.path)
        plan_job(job, *rest)

    monkeypatch.setattr(batch_run, "plan_job", noted)
    new, known = write_csv(tmp_path / "new.csv", *named(2)), write_csv(tmp_path / "known.csv", *named(3))
    go(line, new)
    assert go(again(line), known).files[0].counts[Status.CREATED] == 1
    assert planned == [new, known]


def test_a_ledger_that_knows_nothing_plans_as_one_that_knows_other_rows(
    api: Api, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only the file can decide a row, no other row is looked at."""
    looked_at: list[Path] = []
    sections = Job.sections

    def noted(job: Job, scope: Scope) -> Iterator[Section]:
        looked_at.append(job.path)
        return sections(job, scope)

    monkeypatch.setattr(Job, "sections", noted)
    one, other, third = named(3)
    changed = {**one, "contact_person_first_name": "Somebody"}
    path = write_csv(tmp_path / "a.csv", one, other, one, third, changed, {**other, "city": ""})
    options = {"dry_run": True}
    (new,) = go(line, path, **options).files
    assert new.counts[Status.DUPLICATE] == 2
    assert new.results_file is not None
    first = sheet(str(new.results_file))
    assert looked_at == []
    go(again(line), write_csv(tmp_path / "b.csv", {"name": "Somebody else"}))
    (known,) = go(again(line), path, **options).files
    assert known.results_file is not None
    assert sheet(str(known.results_file)) == first
    assert known.counts == new.counts
    assert looked_at == [path]


def test_files_that_cannot_be_used_are_refused_and_the_others_done(api: Api, line: Line, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a;b\n1;2\n")
    bad, good = go(line, tmp_path / "bad.csv", write_csv(tmp_path / "a.csv", *named(1))).files
    assert bad.error is not None
    assert good.counts[Status.CREATED] == 1


def test_check_tells_valid_from_invalid_and_writes_what_is_asked(line: Line, tmp_path: Path) -> None:
    rules = load_rules(None, "NL")
    path = write_csv(tmp_path / "a.csv", *named(2), *named(1), {"city": ""})
    heard = Heard()
    result = check(RunOptions(files=(path, tmp_path / "none.csv")), line.settings, rules, heard)
    found, missing = result.files
    assert (found.counts[Status.NOT_SENT], found.counts[Status.DUPLICATE], found.counts[Status.INVALID]) == (2, 1, 1)
    assert missing.error is not None
    assert [(end.row, end.status.value) for end in heard.ends] == [
        (2, "not_sent"),
        (3, "not_sent"),
        (4, "duplicate"),
        (5, "invalid"),
    ]
    (tmp_path / "out").write_text("in the way")
    options = RunOptions(files=(path,), output=OutputOptions(out=tmp_path / "out"), file=FileOptions(mapping=()))
    (refused,) = check(options, line.settings, rules, heard).files
    assert refused.error is not None


def test_pieces_examples_marks_and_long_rows_are_not_sent(line: Line, tmp_path: Path) -> None:
    from batch.check_marker import mark
    from batch.cut_marker import CELL_UNITS, fit
    from batch.example_row import EXAMPLE_MARK

    header = [*FIELDS, "Toevoeging", "flireo_row", "flireo_source", "flireo_status", "flireo_errors"]
    plain = list(FIELDS.values())
    rows = [
        [EXAMPLE_MARK if value == "Depot" else value for value in plain] + [""] * 5,
        [*plain, "A", "7", "first.xlsx", "invalid", ""],
        [mark("Depot") if value == "Depot" else value for value in plain] + ["", "8", "", "", ""],
        [fit("x" * (CELL_UNITS + 9)) if value == "Depot" else value for value in plain] + ["", "x", "", "", ""],
        [*plain, "", "9", "first.xlsx", "", ""],
    ]
    path = tmp_path / "a.failed.csv"
    path.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n", encoding="utf-8")
    (result,) = check(RunOptions(files=(path,)), line.settings, load_rules(None, "NL"), Heard()).files
    assert (result.rows, result.counts[Status.INVALID], result.counts[Status.NOT_SENT]) == (4, 3, 1)
    failed = sheet(str(result.failed_file))
    assert [(row["flireo_row"], row["flireo_source"]) for row in failed] == [
        (7, "first.xlsx"),
        (8, "a.failed.csv"),
        (5, "a.failed.csv"),
    ]
