"""One sheet: where the header row is, which header feeds which field, and what is said about the rest."""

import json
from collections.abc import Sequence

import pytest

from batch.columns import Layout, SheetHead, column_label, find_layout
from batch.columns.sayings import quoted
from batch.hints import Combined, FieldHints, Hints, load_hints
from batch.model import Notice, SourceRow
from batch.schema import Schema, load_schema, parse_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
NAMES = [field.name for field in SCHEMA.fields]
DUTCH = [
    "Soort nummer",
    "Naam",
    "Bedrijfsnaam",
    "Voornaam contactpersoon",
    "Achternaam contactpersoon",
    "Telefoonnummer (contactpersoon)",
    "Straat",
    "Huisnr.",
    "Postcode",
    "Plaats",
    "Provincie",
    "Omschrijving",
]
DATA = [
    "lokaal",
    "Noord",
    "Voorbeeld BV",
    "Jan",
    "Fictief",
    "06-12345678",
    "Dorpsstraat",
    "1",
    "1234 AB",
    "Ede",
    "Gelderland",
    "",
]


def rows_of(*rows: Sequence[str]) -> tuple[SourceRow, ...]:
    return tuple(SourceRow(number=at, cells=tuple(row)) for at, row in enumerate(rows, 1) if any(row))


def laid_out(
    *rows: Sequence[str], mapping: Sequence[str] = (), schema: Schema = SCHEMA, hints: Hints = HINTS
) -> Layout:
    return find_layout([SheetHead(name="", rows=rows_of(*rows))], schema, hints, mapping=mapping)


def schema_of(*required: str, **properties: object) -> Schema:
    document = {"type": "object", "properties": properties, "required": required}
    return parse_schema(json.loads(json.dumps(document)), source="s.json")


def only(notices: Sequence[Notice], code: str) -> Notice:
    (notice,) = [each for each in notices if each.code == code]
    return notice


def mapped(layout: Layout) -> dict[str, tuple[str, ...]]:
    return dict(zip(layout.labels, layout.fields, strict=True))


def without(*headers: str) -> list[str]:
    return [header for header in DUTCH if header not in headers]


def test_headers_that_are_the_field_names_feed_their_fields() -> None:
    layout = laid_out(NAMES, DATA)
    assert (layout.sheet, layout.header_row) == ("", 1)
    assert layout.fields == tuple((name,) for name in NAMES)
    assert (layout.problems, layout.notices, layout.missing) == ((), (), ())


def test_dutch_headers_feed_their_fields() -> None:
    layout = laid_out(DUTCH, DATA)
    assert layout.fields == tuple((name,) for name in NAMES)
    assert (layout.problems, layout.notices) == ((), ())


@pytest.mark.parametrize(
    "spelled",
    [str.upper, str.title, lambda name: f"\ufeff {name.replace('_', ' - ')}:\u00a0", lambda name: f"*{name}*"],
)
def test_case_spacing_and_punctuation_of_a_header_do_not_matter(spelled: object) -> None:
    assert callable(spelled)
    assert laid_out([spelled(name) for name in NAMES]).fields == tuple((name,) for name in NAMES)


def test_accents_of_a_header_do_not_matter() -> None:
    headers = [header.replace("a", "á").replace("o", "ö") for header in DUTCH]
    assert laid_out(headers).fields == tuple((name,) for name in NAMES)


@pytest.mark.parametrize("decoration", [" (verplicht)", " [required]", " (optioneel) *", "\n(VERPLICHT VELD)"])
def test_words_in_brackets_that_only_say_whether_it_must_be_filled_do_not_matter(decoration: str) -> None:
    assert laid_out([header + decoration for header in DUTCH]).fields == tuple((name,) for name in NAMES)


@pytest.mark.parametrize(
    "decoration",
    [
        " (e.g. Amsterdam)",
        " (bijv. 1234 AB)",
        "\n(max. 50 tekens)",
        " [kies uit de lijst]",
        " *",
        " **)",
        "\n",
        " :",
        " (Pflichtfeld)",
    ],
)
def test_examples_limits_and_asterisks_behind_a_header_do_not_matter(decoration: str) -> None:
    assert laid_out([header + decoration for header in DUTCH]).fields == tuple((name,) for name in NAMES)


