"""Rows that are the same group are found as a dict of all rows would find them, wherever what is known is put away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.group_digests import GroupDigester
from batch.identity import LISTED_AS, group_key
from batch.pipeline.origins import Origins
from batch.pipeline.prepare import Part
from batch.pipeline.twins import twin_finder
from batch.plan import Twin
from batch.scratch import Pieces, SeenKeys

RELAXED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
SECRET = b"s" * 32

# Few enough that many rows meet, with whatever folding could get wrong: case, accents, blanks, what looks alike.
TEXTS = st.sampled_from([
    *("", "a", "A", "ß", "SS", "é", "e\u0301", "É", "İ", "i", " a", "a\u00a0", "\x1fa", "a:", "1:a", "a1", "ﬁ", "fi"),
    *("\0", "\0\0", "a\0", "\0\1", "\1"),
])  # fmt: skip
NAMES = ("name", "business_name", "phone_number_type", "city", "street_name")
Row = dict[str, str]


def rows(names: Sequence[str]) -> st.SearchStrategy[list[Row]]:
    return st.lists(st.fixed_dictionaries(dict.fromkeys(names, TEXTS)), max_size=12)


@st.composite
def files(draw: st.DrawFn) -> tuple[list[list[Row]], list[list[bool]], Sequence[str]]:
    """Parts of rows, which of them are valid, and the columns of the file."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    parts = draw(st.lists(rows(names), max_size=6))
    valid = [draw(st.lists(st.booleans(), min_size=len(part), max_size=len(part))) for part in parts]
    return parts, valid, names


def simply(parts: list[list[Row]], valid: list[list[bool]], names: Sequence[str]) -> dict[int, Twin]:
    """Every row remembered, by the group key of the ledger."""
    first: dict[str, tuple[int, Row]] = {}
    found: dict[int, Twin] = {}
    position = 0
    for part, good in zip(parts, valid, strict=True):
        for row, is_valid in zip(part, good, strict=True):
            if is_valid:
                number, earlier = first.setdefault(key(row), (position + 2, row))
                if number != position + 2:
                    differing = tuple(name for name in names if row[name] != earlier[name])
                    found[position] = Twin(row=number, differing=differing)
            position += 1
    return found


def key(row: Row) -> str:
    return group_key(SECRET, "scope", {name: row.get(name) for name in LISTED_AS})


def frame(found: Sequence[Row], names: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([row[name] for row in found], dtype="str") for name in names})


def part_of(first: int, found: Sequence[Row], valid: Sequence[bool], names: Sequence[str]) -> Part:
    return Part(
        first=first,
        width=len(names),
        cells=frame(found, names),
        origins=Origins(name="a.csv", rows=range(first + 2, first + 2 + len(found))),
        valid=np.array(valid, np.bool_),
        fields=frame([row for row, good in zip(found, valid, strict=True) if good], names),
        errors={},
        changes=(),
        notices=(),
        warnings=(),
    )


@RELAXED
@given(files(), st.sampled_from([0, 5, 1_000]), st.sampled_from([1, 1 << 20]))
def test_twins_are_those_that_a_dict_of_all_rows_finds(
    file: tuple[list[list[Row]], list[list[bool]], Sequence[str]], in_memory_keys: int, in_memory_bytes: int
) -> None:
    parts, valid, names = file
    found: dict[int, Twin] = {}
    with twin_finder(SeenKeys(in_memory_keys), Pieces(in_memory_bytes)) as finder:
        first = 0
        for part, good in zip(parts, valid, strict=True):
            twins: Mapping[int, Twin] = finder.twins(part_of(first, part, good, names))
            found |= twins
            first += len(part)
    assert found == simply(parts, valid, names)


@RELAXED
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, st.text(max_size=6))), min_size=1, max_size=8))
def test_digests_are_equal_where_the_group_keys_of_the_ledger_are(found: list[Row]) -> None:
    digests = [tuple(digest) for digest in GroupDigester().digests(frame(found, NAMES)).tolist()]
    keys = [key(row) for row in found]
    assert [digests.index(digest) for digest in digests] == [keys.index(each) for each in keys]


def test_digests_say_nothing_to_somebody_else() -> None:
    one = frame([dict.fromkeys(NAMES, "a")], NAMES)
    assert (GroupDigester().digests(one) != GroupDigester().digests(one)).all()


def test_rows_that_repeat_rows_of_many_parts_are_compared_with_the_right_ones() -> None:
    """More parts than are kept at hand, repeated in the opposite order."""
    names = ("name", "street_name")
    parts = [[{"name": f"{part}-{row}", "street_name": "a"} for row in range(5)] for part in range(20)]
    backwards = list(chain.from_iterable(parts))[::-1]
    again = [{**row, "street_name": "b" if at % 2 else "a"} for at, row in enumerate(backwards)]
    with twin_finder() as finder:
        for number, part in enumerate(parts):
            assert finder.twins(part_of(5 * number, part, [True] * 5, names)) == {}
        found = finder.twins(part_of(100, again, [True] * 100, names))
    assert found == {100 + at: Twin(row=101 - at, differing=("street_name",) if at % 2 else ()) for at in range(100)}
