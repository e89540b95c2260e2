"""Whatever stands in a table: no row that may be a customer's is left out, and none is left out unsaid."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.columns import SheetHead, find_layout, segments
from batch.hints import load_hints
from batch.likeness import loose, trimmed
from batch.model import Chunk, SourceRow
from batch.schema import load_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
HEADER = [*(field.name for field in SCHEMA.fields), "", "Aantal"]
REQUIRED = [position for position, field in enumerate(SCHEMA.fields) if field.required]
LAYOUT = find_layout([SheetHead(name="S", rows=(SourceRow(number=1, cells=tuple(HEADER)),))], SCHEMA, HINTS)

SAID = [
    "Totaal", "Total: 12", "Aantal: 3", "15 rijen", "Let op: x", "\u00a9 2026", "Pagina 1 van 2", "---", "Naam",
    "Plaats", "mobile", "city", "name", "12", "3,50", " ", "\u200b",
]  # fmt: skip
cells = st.one_of(st.just(""), st.just(""), st.sampled_from(SAID), st.text(max_size=8))
row = st.one_of(st.lists(cells, max_size=len(HEADER) + 1), st.just(HEADER), st.lists(cells, min_size=1, max_size=2))
table = st.lists(st.tuples(st.integers(1, 3), row), max_size=12)


def numbered(rows: Sequence[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    number, found = 1, []
    for gap, texts in rows:
        number += gap
        if any(map(trimmed, texts)):
            found.append((number, [*texts, *[""] * (len(HEADER) + 1 - len(texts))]))
    return found


def chunk(rows: Sequence[tuple[int, list[str]]]) -> Chunk:
    frame = pd.DataFrame([texts for _, texts in rows], columns=range(len(HEADER) + 1), dtype="str")
    return Chunk(rows=[number for number, _ in rows], cells=frame)


def outcome(rows: Sequence[tuple[int, list[str]]], cuts: Sequence[int]) -> tuple[list[int], dict[int, str], set[int]]:
    bounds = [0, *sorted({cut for cut in cuts if 0 < cut < len(rows)}), len(rows)]
    chunks = [chunk(rows[start:stop]) for start, stop in pairwise(bounds) if start < stop]
    found = list(segments(chunks, LAYOUT, SCHEMA, HINTS))
    data = [int(number) for each in found for number in each.chunk.rows]
    told = [(notice.row or 0, notice.code) for each in found for notice in each.notices]
    assert len(dict(told)) == len(told), "a row is told once"
    assert all(list(each.chunk.cells.index) == list(range(len(each.chunk.rows))) for each in found)
    return data, dict(told), {number for each in found for number in each.blocked}


@settings(max_examples=100, deadline=None)
@given(table)
def test_a_row_with_values_for_two_required_fields_is_never_left_out(rows: list[tuple[int, list[str]]]) -> None:
    given_rows = numbered(rows)
    data, told, blocked = outcome(given_rows, ())
    own = {position: loose(text) for position, text in enumerate(HEADER) if text}
    for number, texts in given_rows:
        filled = {position: loose(text) for position, text in enumerate(texts) if trimmed(text)}
        if len([position for position in REQUIRED if position in filled]) > 1 and filled != own:
            assert number in data
        assert number in data or number in told, "no row goes unsaid"
    assert data == sorted(data)
    assert blocked <= set(data)
    assert {number for number, code in told.items() if code != "other_table"}.isdisjoint(data)


@settings(max_examples=100, deadline=None)
@given(table, st.lists(st.integers(0, 12), max_size=4))
def test_how_the_rows_come_in_chunks_makes_no_difference(rows: list[tuple[int, list[str]]], cuts: list[int]) -> None:
    assert outcome(numbered(rows), cuts) == outcome(numbered(rows), ())