GERMAN = [
    "Rufnummertyp", "Gruppenname", "Firmenname", "Vorname", "Nachname", "Telefonnummer", "Stra\u00dfe", "Hausnr.",
    "PLZ", "Ort", "Bundesland", "Beschreibung",
]  # fmt: skip
FRENCH = [
    "Type de num\u00e9ro", "Nom du groupe", "Raison sociale", "Pr\u00e9nom", "Nom de famille", "T\u00e9l\u00e9phone",
    "Rue", "N\u00b0 de maison", "Code postal", "Ville", "Province", "Description",
]  # fmt: skip


@pytest.mark.parametrize("headers", [GERMAN, FRENCH, [text.upper() for text in FRENCH]])
def test_german_and_french_headers_feed_their_fields(headers: list[str]) -> None:
    layout = laid_out(headers)
    assert layout.fields == tuple((name,) for name in NAMES)
    assert layout.problems == ()


@pytest.mark.parametrize("header", ["Telefoon\n(vast)", "Telefoon (mobiel)", "Mobilnummer", "T\u00e9l.", "Landline"])
def test_a_phone_column_of_one_kind_is_the_phone_unless_there_are_two(header: str) -> None:
    headers = without("Telefoonnummer (contactpersoon)")
    assert laid_out([*headers, header]).problems == ()
    (problem,) = laid_out([*headers, header, "Tel. contactpersoon"]).problems
    assert problem.code == "columns_for_one_field"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Pstcode", "postal_code"),
        ("Postcde *", "postal_code"),
        ("Postcode (1234 AB)", "postal_code"),
        ("Hausnumer", "house_number"),
        ("Code postale", "postal_code"),
        ("Vilel", "city"),
        ("Woonplats", "city"),
        ("Bundeslnad", "province"),
        ("Adres: straat bedrijf", "street_name"),
        ("Pr\u00e9nom du dirigeant", "contact_person_first_name"),
        ("Telefoonummer", "contact_person_phone"),
    ],
)
def test_a_near_miss_in_any_language_is_suggested_and_not_taken(header: str, field: str) -> None:
    others = [header for header, name in zip(DUTCH, NAMES, strict=True) if name != field]
    layout = laid_out([*others, header])
    assert layout.missing == (field,)
    assert f'={field}"' in layout.problems[0].message


def test_other_words_in_brackets_do_matter() -> None:
    layout = laid_out([*without("Naam"), "Naam (contactpersoon)"])
    assert layout.missing == ("name",)


def test_a_name_wins_over_a_synonym_of_another_field() -> None:
    schema = schema_of(firma={"type": "string"}, business_name={"type": "string"})
    assert laid_out(["Firma", "Bedrijf"], schema=schema).fields == (("firma",), ("business_name",))


def test_the_exact_name_wins_over_a_name_that_is_loosely_the_same() -> None:
    schema = schema_of(ab={"type": "string"}, a_b={"type": "string"})
    assert laid_out(["ab", "a_b"], schema=schema).fields == (("ab",), ("a_b",))
    assert laid_out(["ab", "A B"], schema=schema, mapping=["A B=a_b"]).fields == (("ab",), ("a_b",))
    schema = schema_of(ab={"type": "string"}, a_b={"type": "string"}, c={"type": "string"})
    assert laid_out(["ab", "A B", "c"], schema=schema).fields == (("ab",), (), ("c",))


def test_a_synonym_that_two_fields_claim_is_taken_for_neither() -> None:
    hints = Hints(fields={"a": FieldHints(headers=("Iets",)), "b": FieldHints(headers=("iets",))})
    schema = schema_of(a={"type": "string"}, b={"type": "string"}, c={"type": "string"})
    assert laid_out(["Iets", "a", "c"], schema=schema, hints=hints).fields == ((), ("a",), ("c",))


def test_a_field_without_hints_works_by_its_name_and_label() -> None:
    schema = schema_of(vat_number={"type": "string"}, kvk={"type": "string", "title": "Chamber of Commerce"})
    assert laid_out(["VAT number", "chamber of commerce"], schema=schema).fields == (("vat_number",), ("kvk",))


