from __future__ import annotations

import pytest

from batch.reading.remarks import STRAY_QUOTE, UNTERMINATED_QUOTE
from batch.reading.text.records import Records, Splitter, TooWideError


def split(text: bytes, *, final: bool = True, delimiter: bytes = b",", record_bytes: int = 1000) -> Records:
    return Splitter(delimiter, record_bytes, 100).split(text, line=1, final=final)


def cells(text: bytes, **options: bool | bytes | int) -> list[list[bytes]]:
    return [record.cells for record in split(text, **options).records]  # type: ignore[arg-type]


def test_plain_records() -> None:
    assert cells(b"a,b\nc,\n,d") == [[b"a", b"b"], [b"c", b""], [b"", b"d"]]


def test_every_kind_of_line_end_counts_as_one_line() -> None:
    found = split(b"a\r\nb\rc\n\nd")
    assert [(record.line, record.cells) for record in found.records] == [
        (1, [b"a"]),
        (2, [b"b"]),
        (3, [b"c"]),
        (4, [b""]),
        (5, [b"d"]),
    ]


def test_a_quoted_value_may_hold_delimiters_doubled_quotes_and_lines() -> None:
    found = split(b'1,"a,""b""\r\nc",2\n3,x,4\n')
    assert [record.cells for record in found.records] == [[b"1", b'a,"b"\r\nc', b"2"], [b"3", b"x", b"4"]]
    assert [record.line for record in found.records] == [1, 3]
    assert not any(record.remarks for record in found.records)


def test_blanks_after_a_closing_quote_are_kept_and_harmless() -> None:
    found = split(b'"a" ,"b"\t\n')
    assert found.records[0].cells == [b"a ", b"b\t"]
    assert found.records[0].remarks == ()


def test_quotes_in_the_middle_of_a_bare_value_are_text() -> None:
    found = split(b'5" pipe,Bar "Zon",x\n')
    assert found.records[0].cells == [b'5" pipe', b'Bar "Zon"', b"x"]
    assert found.records[0].remarks == ()


def test_a_quote_after_leading_blanks_is_remarked() -> None:
    found = split(b'a, "b\n')
    assert found.records[0].cells == [b"a", b' "b']
    assert found.records[0].remarks == ((1, STRAY_QUOTE),)


def test_text_after_a_closing_quote_is_kept_and_remarked() -> None:
    found = split(b'"ab""c"de,f\n')
    assert found.records[0].cells == [b'ab"cde', b"f"]
    assert found.records[0].remarks == ((0, STRAY_QUOTE),)


def test_quotes_escaped_by_a_backslash_are_understood_where_nothing_else_fits() -> None:
    found = split(b'"say \\"hi, you\\" or \\\\ now",b\n')
    assert found.records[0].cells == [b'say "hi, you" or \\ now', b"b"]
    assert found.records[0].remarks == ()


def test_a_backslash_before_a_closing_quote_is_text_where_that_fits() -> None:
    found = split(b'"C:\\","x"\n')
    assert found.records[0].cells == [b"C:\\", b"x"]
    assert found.records[0].remarks == ()


def test_a_backslash_before_a_quote_that_fits_both_ways_is_remarked() -> None:
    found = split(b'"a \\"",b"\n')
    assert found.records[0].remarks[0] == (0, STRAY_QUOTE)


def test_a_backslash_away_from_quotes_is_text() -> None:
    assert cells(b'"a\\b",c\n') == [[b"a\\b", b"c"]]


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    found = split(b'1,"abc,d\n2,x\n3,y\n')
    assert [record.cells for record in found.records] == [[b"1", b'"abc,d'], [b"2", b"x"], [b"3", b"y"]]
    assert found.records[0].remarks == ((1, UNTERMINATED_QUOTE),)


def test_a_quote_that_swallows_lines_and_closes_in_the_middle_costs_its_own_line_only() -> None:
    found = split(b'1,"abc\n2,x\n3,"y"\n')
    assert [record.cells for record in found.records] == [[b"1", b'"abc'], [b"2", b"x"], [b"3", b"y"]]
    assert found.records[0].remarks == ((1, UNTERMINATED_QUOTE),)
    assert found.records[2].remarks == ()


SWALLOWED = b'1,"t H,c,d,e\n2,a,b,c,d\n3,5 x",,,\n4,,,,\n'


