"""Combined columns: what is split, what is not, and what is said of a cell that can be read in more than one way."""

import pandas as pd
import pytest

from batch.columns import Layout, SheetHead, find_layout, split_cells
from batch.columns.splitting import Splitter, Splitters
from batch.hints import Combined, FieldHints, Hints, Kind, load_hints
from batch.model import Notice, SourceRow
from batch.schema import load_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
SPLITTERS = Splitters(SCHEMA, HINTS)
NAMES = [field.name for field in SCHEMA.fields]
STREET = "street_name+house_number"
NUMBER_FIRST = "house_number+street_name"
PERSON = "contact_person_first_name+contact_person_last_name"
LAST_FIRST = "contact_person_last_name+contact_person_first_name"
PLACE = "postal_code+city"
CITY_FIRST = "city+postal_code"
ADDRESS = f"{STREET}+{PLACE}"
NAW = f"business_name+{ADDRESS}"


def splitter(fields: str) -> Splitter:
    found = SPLITTERS.splitter(fields.split("+"))
    assert found is not None
    return found


def split(fields: str, cell: str) -> tuple[str, ...] | str:
    """The parts, or why not."""
    found = splitter(fields).split(cell)
    return found if isinstance(found, tuple) else str(found)


@pytest.mark.parametrize(
    ("cell", "street", "number"),
    [
        ("Kalverstraat 92-2hs", "Kalverstraat", "92-2hs"),
        ("Kalverstraat 92", "Kalverstraat", "92"),
        (" Kalverstraat\u00a0 92 ", "Kalverstraat", "92"),
        ("Kalverstraat, 92", "Kalverstraat", "92"),
        ("Kalverstraat\n92", "Kalverstraat", "92"),
        ("Kalverstraat nr. 92", "Kalverstraat", "92"),
        ("Kalverstraat 92 A", "Kalverstraat", "92 A"),
        ("Kalverstraat 92a-c", "Kalverstraat", "92a-c"),
        ("Kalverstraat 12 - 14", "Kalverstraat", "12 - 14"),
        ("Kalverstraat 12 t/m 14", "Kalverstraat", "12 t/m 14"),
        ("Kalverstraat 92 1 hoog", "Kalverstraat", "92 1 hoog"),
        ("Kalverstraat 92 hs", "Kalverstraat", "92 hs"),
        ("Kalverstraat 92 III", "Kalverstraat", "92 III"),
        ("'t Zand 5 A", "'t Zand", "5 A"),
        ("2e Helmersstraat 45", "2e Helmersstraat", "45"),
        ("1e Jan Steenstraat 12a", "1e Jan Steenstraat", "12a"),
        ("Plein 1940 3", "Plein 1940", "3"),
        ("Laan 1940-1945 3", "Laan 1940-1945", "3"),
        ("Laan '40-'45 12", "Laan '40-'45", "12"),
        ("18 Septemberplein 5", "18 Septemberplein", "5"),
        ("N.Z. Voorburgwal 120", "N.Z. Voorburgwal", "120"),
        ("Rijksweg A2 5", "Rijksweg A2", "5"),
        ("Oude Delft 12 bus 4", "Oude Delft", "12 bus 4"),
        ("Stra\u00dfe des 17. Juni 135", "Stra\u00dfe des 17. Juni", "135"),
        ("Rue de la Loi 16", "Rue de la Loi", "16"),
        ("Rue du 8 Mai 1945 12", "Rue du 8 Mai 1945", "12"),
        ("16 Rue de la Loi", "Rue de la Loi", "16"),
        ("16, Rue de la Loi", "Rue de la Loi", "16"),
        ("16 bis Rue de la Loi", "Rue de la Loi", "16 bis"),
        ("10 Downing Street", "Downing Street", "10"),
        ("221B Baker Street", "Baker Street", "221B"),
        ("Kalverstraat 92 | 2hs", "Kalverstraat 92", "2hs"),
    ],
)
def test_a_street_and_its_number_are_told_apart(cell: str, street: str, number: str) -> None:
    assert split(STREET, cell) == (street, number)


