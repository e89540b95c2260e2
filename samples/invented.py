"""What stands in the clean and the messy file. All companies, people, places and telephone numbers are invented."""

# ruff: noqa: INP001 - scripts that lie beside what they make, not a package
from __future__ import annotations

from raw_workbook import BOLD, DAY_AND_MONTH, TEN_DIGITS, TITLE, Cell, Sheet

NO_BREAK, ZERO_WIDTH, RIGHT_TO_LEFT = "\u00a0", "\u200b", "\u202e"
BELL, ESCAPE, UNIT = "\x07", "\x1b", "\x01"

CLEAN_HEADER = ["Phone number type", "Name", "Business name", "Contact person first name", "Contact person last name"]
CLEAN_HEADER += [
    "Contact person phone",
    "Street name",
    "House number",
    "Postal code",
    "City",
    "Province",
    "Description",
]

_PEOPLE = [
    ["local", "Bakkerij Voorbeeldstad", "Voorbeeld Bakkerij 1 BV", "Fleur", "Voorbeeld", "+31201234567"],
    ["local", "Fietsen Testdorp", "Test Fietsenmaker 2 VOF", "Bram", "de Tester", "+31301234567"],
    ["mobile", "Koerier Nergens", "Nergenshuizen Koerier 3 BV", "Noor", "van Niemand", "+31612345601"],
    ["national", "Klantenservice Fictief", "Fictief & Zonen 4 BV", "Daan", "Fictief", "+31881234567"],
    ["local", "Café 't Voorbeeld", "Café 't Voorbeeld 5", "Zoë", "in 't Voorbeeld", "+31401234567"],
    ["local", "Slagerij Verzonnen", "Slagerij Verzonnen, Zoon 6 BV", "Jip", "Verzonnen", "+31501234567"],
    ["mobile", "Loodgieter Proefstad", "Proef Loodgieters 7 BV", "Lotte", "Proef", "+31612345602"],
    ["local", "Kapper Bedacht", 'Kapsalon "Bedacht" 8', "Sem", "Bedacht", "+31101234567"],
    ["national", "Webwinkel Nepdorp", "Nepdorp Webwinkel 9 BV", "Evi", "van Nep", "+31881234568"],
    ["local", "Bloemen Oefenveen", "Bloemenhuis Oefenveen 10", "Mees", "Oefen", "+31701234567"],
    ["mobile", "Rijschool Monster", "Rijschool Monster 11 BV", "Saar", "van der Proef", "+31612345603"],
    ["local", "Apotheek Schijnhuizen", "Schijnhuizer Apotheek 12 BV", "Luuk", "Schijn", "+31241234567"],
]
_ADDRESSES = [
    ["Voorbeeldstraat", "1", "3412 AB", "Voorbeeldstad", "Utrecht", ""],
    ["Testlaan", "22a", "6845 BC", "Testdorp", "Gelderland", "Two shops, one number each"],
    ["Nergensweg", "1-3", "7856 CD", "Nergenshuizen", "Drenthe", ""],
    ["Fictiefplein", "100", "4367 DE", "Fictief aan Zee", "Zeeland", ""],
    ["Steeg 't Voorbeeld", "5 hs", "3578 EF", "Voorbeeldstad", "Utrecht", ""],
    ["Verzonnenkade", "006", "6189 FG", "Verzonnen", "Limburg", ""],
    ["Proefpad", "7", "7690 GH", "Proefstad", "Overijssel", ""],
    ["Bedachtestraat", "8 bis", "8901 HJ", "Bedacht", "Friesland", ""],
    ["Nepdorpsestraatweg", "9", "9712 JK", "Nepdorp", "Groningen", "For the help desk, from March"],
    ["Oefenveen", "10", "1322 KL", "Oefenveen", "Flevoland", ""],
    ["Monsterweg", "11", "2233 LM", "Monsterhuizen", "Zuid-Holland", ""],
    ["Schijnplein", "12", "5344 MN", "Schijnhuizen", "Noord-Brabant", ""],
]
CLEAN_ROWS = [person + address for person, address in zip(_PEOPLE, _ADDRESSES, strict=True)]