def test_a_quote_that_swallows_rows_costs_its_own_line_only() -> None:
    found = Splitter(b",", 1000, 100, 5).split(SWALLOWED, line=4, final=True)
    assert [(record.line, record.cells) for record in found.records] == [
        (4, [b"1", b'"t H,c,d,e']),
        (5, [b"2", b"a", b"b", b"c", b"d"]),
        (6, [b"3", b'5 x"', b"", b"", b""]),
        (7, [b"4", b"", b"", b"", b""]),
    ]
    ((column, remark),) = found.records[0].remarks
    assert (column, remark.code, remark.blocks) == (1, "unterminated_quote", True)
    assert "stands in line 6, behind" in str(remark.sentence)
    assert not any(record.remarks for record in found.records[1:])


@pytest.mark.parametrize(
    "text",
    [
        b'1,"t H,c,d,e\n3,5 x",,,\n',  # nothing but the beginning of one row and the end of the next
        b'"t H,b,c,d,e\n3,x",,,\n',
        b'1,,,,"x\n3,,,,24"\n',
        b'1,"x\n2,a,b,c,d\n3"\n',  # its own rows are ragged, but not what is between them
        b'"a\nb","x,,,\r\n1,"" "",c,d,e\r\n,y",,,\n',  # behind a value that rightly has two lines
    ],
)
def test_what_reads_like_rows_is_no_value(text: bytes) -> None:
    remarks = [record.remarks for record in Splitter(b",", 1000, 100, 5).split(text, line=1, final=True).records]
    assert [remark.code for _, remark in remarks[0]] == ["unterminated_quote"]


@pytest.mark.parametrize(
    "text",
    [
        b'1,"Laan 1\nEde",c,d,e\n',
        b'1,"Laan 1, bis\nEde, Gelderland\nNL",c,d,e\n',
        b'1,b,c,d,"We sell apples, pears, plums, figs, nuts\nand more, fresh, ripe, sweet, good"\n',
        b'1,"a,b\n1,2\n",c,d,e\n',
        b'"t H,b,c,d,e",2,3,4,5\n',
    ],
)
def test_values_of_several_lines_are_still_values(text: bytes) -> None:
    (record,) = Splitter(b",", 1000, 100, 5).split(text, line=1, final=True).records
    assert (len(record.cells), record.remarks) == (5, ())


def test_of_a_narrow_table_no_line_reads_like_a_row() -> None:
    (record,) = Splitter(b",", 1000, 100, 4).split(b'1,"a,b,c\n1,2,3,4\nd",c,d\n', line=1, final=True).records
    assert (len(record.cells), record.remarks) == (4, ())


def test_a_quote_left_open_on_the_last_line_ends_with_the_text() -> None:
    assert split(b'a\n"b').records[1].cells == [b'"b']


@pytest.mark.parametrize("text", [b"a,b", b"a,b\r", b'a,"b', b'a,"b"', b'a,"b"\r', b'a,"b\nc', b'"a",b'])
def test_an_incomplete_record_waits_for_more(text: bytes) -> None:
    assert split(b"x\n" + text, final=False) == Records(split(b"x\n").records, 2, 2)


def test_a_quote_that_reaches_too_far_is_taken_as_never_closed() -> None:
    text = b'"' + b"x" * 20 + b"\n" + b"y" * 20
    assert split(text, final=False, record_bytes=100).used == 0
    found = split(text, final=False, record_bytes=30)
    assert found.used == 22
    assert found.records[0].remarks == ((0, UNTERMINATED_QUOTE),)


@pytest.mark.parametrize("text", [b"x\n" + b"," * 100, b'x\n"a"' + b"," * 100])
def test_more_cells_than_a_spreadsheet_can_hold_are_refused_with_the_line(text: bytes) -> None:
    with pytest.raises(TooWideError) as caught:
        split(text)
    assert caught.value.line == 2


def test_any_ascii_character_may_separate() -> None:
    assert cells(b"a|b\n", delimiter=b"|") == [[b"a", b"b"]]
    assert cells(b"a^b\n", delimiter=b"^") == [[b"a", b"b"]]
    assert cells(b'"a"]b\n', delimiter=b"]") == [[b"a", b"b"]]