NO_NUMBER = "there is no house number at its end"
NO_STREET = "there is a house number, but no street"
SEVERAL = "more than one number in it can be the house number"
NAMED = "the number can also be a part of the street's name"
UNCLEAR = "it is not certain where each part begins"
MARKS = 'there must be one "|" between every two parts, and no part may be empty'


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("Kalverstraat", NO_NUMBER),
        ("Kalverstraat92", NO_NUMBER),
        ("2e Helmersstraat", NO_NUMBER),
        ("18 Septemberplein", NO_NUMBER),
        ("Kalverstraat 92 Amsterdam", NO_NUMBER),
        ("Kalverstraat 92 (achter)", NO_NUMBER),
        ("Dorpsstraat 0", NO_NUMBER),
        ("Oude Delft bus 4", NO_NUMBER),
        ("12 Achter Sint Joris", NO_NUMBER),
        ("92", NO_STREET),
        ("92-2", NO_STREET),
        ("nr. 92", NO_STREET),
        ("A 5", NO_STREET),
        ("Kalverstraat 92 2", SEVERAL),
        ("Kalverstraat 1940 2", SEVERAL),
        ("Kalverstraat 92, 2hs", SEVERAL),
        ("12 Dorpsstraat 5", SEVERAL),
        ("12 Church Street 5", SEVERAL),
        ("16 Rue du 8 Mai 1945", SEVERAL),
        ("Dorpsstraat 2e 5", SEVERAL),
        ("Plein 1940", NAMED),
        ("Laan 1940-1945", NAMED),
        ("Rue du 8 Mai 1945", NAMED),
        ("Kalverstraat 1012PH", "it seems to hold a postal code too"),
        ("Winkelcentrum, Dorpsstraat 5", UNCLEAR),
        ("Straat 12 / Achterweg 3", UNCLEAR),
        ("Kalverstraat - 92", UNCLEAR),
        ("Voorbeeld BV\nKalverstraat 92", UNCLEAR),
        ("x" * 501, UNCLEAR),
        ("Kalverstraat 92 |", MARKS),
        ("Kalverstraat | 92 | 2", MARKS),
    ],
)
def test_an_address_that_can_be_read_in_more_than_one_way_is_not_split(cell: str, why: str) -> None:
    assert split(STREET, cell) == why


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("12 Dorpsstraat", ("12", "Dorpsstraat")),
        ("16 bis, Dorpsstraat", ("16 bis", "Dorpsstraat")),
        ("16 Rue du 8 Mai 1945", ("16", "Rue du 8 Mai 1945")),
        ("12 Dorpsstraat 5", SEVERAL),
        ("Dorpsstraat 12", "there is no house number at its beginning"),
        ("18 Septemberplein", "there is no house number at its beginning"),
        ("5 Ter Gouwstraat", "there is no house number at its beginning"),
        ("12, 14", NO_STREET),
    ],
)
def test_the_number_stands_first_where_the_user_says_so(cell: str, found: object) -> None:
    assert split(NUMBER_FIRST, cell) == found


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("Jan van der Berg", "Jan", "van der Berg"),
        ("Jan  Jansen", "Jan", "Jansen"),
        ("Jan\nJansen", "Jan", "Jansen"),
        ("Jan Van Der Berg", "Jan", "Van Der Berg"),
        ("J.P. de Vries", "J.P.", "de Vries"),
        ("J. P. Jansen", "J. P.", "Jansen"),
        ("Jan P. Jansen", "Jan P.", "Jansen"),
        ("Jan V. Dijk", "Jan V.", "Dijk"),
        ("Jan v.d. Berg", "Jan", "v.d. Berg"),
        ("Jan 't Hart", "Jan", "'t Hart"),
        ("Jan in \u2019t Veld", "Jan", "in \u2019t Veld"),
        ("Anna Jansen-de Vries", "Anna", "Jansen-de Vries"),
        ("Anna van der Berg - de Vries", "Anna", "van der Berg - de Vries"),
        ("Jean-Pierre de La Fontaine", "Jean-Pierre", "de La Fontaine"),
        ("Se\u00e1n O'Brien", "Se\u00e1n", "O'Brien"),
        ("Jose\u0301 Silva", "Jos\u00e9", "Silva"),
        ("Anna Maria | de Vries", "Anna Maria", "de Vries"),
    ],
)
def test_first_and_last_name_are_told_apart(cell: str, first: str, last: str) -> None:
    assert split(PERSON, cell) == (first, last)


