"""Normalising: what is altered, how it is recorded, and what is left alone."""

import json

import numpy as np
import pandas as pd
import pytest

from batch.countries import Assumed, Countries, everywhere
from batch.hints import FieldHints, Hints, Kind, load_hints
from batch.model import Change, sentence
from batch.normalise import Normalised, normalise
from batch.phones import Doubt, PhoneDoubt
from batch.schema import Schema, load_schema, parse_schema, schemas_folder

HINTS = load_hints(schemas_folder() / "hints.json")
REQUEST = load_schema(schemas_folder() / "verification-group.request.json")
PHONE = "contact_person_phone"
TYPE = "phone_number_type"


def frame_of(columns: dict[str, list[str]]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})


def normalised(
    columns: dict[str, list[str]], schema: Schema = REQUEST, hints: Hints = HINTS, region: str = "NL"
) -> Normalised:
    frame = frame_of(columns)
    labels = {name: f"Column {name}" for name in columns}
    return normalise(frame, range(2, 2 + len(frame)), labels, schema, hints, everywhere(region, len(frame)))


def schema_of(**properties: object) -> Schema:
    return parse_schema(json.loads(json.dumps({"type": "object", "properties": properties})), source="s.json")


def one(
    field: str, text: str, schema: Schema = REQUEST, hints: Hints = HINTS
) -> tuple[str, list[tuple[str, str, str]]]:
    """What one cell becomes, and its changes as (before, after, code)."""
    result = normalised({field: [text]}, schema, hints)
    return result.frame[field].iloc[0], [(each.before, each.after, each.code) for each in result.changes]


@pytest.mark.parametrize(
    "blank", [" ", "\t", "\n", "\u00a0", "\u202f", "\u3000", "\u200b", "\u200d", "\u2060", "\u202a", "\ufeff"]
)
def test_white_space_of_every_kind_is_trimmed_and_said(blank: str) -> None:
    text = f"{blank}Dorpsstraat{blank}{blank}"
    assert one("street_name", text) == ("Dorpsstraat", [(text, "Dorpsstraat", "trimmed")])


def test_nothing_inside_a_value_is_touched() -> None:
    text = "Van  der\u00a0Berg \U0001f469\u200d\U0001f4bb\nen\u200bZn"
    assert one("name", text) == (text, [])


def test_a_cell_of_blanks_becomes_empty() -> None:
    assert one("name", "\u00a0\u200b ") == ("", [("\u00a0\u200b ", "", "trimmed")])


def test_letters_are_composed_and_it_is_said() -> None:
    assert one("name", "Rene\u0301e") == ("Renée", [("Rene\u0301e", "Renée", "nfc")])


def test_composed_letters_and_other_scripts_are_left_alone() -> None:
    for text in ("Renée", "Łódź", "Ελλάδα", "東京", "\U0001f600", "½", "ﬁ"):
        assert one("name", text) == (text, [])


@pytest.mark.parametrize("written", ["Local", "LOCAL", "lOCAL"])
def test_an_enum_value_is_known_whatever_its_case(written: str) -> None:
    assert one(TYPE, written) == ("local", [(written, "local", "enum_case")])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lokaal", "local"),
        ("Lokaal", "local"),
        ("mobiel", "mobile"),
        ("MOBIEL NUMMER", "mobile"),
        ("06 nummer", "mobile"),
        ("nationaal", "national"),
        ("landelijk", "national"),
        ("Landelijk_nummer", "national"),
    ],
)
def test_an_enum_value_is_known_by_its_dutch_names(written: str, meant: str) -> None:
    assert one(TYPE, written) == (meant, [(written, meant, "enum_synonym")])


@pytest.mark.parametrize("written", ["lokaa", "vast", "local, mobile", "lokaal?"])
def test_an_unknown_enum_value_is_never_guessed(written: str) -> None:
    assert one(TYPE, written) == (written, [])


def test_a_synonym_of_a_value_that_the_schema_does_not_list_is_left_alone() -> None:
    assert one(TYPE, "lokaal", schema_of(phone_number_type={"type": "string", "enum": ["mobile"]})) == ("lokaal", [])


