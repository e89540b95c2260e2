"""What a person is told of warnings: how many, of each kind where, and the first of them."""

from __future__ import annotations

from batch.cli.observers import told_warnings
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