def test_hints_for_fields_that_the_schema_lacks_do_nothing() -> None:
    hints = Hints(combined=(Combined(headers=("Both",), fields=("a", "gone")),))
    layout = laid_out(["a", "b", "Both"], schema=schema_of(a={"type": "string"}, b={"type": "string"}), hints=hints)
    assert [notice.code for notice in layout.notices] == ["column_not_sent"]


def test_the_header_row_is_found_under_titles_and_empty_rows() -> None:
    layout = laid_out(["Klantenlijst Voorbeeld BV"], [], ["Naam:", "Jan"], ["", "", *DUTCH], ["", "", *DATA])
    assert layout.header_row == 4
    assert layout.positions["phone_number_type"] == 2
    notice = only(layout.notices, "rows_above_header")
    assert notice.row == 1
    assert notice.message == "Rows 1 to 3 stand above the header row (row 4) and are not read as data."


def test_one_row_above_the_header_row_is_told_in_the_singular() -> None:
    message = only(laid_out(["Klantenlijst"], DUTCH).notices, "rows_above_header").message
    assert message == "Row 1 stands above the header row (row 2) and is not read as data."


def test_of_two_header_rows_the_first_is_taken() -> None:
    assert laid_out(DUTCH, DATA, DUTCH).header_row == 1


def test_data_that_reads_like_a_header_makes_no_header_row() -> None:
    layout = laid_out(["Naam: Jan", "Mobiel"], DUTCH, ["Plaats", "Mobiel", *DATA[2:]])
    assert layout.header_row == 2


def test_a_schema_of_one_field_needs_one_header() -> None:
    assert laid_out(["x"], ["a"], schema=schema_of(a={"type": "string"})).header_row == 2


def test_without_a_header_row_the_needed_columns_are_named() -> None:
    layout = laid_out(DATA, DATA)
    assert (layout.header_row, layout.fields) == (None, ())
    assert layout.missing == tuple(NAMES[:-1])
    (problem,) = layout.problems
    assert (problem.code, problem.row) == ("no_header_row", 1)
    assert problem.message.startswith("Row 1: no header row was found here or in the next rows")
    assert all(field.label in problem.message for field in SCHEMA.fields if field.required)
    assert '--map "Header=phone_number_type"' in problem.message
    assert "06-12345678" not in problem.message


def test_the_row_that_looks_like_a_header_row_is_named() -> None:
    titles, names = ["Relaties 2026", ""], ["Relatie", "Vestiging", "Belnummer", ""]
    (problem,) = laid_out(titles, names, ["Bakker", "Assen", "0592-123456", "x"]).problems
    assert problem.message.endswith('Row 2 looks like one: "Relatie", "Vestiging", "Belnummer".')
    for rows in ([names], [names, ["Bakker", "Assen", "", ""]], [["Bakker", "Bakker"], ["Assen", "12"]]):
        assert "looks like" not in laid_out(*rows).problems[0].message  # they may be someone's name


def test_without_a_header_row_a_schema_that_needs_nothing_still_gives_advice() -> None:
    layout = laid_out(["x"], schema=schema_of(a={"type": "string"}))
    assert '--map "Header=field"' in layout.problems[0].message


def test_a_file_without_rows_is_said_to_be_so() -> None:
    (problem,) = laid_out().problems
    assert (problem.code, problem.message) == ("no_rows", "The file has no rows.")


def test_a_missing_column_is_named_with_the_headers_and_a_suggestion() -> None:
    layout = laid_out([*without("Provincie"), "Provinci"])
    assert layout.missing == ("province",)
    (problem,) = layout.problems
    assert (problem.code, problem.row) == ("missing_column", 1)
    assert problem.message == (
        'Row 1: no column was found for Province. The headers are: "Soort nummer", "Naam", "Bedrijfsnaam", '
        '"Voornaam contactpersoon", "Achternaam contactpersoon", "Telefoonnummer (contactpersoon)", "Straat", '
        '"Huisnr.", "Postcode", "Plaats", "Omschrijving", "Provinci". '
        'Is "Provinci" the Province? Then add --map "Provinci=province".'
    )


