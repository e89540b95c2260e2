from __future__ import annotations

import pytest

from batch.reading.text.plainblocks import PlainBlock, split_plain


def split(text: bytes, *, final: bool = True, widest: int = 100) -> PlainBlock | None:
    return split_plain(text, b",", widest=widest, line=5, final=final)


def rows(block: PlainBlock | None) -> list[tuple[str, ...]]:
    assert block is not None
    return list(zip(*(column.to_pylist() for column in block.columns), strict=True))


def test_whole_records_become_columns_with_their_line_numbers() -> None:
    block = split(b"a,b\nc,\n1,00", final=False)
    assert block is not None
    assert rows(block) == [("a", "b"), ("c", "")]
    assert (block.lines.tolist(), block.used, block.line) == ([5, 6], 7, 7)


def test_the_last_record_needs_no_line_end() -> None:
    assert rows(split(b"a,b\r\nc,d")) == [("a", "b"), ("c", "d")]


def test_regular_quotes_and_embedded_lines_are_plain() -> None:
    block = split(b'"a ""b""","x\r\ny"\r\n"",z\r\n')
    assert block is not None
    assert rows(block) == [('a "b"', "x\r\ny"), ("", "z")]
    assert block.lines.tolist() == [5, 7]


def test_nothing_is_taken_for_a_number_or_for_missing() -> None:
    assert rows(split(b"007,NULL\n1e5,NA\n")) == [("007", "NULL"), ("1e5", "NA")]


@pytest.mark.parametrize(
    "text",
    [
        b"a\0b,c\n",  # no text
        b"a\rb\n",  # a lone carriage return
        b"a,b\r",  # the same, at the end
        b"a,b\n1,2,3\n",  # ragged
        b'a "b",c\n',  # a quotation mark in the middle
        b'"a"b,c\n',  # text after a closing one
        b' "a",c\n',  # blanks before an opening one
        b'"a,b\n',  # never closed
        b'"a\\"b",c\n',  # perhaps escaped
        b"\xff,b\n",  # no UTF-8
        b"\xef\xbb\xbfa,b\n",  # a byte order mark, which the parser would drop
    ],
)
def test_whatever_is_not_provably_plain_is_declined(text: bytes) -> None:
    assert split(text) is None


def test_rows_that_a_quotation_mark_swallowed_are_declined() -> None:
    swallowed = b'1,b,c,d,e\n1,"t H,c,d,e\n2,a,b,c,d\n3,5 x",,,\n'
    assert split_plain(swallowed, b",", widest=100, line=1, final=True, usual=5) is None
    assert split_plain(swallowed, b",", widest=100, line=1, final=True, usual=9) is not None
    prose = b'1,b,c,d,e\n1,"a, b, c, d, e\na, b, c, d, e\n3",c,d,e\n'
    assert split_plain(prose, b",", widest=100, line=1, final=True, usual=5) is not None


def test_so_is_a_value_of_several_lines_with_delimiters_for_a_row_of_a_very_wide_table() -> None:
    text = b'"%s\n",x\n' % (b"," * 1001)
    assert split_plain(text, b",", widest=2000, line=1, final=True, usual=1002) is None
    assert split_plain(text, b",", widest=2000, line=1, final=True, usual=1001) is not None


def test_text_without_a_whole_record_is_declined() -> None:
    assert split(b"a,b", final=False) is None


def test_more_columns_than_allowed_are_declined() -> None:
    assert split(b"a,b,c\n", widest=2) is None
    assert split(b"a,b,c\n", widest=3) is not None
