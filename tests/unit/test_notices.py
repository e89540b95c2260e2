"""notices: bounded, with counts that miss nothing."""

from __future__ import annotations

from batch.model import Notice, sentence
from batch.notices import NOTICES_OF_A_KIND, NoticeBook


def notice(row: int | None, code: str = "a", column: str | None = "A") -> Notice:
    return Notice(code=code, sentence=sentence("Odd."), row=row, column=column)


def test_of_each_kind_the_first_are_kept_and_all_are_counted() -> None:
    book = NoticeBook()
    book.add([notice(None), *(notice(row) for row in range(1, NOTICES_OF_A_KIND + 6))])
    book.add([notice(1, column="B"), notice(2, "b", None)])
    found = book.notices
    assert len(found.first) == 1 + NOTICES_OF_A_KIND + 2
    assert found.more == {("a", "A", None): 5}
    assert found.counts == {"a": 1 + NOTICES_OF_A_KIND + 5 + 1, "b": 1}
    assert {kind: len(alike) for kind, alike in found.kinds.items()} == {
        ("a", "A", None): 1 + NOTICES_OF_A_KIND,
        ("a", "B", None): 1,
        ("b", None, None): 1,
    }