WHERE = "it is not certain where the last name begins"
MORE = "it holds more than the name of one person"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("Jan", "there is only one word"),
        ("Berg, Jan van der", "it has a comma, as if the last name came first"),
        ("de Vries", "there is no first name at its beginning"),
        ("Jan van", "the last name is not whole"),
        ("Anna Maria Jansen", WHERE),
        ("Anna Maria van den Berg", WHERE),
        ("Maria del Carmen Gonzalez", WHERE),
        ("Anna Jansen- Vries Berg", WHERE),
        ("Anna Jansen -", WHERE),
        ("Anna Jansen-", WHERE),
        ("Jansen J.", WHERE),
        ("Jan en Piet Jansen", WHERE),
        ("Jan Jansen & Zn", MORE),
        ("Jan Jansen 2", MORE),
        ("Jan (J.) Jansen", MORE),
        ("jan@example.com", MORE),
        ("Dhr. Jan Jansen", "it holds a title"),
        ("Jan Jansen, MSc", "it holds a title"),
    ],
)
def test_a_name_that_can_be_read_in_more_than_one_way_is_not_split(cell: str, why: str) -> None:
    assert split(PERSON, cell) == why


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Berg, Jan van der", ("van der Berg", "Jan")),
        ("van der Berg, Jan", ("van der Berg", "Jan")),
        ("Jansen de Vries, Anna Maria", ("Jansen de Vries", "Anna Maria")),
        ("van der Berg J.P.", ("van der Berg", "J.P.")),
        ("Jansen Jan", ("Jansen", "Jan")),
        ("Jan", "there is only one word"),
        ("de Vries, van", WHERE),
        ("van den Berg, Jan van", WHERE),
        ("Jan, Piet, Klaas", WHERE),
        (", Jan van", WHERE),
        ("Berg, van der", "there is no first name at its beginning"),
        ("Berg Jan Piet", WHERE),
    ],
)
def test_the_last_name_stands_first_where_the_user_says_so(cell: str, found: object) -> None:
    assert split(LAST_FIRST, cell) == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("1234 AB Amsterdam", ("1234 AB", "Amsterdam")),
        ("1234AB, Amsterdam", ("1234AB", "Amsterdam")),
        ("1234 ab amsterdam", ("1234 ab", "amsterdam")),
        ("1234 AB 's-Hertogenbosch", ("1234 AB", "'s-Hertogenbosch")),
        ("1234 AB Bergen (NH)", ("1234 AB", "Bergen (NH)")),
        ("3511 DE Utrecht", ("3511 DE", "Utrecht")),
        ("3454DE MEERN", ("3454DE", "MEERN")),
        ("B-1000 Brussel", ("B-1000", "Brussel")),
        ("75008 Paris", ("75008", "Paris")),
        ("123 45 Stockholm", ("123 45", "Stockholm")),
        ("SW1A 1AA London", ("SW1A 1AA", "London")),
        ("London SW1A 1AA", ("SW1A 1AA", "London")),
        ("Amsterdam, 1234 AB", ("1234 AB", "Amsterdam")),
        ("3454 De Meern", "the two letters can belong to the postal code or to the city"),
        ("3454 DE MEERN", "the two letters can belong to the postal code or to the city"),
        ("1234 AB", "there is a postal code, but no city"),
        ("Amsterdam", "there is no postal code at its beginning"),
        ("Berlin 10115", UNCLEAR),
        ("75008 Paris 8e", UNCLEAR),
        ("1234 AB Ede Nederland", "it seems to hold a country too"),
    ],
)
def test_postal_code_and_city_are_told_apart(cell: str, found: object) -> None:
    assert split(PLACE, cell) == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Amsterdam 1234 AB", ("Amsterdam", "1234 AB")),
        ("Berlin, 10115", ("Berlin", "10115")),
        ("1234 AB", "there is a postal code, but no city"),
        ("Amsterdam", "there is no postal code at its end"),
        ("1234 AB Amsterdam", UNCLEAR),
    ],
)
def test_the_city_stands_first_where_the_user_says_so(cell: str, found: object) -> None:
    assert split(CITY_FIRST, cell) == found