def test_values_that_differ_only_in_case_are_told_apart_or_left_alone() -> None:
    schema = schema_of(a={"type": "string", "enum": ["x", "X", "y"]})
    assert one("a", "X", schema) == ("X", [])
    schema = schema_of(a={"type": "string", "enum": ["xY", "Xy"]})
    assert one("a", "XY", schema) == ("XY", [])


def test_a_value_that_the_schema_lists_is_clean_whatever_it_holds() -> None:
    schema = schema_of(a={"type": "string", "enum": [" a ", "e\u0301"]})
    assert one("a", " a ", schema) == (" a ", [])
    assert one("a", "e\u0301", schema) == ("e\u0301", [])
    assert one("a", " E\u0301", schema) == (
        "e\u0301",
        [(" E\u0301", "E\u0301", "trimmed"), ("E\u0301", "É", "nfc"), ("É", "e\u0301", "enum_case")],
    )


def test_booleans_are_enums_of_two_values() -> None:
    assert one("a", "TRUE", schema_of(a={"type": "boolean"})) == ("true", [("TRUE", "true", "enum_case")])


def test_an_empty_cell_stands_for_the_default_of_the_schema() -> None:
    schema = schema_of(a={"type": "string", "default": "x"}, b={"type": "integer", "default": 3})
    assert one("a", "", schema) == ("x", [("", "x", "default")])
    assert one("b", " ", schema) == ("3", [(" ", "", "trimmed"), ("", "3", "default")])
    assert one("a", "y", schema) == ("y", [])


def test_a_default_is_cleaned_like_a_cell() -> None:
    assert one("a", "", schema_of(a={"type": "string", "default": " e\u0301"})) == ("é", [("", "é", "default")])
    assert one("a", "", schema_of(a={"type": "string", "default": " "})) == ("", [])
    listed = schema_of(a={"type": "string", "enum": [" x"], "default": " x"})
    assert one("a", "", listed) == (" x", [("", " x", "default")])


def test_without_a_default_an_empty_cell_stays_empty() -> None:
    assert one("description", "") == ("", [])


@pytest.mark.parametrize("written", ["06-12345678", "0612345678", "+31 (0)6 1234 5678", "0031612345678"])
def test_a_phone_number_goes_to_e164(written: str) -> None:
    assert one(PHONE, written) == ("+31612345678", [(written, "+31612345678", "phone_e164")])


def test_a_phone_number_in_e164_is_left_alone() -> None:
    assert one(PHONE, "+31612345678") == ("+31612345678", [])


def test_steps_on_one_cell_are_told_one_by_one() -> None:
    assert one(PHONE, " 06-12345678\u00a0")[1] == [
        (" 06-12345678\u00a0", "06-12345678", "trimmed"),
        ("06-12345678", "+31612345678", "phone_e164"),
    ]
    assert one(TYPE, " Lokaal ")[1] == [(" Lokaal ", "Lokaal", "trimmed"), ("Lokaal", "local", "enum_synonym")]


@pytest.mark.parametrize(
    ("written", "doubt"),
    [
        ("06-123", Doubt.NOT_VALID),
        ("onbekend", Doubt.NOT_VALID),
        ("020-6241111 x12", Doubt.EXTENSION),
        ("06-12345678 / 020-6241111", Doubt.SEVERAL),
        ("06-12345678 (Jan)", Doubt.OTHER_TEXT),
    ],
)
def test_a_phone_number_in_doubt_stays_as_it_is(written: str, doubt: Doubt) -> None:
    result = normalised({"name": ["a", "b"], PHONE: ["+31612345678", written]})
    assert result.frame[PHONE].tolist() == ["+31612345678", written]
    assert result.changes == ()
    assert result.doubts == (PhoneDoubt(place=1, field=PHONE, doubt=doubt),)


def test_an_empty_phone_cell_draws_no_doubt() -> None:
    assert normalised({PHONE: ["", " "]}).doubts == ()


def test_the_library_is_asked_about_a_number_that_the_short_way_does_not_know() -> None:
    assert one(PHONE, "+375 8 10 1704967")[1] == []


def test_only_fields_of_the_kind_phone_are_read_as_phone_numbers() -> None:
    assert one("house_number", "0612345678") == ("0612345678", [])
    hints = Hints(fields={"house_number": FieldHints(kind=Kind.PHONE)})
    assert one("house_number", "0612345678", hints=hints)[0] == "+31612345678"


