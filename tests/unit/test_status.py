"""status: from results, or from a run, to what Flireo has decided; in this process, over real HTTP, with real files."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest

from batch.approval.watch import Patience
from batch.errors import LedgerError, OutputError, SettingsError
from batch.languages import Language
from batch.ledger import Ledger
from batch.merge import MergeOptions, merge
from batch.model import ApprovalState, Origin, Status
from batch.past_results import open_past_results
from batch.pipeline.run import run
from batch.pipeline.values import BatchResult, OutputOptions, RunOptions
from batch.status import StatusOptions, StatusResult, status, wait_for_approval
from batch.status.work import StatusWork
from tests.support.line import Api, Heard, Line, again, line_to, sandbox
from tests.support.program import named, sheet, statuses, write_csv
from tests.support.reading import read_here

ONE_LOOK = Patience(seconds=0.0, pause_seconds=0.001)
LONG = Patience(seconds=30.0, pause_seconds=0.001)
CLEAN = Path(__file__).parents[2] / "samples" / "clean.csv"


@pytest.fixture(autouse=True)
def _read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def line(api: Api, tmp_path: Path) -> Iterator[Line]:
    with line_to(api, tmp_path, concurrency=1, base_url=api.url) as line:
        yield line


def drive(work: object) -> None:
    asyncio.run(work.work())  # type: ignore[attr-defined]


def go(line: Line, *files: Path, form: str = "xlsx") -> BatchResult:
    return run(RunOptions(files=files, output=OutputOptions(format=form)), line.tools(), drive)


def ask(line: Line, *files: Path | None, patience: Patience = ONE_LOOK, **options: object) -> StatusResult:
    named = tuple(path for path in files if path is not None)
    return status(StatusOptions(files=named, patience=patience, **options), again(line).tools(), drive)  # type: ignore[arg-type]


def results_of(line: Line, tmp_path: Path, count: int, form: str = "xlsx", name: str = "a") -> Path:
    """Results of a run that created so many groups, and found one row invalid."""
    (file,) = go(line, write_csv(tmp_path / f"{name}.csv", *named(count, name), {"city": ""}), form=form).files
    assert file.results_file is not None
    return file.results_file


def approvals_in(path: Path | None) -> list[object]:
    assert path is not None
    with open_past_results(path) as past:
        assert past.extras == ("approval", "approval_checked_at")
        return [row.extras[0] for row in past.rows()]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_states_stand_in_new_results_and_the_old_ones_are_left(
    api: Api, line: Line, tmp_path: Path, form: str
) -> None:
    before = results_of(line, tmp_path, 3, form)
    content = before.read_bytes()
    api.decide(api.id_of("a 1"), "approved")
    api.decide(api.id_of("a 2"), "rejected")
    result = ask(line, before)
    (file,) = result.files
    assert file.results_file == tmp_path / f"a.results-2.{form}"
    assert approvals_in(file.results_file) == ["approved", "rejected", "pending", ""]
    assert before.read_bytes() == content
    assert result.requests == 2  # a page, and the documents of the one that was rejected
    assert (file.groups, file.counts[ApprovalState.REJECTED], file.made_at) == (3, 1, api.url)
    with open_past_results(before) as old, open_past_results(file.results_file) as new:
        assert [replace(row, extras=(), errors=()) for row in new.rows()] == [
            replace(row, errors=()) for row in old.rows()
        ]
        assert new.summary == replace(old.summary, headline=new.summary.headline, advice=new.summary.advice)
        assert [[error.message for error in row.errors] for row in new.rows()] == [
            [error.message for error in row.errors] for row in old.rows()
        ]
        assert list(new.changes()) == list(old.changes())
        assert list(new.warnings()) == list(old.warnings())


def test_asked_again_the_columns_are_brought_up_to_date(api: Api, line: Line, tmp_path: Path) -> None:
    first = ask(line, results_of(line, tmp_path, 2)).files[0].results_file
    for group_id in api.ids():
        api.decide(group_id, "approved")
    second = ask(line, first).files[0].results_file
    assert second == tmp_path / "a.results-3.xlsx"
    assert approvals_in(second) == ["approved", "approved", ""]
    told = [row for row in sheet(second, "Summary") if "Approval" in str(next(iter(row.values())))]
    assert len(told) == 2, "one band and one table"


def test_several_files_are_asked_about_together(api: Api, line: Line, tmp_path: Path) -> None:
    files = [results_of(line, tmp_path, 30, name=name) for name in ("a", "b")]
    result = ask(line, *files)
    assert result.requests == 1
    assert [file.groups for file in result.files] == [30, 30]
    assert len(result.approvals) == 60


def test_a_group_that_several_rows_have_is_one_group(api: Api, line: Line, tmp_path: Path) -> None:
    first = results_of(line, tmp_path, 1)
    (file,) = go(again(line), tmp_path / "a.csv").files
    result = ask(line, first, file.results_file)
    assert len(result.approvals) == 1
    assert list(result.asked.rows.values()) == [(Origin(source="a.csv", row=2),)]


def test_in_place_of_the_results_or_in_another_folder(line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 1)
    out = tmp_path / "out"
    assert ask(line, path, out=out).files[0].results_file == out / "a.results.xlsx"
    assert ask(line, path, overwrite=True).files[0].results_file == path
    assert approvals_in(path) == ["pending", ""]


def test_results_without_groups_are_left_alone(api: Api, line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 0)
    before = len(api.requests())
    (file,) = ask(line, path).files
    assert (file.groups, file.results_file, len(api.requests())) == (0, None, before)


def test_files_that_cannot_be_used_are_refused_and_the_others_done(line: Line, tmp_path: Path) -> None:
    good = results_of(line, tmp_path, 1)
    bad, done, worse = ask(line, tmp_path / "a.csv", good, tmp_path / "none.xlsx").files
    assert [file.error and file.error.code for file in (bad, done, worse)][:2] == ["not_results", None]
    assert worse.error is not None
    assert done.results_file is not None
    (alone,) = ask(line, tmp_path / "none.xlsx").files
    assert alone.error is not None


def test_a_disk_that_refuses_costs_only_the_file(line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 1)
    (tmp_path / "out").write_text("in the way")
    (file,) = ask(line, path, out=tmp_path / "out").files
    assert isinstance(file.error, OutputError)
    assert file.counts[ApprovalState.PENDING] == 1


def _links(page: object) -> int:
    return sum(cell.hyperlink is not None for line in page.iter_rows() for cell in line)  # type: ignore[attr-defined]


def steps_in(path: Path | None) -> list[str]:
    assert path is not None
    with open_past_results(path) as past:
        return list(past.summary.advice)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_to_do_next_follows_from_the_approval_each_time(api: Api, line: Line, tmp_path: Path, form: str) -> None:
    shutil.copy(CLEAN, tmp_path / "a.csv")  # of which nothing is odd
    (file,) = go(line, tmp_path / "a.csv", form=form).files
    assert [step[:8] for step in steps_in(file.results_file)] == ["Nothing."]
    pending = ask(line, file.results_file, language=Language.NL).files[0].results_file
    assert ["flireo-batch status" in step for step in steps_in(pending)] == [True]
    api.decide(min(api.ids()), "rejected")
    refused = ask(line, pending).files[0].results_file
    assert [step[:18] for step in steps_in(refused)] == ["Look at Flireo why", "Not every group is"]
    for group_id in api.ids():
        api.decide(group_id, "approved")
    done = ask(line, refused).files[0].results_file
    assert [step[:8] for step in steps_in(done)] == ["Nothing."]


def test_merged_results_keep_their_kind_of_name(line: Line, tmp_path: Path) -> None:
    results_of(line, tmp_path, 1)
    merged = merge(MergeOptions(folder=tmp_path)).merged_file
    assert merged == tmp_path / "a.merged.xlsx"
    assert ask(line, merged).files[0].results_file == tmp_path / "a.merged-2.xlsx"


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_warnings_stay_with_their_rows_in_whatever_order_they_came(
    line: Line, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = {"contact_person_phone": "see mail", "postal_code": "12", "city": "?"}
    rows = [{**odd, "name": f"n{number}"} for number in range(6)] + [{**odd, "name": "n\u200b6"}]
    before = go(line, write_csv(tmp_path / "a.csv", *rows), form=form).files[0].results_file
    assert before is not None
    monkeypatch.setattr("batch.status.rewriting._ROWS_AT_ONCE", 2)
    after = ask(line, before).files[0].results_file
    assert after is not None
    with open_past_results(before) as old, open_past_results(after) as new:
        warned = list(old.warnings())
        assert [one.row for one in warned] != sorted(one.row or 0 for one in warned), (
            "what cannot be seen is looked for first"
        )
        assert sorted(new.warnings(), key=str) == sorted(warned, key=str)
        assert len(warned) > len(rows)
    if form == "xlsx":
        links = [_links(openpyxl.load_workbook(path)["Warnings"]) for path in (before, after)]
        assert links == [len(warned)] * 2, "each leads to its cell"
        assert sheet(after, "Warnings") == sorted(sheet(before, "Warnings"), key=lambda row: int(str(row["row"])))


# A run of the ledger


def test_the_last_run_is_asked_about_from_the_ledger(api: Api, line: Line, tmp_path: Path) -> None:
    first = go(line, write_csv(tmp_path / "a.csv", *named(2)))
    go(again(line), write_csv(tmp_path / "b.csv", *named(3, "b")))
    go(again(line), tmp_path / "a.csv")  # creates nothing
    result = ask(line)
    assert result.asked.run_id not in (None, first.run_id)
    assert [(origin.source, origin.row) for (origin,) in result.asked.rows.values()] == [
        ("b.csv", 2),
        ("b.csv", 3),
        ("b.csv", 4),
    ]
    older = ask(line, run_id=first.run_id)
    assert (len(older.approvals), older.files) == (2, ())


def test_a_run_that_is_not_there_or_not_of_this_account_is_refused(api: Api, line: Line, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="knows of no run that created groups"):
        ask(line)
    done = go(line, write_csv(tmp_path / "a.csv", *named(1)))
    with pytest.raises(SettingsError, match="does not know the run nonsense"):
        ask(line, run_id="nonsense")
    other = again(line)
    other.settings = line.settings.model_copy(update={"account": "other"})
    with pytest.raises(SettingsError, match=r"was made at .* for the account 'default'"):
        ask(other, run_id=done.run_id)
    tools = replace(again(line).tools(), scope_url="sandbox:")
    go_there = run(RunOptions(files=(tmp_path / "a.csv",)), tools, drive)
    with pytest.raises(SettingsError, match="was made in a sandbox"):
        ask(line, run_id=go_there.run_id)


# Waiting, and its ends


def test_a_watch_ends_when_none_is_pending(line: Line, tmp_path: Path) -> None:
    with sandbox(approval_seconds=0.4, rejected_fraction=0.3, seed=5) as quick, line_to(quick, tmp_path / "q") as own:
        path = results_of(own, tmp_path, 6)
        result = ask(own, path, patience=LONG)
        assert set(approvals_in(result.files[0].results_file)[:6]) == {"approved", "rejected"}
        assert (result.approvals.open(), result.still_pending) == ((), 0)
        assert result.approvals.need_someone > 0


def test_a_watch_that_ends_at_its_limit_says_what_is_pending(line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 2)
    result = ask(line, path, patience=Patience(seconds=0.02, pause_seconds=0.01))
    assert (result.still_pending, result.stopped) == (2, None)
    assert approvals_in(result.files[0].results_file) == ["pending", "pending", ""]
    assert ask(line, path).still_pending == 0, "one look waits for nothing"


@dataclass(slots=True)
class Interrupting(Heard):
    """Somebody presses Ctrl-C after so many looks."""

    press: Callable[[], None] = lambda: None

    def approvals(self, counts: Mapping[ApprovalState, int], next_look_seconds: float | None) -> None:
        self.press()


def test_an_interrupted_watch_leaves_what_is_known(line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 2)
    tools = again(line).tools()
    observer = Interrupting(press=lambda: tools.halt.by_signal(signal.SIGINT))
    result = status(StatusOptions(files=(path,), patience=LONG), replace(tools, observer=observer), drive)
    assert result.signal == signal.SIGINT
    assert approvals_in(result.files[0].results_file) == ["pending", "pending", ""]


def test_a_second_signal_does_not_wait_for_answers(line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 2)
    tools = again(line).tools()

    def twice(work: StatusWork) -> None:
        async def cancelled() -> None:
            task = asyncio.ensure_future(work.work())
            await asyncio.sleep(0)
            tools.halt.by_signal(signal.SIGINT)
            task.cancel()
            await task

        asyncio.run(cancelled())

    result = status(StatusOptions(files=(path,), patience=LONG), tools, twice)
    assert (result.signal, result.files[0].results_file) == (signal.SIGINT, None)


def test_an_outage_leaves_what_was_heard_before_it(api: Api, line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 120)
    line.settings = line.settings.model_copy(update={"max_attempts": 1, "max_wait_seconds": 0.0})
    api.next(None, "503_before", endpoint="list")
    result = ask(line, path)
    assert result.stopped is not None
    assert result.stopped.code == "api_down"
    assert "Ask again later: flireo-batch status" in result.stopped.message
    assert result.approvals.unheard == 20
    found = approvals_in(result.files[0].results_file)
    assert (found.count("pending"), found.count("")) == (100, 21)


def test_a_ledger_that_cannot_be_opened_stops_it(line: Line, tmp_path: Path) -> None:
    def broken() -> Ledger:
        raise LedgerError("ledger_unusable", "The disk is gone.")

    tools = replace(line.tools(), open_ledger=broken)
    result = status(StatusOptions(files=(results_of(line, tmp_path, 1),), patience=ONE_LOOK), tools, drive)
    assert (result.stopped is not None, result.files[0].results_file) == (True, None)


# After a run


def test_a_run_that_waits_puts_the_states_into_its_own_results(line: Line, tmp_path: Path) -> None:
    with sandbox(approval_seconds=0.05) as quick, line_to(quick, tmp_path / "q") as own:
        path = results_of(own, tmp_path, 3)
        result = wait_for_approval(StatusOptions(files=(path,), patience=LONG), again(own).tools(), drive)
        assert result.files[0].results_file == path
        assert approvals_in(path) == ["approved", "approved", "approved", ""]
        assert statuses(path) == [Status.CREATED.value] * 3 + [Status.INVALID.value]


def test_results_that_somebody_changed_meanwhile_are_not_replaced(line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 1)
    book = openpyxl.load_workbook(path)
    book["Results"].delete_rows(3)
    book["Results"]["F2"] = "a remark of mine"

    def change_first(work: StatusWork) -> None:
        drive(work)
        path.unlink()
        book.save(path)

    result = wait_for_approval(StatusOptions(files=(path,), patience=ONE_LOOK), again(line).tools(), change_first)
    assert sheet(path, "Results")[0]["phone_number_type"] == "local"
    written = result.files[0].results_file
    assert written == tmp_path / "a.results-2.xlsx"
    assert approvals_in(written) == ["pending"]
    assert sheet(written, "Results")[0]["name"] == "a remark of mine"


def test_results_that_vanished_meanwhile_cost_only_the_file(line: Line, tmp_path: Path) -> None:
    path = results_of(line, tmp_path, 1, "csv")

    def remove(work: StatusWork) -> None:
        drive(work)
        path.unlink()

    result = wait_for_approval(StatusOptions(files=(path,), patience=ONE_LOOK), again(line).tools(), remove)
    assert result.files[0].error is not None
    assert result.approvals.pending == 1
