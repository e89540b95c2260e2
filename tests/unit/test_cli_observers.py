"""What a person is told of warnings: how many, of each kind where, and the first of them; and how it looks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from batch.cli.observers import TextObserver, told_warnings
from batch.cli.pace import Pace
from batch.languages import Language, say_in
from batch.model import Notice, sentence
from batch.notices import NoticeBook, Notices


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
    assert pace.text == ""
    now += 6.0
    assert pace.text == "10 rows a minute"