def test_several_missing_columns_are_named_together() -> None:
    (problem,) = laid_out(without("Plaats", "Soort nummer")).problems
    assert "no columns were found for Phone number type, City." in problem.message
    assert 'Add a column City, or say which one it is: --map "Header=city".' in problem.message
    assert "Add a column Phone number type (one of local, mobile, national), or say" in problem.message


def test_a_missing_column_that_is_not_required_is_no_problem() -> None:
    layout = laid_out(without("Omschrijving"))
    assert (layout.problems, layout.missing) == ((), ())


def test_a_near_miss_is_never_taken() -> None:
    layout = laid_out([*without("Omschrijving"), "Omschrijvng"])
    assert mapped(layout)["Omschrijvng"] == ()
    notice = only(layout.notices, "column_near_miss")
    assert (notice.row, notice.column) == (1, "Omschrijvng")
    assert notice.message == (
        'The column "Omschrijvng" is not sent. Did you mean Description? Then add --map "Omschrijvng=description".'
    )


def test_a_near_miss_of_a_field_that_is_fed_already_draws_no_suggestion() -> None:
    assert only(laid_out([*DUTCH, "Provinci"]).notices, "column_not_sent").message == (
        'The column "Provinci" is not sent. It matches no field.'
    )


def test_one_column_is_not_used_for_two_fields_unasked() -> None:
    layout = laid_out(without("Naam"))
    assert layout.missing == ("name",)
    assert (
        'If "Bedrijfsnaam" is the Name too, add --map "Bedrijfsnaam=business_name" --map "Bedrijfsnaam=name".'
        in layout.problems[0].message
    )


def test_a_column_that_holds_two_fields_is_not_taken_but_named() -> None:
    layout = laid_out([*without("Straat", "Huisnr."), "Adres"])
    assert mapped(layout)["Adres"] == ()
    assert layout.missing == ("street_name", "house_number")
    said = (
        '"Adres" seems to hold Street name, House number in one cell. To have it split, add '
        '--map "Adres=street_name+house_number"; or give each a column of its own in the file.'
    )
    assert layout.problems[0].message.endswith(said)
    assert only(layout.notices, "column_combined").message == f'The column "Adres" is not sent. {said}'


def test_a_column_that_holds_two_fields_that_are_fed_already_is_just_not_sent() -> None:
    assert [notice.code for notice in laid_out([*DUTCH, "Adres"]).notices] == ["column_not_sent"]


@pytest.mark.parametrize("header", ["Street & number", "Straat + huisnr", "straat/nr", "Straat, nummer"])
def test_a_street_with_number_is_never_taken_for_the_house_number(header: str) -> None:
    layout = laid_out([*without("Straat", "Huisnr."), header])
    assert layout.missing == ("street_name", "house_number")
    assert mapped(layout)[header] == ()


@pytest.mark.parametrize(
    ("header", "owner"), [("Toevoeging", "Huisnr."), ("Tussenvoegsel", "Achternaam contactpersoon")]
)
def test_a_column_that_holds_a_piece_of_a_field_is_told(header: str, owner: str) -> None:
    notice = only(laid_out([*DUTCH, header]).notices, "column_part_of_field")
    assert notice.column == header
    assert f'put it into the column "{owner}"' in notice.message


def test_a_piece_of_a_field_that_no_column_feeds_is_just_not_sent() -> None:
    layout = laid_out([*without("Huisnr."), "Toevoeging"])
    assert [notice.code for notice in layout.notices] == ["column_not_sent"]


def test_columns_that_match_nothing_are_said_not_to_be_sent() -> None:
    layout = laid_out([*DUTCH, "Opmerking", "KvK-nummer"])
    assert [(notice.code, notice.column, notice.row) for notice in layout.notices] == [
        ("column_not_sent", "Opmerking", 1),
        ("column_not_sent", "KvK-nummer", 1),
    ]