@pytest.mark.parametrize(
    ("fields", "cell", "found"),
    [
        (ADDRESS, "Kalverstraat 92, 1012 PH Amsterdam", ("Kalverstraat", "92", "1012 PH", "Amsterdam")),
        (ADDRESS, "Kalverstraat 92 A 1012PH Amsterdam", ("Kalverstraat", "92 A", "1012PH", "Amsterdam")),
        (ADDRESS, "Kalverstraat 92\n1012 PH Amsterdam", ("Kalverstraat", "92", "1012 PH", "Amsterdam")),
        (ADDRESS, "Rue de la Loi 16, 1000 Bruxelles", ("Rue de la Loi", "16", "1000", "Bruxelles")),
        (ADDRESS, "Kalverstraat|92|1012PH|Ede", ("Kalverstraat", "92", "1012PH", "Ede")),
        (ADDRESS, "Kalverstraat 1012 PH Amsterdam", UNCLEAR),
        (ADDRESS, "Voorbeeld\nKalverstraat 92\n1012 PH Amsterdam", UNCLEAR),
        (ADDRESS, "a " * 30 + "1, 1234 AB Ede", UNCLEAR),
        (NAW, "Bakker BV, Laan 9, 1234 AB Ede", ("Bakker BV", "Laan", "9", "1234 AB", "Ede")),
        (NAW, "Bakker, Piet\nLaan 9,\n1234 AB Ede", ("Bakker, Piet", "Laan", "9", "1234 AB", "Ede")),
        (NAW, "Bakker, Piet, Laan 9, 1234 AB Ede", UNCLEAR),
        (NAW, "Bakker BV Laan 9, 1234 AB Ede", UNCLEAR),
        (NAW, ", Laan 9, 1234 AB Ede", UNCLEAR),
        (f"{STREET}+city", "Laan 9, Ede", ("Laan", "9", "Ede")),
        (f"{PERSON}+contact_person_phone", "Jan Jansen; 06-1234", ("Jan", "Jansen", "06-1234")),
    ],
)
def test_more_than_two_fields_are_told_apart_by_lines_commas_and_rules(fields: str, cell: str, found: object) -> None:
    assert split(fields, cell) == found


@pytest.mark.parametrize(
    "fields", ["name+city", "city", f"{STREET}+name+business_name", f"phone_number_type+{STREET}", f"{STREET}+{STREET}"]
)
def test_fields_without_a_rule_cannot_be_split(fields: str) -> None:
    assert SPLITTERS.splitter(fields.split("+")) is None


def test_without_word_lists_and_kinds_less_is_certain() -> None:
    kinds = {"street_name": FieldHints(kind=Kind.STREET), "house_number": FieldHints(kind=Kind.HOUSE_NUMBER)}
    bare = Splitters(SCHEMA, Hints(fields=kinds))
    found = bare.splitter(["street_name", "house_number"])
    assert found is not None
    assert found.split("Laan 9") == ("Laan", "9")
    assert str(found.split("16 Rue de la Loi")) == NO_NUMBER
    assert bare.known() == (("street_name", "house_number"), ("house_number", "street_name"))


# What --map does with it.


def laid_out(headers: list[str], *mapping: str, hints: Hints = HINTS) -> Layout:
    rows = (SourceRow(number=1, cells=tuple(headers)),)
    return find_layout([SheetHead(name="", rows=rows)], SCHEMA, hints, mapping=mapping)


def problem(layout: Layout) -> Notice:
    (only,) = layout.problems
    return only


COMBINED = [name for name in NAMES if name not in ("street_name", "house_number")] + ["Adres"]


def test_a_column_is_split_into_the_fields_that_are_named() -> None:
    layout = laid_out(COMBINED, f"Adres={STREET}")
    assert (layout.problems, layout.missing) == ((), ())
    assert layout.fields[-1] == layout.splits[len(COMBINED) - 1].fields == ("street_name", "house_number")
    assert layout.field_labels["house_number"] == "Adres"
    (notice,) = layout.notices
    assert (notice.code, notice.column) == ("column_split", "Adres")


def test_fields_to_split_into_may_be_written_like_their_labels() -> None:
    assert laid_out(COMBINED, "adres = Street name + House number").problems == ()


def test_a_column_may_be_split_and_given_whole_to_another_field() -> None:
    headers = [name for name in COMBINED if name != "description"]
    layout = laid_out(headers, f"Adres={STREET}", "Adres=description")
    assert layout.problems == ()
    assert layout.fields[-1] == ("street_name", "house_number", "description")