def test_the_region_is_a_parameter() -> None:
    assert normalised({PHONE: ["0475 12 34 56"]}, region="BE").frame[PHONE].tolist() == ["+32475123456"]


def test_a_bare_phone_number_is_of_the_country_of_its_row_and_stays_where_none_is_known() -> None:
    regions = ("NL", "BE", None)
    assumed = tuple(Assumed(region=region, why=sentence("so it is")) for region in regions)
    frame = frame_of({PHONE: ["0475 12 34 56", "0475 12 34 56", "0475 12 34 56", "+32 475 12 34 56"]})
    countries = Countries(assumed=assumed, index=np.array([0, 1, 2, 2], dtype=np.int16))
    result = normalise(frame, range(4), {PHONE: PHONE}, REQUEST, HINTS, countries)
    assert result.frame[PHONE].tolist() == ["+31475123456", "+32475123456", "0475 12 34 56", "+32475123456"]
    assert result.doubts == (PhoneDoubt(place=2, field=PHONE, doubt=Doubt.WITHOUT_COUNTRY),)


def test_a_change_says_row_column_and_field() -> None:
    frame = frame_of({"name": ["a", " b"], "city": ["c ", "d"]})
    result = normalise(frame, [7, 9], {"name": "Naam", "city": "Plaats"}, REQUEST, HINTS, everywhere("NL", len(frame)))
    assert result.changes == (
        Change(row=7, column="Plaats", field="city", before="c ", after="c", code="trimmed"),
        Change(row=9, column="Naam", field="name", before=" b", after="b", code="trimmed"),
    )


def test_a_field_that_the_schema_does_not_describe_is_cleaned_too() -> None:
    assert one("vat_number", " NL1 ") == ("NL1", [(" NL1 ", "NL1", "trimmed")])


def test_the_frame_keeps_its_shape_index_and_type_and_the_given_one_is_untouched() -> None:
    frame = frame_of({"name": ["a ", "b"], "city": ["c", "d"]})
    frame.index = pd.Index([10, 20])
    labels = {"name": "Naam", "city": "Plaats"}
    result = normalise(frame, [2, 3], labels, REQUEST, HINTS, everywhere("NL", len(frame)))
    assert result.frame.index.tolist() == [10, 20]
    assert list(result.frame.columns) == ["name", "city"]
    assert [str(kind) for kind in result.frame.dtypes] == ["str", "str"]
    assert result.frame.loc[10, "name"] == "a"
    assert frame.loc[10, "name"] == "a "


def test_a_part_of_a_frame_is_read_as_that_part() -> None:
    frame = frame_of({"name": ["e\u0301", "b ", "c", "e\u0301"]}).iloc[1:3]
    result = normalise(frame, [3, 4], {"name": "Naam"}, REQUEST, HINTS, everywhere("NL", len(frame)))
    assert result.frame["name"].tolist() == ["b", "c"]
    assert [change.row for change in result.changes] == [3]


def test_columns_in_several_pieces_are_read_as_one() -> None:
    frame = pd.concat([frame_of({"name": ["a "]}), frame_of({"name": ["b "]})], ignore_index=True)
    result = normalise(frame, [2, 3], {"name": "Naam"}, REQUEST, HINTS, everywhere("NL", len(frame)))
    assert result.frame["name"].tolist() == ["a", "b"]


def test_no_rows_are_no_trouble() -> None:
    result = normalised({"name": [], PHONE: [], TYPE: []})
    assert len(result.frame) == 0
    assert (result.changes, result.doubts) == ((), ())


def test_clean_columns_are_handed_on_without_a_copy() -> None:
    frame = frame_of({"name": ["a", "b"]})
    result = normalise(frame, [2, 3], {"name": "Naam"}, REQUEST, HINTS, everywhere("NL", len(frame)))
    assert np.shares_memory(
        np.frombuffer(result.frame["name"].array.__arrow_array__().chunk(0).buffers()[2], np.uint8),
        np.frombuffer(frame["name"].array.__arrow_array__().chunk(0).buffers()[2], np.uint8),
    )
