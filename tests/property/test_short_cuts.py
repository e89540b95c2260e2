"""What is said of a whole column, or of cells by their bytes alone, never disagrees with a look at each cell."""

import csv
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.arrow_text import texts_of
from batch.columns import SheetHead, find_layout
from batch.columns.headers import vocabulary
from batch.columns.other_headers import OtherHeaders
from batch.columns.segments import _filled
from batch.columns.shapes import PUNCTUATION, Shapes
from batch.columns.splitting import Splitters
from batch.hints import Kind, load_hints
from batch.likeness import trimmed
from batch.model import SourceRow
from batch.reading import spoiled
from batch.reading.text.formulatext import may_be_wrapped
from batch.schema import load_schema, schemas_folder
from batch.scratch import SeenKeys
from batch.sense import misplaced, placeholders, postal_forms
from batch.text_column import Column
from batch.validate import masks

RELAXED = settings(deadline=None, max_examples=60)
SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")

# Whatever any short cut looks for, blanks and letters of every length in UTF-8.
SIGNS = "aAeEnNrRkKvV079 \t\n\x0b\x1f\x7f\x85\xa0\u200b\ufeff#:+-.&/@!*?~\"'=;,éßÉİ\u2028€𝄞Ã©\ufffd"
WHOLE = [
    "#N/A", "Err:502", "Fout:502", "####", "6.12E+08", "1e-5", "2-jan", "2. jan", "12-mei", "jan-02", " mrt-12 ",
    "a+AOk-", "&amp;", "caf\u00c3\u00a9", "a\u200bb", "NL91 ABNA 0417 1643 00", "NL123456789B01", "+31612345678",
    "(020) 1234567", "KvK 12345678", "k.v.k.12345678", "12345678", "Voorbeeld 12 BV", "naam", "*Naam:", "PLAATS",
    "city", "[mobile]", "Mobiel", "stra\u00dfe", "\u0130stanbul", "",
]  # fmt: skip
text = st.one_of(st.sampled_from(WHOLE), st.text(SIGNS, max_size=10), st.text(max_size=6))
texts = st.lists(text, max_size=12)


def arrow(found: list[str], before: int = 0) -> pa.Array:
    """The texts as a column, perhaps in the middle of a longer one, as pieces of a file come."""
    return pa.array([*["é1 "] * before, *found, "-1"], pa.large_string())[before : before + len(found)]


@RELAXED
@given(texts, st.integers(0, 2))
def test_a_column_knows_of_its_cells_what_their_bytes_say(found: list[str], before: int) -> None:
    column, spelled = Column(arrow(found, before)), [each.encode() for each in found]
    assert column.sizes.tolist() == [len(each) for each in spelled]
    assert column.filled.tolist() == [bool(each) for each in spelled]
    assert column.first_bytes.tolist() == [each[0] if each else 0 for each in spelled]
    assert column.last_bytes.tolist() == [each[-1] if each else 0 for each in spelled]
    assert column.edges.tolist() == [each[0] * 256 + each[-1] if each else 0 for each in spelled]
    assert column.with_digit.tolist() == [any(48 <= octet < 58 for octet in each) for each in spelled]
    assert column.digit_at(2).tolist() == [len(each) > 2 and 48 <= each[2] < 58 for each in spelled]
    assert column.is_ascii == all(map(str.isascii, found))


@RELAXED
@given(texts)
def test_what_begins_or_ends_with_what_can_be_seen_is_not_trimmed(found: list[str]) -> None:
    column = Column(arrow(found))
    assert all(trimmed(each) == each for each, bare in zip(found, column.bare, strict=True) if bare)
    assert all(trimmed(each) for each, visible in zip(found, column.visible, strict=True) if visible)
    assert _filled(pd.Series(found, dtype="str")).tolist() == [bool(trimmed(each)) for each in found]


@RELAXED
@given(texts, st.integers(0, 2))
def test_nothing_spoiled_is_in_a_column_that_is_not_looked_at(found: list[str], before: int) -> None:
    column = arrow(found, before)
    data = "".join(found).encode()
    for detector in spoiled._DETECTORS:
        matches = pc.match_substring_regex(column, detector.pattern).to_pylist()
        assert detector.worthwhile(data) or not any(matches)


@RELAXED
@given(st.lists(st.lists(st.one_of(text, st.sampled_from(['="012"', 'a="', '="'])), min_size=2), min_size=1))
def test_a_value_that_is_written_as_a_formula_shows_in_the_text_of_its_file(rows: list[list[str]]) -> None:
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
        stream = io.StringIO()
        csv.writer(stream, quoting=quoting).writerows(rows)
        wrapped = any('="' in cell for row in rows for cell in row)
        assert may_be_wrapped(stream.getvalue().encode()) or not wrapped


