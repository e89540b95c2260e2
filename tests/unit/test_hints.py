"""The hints file: what it must hold, and that the one that is shipped keeps its own rules."""

import json
from pathlib import Path

import pytest

from batch.errors import SettingsError
from batch.hints import Combined, FieldHints, Hints, Kind, load_hints
from batch.likeness import loose
from batch.schema import load_schema, schemas_folder


@pytest.fixture
def hints() -> Hints:
    return load_hints(schemas_folder() / "hints.json")


def loaded(tmp_path: Path, document: object) -> Hints:
    path = tmp_path / "hints.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load_hints(path)


def refusal(tmp_path: Path, document: object) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, document)
    assert caught.value.code == "hints_malformed"
    return caught.value.message


def test_every_field_of_the_request_schema_has_header_synonyms(hints: Hints) -> None:
    schema = load_schema(schemas_folder() / "verification-group.request.json")
    assert [field.name for field in schema.fields if not hints.of(field.name).headers] == []
    assert hints.fields.keys() == {field.name for field in schema.fields}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Bedrijfsnaam", "business_name"),
        ("Naam bedrijf", "business_name"),
        ("Firma", "business_name"),
        ("Company name", "business_name"),
        ("Naam", "name"),
        ("Voornaam contactpersoon", "contact_person_first_name"),
        ("Achternaam contactpersoon", "contact_person_last_name"),
        ("Telefoonnummer contactpersoon", "contact_person_phone"),
        ("Straat", "street_name"),
        ("Straatnaam", "street_name"),
        ("Huisnummer", "house_number"),
        ("Huisnr", "house_number"),
        ("Postcode", "postal_code"),
        ("ZIP code", "postal_code"),
        ("Plaats", "city"),
        ("Woonplaats", "city"),
        ("Stad", "city"),
        ("Provincie", "province"),
        ("Soort nummer", "phone_number_type"),
        ("Type nummer", "phone_number_type"),
        ("Omschrijving", "description"),
    ],
)
def test_what_customers_call_the_columns_is_known(hints: Hints, header: str, field: str) -> None:
    assert header in hints.of(field).headers


def test_no_header_of_the_shipped_hints_has_two_meanings(hints: Hints) -> None:
    schema = load_schema(schemas_folder() / "verification-group.request.json")
    meanings: dict[str, set[object]] = {}
    for field in schema.fields:
        for header in (field.name, field.label, *hints.of(field.name).headers):
            meanings.setdefault(loose(header), set()).add(field.name)
        for header in hints.of(field.name).parts:
            meanings.setdefault(loose(header), set()).add(("part of", field.name))
    for combined in hints.combined:
        for header in combined.headers:
            meanings.setdefault(loose(header), set()).add(combined.fields)
    assert {header: found for header, found in meanings.items() if len(found) > 1 or not header} == {}


def test_dutch_values_lead_to_the_values_of_the_enum(hints: Hints) -> None:
    values = hints.of("phone_number_type").meanings
    assert (values["lokaal"], values["mobiel"]) == ("local", "mobile")
    assert (values["nationaal"], values["landelijk"], values["06 nummer"]) == ("national", "national", "mobile")
    schema = load_schema(schemas_folder() / "verification-group.request.json")
    assert set(values.values()) == set(next(field.enum for field in schema.fields if field.name == "phone_number_type"))


def test_the_contact_persons_phone_is_a_phone(hints: Hints) -> None:
    assert hints.of("contact_person_phone").kind is Kind.PHONE
    assert hints.of("name").kind is None


def test_combined_columns_are_known(hints: Hints) -> None:
    held = {header: combined.fields for combined in hints.combined for header in combined.headers}
    assert held["Contactpersoon"] == ("contact_person_first_name", "contact_person_last_name")
    assert held["Adres"] == ("street_name", "house_number")


def test_a_field_without_hints_has_empty_ones(tmp_path: Path) -> None:
    assert loaded(tmp_path, {}).of("vat_number") == FieldHints()


def test_all_languages_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    document = {
        "about": "for people",
        "decorations": {"en": ["required"]},
        "fields": {"a": {"headers": {"en": ["A"], "de": ["Ä"]}, "values": {"x": {"de": ["Iks"]}}, "stand_ins": ["b"]}},
        "combined": [{"fields": ["a", "b"], "headers": {"en": ["Both"]}}],
    }
    hints = loaded(tmp_path, document)
    assert hints.of("a") == FieldHints(
        headers=("A", "Ä"), called={"en": "A", "de": "Ä"}, meanings={"iks": "x"}, stand_ins=("b",)
    )
    assert hints.combined == (Combined(fields=("a", "b"), headers=("Both",)),)
    assert hints.decorations == ("required",)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"hints\.json cannot be read") as caught:
        load_hints(tmp_path / "hints.json")
    assert caught.value.code == "hints_unreadable"


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hints.json"
    path.write_bytes(b"{\xff")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_hints(path)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "hints.json: the document should be an object; found []."),
        ({"field": {}}, 'should be nothing but about, combined, country, decorations, fields, words; found "field".'),
        ({"fields": {"a": {"header": {}}}}, "fields.a should be nothing but headers, kind, parts, stand_ins, values"),
        ({"fields": {"a": {"kind": "fax"}}}, "fields.a.kind should be one of phone, business, first_name,"),
        ({"fields": {"a": {"headers": ["A"]}}}, 'fields.a.headers should be an object; found ["A"].'),
        ({"fields": {"a": {"headers": {"en": "A"}}}}, 'fields.a.headers.en should be a list; found "A".'),
        ({"fields": {"a": {"headers": {"en": [1]}}}}, "fields.a.headers.en should be a list of texts; found 1."),
        ({"combined": [{"fields": "a"}]}, 'combined[0].fields should be a list; found "a".'),
        (
            {"fields": {"a": {"values": {"x": {"nl": ["een"]}, "y": {"nl": ["Een"]}}}}},
            'fields.a.values.y should be a synonym that does not also mean x; found "Een".',
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, document: object, message: str) -> None:
    assert message in refusal(tmp_path, document)
