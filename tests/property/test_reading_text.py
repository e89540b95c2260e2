"""Any table of text reads back exactly, in any dialect and encoding that is claimed; and the two splitters agree."""

from __future__ import annotations

import codecs
import contextlib
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from batch.errors import InputError
from batch.model import Chunk
from batch.reading import ReadOptions
from batch.reading.text.plainblocks import split_plain
from batch.reading.text.records import Record, Splitter
from tests.support.reading import open_here

DELIMITERS = [b",", b";", b"\t", b"|"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
PIECES = [
    b"a",
    b"bc",
    b",",
    b'"',
    b'""',
    b"\n",
    b"\r\n",
    b"\r",
    b" ",
    b"\t",
    b"\\",
    "é".encode(),
    b"\0",
    b"\xef\xbb\xbf",
]


def splitter(delimiter: bytes = b",", width: int = 0) -> Splitter:
    return Splitter(delimiter, 1 << 20, 100, width)


def meaningful(records: list[Record]) -> list[tuple[int, tuple[str, ...]]]:
    return [(record.line, tuple(cell.decode() for cell in record.cells)) for record in records if any(record.cells)]


def agree(text: bytes, *, final: bool, width: int = 0) -> None:
    plain = split_plain(text, b",", widest=100, line=5, final=final, usual=width)
    if plain is None:
        return
    whole = splitter(width=width).split(text, line=5, final=True).records
    records = [record for record in whole if final or record.line < plain.line]
    rows = zip(*(column.to_pylist() for column in plain.columns), strict=True)
    fast = [(line, cells) for line, cells in zip(plain.lines.tolist(), rows, strict=True) if any(cells)]
    assert fast == meaningful(records)
    assert not any(record.remarks for record in records)
    if not final:  # what is left goes on as if nothing had happened
        left = splitter(width=width).split(text[plain.used :], line=plain.line, final=True).records
        assert [*records, *left] == whole


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24).map(b"".join), st.booleans())
@example(text=b',\n"""",\n', final=True)
@example(text=b'"##\r\n"\r\n#"""\r\n#\r\n', final=False)
def test_whatever_the_fast_splitter_accepts_it_cuts_as_the_careful_one_does(text: bytes, final: bool) -> None:
    agree(text, final=final)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24).map(b"".join), st.integers(0, 6), st.booleans())
def test_the_first_few_records_are_those_of_the_whole_text(text: bytes, most: int, final: bool) -> None:
    some, whole = (splitter().split(text, line=5, final=final, most=count) for count in (most, None))
    assert some.records == whole.records[:most]
    rest = splitter().split(text[some.used :], line=some.line, final=final).records
    assert [*some.records, *rest] == whole.records


_INNER = st.lists(st.sampled_from(["a", ",", "\n", '"', "\r\n", "é", " "]), max_size=4).map("".join)


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(1, 3), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_the_fast_splitter_agrees_on_regular_tables(
    data: st.DataObject, width: int, end: str, ended: bool, final: bool
) -> None:
    quoted = _INNER.map(lambda text: '"' + text.replace('"', '""') + '"')
    cell = st.one_of(quoted, st.sampled_from(["", "x", "y z", "007"]))
    rows = data.draw(st.lists(st.lists(cell, min_size=width, max_size=width).map(",".join), min_size=1, max_size=5))
    agree((end.join(rows) + (end if ended else "")).encode(), final=final)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["a", ",,", ",", ",,,,", '"', "\n", "\n", " "]), max_size=30).map("".join), st.booleans()
)
def test_the_splitters_agree_on_rows_that_quotation_marks_swallowed(middle: str, final: bool) -> None:
    agree(f'1,2,3,4,5\n1,"{middle}\n3,5",,,\n'.encode(), final=final, width=5)


_IN_QUOTES = st.lists(st.sampled_from(["a", ",,,,", ",", ",,", "\n", "\r\n", " ", '""']), max_size=9).map("".join)
_VALUE = st.one_of(st.just("x"), _IN_QUOTES.map('"{}"'.format))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(_VALUE, min_size=5, max_size=5).map(",".join), min_size=1, max_size=3), st.booleans())
def test_the_splitters_agree_on_values_that_may_hold_rows(rows: list[str], final: bool) -> None:
    agree("".join(f"{row}\n" for row in rows).encode(), final=final, width=5)


def cells_of(chunks: list[Chunk]) -> list[list[str]]:
    return [values for chunk in chunks for values in chunk.cells.to_numpy().tolist()]


_LATIN = st.characters(codec="cp1252", exclude_categories=("Cc", "Cs"))
_ANY = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co"))
_LINES = st.sampled_from(["\n", "\r\n", "\t", ";", ",", "|", '"', '""'])


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(DELIMITERS), st.sampled_from(ENCODINGS), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_table_reads_back_exactly(data: st.DataObject, delimiter: bytes, encoding: str, end: str) -> None:
    letters = _LATIN if encoding == "cp1252" else _ANY
    text = st.lists(st.one_of(letters, _LINES), max_size=6).map("".join)
    width = data.draw(st.integers(2, 4))
    table = data.draw(st.lists(st.lists(text, min_size=width, max_size=width), min_size=1, max_size=6))
    mark = delimiter.decode()

    def written(cell: str) -> str:
        special = any(character in cell for character in (mark, '"', "\n", "\r")) or cell != cell.strip()
        if special or data.draw(st.booleans()):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    header = [f"kolom{column}" for column in range(width)]
    lines = [mark.join(map(written, row)) for row in [header, *table]]
    stored = (end.join(lines) + data.draw(st.sampled_from(["", end]))).encode(encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(stored)
        options = ReadOptions(delimiter=mark, encoding=encoding)
        with open_here(path, options) as source:
            chunks = list(source.chunks("", after=1, width=width))
            heads = source.head("", 100)
    expected = [row for row in table if any(cell.strip() for cell in row)]
    assert cells_of(chunks) == expected
    assert [list(row.cells) for row in heads] == [_without_blank_end(row) for row in [header, *expected]]
    assert [number for chunk in chunks for number in chunk.rows] == [row.number for row in heads[1:]]


def _without_blank_end(row: list[str]) -> list[str]:
    while row and not row[-1].strip():
        row = row[:-1]
    return row


@settings(max_examples=150, deadline=None)
@given(
    st.data(), st.sampled_from(DELIMITERS), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
)
def test_dialect_and_encoding_are_found_for_tables_of_words(
    data: st.DataObject, delimiter: bytes, encoding: str
) -> None:
    word = st.text(st.sampled_from("abcdefgh éëö漢"), min_size=1, max_size=8).map(str.strip).filter(bool)
    width = data.draw(st.integers(2, 5))
    table = data.draw(st.lists(st.lists(word, min_size=width, max_size=width), min_size=2, max_size=8))
    mark = delimiter.decode()
    text = "".join(mark.join(row) + "\n" for row in [["kop"] * width, *table])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(text.encode(encoding))
        with open_here(path, ReadOptions()) as source:
            assert source.delimiter == mark
            assert codecs.lookup(source.encoding or "").name.startswith(encoding[:5].rstrip("-"))
            assert cells_of(list(source.chunks("", after=1, width=width))) == table


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([10, 10_000]))
def test_no_bytes_at_all_lead_to_anything_but_an_answer(data: bytes, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(data)
        with contextlib.suppress(InputError), open_here(path, ReadOptions()) as source:
            heads = source.head("", 1000)
            chunks = list(source.chunks("", after=0, width=1, size=size))
            assert [row.number for row in heads] == [number for chunk in chunks for number in chunk.rows]