@RELAXED
@given(st.sets(st.text(SIGNS, max_size=6).map(lambda each: each.lower().strip(PUNCTUATION)), max_size=5), texts)
def test_a_cell_that_is_a_known_word_has_a_known_shape(known: set[str], found: list[str]) -> None:
    decorated = [*found, *known, *(f" *{each.upper()}: " for each in known)]
    may = Shapes(known).may_hold(Column(arrow(decorated)))
    bare = [each.lower().strip(PUNCTUATION) for each in decorated]
    lowered = pc.utf8_trim(pc.utf8_lower(arrow(decorated)), characters=PUNCTUATION).to_pylist()
    for one, other, holds in zip(bare, lowered, may, strict=True):
        assert holds or not ({one, other} - {""}) & known


HEADER = tuple(field.name for field in SCHEMA.fields)
LAYOUT = find_layout([SheetHead(name="S", rows=(SourceRow(number=1, cells=HEADER),))], SCHEMA, HINTS)
HEADERS = OtherHeaders(LAYOUT, SCHEMA, HINTS, vocabulary(SCHEMA, HINTS, Splitters(SCHEMA, HINTS)))


@RELAXED
@given(st.lists(st.lists(text, min_size=len(HEADER), max_size=len(HEADER)), min_size=1, max_size=5))
def test_rows_that_may_be_headers_are_those_that_a_look_at_each_cell_finds(rows: list[list[str]]) -> None:
    frame = pd.DataFrame(rows, columns=range(len(HEADER)), dtype="str")
    hits = sum(HEADERS._are_known(at, texts_of(frame[at])).astype(int) for at in range(len(HEADER)))
    assert HEADERS.candidates(frame).tolist() == (np.asarray(hits) >= 2).tolist()


@RELAXED
@given(texts)
def test_no_number_that_the_pattern_finds_is_passed_over(found: list[str]) -> None:
    column = Column(arrow(found))
    asked = list(misplaced._suspects(Kind.CITY, column))
    assert asked == list(
        column.cells(column.at_least(misplaced._SHORTEST_NUMBER) & column.with_digit, misplaced._SUSPECT)
    )


FILLERS = st.sampled_from([
    *("n.v.t.", "N.V.T.", "Nvt", "nvt", "xXx", "XXX", "Geen", "geen", "GEEN", "-", "--", "0", "000", "00", "111111"),
    *("999999", "123456", "\N{EN DASH}", "...", "\N{HORIZONTAL ELLIPSIS}", "#N/A", "Test 1", "test", "teSt", "testen"),
])  # fmt: skip


@RELAXED
@given(st.lists(st.one_of(text, FILLERS), max_size=12), st.integers(0, 2), st.sampled_from([None, *Kind]))
def test_no_filler_is_passed_over(found: list[str], before: int, kind: Kind | None) -> None:
    known = set((placeholders._ANYWHERE if kind is None else placeholders._WITH_DIGITS).to_pylist())
    meaningful = placeholders._REPEATED if kind is Kind.POSTAL_CODE else placeholders._NAMES
    lowered = pc.ascii_lower(arrow(found)).to_pylist()
    odd = [lower in known and each not in meaningful for each, lower in zip(found, lowered, strict=True)]
    expected = [(place, each) for place, each in enumerate(found) if odd[place]]
    assert list(placeholders._fillers(Column(arrow(found, before)), kind)) == expected


CODES = st.one_of(text, st.from_regex(r"[019][0-9]{3} ?[A-Za-z]{2}", fullmatch=True), st.from_regex(postal_forms.PLAIN))


@RELAXED
@given(st.lists(CODES, max_size=12), st.integers(0, 2))
def test_postal_codes_in_their_usual_form_are_those_that_the_patterns_match(found: list[str], before: int) -> None:
    column = Column(arrow(found, before))
    assert postal_forms.dutch(column).tolist() == column.matching(postal_forms.DUTCH).tolist()
    assert postal_forms.plain(column).tolist() == column.matching(postal_forms.PLAIN).tolist()


@RELAXED
@given(st.lists(st.text("aé€𝄞", max_size=6), max_size=8), st.integers(0, 4))
def test_a_text_is_long_enough_by_its_characters(found: list[str], limit: int) -> None:
    assert masks._long_enough(arrow(found), limit).tolist() == [len(each) >= limit for each in found]


HALVES = st.sampled_from([0, 1, 1 << 42, (1 << 42) + 1, (1 << 64) - 1])


@RELAXED
@given(st.lists(st.lists(st.tuples(HALVES, HALVES), max_size=8), max_size=5), st.sampled_from([0, 4, 1_000]))
def test_keys_that_begin_alike_are_told_apart(calls: list[list[tuple[int, int]]], in_memory_keys: int) -> None:
    seen, known, number = SeenKeys(in_memory_keys), dict[tuple[int, int], int](), 0
    for keys in calls:
        numbers = range(number, number + len(keys))
        expected = [known.setdefault(key, own) for key, own in zip(keys, numbers, strict=True)]
        found = seen.first(np.array(keys, np.uint64).reshape(-1, 2), np.array(numbers, np.int64))
        assert found.tolist() == expected
        number += len(keys)
    seen.close()
