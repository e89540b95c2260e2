from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from batch.errors import InputError
from batch.model import CellFlag, Chunk
from batch.reading import Extent, Limits, ReadOptions, Source
from tests.support.reading import open_here


def opened(tmp_path: Path, data: bytes | str, name: str = "customers.csv", **options: str | Limits) -> Source:
    (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return open_here(tmp_path / name, ReadOptions(**options))  # type: ignore[arg-type]


def table(chunks: Sequence[Chunk]) -> list[tuple[int, list[str]]]:
    return [
        (row, values)
        for chunk in chunks
        for row, values in zip(chunk.rows, chunk.cells.to_numpy().tolist(), strict=True)
    ]


def flags(chunks: Sequence[Chunk]) -> list[CellFlag]:
    return [flag for chunk in chunks for flag in chunk.flags]


def read(source: Source, *, after: int = 1, width: int = 2, size: int = 10_000) -> list[Chunk]:
    return list(source.chunks("", after=after, width=width, size=size))


def test_the_facts_of_a_text_file(tmp_path: Path) -> None:
    with opened(tmp_path, "naam;plaats\nJan;Assen\n") as source:
        assert (source.format, source.encoding, source.delimiter) == ("csv", "utf-8", ";")
        assert [(sheet.name, sheet.visibility) for sheet in source.sheets] == [("", "visible")]
        assert source.notices == source.sheet_notices("") == ()
        assert source.measure("") == Extent(rows=2, columns=2)


def test_tabs_make_it_a_tsv(tmp_path: Path) -> None:
    assert opened(tmp_path, "a\tb\n1\t2\n", name="x.txt").format == "tsv"


def test_the_head_gives_the_first_rows_that_hold_something(tmp_path: Path) -> None:
    source = opened(tmp_path, "\n , \nTitel,\n\nnaam,plaats\nJan,Assen\n")
    assert [(row.number, row.cells) for row in source.head("", 2)] == [(3, ("Titel",)), (5, ("naam", "plaats"))]
    assert len(source.head("", 20)) == 3


def test_chunks_are_columns_of_text_without_blank_rows(tmp_path: Path) -> None:
    source = opened(tmp_path, "naam,nr\nJan,007\n,\n\n  ,\t\nPiet,\n")
    (chunk,) = read(source)
    assert table([chunk]) == [(2, ["Jan", "007"]), (6, ["Piet", ""])]
    assert chunk.rows == [2, 6]
    assert list(map(int, chunk.cells.columns)) == [0, 1]
    assert set(chunk.cells.dtypes) == {pd.StringDtype(na_value=float("nan"))}
    assert not chunk.cells.isna().any().any()


def test_row_numbers_are_the_lines_on_which_records_start(tmp_path: Path) -> None:
    source = opened(tmp_path, 'a,b\r\n"x\r\ny",1\r\n"z\nz\nz",2\r\nq,3\r\n')
    (chunk,) = read(source)
    assert table([chunk]) == [(2, ["x\r\ny", "1"]), (4, ["z\nz\nz", "2"]), (7, ["q", "3"])]


def test_a_sep_line_counts_as_a_line(tmp_path: Path) -> None:
    source = opened(tmp_path, "sep=;\r\na;b\r\n1;2\r\n")
    assert [(row.number, row.cells) for row in source.head("", 5)] == [(2, ("a", "b")), (3, ("1", "2"))]
    assert table(read(source, after=2)) == [(3, ["1", "2"])]


def test_a_sep_line_that_makes_a_single_column_of_a_table_is_told(tmp_path: Path) -> None:
    (notice,) = opened(tmp_path, "sep=,\na;b;c\n1;2;3\n").survey.notices
    assert notice.code == "sep_line_doubted"
    assert notice.message == (
        'The first line says that "," separates the columns, which makes a single one of them; ";" would make several. '
        'If that is right, correct the line, or add --delimiter ";".'
    )
    assert 'add --delimiter "tab"' in opened(tmp_path, "sep=;\na\tb\tc\n1\t2\t3\n").survey.notices[0].message
    for data in ("sep=;\na;b,c\n1;2,3\n", "sep=,\na\nb\nc\n"):
        assert opened(tmp_path, data).survey.notices == ()
    assert opened(tmp_path, "sep=,\na;b;c\n1;2;3\n", delimiter=";").survey.notices == ()


def test_a_named_delimiter_wins_over_all_that_is_found(tmp_path: Path) -> None:
    source = opened(tmp_path, "sep=;\na;b,c\n1;2,3\n", delimiter=",")
    assert source.delimiter == ","
    assert source.head("", 1)[0].cells == ("a;b", "c")


def test_two_delimiters_that_fit_are_said(tmp_path: Path) -> None:
    (notice,) = opened(tmp_path, "a;b,c\nd;e,f\n").notices
    assert notice.code == "delimiter_chosen"
    assert "separated by semicolons, though commas would fit too" in notice.message


def test_a_long_row_blocks_and_keeps_all_its_values(tmp_path: Path) -> None:
    chunks = read(opened(tmp_path, "a,b\n1,2\n3,4,5\n6,7,\n"))
    assert table(chunks) == [(2, ["1", "2", ""]), (3, ["3", "4", "5"]), (4, ["6", "7", ""])]
    (flag,) = flags(chunks)
    assert (flag.row, flag.column, flag.code, flag.blocks) == (3, None, "long_row", True)
    assert str(flag.sentence).startswith("This row has 3 values, but the header has 2.")


def test_empty_values_beyond_the_header_are_nothing(tmp_path: Path) -> None:
    chunks = read(opened(tmp_path, "a,b\n1,2,\n3,4,,,\n"))
    assert table(chunks) == [(2, ["1", "2"]), (3, ["3", "4"])]
    assert flags(chunks) == []


def test_a_short_row_is_filled_up_and_said(tmp_path: Path) -> None:
    chunks = read(opened(tmp_path, "a,b,c\n1,2\n3\n4,5,6\n"), width=3)
    assert table(chunks) == [(2, ["1", "2", ""]), (3, ["3", "", ""]), (4, ["4", "5", "6"])]
    assert [(flag.row, flag.code, flag.blocks) for flag in flags(chunks)] == [
        (2, "short_row", False),
        (3, "short_row", False),
    ]
    assert str(flags(chunks)[0].sentence).startswith("This row has 2 values, but the header has 3;")
    assert str(flags(chunks)[1].sentence).startswith("This row has 1 value, but the header has 3;")


def test_every_row_short_of_the_header_is_said_by_the_fast_way_too(tmp_path: Path) -> None:
    chunks = read(opened(tmp_path, "a,b\n1,2\n"), width=4)
    assert table(chunks) == [(2, ["1", "2", "", ""])]
    assert [flag.code for flag in flags(chunks)] == ["short_row"]


def test_odd_quotes_are_flagged_in_their_cell(tmp_path: Path) -> None:
    chunks = read(opened(tmp_path, 'a,b\n1,"x"y\n2,"z\n3,w\n'))
    assert table(chunks) == [(2, ["1", "xy"]), (3, ["2", '"z']), (4, ["3", "w"])]
    assert [(flag.row, flag.column, flag.code, flag.blocks) for flag in flags(chunks)] == [
        (2, 1, "stray_quote", True),
        (3, 1, "unterminated_quote", True),
    ]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("many", [0, 5000])
def test_rows_between_two_loose_quotes_are_rows(tmp_path: Path, mark: str, many: int) -> None:
    rows = [[str(number), f"Zaak {number}", "Laan 1\nEde", "mail", "x"] for number in range(many + 8)]
    for row in rows:
        row[2] = f'"{row[2]}"'
    at = many // 2
    rows[at + 2][1], rows[at + 4][1] = '"t Hoekje BV', 'Monitor 24"'
    for row in rows[at + 2 : at + 5]:
        row[2] = "Laan 1"
    text = "\n".join(mark.join(row) for row in [["nr", "naam", "adres", "mail", "rest"], *rows])
    chunks = read(opened(tmp_path, text), width=5)
    assert [str(number) for chunk in chunks for number in chunk.cells[0]] == [row[0] for row in rows]
    blocking = [(flag.row, flag.column, flag.code) for flag in flags(chunks) if flag.blocks]
    assert blocking == [(2 + 2 * (at + 2), 1, "unterminated_quote")]


def test_rows_between_two_loose_quotes_may_end_in_delimiters_that_the_header_lacks(tmp_path: Path) -> None:
    rows = ['1;"t Hoekje;c;d;e;', "2;Zaak;c;d;e;", '3;Monitor 24";c;d;e;', "4;Zaak;c;d;e;"]
    chunks = read(opened(tmp_path, "\n".join(["a;b;c;d;e", *rows])), width=5)
    assert [row for row, _ in table(chunks)] == [2, 3, 4, 5]
    assert [(flag.row, flag.code) for flag in flags(chunks) if flag.blocks] == [(2, "unterminated_quote")]


def test_remarks_above_the_header_are_not_flagged(tmp_path: Path) -> None:
    assert flags(read(opened(tmp_path, 'a,"b"c\n1,2\n'))) == []
    assert flags(read(opened(tmp_path, 'a,b\n,""""\n"x"y,2\n'), after=2))[0].row == 3


def test_a_cell_that_excel_cannot_hold_is_flagged(tmp_path: Path) -> None:
    chunks = read(opened(tmp_path, f"a,b\n1,{'é' * 32_767}\n2,{'é' * 32_768}\n3,{'x' * 1_000_000}\n"))
    assert [(flag.row, flag.column, flag.code, flag.blocks) for flag in flags(chunks)] == [
        (3, 1, "cell_too_long", True),
        (4, 1, "cell_too_long", True),
    ]
    assert "1,000,000 characters long; a spreadsheet cell holds at most 32,767" in str(flags(chunks)[1].sentence)
    assert table(chunks)[-1][1][1] == "x" * 1_000_000


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"])
def test_a_control_character_is_flagged_and_kept(tmp_path: Path, character: str) -> None:
    chunks = read(opened(tmp_path, f"a,b\n1,x{character}y\n2,ok\ttab\n"))
    assert table(chunks) == [(2, ["1", f"x{character}y"]), (3, ["2", "ok\ttab"])]
    (flag,) = flags(chunks)
    assert (flag.row, flag.column, flag.code, flag.blocks) == (2, 1, "control_character", True)
    assert f"(U+{ord(character):04X})" in str(flag.sentence)


def test_letters_that_share_bytes_with_noncharacters_are_fine(tmp_path: Path) -> None:
    assert flags(read(opened(tmp_path, "a,b\n1,\uff21\ufb01\n"))) == []


def test_chunks_have_at_most_the_size_that_was_asked_for(tmp_path: Path) -> None:
    rows = "".join(f'{number},"x"\n' if number % 7 else f"{number},x,y\n" for number in range(1, 1001))
    chunks = read(opened(tmp_path, "a,b\n" + rows), size=30)
    assert max(len(chunk.rows) for chunk in chunks) <= 30
    assert [values[0] for _, values in table(chunks)] == [str(number) for number in range(1, 1001)]
    assert [flag.row for flag in flags(chunks)] == [number + 1 for number in range(7, 1001, 7)]
    assert all(flag.row in chunk.rows for chunk in chunks for flag in chunk.flags)


def test_records_across_the_blocks_that_are_read_stay_whole(tmp_path: Path) -> None:
    cell = "x" * 10_000 + '""\r\n' + "y" * 10_000
    data = "a,b\r\n" + "".join(f'{number},"{cell}"\r\n' for number in range(40))
    found = table(read(opened(tmp_path, data), size=10))
    assert [(row, values[0]) for row, values in found] == [(2 + 2 * number, str(number)) for number in range(40)]
    assert {values[1] for _, values in found} == {cell.replace('""', '"')}


def test_lone_carriage_returns_end_lines(tmp_path: Path) -> None:
    assert table(read(opened(tmp_path, "a,b\r1,2\r3,4\r"))) == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_mixed_line_ends_are_all_line_ends(tmp_path: Path) -> None:
    assert table(read(opened(tmp_path, "a,b\r\n1,2\n3,4\r5,6"))) == [
        (2, ["1", "2"]),
        (3, ["3", "4"]),
        (4, ["5", "6"]),
    ]


def test_a_wide_encoding_is_read_like_any_other(tmp_path: Path) -> None:
    source = opened(tmp_path, "naam,plaats\r\nZoë,Assen\r\n".encode("utf-16"))
    assert table(read(source)) == [(2, ["Zoë", "Assen"])]


def test_nothing_after_the_header_is_no_chunk(tmp_path: Path) -> None:
    assert read(opened(tmp_path, "a,b\n")) == []


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b" \n\t\r\n", "\n".encode("utf-16")])
def test_a_file_of_white_space_is_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        opened(tmp_path, data)
    assert caught.value.code == "empty_file"