_DUTCH = ["Klantnr", "Soort nummer", "Naam groep", "Bedrijfsnaam ", "Voornaam contactpersoon"]
_DUTCH += [
    "Achternaam contactpersoon",
    "Telefoon",
    "Straat",
    "Huisnummer",
    "Postcode",
    "Plaats",
    "Provincie",
    "Toelichting",
]

Value = str | int | Cell | None


# First name, last name, street and province of whoever a row says nothing particular about, and the postal code from
# which those of that province are counted.
_USUAL: list[tuple[str, str, str, str, int]] = [
    ("Fleur", "Voorbeeld", "Voorbeeldstraat", "Utrecht", 3511),
    ("Noor", "van Niemand", "Nergensweg", "Drenthe", 7811),
    ("Bram", "de Tester", "Testlaan", "Gelderland", 6811),
    ("Sem", "Bedacht", "Bedachtestraat", "Friesland", 8911),
    ("Lotte", "Proef", "Proefpad", "Overijssel", 8001),
    ("Jip", "Verzonnen", "Verzonnenkade", "Limburg", 6211),
    ("Evi", "van Nep", "Nepdorpsestraatweg", "Groningen", 9701),
]


def _row(
    usual: int, kind: Value, name: Value, business: Value, phone: Value, house_number: Value, **other: Value
) -> list[Value]:
    """One customer: what is particular about it, the rest as usual. Its number in the first column is set later."""
    first_name, last_name, street, province, code = _USUAL[usual % len(_USUAL)]
    return [
        None,
        kind,
        name,
        business,
        other.get("first_name", first_name),
        last_name,
        phone,
        other.get("street", street),
        house_number,
        other.get("postal_code", f"{code + usual} AB"),
        other.get("city", "Voorbeeldstad"),
        other.get("province", province),
        other.get("description"),
    ]


_FIRST_OF_FEBRUARY_2025 = 45689

