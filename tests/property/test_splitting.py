"""Splitting a cell: nothing is made up, nothing is lost, and what is put together comes apart in the same place."""

import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from batch.columns.splitting import Splitter, Splitters
from batch.hints import Words, load_hints
from batch.likeness import spaced, trimmed
from batch.schema import load_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
SPLITTERS = Splitters(SCHEMA, HINTS)
PAIRS = [*SPLITTERS.known(), ("street_name", "house_number", "postal_code", "city")]
SPECIAL = sorted({word for which in Words for word in HINTS.listed(which)})
RELAXED = settings(max_examples=60, deadline=None)

pieces = st.one_of(
    st.sampled_from(
        [
            "Kalverstraat",
            "92",
            "2hs",
            "1940",
            "Jan",
            "J.",
            "Berg",
            "Berg-de",
            "1234",
            "AB",
            "1234AB",
            "Ede",
            ",",
            "|",
            "-",
            "16",
            "nr.",
            "A",
            "75008",
        ]
    ),
    st.sampled_from(SPECIAL),
    st.text(max_size=4),
)
cells = st.builds(
    lambda parts, seam: seam.join(parts), st.lists(pieces, max_size=7), st.sampled_from([" ", " ", "\n", ", "])
)
plain = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéö", min_size=3, max_size=9).map(str.capitalize)


def splitter(fields: tuple[str, ...]) -> Splitter:
    found = SPLITTERS.splitter(fields)
    assert found is not None
    return found


def words(text: str) -> Counter[str]:
    """The words of the text, without what only parts them."""
    return Counter(re.sub(r"[\s,;|]+", " ", unicodedata.normalize("NFC", text)).split())


@pytest.mark.parametrize("fields", PAIRS)
@RELAXED
@given(cells)
def test_parts_hold_the_words_of_the_cell_and_no_others(fields: tuple[str, ...], cell: str) -> None:
    found = splitter(fields).split(cell)
    if not isinstance(found, tuple):
        assert str(found)
        return
    assert len(found) == len(fields)
    assert all(part and trimmed(part) == part for part in found)
    kept, given_words = words(" ".join(found)), words(trimmed(cell))
    assert kept - given_words == Counter()
    assert {spaced(word) for word in given_words - kept} <= HINTS.listed(Words.NUMBER_SIGNS)


@RELAXED
@given(
    st.lists(plain, min_size=1, max_size=3), st.integers(1, 1499), st.sampled_from(["", "a", " B", "-2", "-2hs", "/3"])
)
def test_a_street_and_a_number_come_apart_where_they_were_put_together(
    street: list[str], number: int, addition: str
) -> None:
    ends = HINTS.listed(Words.NUMBER_SIGNS) | HINTS.listed(Words.UNITS)
    assume(spaced(street[-1]) not in ends)
    name, whole = " ".join(street), f"{number}{addition}"
    assert splitter(("street_name", "house_number")).split(f"{name} {whole}") == (name, whole)


@RELAXED
@given(plain, st.sampled_from(["", "van ", "van der ", "de ", "'t ", "in 't "]), plain)
def test_a_first_and_a_last_name_come_apart_where_they_were_put_together(first: str, particle: str, last: str) -> None:
    special = HINTS.listed(Words.PARTICLES) | HINTS.listed(Words.TITLES)
    assume(spaced(first) not in special and spaced(last) not in special)
    fields = ("contact_person_first_name", "contact_person_last_name")
    assert splitter(fields).split(f"{first} {particle}{last}") == (first, f"{particle}{last}")
    assert splitter(fields[::-1]).split(f"{last}, {first} {particle}") == (f"{particle}{last}", first)
    assert splitter(fields[::-1]).split(f"{particle}{last}, {first}") == (f"{particle}{last}", first)


@pytest.mark.parametrize("fields", PAIRS)
@RELAXED
@given(st.data())
def test_the_mark_always_says_where_the_parts_begin(fields: tuple[str, ...], data: st.DataObject) -> None:
    part = st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), min_size=1, max_size=8)
    parts = [data.draw(part) for _ in fields]
    flat = tuple(re.sub(r"\s+", " ", trimmed(unicodedata.normalize("NFC", text))) for text in parts)
    assume(all(flat))
    assert splitter(fields).split("|".join(parts)) == flat
