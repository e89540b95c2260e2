from batch.model import Notice, sentence
from batch.notices import NoticeBook


def notice(code: str, row: int | None = None, column: str | None = None) -> Notice:
    return Notice(code=code, sentence=sentence("Odd."), row=row, column=column)


def test_of_each_kind_the_first_are_kept_and_the_others_counted() -> None:
    book = NoticeBook(most=2)
    book.add([notice("short_row", 2), notice("phone", 2, "Tel"), notice("phone", 2, "Mobile")])
    book.add(notice("short_row", row) for row in range(3, 1_000))
    assert [each.row for each in book.notices.first] == [2, 2, 2, 3]
    assert book.notices.more == {("short_row", None): 996}


def test_what_concerns_the_whole_file_is_always_kept() -> None:
    book = NoticeBook(most=1)
    book.add([notice("hidden_sheet")] * 3)
    assert len(book.notices.first) == 3
    assert book.notices.more == {}