@pytest.mark.parametrize(
    ("count", "said"), [(101, "One more column is not sent."), (103, "3 more columns are not sent.")]
)
def test_a_hundred_columns_are_told_one_by_one_and_the_rest_together(count: int, said: str) -> None:
    notices = laid_out([*DUTCH, *(f"X{at}" for at in range(count))]).notices
    assert len(notices) == 101
    assert (notices[-1].message, notices[-1].column) == (said, None)


def test_two_headers_for_one_field_are_a_problem_with_a_choice() -> None:
    layout = laid_out([*DUTCH, "Woonplaats"])
    (problem,) = layout.problems
    assert (problem.code, problem.row, problem.column) == ("columns_for_one_field", 1, "Plaats")
    assert problem.message == (
        'Row 1: "Plaats", "Woonplaats" can each be City, and only one column can. '
        'Choose one: --map "Plaats=city", --map "Woonplaats=city".'
    )


def test_a_header_that_stands_twice_and_feeds_a_field_is_a_problem_with_a_choice() -> None:
    layout = laid_out([*DUTCH, "Plaats "])
    (problem,) = layout.problems
    assert problem.code == "duplicate_header"
    assert problem.message == (
        'Row 1: the header "Plaats" stands more than once (column J, column M), and only one column can be City. '
        'Rename or remove the others in the file, or choose one: --map "column J=city", --map "column M=city".'
    )


def test_a_header_that_stands_twice_and_feeds_nothing_is_no_problem() -> None:
    layout = laid_out([*DUTCH, "Opmerking", "Opmerking"])
    assert layout.problems == ()
    assert [notice.column for notice in layout.notices] == ["Opmerking", "Opmerking"]


def test_a_blank_header_over_text_is_named_by_its_place() -> None:
    layout = laid_out(["Soort nummer", "", " ", *DUTCH[1:]], ["lokaal", "iets", "", *DATA[1:]])
    assert layout.labels[:4] == ("Soort nummer", "column B", "column C", "Naam")
    assert layout.headers[:4] == ("Soort nummer", "", " ", "Naam")
    notice = only(layout.notices, "column_without_header")
    assert (notice.column, notice.row) == ("column B", 1)
    assert '--map "column B=field"' in notice.message
    assert layout.problems == ()


def test_rows_shorter_than_the_header_row_hold_nothing_under_a_blank_header() -> None:
    assert laid_out([*DUTCH, ""], DATA).notices == ()


def test_labels_are_the_headers_as_written_but_trimmed() -> None:
    layout = laid_out([f"\u00a0{header}\n " for header in DUTCH])
    assert layout.labels == tuple(DUTCH)
    assert layout.headers[0] == "\u00a0Soort nummer\n "


def test_the_columns_of_a_failed_file_are_recognised_and_never_mapped() -> None:
    layout = laid_out([*DUTCH, "flireo_row", " FLIREO_SOURCE ", "flireo_status", "flireo_errors"])
    assert layout.lineage == {"flireo_row": 12, "flireo_source": 13, "flireo_status": 14, "flireo_errors": 15}
    assert layout.fields[12:] == ((), (), (), ())
    assert (layout.problems, layout.notices) == ((), ())


def test_a_column_of_a_failed_file_that_stands_twice_is_a_problem() -> None:
    (problem,) = laid_out([*DUTCH, "flireo_row", "flireo_row"]).problems
    assert (problem.code, problem.column) == ("duplicate_header", "flireo_row")
    assert "(column M, column N)" in problem.message


def test_positions_and_labels_by_field() -> None:
    layout = laid_out(DUTCH)
    assert layout.positions == {name: at for at, name in enumerate(NAMES)}
    assert layout.field_labels["city"] == "Plaats"
    assert (layout.label(9), layout.label(12)) == ("Plaats", "column M")


@pytest.mark.parametrize(
    ("position", "label"), [(0, "column A"), (25, "column Z"), (26, "column AA"), (16383, "column XFD")]
)
def test_columns_are_lettered_like_in_excel(position: int, label: str) -> None:
    assert column_label(position) == label


def test_long_headers_are_clipped_in_sentences_and_long_lists_cut() -> None:
    assert quoted(["a\nb" + "c" * 100]) == f'"a b{"c" * 56}…"'
    assert quoted(str(at) for at in range(40)).endswith('"29", …')