def test_a_column_is_not_split_in_two_ways() -> None:
    found = problem(laid_out([*COMBINED, "street_name"], f"Adres={STREET}", f"Adres={NUMBER_FIRST}"))
    assert (found.code, found.column) == ("map_contradiction", "Adres")


def test_what_cannot_be_split_is_told_with_what_can() -> None:
    found = problem(laid_out(NAMES, "city=city+province"))
    assert (found.code, found.column) == ("map_cannot_split", "city")
    assert STREET in found.message
    assert found.message.startswith('--map "city=city+province" cannot be carried out')


def test_an_unknown_field_among_several_is_named() -> None:
    found = problem(laid_out([*COMBINED, "street_name", "house_number"], "Adres=street_name+huisnummer"))
    assert found.code == "map_unknown_field"
    assert 'there is no "huisnummer"' in found.message
    found = problem(laid_out([*COMBINED, "street_name", "house_number"], "Adres=street_name+house_numbr"))
    assert found.message.endswith('Did you mean --map "Adres=street_name+house_number"?')


def test_two_columns_of_the_same_header_to_split_are_told_apart_by_their_place() -> None:
    layout = laid_out([*COMBINED, "Adres"], f"Adres={STREET}")
    assert {found.code for found in layout.problems} == {"duplicate_header"}
    assert f'--map "column K={STREET}", --map "column L={STREET}"' in layout.problems[0].message


@pytest.mark.parametrize(
    ("header", "fields"),
    [("Contactpersoon", PERSON), ("Adres", STREET), ("Postcode en plaats", PLACE), ("NAW-gegevens", NAW)],
)
def test_a_combined_column_draws_advice_that_works(header: str, fields: str) -> None:
    headers = [name for name in NAMES if name not in fields.split("+")] + [header]
    advice = f'--map "{header}={fields}"'
    assert advice in problem(laid_out(headers)).message
    assert laid_out(headers, f"{header}={fields}").problems == ()


@pytest.mark.parametrize("header", ['Adres "kort"', "Adres " + "x" * 80, "Adres $HOME"])
def test_a_header_that_is_hard_to_type_is_advised_by_its_place(header: str) -> None:
    hints = Hints(fields=HINTS.fields, combined=(Combined(headers=(header,), fields=("street_name", "house_number")),))
    assert f'--map "column K={STREET}"' in problem(laid_out([*COMBINED[:-1], header], hints=hints)).message


def test_a_combined_column_that_no_rule_can_split_draws_advice_to_split_it_by_hand() -> None:
    hints = Hints(combined=(Combined(headers=("Adres",), fields=("street_name", "house_number")),))
    assert problem(laid_out(COMBINED, hints=hints)).message.endswith("give each a column of its own.")


# What comes of the cells.


def test_every_part_is_recorded_and_every_doubt_is_an_error_of_its_row() -> None:
    layout = laid_out(["Adres", "name"], f"Adres={STREET}")
    cells = pd.DataFrame({0: ["Laan 9", "Laan", " ", "Laan 9"], 1: ["a", "b", "c", "d"]}, dtype="str")
    found = split_cells(cells, layout, SCHEMA)
    assert list(found.columns["street_name"]) == ["Laan", "", "", "Laan"]
    assert list(found.columns["house_number"]) == ["9", "", "", "9"]
    assert [(change.row, change.field, change.before, change.after, change.code) for change in found.changes] == [
        (0, "street_name", "Laan 9", "Laan", "split"),
        (0, "house_number", "Laan 9", "9", "split"),
        (3, "street_name", "Laan 9", "Laan", "split"),
        (3, "house_number", "Laan 9", "9", "split"),
    ]
    (error,) = found.errors
    assert (error.row, error.column, error.value, error.code) == (1, "Adres", "Laan", "cannot_split")
    assert error.message == (
        f"This cell cannot be split into Street name, House number: {NO_NUMBER}. Correct it, or put "
        '"|" between the parts, as in "Dorpsstraat | 12 A".'
    )
    assert found.cells == {(1, "street_name"), (1, "house_number")}


@pytest.mark.parametrize("fields", [STREET, NUMBER_FIRST, PERSON, LAST_FIRST, PLACE, CITY_FIRST, ADDRESS, NAW])
def test_the_example_of_every_rule_can_be_split(fields: str) -> None:
    assert isinstance(split(fields, splitter(fields).example), tuple)
