"""inbox: what a night does with what lies in the folder; the files are real, the runs are played."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from batch.errors import BusyError, OutputError, SettingsError
from batch.inbox import Place
from batch.inbox.claims import claims_in
from batch.inbox.hold import held
from batch.inbox.values import Folders
from batch.pipeline.values import BatchResult, ErrorLimit
from tests.support.nights import DAY, MIDNIGHT, Runs, make_night, night, places, put, reasons, tree


def lines(root: Path, kind: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in (root / "inbox.jsonl").read_text().splitlines()]
    return [line for line in found if line["kind"] == kind]


def test_every_file_goes_with_its_results_to_where_it_belongs(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "fine")
    put(tmp_path, "b.csv", "messy")
    put(tmp_path, "c.ods", "unreadable")
    put(tmp_path, "d.tsv", "empty")
    result = night(tmp_path)
    assert places(result) == {"a.xlsx": "done", "b.csv": "attention", "c.ods": "attention", "d.tsv": "attention"}
    assert tree(tmp_path) == [
        f"attention/{DAY}/b.csv",
        f"attention/{DAY}/b.failed.xlsx",
        f"attention/{DAY}/b.results.xlsx",
        f"attention/{DAY}/c.error.txt",
        f"attention/{DAY}/c.ods",
        f"attention/{DAY}/d.results.xlsx",
        f"attention/{DAY}/d.tsv",
        f"done/{DAY}/a.results.xlsx",
        f"done/{DAY}/a.xlsx",
    ]
    assert (tmp_path / "attention" / DAY / "c.error.txt").read_text() == "The file is damaged.\n"
    first, *_ = lines(tmp_path, "file")
    assert first["input"] == str(tmp_path / "a.xlsx")
    assert first["results_file"] == str(tmp_path / "done" / DAY / "a.results.xlsx")
    assert first["counts"] == {**dict.fromkeys(first["counts"], 0), "created": 3}  # type: ignore[call-overload]
    (whole,) = lines(tmp_path, "night")
    assert whole["places"] == {"done": 1, "attention": 3, "inbox": 0}
    assert night(tmp_path).handled == (), "no file is taken twice"


def test_files_are_taken_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    for age, name in enumerate(("young.csv", "b.csv", "a.csv", "old.csv")):
        os.utime(put(tmp_path, name, "fine"), (1_000_000 - age, 1_000_000 - age))
    os.utime(tmp_path / "a.csv", (999_999, 999_999))
    runs = Runs()
    night(tmp_path, runs)
    assert runs.seen == ["old.csv", "a.csv", "b.csv", "young.csv"]


def test_a_taken_name_gets_a_number_and_so_does_its_answer(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "fine")
    night(tmp_path)
    put(tmp_path, "a.xlsx", "messy")
    night(tmp_path)
    put(tmp_path, "A.csv", "messy")
    put(tmp_path, "a.failed.xlsx", "fine")
    night(tmp_path)
    assert tree(tmp_path) == [
        f"attention/{DAY}/A-3.csv",
        f"attention/{DAY}/A-3.failed.xlsx",
        f"attention/{DAY}/A-3.results.xlsx",
        f"attention/{DAY}/a-2.failed.xlsx",
        f"attention/{DAY}/a-2.results.xlsx",
        f"attention/{DAY}/a-2.xlsx",
        f"done/{DAY}/a-4.failed.xlsx",
        f"done/{DAY}/a-4.results-2.xlsx",
        f"done/{DAY}/a.results.xlsx",
        f"done/{DAY}/a.xlsx",
    ]


def test_a_stop_by_the_api_leaves_the_rest_for_the_next_night(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")
    put(tmp_path, "b.csv", "stop")
    put(tmp_path, "c.csv", "fine")
    for age, name in enumerate(("c.csv", "b.csv", "a.csv")):
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    result = night(tmp_path)
    assert result.stopped is not None
    assert places(result) == {"a.csv": "done", "b.csv": "inbox"}
    assert reasons(result) == {"c.csv": "waiting"}
    assert tree(tmp_path) == [
        f"attention/{DAY}/b.results.xlsx",
        "b.csv",
        "c.csv",
        f"done/{DAY}/a.csv",
        f"done/{DAY}/a.results.xlsx",
    ]
    put(tmp_path, "b.csv", "known")
    assert places(night(tmp_path, now=MIDNIGHT + timedelta(days=1))) == {"b.csv": "done", "c.csv": "done"}


def test_a_file_of_which_nothing_was_sent_leaves_no_results_behind(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "refused")
    night(tmp_path)
    assert tree(tmp_path) == ["a.csv"]


def test_a_signal_ends_the_night_after_the_file_in_hand(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "signal")
    put(tmp_path, "b.csv", "fine")
    os.utime(tmp_path / "a.csv", (1, 1))
    result = night(tmp_path)
    assert (result.signal, places(result), reasons(result)) == (15, {"a.csv": "inbox"}, {"b.csv": "waiting"})


def test_the_limit_is_one_for_the_whole_night(tmp_path: Path) -> None:
    for age, (name, word) in enumerate({"a.csv": "fine", "b.csv": "limit", "c.csv": "fine"}.items()):
        os.utime(put(tmp_path, name, word), (age, age))
    runs = Runs()
    result = night(tmp_path, runs, limit=4)
    assert runs.limits == [4, 1]
    assert places(result) == {"a.csv": "done", "b.csv": "inbox"}
    assert reasons(result) == {"c.csv": "waiting"}


def test_too_many_errors_are_for_a_person_also_where_there_is_a_limit(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "limit")
    assert places(night(tmp_path, limit=9, max_errors=ErrorLimit(rows=-1))) == {"a.csv": "attention"}


def test_what_the_disk_refuses_costs_only_the_file_and_is_tried_again(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "no_disk")
    put(tmp_path, "b.csv", "long")
    put(tmp_path, "c.csv", "fine")
    assert places(night(tmp_path)) == {"a.csv": "inbox", "b.csv": "attention", "c.csv": "done"}
    put(tmp_path, "a.csv", "fine")
    assert places(night(tmp_path)) == {"a.csv": "done"}


def test_doubt_that_a_stop_left_is_for_the_next_night_and_other_doubt_for_a_person(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "doubt")
    assert places(night(tmp_path)) == {"a.csv": "attention"}


def test_results_go_where_out_says_and_replace_only_there(tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    put(root, "a.csv", "messy")
    night(root, out=out)
    assert tree(out) == ["a.failed.xlsx", "a.results.xlsx"]
    put(root, "a.csv", "messy")
    night(root, out=out, now=MIDNIGHT + timedelta(days=1))
    assert tree(out) == ["a-2.failed.xlsx", "a-2.results.xlsx", "a.failed.xlsx", "a.results.xlsx"]
    put(root, "a.csv", "messy")
    night(root, out=out, overwrite=True, now=MIDNIGHT + timedelta(days=2))
    assert len(tree(out)) == 4
    assert tree(root) == [
        "attention/2026-11-24/a.csv",
        "attention/2026-11-25/a-2.csv",
        "attention/2026-11-26/a.csv",
    ]


def test_a_trial_has_places_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")
    night(tmp_path, trial=True)
    assert tree(tmp_path) == [f"sandbox/done/{DAY}/a.csv", f"sandbox/done/{DAY}/a.results.xlsx"]
    assert (tmp_path / "sandbox" / "inbox.jsonl").exists()


def test_a_second_night_at_the_same_time_leaves(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")
    with held(Folders(root=tmp_path).lock), pytest.raises(BusyError):
        night(tmp_path)
    assert tree(tmp_path) == ["a.csv"]
    assert places(night(tmp_path)) == {"a.csv": "done"}


def test_wrong_settings_put_the_file_back_before_the_night_ends(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")

    def refuses(path: Path, *, limit: int | None, first: bool) -> BatchResult:
        raise SettingsError("another_key", "The key is not this account's.")

    a_night = make_night(tmp_path, Runs())
    a_night.process = refuses
    with pytest.raises(SettingsError):
        a_night.work()
    assert tree(tmp_path) == ["a.csv"]
    assert not (tmp_path / "working").exists() or not list(claims_in(Folders(root=tmp_path)))


def test_a_file_that_may_not_be_moved_is_reported_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.csv", "fine")
    put(tmp_path, "b.csv", "fine")
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    result = night(tmp_path)
    assert places(result) == {"a.csv": "inbox", "b.csv": "done"}
    (error,) = [handled.result.error for handled in result.handled if handled.result.error]
    assert (error.code, "Permission denied" in error.message) == ("cannot_take", True)
    assert tree(tmp_path)[0] == "a.csv"


def test_a_file_that_disappears_is_only_mentioned(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")
    put(tmp_path, "b.csv", "fine")
    os.utime(tmp_path / "a.csv", (1, 1))
    result = night(tmp_path, Runs(during=lambda _: (tmp_path / "b.csv").unlink(missing_ok=True)))
    assert (places(result), reasons(result)) == ({"a.csv": "done"}, {"b.csv": "gone"})


def test_what_arrives_during_the_night_is_taken_too(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")

    def arrive(path: Path) -> None:
        if path.name == "a.csv":
            put(tmp_path, "late.csv", "fine")

    assert places(night(tmp_path, Runs(during=arrive))) == {"a.csv": "done", "late.csv": "done"}


def test_a_new_file_of_the_same_name_is_not_written_over_by_one_that_comes_back(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "refused")

    def arrive(path: Path) -> None:
        put(tmp_path, "a.csv", "fine newer")

    night(tmp_path, Runs(during=arrive))
    assert tree(tmp_path) == ["a-2.csv", "a.csv"]
    assert "newer" in (tmp_path / "a.csv").read_text()


def test_a_file_that_ended_the_program_again_and_again_is_given_to_a_person(tmp_path: Path) -> None:
    put(tmp_path, "poison.csv", "fine")
    put(tmp_path, "later.csv", "fine")
    os.utime(tmp_path / "poison.csv", (1, 1))

    class Killed(BaseException):
        """Nothing of the program sees it coming."""

    def die(path: Path) -> None:
        if path.name == "poison.csv":
            raise Killed

    for _ in range(3):
        with pytest.raises(Killed):
            night(tmp_path, Runs(during=die))
    runs = Runs(during=die)
    result = night(tmp_path, runs)
    assert places(result) == {"poison.csv": "attention", "later.csv": "done"}
    assert runs.seen == ["later.csv"]
    (error,) = [handled.result.error for handled in result.handled if handled.result.error]
    assert (error.code, "3 times" in error.message) == ("given_up", True)


def test_what_nobody_knows_any_more_goes_back_into_the_inbox(tmp_path: Path) -> None:
    folder = tmp_path / "working" / "x"
    put(folder, "a.csv", "fine")
    put(folder, ".claim.json", "torn {")
    (tmp_path / "working" / "empty").mkdir()
    assert places(night(tmp_path)) == {"a.csv": "done"}
    assert not (tmp_path / "working").exists()


def test_a_summary_that_cannot_be_written_leaves_the_move_to_a_later_night(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")
    (tmp_path / "inbox.jsonl").mkdir()
    warned: list[str] = []
    a_night = make_night(tmp_path, Runs())
    a_night.warn = warned.append
    result = a_night.work()
    assert [handled.place for handled in result.handled] == [Place.INBOX]
    assert isinstance(result.handled[0].result.error, OutputError)
    assert len(warned) == 1
    (tmp_path / "inbox.jsonl").rmdir()
    runs = Runs()
    assert places(night(tmp_path, runs)) == {"a.csv": "done"}
    assert runs.seen == [], "it was only moved"
    assert len(lines(tmp_path, "file")) == 1


def test_old_folders_are_removed_only_on_request(tmp_path: Path) -> None:
    for day in ("2026-10-24", "2026-10-25", "2026-11-24", "notes", "2026-1-1", "20260101"):
        put(tmp_path / "done" / day, "a.csv", "fine")
    put(tmp_path / "attention" / "2025-01-01", "b.csv", "messy")
    (tmp_path / "done" / "2020-01-01").symlink_to(tmp_path / "done" / "notes")
    assert night(tmp_path).removed == ()
    removed = night(tmp_path, keep_days=30).removed
    assert [path.relative_to(tmp_path).as_posix() for path in removed] == ["done/2026-10-24", "attention/2025-01-01"]
    assert (tmp_path / "done" / "notes" / "a.csv").exists()
    assert (tmp_path / "done" / "2026-10-25").exists()


def test_an_old_folder_that_cannot_be_removed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "done" / "2020-01-01", "a.csv", "fine")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("batch.inbox.retention.shutil.rmtree", refuse)
    warned: list[str] = []
    a_night = make_night(tmp_path, Runs(), keep_days=1)
    a_night.warn = warned.append
    assert a_night.work().removed == ()
    assert len(warned) == 1


def test_an_interrupted_file_waits_when_the_night_must_not_go_on(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "fine")

    def die(path: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        night(tmp_path, Runs(during=die))
    result = night(tmp_path, limit=0)
    assert reasons(result) == {"a.csv": "waiting"}
    assert places(night(tmp_path)) == {"a.csv": "done"}
