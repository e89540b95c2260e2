"""Normalising keeps its promises for any text: idempotent, nothing in silence, nothing but what the codes say."""

import json
import unicodedata
from collections.abc import Callable

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.countries import everywhere
from batch.hints import load_hints
from batch.likeness import BLANK, spaced
from batch.model import Change
from batch.normalise import Normalised, normalise
from batch.phones import read_phones
from batch.schema import parse_schema, schemas_folder

SCHEMA = parse_schema(
    json.loads(
        json.dumps(
            {
                "type": "object",
                "properties": {
                    "phone_number_type": {"type": "string", "enum": ["local", "mobile", "national"]},
                    "contact_person_phone": {"type": "string"},
                    "name": {"type": "string"},
                    "kind": {"type": "string", "default": "gewoon", "enum": ["gewoon", "Bijzonder ", "e\u0301"]},
                    "count": {"type": "integer", "default": 1},
                },
            }
        )
    ),
    source="s.json",
)
HINTS = load_hints(schemas_folder() / "hints.json")
FIELDS = [field.name for field in SCHEMA.fields]
ENUMS = {field.name: field.enum for field in SCHEMA.fields}
VALUES = [
    *HINTS.of("phone_number_type").meanings,
    "local",
    "Mobile",
    "NATIONAL",
    "06-12345678",
    "+31612345678",
    "020 6241111",
]
SMALL = st.text(st.sampled_from([*BLANK, *"aeE1+\u0301\u0327\u00e9\u212b\u200d\u3099\u304b\U0001f600"]), max_size=8)
# A busy machine, or the first run's table of all characters, is no failure.
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def cells(draw: st.DrawFn) -> str:
    text = draw(st.one_of(st.text(max_size=10), SMALL, st.sampled_from(VALUES)))
    around = st.text(st.sampled_from([*BLANK]), max_size=2)
    return draw(st.sampled_from([text, text.upper(), draw(around) + text + draw(around)]))


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    height = draw(st.integers(0, 5))
    columns = {name: draw(st.lists(cells(), min_size=height, max_size=height)) for name in FIELDS}
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})


def cleaned(frame: pd.DataFrame) -> Normalised:
    return normalise(
        frame, range(len(frame)), {name: name for name in FIELDS}, SCHEMA, HINTS, everywhere("NL", len(frame))
    )


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


CODES: dict[str, Callable[[Change], bool]] = {
    "trimmed": lambda change: change.after == change.before.strip(BLANK),
    "nfc": lambda change: change.after == unicodedata.normalize("NFC", change.before),
    "default": lambda change: change.before == "" and change.after in ("gewoon", "1"),
    "enum_case": lambda change: change.after in ENUMS[change.field] and folded(change.after) == folded(change.before),
    "enum_synonym": lambda change: HINTS.of(change.field).meanings[spaced(change.before)] == change.after,
    "phone_e164": lambda change: read_phones([change.before], "NL") == {change.before: change.after},
}


@RELAXED
@given(frames())
def test_a_second_time_alters_nothing(frame: pd.DataFrame) -> None:
    first = cleaned(frame)
    second = cleaned(first.frame)
    assert second.changes == ()
    assert second.frame.equals(first.frame)
    assert second.doubts == first.doubts


@RELAXED
@given(frames())
def test_every_difference_is_recorded_and_every_record_is_true(frame: pd.DataFrame) -> None:
    result = cleaned(frame)
    replayed = {(row, name): frame[name].iloc[row] for row in range(len(frame)) for name in FIELDS}
    for change in result.changes:
        assert replayed[change.row, change.field] == change.before
        replayed[change.row, change.field] = change.after
    assert replayed == {(row, name): result.frame[name].iloc[row] for row in range(len(frame)) for name in FIELDS}


@RELAXED
@given(frames())
def test_nothing_happens_but_what_the_codes_say(frame: pd.DataFrame) -> None:
    assert [
        change for change in cleaned(frame).changes if change.before == change.after or not CODES[change.code](change)
    ] == []


@RELAXED
@given(frames())
def test_changes_and_doubts_are_in_row_order(frame: pd.DataFrame) -> None:
    result = cleaned(frame)
    assert [change.row for change in result.changes] == sorted(change.row for change in result.changes)
    assert [doubt.place for doubt in result.doubts] == sorted(doubt.place for doubt in result.doubts)


@RELAXED
@given(st.lists(st.one_of(st.text(), SMALL), min_size=1, max_size=20))
def test_plain_text_is_trimmed_and_composed_and_no_more(texts: list[str]) -> None:
    frame = pd.DataFrame({"name": pd.Series(texts, dtype="str")})
    expected = [unicodedata.normalize("NFC", text.strip(BLANK)) for text in texts]
    assert cleaned(frame).frame["name"].tolist() == expected


@RELAXED
@given(frames(), st.integers(0, 5))
def test_it_does_not_matter_how_rows_are_cut_into_chunks(frame: pd.DataFrame, at: int) -> None:
    whole = cleaned(frame)
    parts = [cleaned(frame.iloc[:at]), cleaned(frame.iloc[at:])]
    assert pd.concat([part.frame for part in parts]).to_dict("list") == whole.frame.to_dict("list")
    assert sum(len(part.changes) for part in parts) == len(whole.changes)
