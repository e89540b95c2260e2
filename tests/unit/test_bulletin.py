"""bulletin: what people are told; counts and names, and what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from batch.bulletin import Bulletin, of_failure, of_run
from batch.errors import ApiStop, InputError, OutputError
from batch.inbox import Handled, NightResult, Place
from batch.inbox.arrivals import Kind, left
from batch.inbox.bulletin import of_night
from batch.model import Status, sentence
from batch.pipeline.values import BatchResult, FileResult
from batch.results.told import Band, Tone

FINE = FileResult(path=Path("a.xlsx"), rows=1200, counts={Status.CREATED: 1200, Status.INVALID: 0})
MESSY = FileResult(
    path=Path("in/b.xlsx"),
    rows=3,
    counts={Status.CREATED: 1, Status.INVALID: 2},
    results_file=Path("in/b.results.xlsx"),
    failed_file=Path("in/b.failed.xlsx"),
)


def told(*files: FileResult, exit_code: int = 0, **more: object) -> Bulletin:
    return of_run(BatchResult(run_id="R", files=files, **more), exit_code, "nas01")  # type: ignore[arg-type]


def test_a_run_that_is_done_says_so_in_few_words() -> None:
    bulletin = told(FINE)
    assert str(bulletin.title) == "flireo-batch: 1 file is done"
    assert bulletin.body == "a.xlsx: 1,200 created.\nRun R on nas01, exit code 0."
    assert not bulletin.is_trouble
    assert str(told(FINE, FINE).title) == "flireo-batch: 2 files are done"
    assert str(told().title) == "flireo-batch: nothing to do"


@pytest.mark.parametrize(("tone", "trouble"), [(Tone.WELL, False), (Tone.LOOK, True), (Tone.BAD, True)])
def test_where_approval_was_waited_for_people_are_told_of_that_too(tone: Tone, trouble: bool) -> None:
    bands = (Band(sentence=sentence("Approval: so it is."), tone=tone),)
    bulletin = of_run(BatchResult(run_id="R", files=(FINE,)), 1, "nas01", bands)
    title = "not every group is approved" if trouble else "1 file is done"
    assert (str(bulletin.title), bulletin.is_trouble) == (f"flireo-batch: {title}", trouble)
    assert bulletin.body.splitlines()[1] == "Approval: so it is."


def test_rows_that_need_someone_are_counted_and_the_failed_file_named() -> None:
    bulletin = told(FINE, MESSY, exit_code=1)
    assert str(bulletin.title) == "flireo-batch: 1 of 2 files needs someone"
    assert "b.xlsx: 1 created, 2 invalid. Failed rows: b.failed.xlsx" in bulletin.body
    assert "correct the red cells, and run them" in bulletin.body
    assert bulletin.files == (Path("in/b.results.xlsx"), Path("in/b.failed.xlsx"))
    assert str(told(MESSY, MESSY).title) == "flireo-batch: 2 of 2 files need someone"


def test_an_error_is_told_by_its_code_since_its_sentence_may_name_what_a_customer_wrote() -> None:
    wrong = FileResult(path=Path("c.xlsx"), error=InputError("missing_columns", 'No column "Geheim BV".'))
    full = FileResult(path=Path("d.xlsx"), error=OutputError("disk_full", "The disk is full."))
    bulletin = told(wrong, full, exit_code=4)
    assert "c.xlsx: it cannot be used (missing_columns)." in bulletin.body
    assert "d.xlsx: its results could not be written, or it could not be moved (disk_full)." in bulletin.body
    assert "Geheim" not in bulletin.body


def test_a_stop_and_doubt_say_what_to_do() -> None:
    doubt = replace(FINE, counts={Status.IN_DOUBT: 1})
    stopped = told(doubt, stopped=ApiStop("key_refused", "Refused."), exit_code=4)
    assert str(stopped.title) == "flireo-batch: stopped early (key_refused)"
    assert "history --in-doubt" in stopped.body
    assert "run the same files again" in stopped.body
    assert str(told(FINE, signal=15).title) == "flireo-batch: stopped early (interrupted)"


def test_a_file_without_rows_is_for_a_person() -> None:
    bulletin = told(replace(FINE, rows=0, counts=dict.fromkeys(Status, 0)))
    assert bulletin.is_trouble
    assert "a.xlsx: no rows." in bulletin.body


def test_only_the_first_of_many_files_are_named() -> None:
    bulletin = told(*[FINE] * 70)
    assert bulletin.body.count("a.xlsx") == 50
    assert "... and 20 more." in bulletin.body


def handled(file: FileResult, place: Place, stands_at: str) -> Handled:
    return Handled(night_id="N", run_id="R", result=file, place=place, stands_at=Path(stands_at))


def test_a_night_says_where_its_files_are() -> None:
    unreadable = FileResult(path=Path("/in/c.xlsx"), error=InputError("corrupt_file", "It is damaged."))
    night = NightResult(
        night_id="N",
        handled=(
            handled(FINE, Place.DONE, "/in/done/2026-11-24/a.xlsx"),
            handled(replace(MESSY, failed_file=Path("/in/attention/2026-11-24/b.failed.xlsx")), Place.ATTENTION, "/x"),
            handled(unreadable, Place.ATTENTION, "/in/attention/2026-11-24/c.xlsx"),
            handled(replace(FINE, counts={Status.NOT_SENT: 9}), Place.INBOX, "/in/d.xlsx"),
        ),
        left=(left("e.xlsx", Kind.WAITING), left("README.md", Kind.OTHER)),
        stopped=ApiStop("api_down", "Down."),
    )
    lines = of_night(night, 4, "nas01", Path("/in")).body.splitlines()
    assert lines == [
        "a.xlsx: 1,200 created.",
        "b.xlsx: 1 created, 2 invalid. Failed rows: attention/2026-11-24/b.failed.xlsx",
        "c.xlsx: it cannot be used (corrupt_file). Now: attention/2026-11-24/c.xlsx",
        "a.xlsx: 9 not_sent. Now: d.xlsx",
        "To do: open the failed files, correct the red cells, and put them into the inbox.",
        "1 file was not begun and waits.",
        "What was not sent stays in the inbox, and the next night goes on. Nothing is created twice.",
        "Run N on nas01, exit code 4.",
    ]
    elsewhere = replace(night, handled=(handled(unreadable, Place.ATTENTION, "/out/c.xlsx"),), stopped=None)
    assert "Now: /out/c.xlsx" in of_night(elsewhere, 3, "nas01", Path("/in")).body


def test_a_command_that_could_not_begin_says_where_to_look() -> None:
    bulletin = of_failure("api_key_missing", 2, "nas01")
    assert bulletin.is_trouble
    assert "(api_key_missing)" in str(bulletin.title)
    assert "exit code 2 on nas01" in bulletin.body
