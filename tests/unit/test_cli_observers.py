"""What a person is told of warnings: how many, of each kind where, and the first of them; and how it looks."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from batch.cli.observers import TextObserver, told_warnings
from batch.cli.pace import Pace
from batch.cli.reports import print_report
from batch.languages import Language, say_in
from batch.model import ApprovalState, Delivery, Notice, Origin, Record, Reply, Status, sentence
from batch.notices import NoticeBook, Notices
from batch.pipeline.values import BatchResult, FileResult
from batch.progress import Forecast
from batch.rate import RateLimit
from batch.retry import Again, Created, Decision, InDoubt
from batch.submit import Event


def warnings(*notices: Notice) -> Notices:
    book = NoticeBook()
    book.add(notices)
    return book.notices


def odd(row: int, code: str = "province_unknown", column: str | None = "Provincie") -> Notice:
    return Notice(code=code, sentence=sentence("Row {row} is odd.", row=row), row=row, column=column)


def test_nothing_is_said_of_nothing() -> None:
    assert list(told_warnings(Notices())) == []


def test_kinds_are_told_once_with_their_first_rows() -> None:
    told = list(told_warnings(warnings(*(odd(row) for row in range(2, 40)), odd(9, "short_row", None))))
    assert told == [
        "39 warnings; no row is held back by that (with --strict it would be)",
        "  province_unknown, Provincie, rows 2, 3, 4, 5, 6 and 33 more",
        "    Row 2 is odd.",
        "  short_row, row 9",
        "    Row 9 is odd.",
    ]


def test_one_warning_is_one() -> None:
    assert next(told_warnings(warnings(odd(2)))).startswith("1 warning;")


def test_warnings_are_told_in_the_language_that_was_asked_for() -> None:
    told = list(told_warnings(warnings(*(odd(row) for row in range(2, 40))), say_in(Language.NL)))
    assert told[:2] == [
        "38 waarschuwingen; geen regel wordt daardoor tegengehouden (met --strict wel)",
        "  province_unknown, Provincie, regels 2, 3, 4, 5, 6 en nog 33",
    ]


def test_a_terminal_folds_between_words_and_keeps_the_indentation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    long = sentence("This is [no] phone number that is valid in NL, nor one with a country code.")
    with TextObserver(quiet=False) as observer:
        observer.odd(Path("a.csv"), warnings(Notice(code="phone_not_valid", sentence=long, row=19, column="Telefoon")))
    assert [line.rstrip() for line in capsys.readouterr().err.splitlines()] == [
        "a.csv: 1 warning; no row is held back by",
        "that (with --strict it would be)",
        "  phone_not_valid, Telefoon, row 19",
        "    This is [no] phone number that is",
        "    valid in NL, nor one with a country",
        "    code.",
    ]


def test_elsewhere_a_remark_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    with TextObserver(quiet=False) as observer:
        observer.warned("A remark that is longer than the forty columns of this terminal")
    assert capsys.readouterr().err.count("\n") == 1


def test_the_pace_is_told_once_it_means_something(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr("batch.cli.pace.time.monotonic", lambda: now)
    pace = Pace(name="a.csv", total=20)
    pace.count()
    assert pace.said == ""
    now += 6.0
    assert str(pace.said) == "10 rows a minute"


def test_a_row_is_counted_once_however_often_it_is_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not while it is held off (429), and not again once the list has shown that nothing came of it."""
    monkeypatch.setattr(Pace, "line_is_due", lambda _: True)
    decisions: list[tuple[int, Decision]] = [
        (0, Again(code="rate_limited", sentence=sentence("it was too much"))),
        (0, InDoubt(code="timeout", sentence=sentence("no answer came"))),
        (1, Created(requirement_group_id="G-1")),
        (0, InDoubt(code="timeout", sentence=sentence("no answer came"))),
        (0, Created(requirement_group_id="G-2")),
    ]
    with TextObserver(quiet=False) as observer:
        observer.sending(Path("a.csv"), 2)
        for position, decision in decisions:
            observer.sent(_event(position, decision))
    told = [line.partition(" of")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == ["0", "1", "2", "2", "2"]


def _event(position: int, decision: Decision) -> Event:
    origin = Origin(source="a.csv", row=position + 2)
    record = Record(position=position, row=position + 2, origin=origin, body=b"", fingerprint="f", group_key="g")
    return Event(record=record, reply=Reply(delivery=Delivery.ANSWERED), decision=decision, attempt=1)


def test_how_far_it_is_is_told_in_the_language_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Pace, "line_is_due", lambda _: True)
    path, limit = Path("a.csv"), RateLimit(requests=100, seconds=60.0)
    with TextObserver(quiet=False, say=say_in(Language.NL)) as observer:
        observer.reading(path, 1200, 0.5)
        observer.forecast(Forecast(rows=1200, to_send=0, rate_limit=limit, seconds=0.0, dry_run=False))
        observer.forecast(Forecast(rows=1200, to_send=1100, rate_limit=limit, seconds=0.0, dry_run=True))
        observer.forecast(Forecast(rows=1200, to_send=1100, rate_limit=limit, seconds=660.0, dry_run=False))
        observer.forecast(Forecast(rows=1200, to_send=0, rate_limit=limit, seconds=0.0, held_by=("--limit",)))
        one = ("--limit",)
        observer.forecast(Forecast(rows=4, to_send=1, rate_limit=limit, seconds=0.0, dry_run=True, held_by=one))
        observer.settling(1)
        observer.waiting(sentence("another run is sending the same rows"), 1.0)
        observer.approvals({ApprovalState.PENDING: 1200, ApprovalState.NOT_FOUND: 1, ApprovalState.DELETED: 0}, 300.0)
        observer.writing(path, 1, 1.0)
    told = capsys.readouterr().err.splitlines()
    end = told[3].removeprefix("1.100 van 1.200 regels worden verstuurd, hoogstens 100/minute; klaar over ongeveer ")
    assert end.startswith("11 min, om ")
    assert told[:3] + told[4:] == [
        "a.csv: 1.200 regels gelezen (50%)",
        "0 van 1.200 regels worden verstuurd: alles is klaar of vraagt eerst aandacht.",
        "1.100 van 1.200 regels zouden worden verstuurd (--dry-run: er wordt niets verstuurd).",
        "0 van 1.200 regels worden verstuurd: wat verstuurd kon worden, houdt --limit tegen.",
        "1 van 4 regels zouden worden verstuurd; andere houdt --limit tegen (--dry-run: er wordt niets verstuurd).",
        "1 regel kreeg geen duidelijk antwoord; in de lijst van de API wordt gekeken wat ervan geworden is",
        "wacht: een andere verwerking verstuurt dezelfde regels",
        "1.201 groepen: 1.200 pending, 1 not found; over 5 min wordt opnieuw gekeken",
        "a.csv: 1 regel geschreven (100%)",
    ]