def test_a_row_with_more_values_than_excel_has_columns_is_refused(tmp_path: Path) -> None:
    source = opened(tmp_path, "a,b\n1,2,3,4\n", limits=Limits(columns=3))
    with pytest.raises(InputError) as caught:
        read(source)
    assert caught.value.code == "too_many_columns"
    assert "line 2 has more than 3 values" in caught.value.message


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    source = opened(tmp_path, b"a,b\n" + b"x" * 300_000, limits=Limits(record_bytes=1000))
    with pytest.raises(InputError) as caught:
        read(source)
    assert caught.value.code == "endless_row"
    assert "the row that starts on line 2" in caught.value.message


def test_one_wide_row_does_not_widen_its_neighbours(tmp_path: Path) -> None:
    wide = ",".join("x" * 3_000)
    data = "a,b\n" + "1,2\n" * 1500 + wide + "\n" + "3,4\n" * 1500
    chunks = read(opened(tmp_path, data))
    assert sum(len(chunk.rows) for chunk in chunks) == 3001
    assert max(chunk.cells.size for chunk in chunks) <= 4_000_000
    assert [(flag.row, flag.code) for flag in flags(chunks)] == [(1502, "long_row")]


def test_measuring_finds_the_last_column_that_holds_something(tmp_path: Path) -> None:
    assert opened(tmp_path, "a,,,\n,b,,\n , , ,\n").measure("") == Extent(rows=2, columns=2)