_MESSY: dict[int, list[Value]] = {
    5: _row(5, "Lokaal", "Bakkerij Noord", "Voorbeeld Bakkerij 21 BV", "020-1234567", "1"),
    6: _row(6, "Mobiel", "Koerier Zuid", "Nergenshuizen Koerier 22 BV", 612345611, 12),
    7: _row(
        7,
        "Lokaal",
        "Fietsen Oost",
        "Test Fietsenmaker 23 VOF",
        "030-1234567",
        Cell(number=_FIRST_OF_FEBRUARY_2025, style=DAY_AND_MONTH),
    ),
    8: _row(8, "Lokaal", "Kapper West", "Kapsalon Bedacht 24", Cell(number=201234568, style=TEN_DIGITS), "8 bis"),
    10: _row(
        10,
        f"Nationaal{NO_BREAK}",
        f"{NO_BREAK}Schilder Oost ",
        "Proef Schilders 25 BV",
        "088-1234567",
        "25",
        city=f"Testdorp{NO_BREAK}",
    ),
    11: _row(11, "vast", "Slager Midden", "Slagerij Verzonnen 26", "050-1234567", "26"),
    12: _row(12, "Lokaal", "Bloemen Midden", "Bloemenhuis Oefenveen 27", "070-1234567", "27", city=None),
    13: _row(5, "Lokaal", "Bakkerij Noord", "Voorbeeld Bakkerij 21 BV", "020-1234567", "1"),
    14: _row(6, "MOBIEL", "Koerier Zuid ", "Nergenshuizen Koerier 22 BV", "06 - 12 34 56 11", "12"),
    16: _row(
        16,
        "Lokaal",
        Cell(formula='CONCATENATE(D16," - ",K16)', stored="Garage Monster 28 - Monsterhuizen"),
        "Garage Monster 28",
        "010-1234567",
        "28",
        city="Monsterhuizen",
    ),
    17: _row(17, "Lokaal", "Opticien Monster", "Optiek Monster 29", "010-1234568", "29", street=Cell(formula="H16")),
    18: _row(18, "Landelijk", "Klantenservice Nep", "Nepdorp Webwinkel 30 BV", "088-1234569", "30"),
    19: _row(19, "Lokaal", "Tandarts Schijn", "Praktijk Schijn 31", "zie e-mail", "31"),
    20: _row(20, "Lokaal", "Makelaar Fictief", "   ", "0401234567", "32"),
    21: _row(21, "Lokaal", "Notaris Fictief", "Notariaat Fictief 33", "0401234568", "33", province=Cell(error="#N/A")),
    22: _row(
        22,
        "Lokaal",
        "Cafe\u0301 Zonnig",
        "Cafe\u0301 Zonnig 34",
        "020-1234569",
        "34",
        postal_code=f"7833{ZERO_WIDTH} BC",
    ),
    23: _row(
        23,
        "Lokaal",
        "Filiaal Zuiderburen",
        "Voorbeeld Zuid 35 BV",
        "+32 9 234 56 78",
        35,
        postal_code=9000,
        city="Verzinnegem",
        province="Oost-Vlaanderen",
    ),
    24: _row(24, "mobile", "Rijschool Monster", "Rijschool Monster 36 BV", "0031612345612", "36", postal_code="8935lm"),
    25: _row(25, None, "Timmerman Bos", "Timmerwerk Bos 37", "0241234567", None, first_name=None),
    26: _row(26, "Mobiel", "Taxi Nergens", "Taxi Nergens 38", "+31612345613", "38", description="=ja, graag"),
    27: _row(27, "Lokaal", "Boekhandel Proef", "Boekhandel Proef 39", "024-1234568", "0039"),
    28: _row(
        28,
        "Lokaal",
        "Hovenier Oefen",
        "Hoveniers Oefen 40",
        "(050) 1234568",
        "40",
        description="Eerst bellen\nna 10 uur",
    ),
    29: _row(29, "Lokaal", "Dierenarts Bedacht", "Dierenartsen Bedacht 41", "070-1234568", "3-5"),
    30: _row(30, "Nationaal", "Verhuur Testdorp", "Testdorp Verhuur 42 BV", "088-1234570", "42 - 44"),
    31: _row(31, "Mobiel", "Montage Proefstad", "Proef Montage 43 BV", "06-12345614", "43"),
}
_NOTES = [
    "Opmerkingen voor de telefoonleverancier",
    "Klant 1007: nog navragen of dit mobiel of lokaal moet zijn.",
    "Graag alles voor het eind van de maand geregeld.",
    "Vragen? aanvraag@example.com",
]


def messy_sheets() -> list[Sheet]:
    """The customers under a title, and a second sheet of notes."""
    rows = {1: [Cell(text="Aanvraag telefoonnummers voorjaar", style=TITLE)]}
    rows[2] = [Cell(text="Ingevuld door Fleur Voorbeeld, 3 maart 2025")]
    rows[4] = [Cell(text=label, style=BOLD) for label in _DUTCH]
    for number, values in _MESSY.items():
        rows[number] = [_cell(value) for value in [996 + number, *values[1:]]]
    rows[15] = [Cell() for _ in _DUTCH]
    notes = {number: [Cell(text=note)] for number, note in enumerate(_NOTES, start=1)}
    return [
        Sheet(
            name="Klanten",
            rows=dict(sorted(rows.items())),
            widths=[9, 13, 22, 29, 23, 25, 18, 18, 12, 10, 16, 16, 22],
            merged=("A1:F1",),
        ),
        Sheet(name="Opmerkingen", rows=notes, widths=[70]),
    ]


def _cell(value: Value) -> Cell:
    match value:
        case Cell():
            return value
        case int():
            return Cell(number=value)
        case _:
            return Cell(text=value)