def test_the_end_is_told_in_the_language_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """How rows ended is called as in the results, whatever the language."""
    file = FileResult(
        path=Path("a.csv"),
        rows=1200,
        counts=Counter({Status.CREATED: 1198, Status.INVALID: 2}),
        results_file=Path("a.results.xlsx"),
        failed_file=Path("a.failed.xlsx"),
    )
    result = BatchResult(run_id="R", files=(file,), requests=1203, retries=1, seconds=0.5)
    print_report(result, say_in(Language.NL), checked=False, follow_up="run")
    print_report(result, str, checked=False, follow_up="run")
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "bestand  regels  created  invalid",
        "a.csv     1.200    1.198        2",
        "Resultaten:    a.results.xlsx",
        "Te verbeteren: a.failed.xlsx",
        "Hierna: verbeter deze regels, sla op, en dan: flireo-batch run a.failed.xlsx",
        "1.203 verzoeken, waarvan 1 opnieuw verstuurd, 0,5 s. Run R.",
        "file    rows  created  invalid",
        "a.csv  1,200    1,198        2",
        "Results:     a.results.xlsx",
        "Failed rows: a.failed.xlsx",
        "Next: correct the failed rows, save, then: flireo-batch run a.failed.xlsx",
        "1,203 requests, 1 of them sent again, 0.5 s. Run R.",
    ]


@pytest.mark.parametrize(
    ("status", "path", "follow_up", "told"),
    [
        (Status.REJECTED, "mijn lijst/a.failed.xlsx", "run", 'then: flireo-batch run "mijn lijst/a.failed.xlsx"'),
        (Status.REJECTED, "out/a.failed.xlsx", "run", "then: flireo-batch run out/a.failed.xlsx"),
        (Status.NOT_SENT, "a.failed.xlsx", "run", ""),
        (Status.INVALID, "a.failed.xlsx", None, ""),
    ],
    ids=["a path to be quoted", "a path", "nothing to correct", "nothing was sent"],
)
def test_the_next_step_is_told_where_it_is_to_correct_rows(
    capsys: pytest.CaptureFixture[str], status: Status, path: str, follow_up: str | None, told: str
) -> None:
    file = FileResult(path=Path("a.csv"), rows=1, counts=Counter({status: 1}), failed_file=Path(path))
    result = BatchResult(run_id="R", files=(file,))
    print_report(result, str, checked=False, follow_up=follow_up)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Next")]
    assert [line.endswith(told) for line in lines] == ([True] if told else [])
