"""sense: realistic rows of many countries that give no warning, and odd ones that give exactly the right one."""

# ruff: noqa: E501 -- one line for each row, to be read as a table

from __future__ import annotations

import pytest

from tests.support.sense import NAMES, warned

GOOD = {
    # What Dutch customers send, all invented.
    "amsterdam": "local|Bakkerij Noord|Bakkerij De Korenaar B.V.|Anna|de Vries|+31201234567|Keizersgracht|12|1015 CJ|Amsterdam|Noord-Holland|",
    "no space, small letters": "local|Depot|Kok & Zn.|Jan-Willem|van 't Hof|020-1234567|1e Hugo de Grootstraat|1|1052kn|Amsterdam|noord-holland|",
    "addition": "mobile|Kapper|Kapsalon Bij Sanne|Sanne|El Amrani|06 12345601|Kerkstraat|12-A hs|3511 AB|Utrecht|Utr.|",
    "frisian": "local|Winkel|Fietsen Wiersma|Sjoerd|Wiersma|0582123456|Nieuwestad|66|8911 CX|Ljouwert|Fryslân|",
    "both names": "local|Winkel|Fietsen Wiersma|Doutzen|ten Cate|+31582123456|Wirdumerdijk|4a|8911 CD|Leeuwarden|Fryslân/Friesland|",
    "english": "national|Support|North Sea Trading B.V.|Emma|Smith|+31 88 123 4567|Coolsingel|40|3011 AD|Rotterdam|South Holland|English spoken",
    "abbreviated": "local|W1|Garage Smits V.O.F.|Piet|Smits|0402123456|Kleine Berg|7 bis|5611 JS|Eindhoven|N-Br|",
    "dots": "local|W2|Loods 5|Ria|in 't Veld|0702123456|Plein 1813|3|2514 JN|'s-Gravenhage|Z.-H.|",
    "numbered square": "local|W3|538 Groep|Bas|Bas|0242123456|Plein 1944|17|6511 JC|Nijmegen|Gld|",
    "range street": "local|W4|Cafe 40-45|Ed|Nijpels-de Wit|0302123456|Plein '40-'45|6|3521 XX|Utrecht|provincie Utrecht|",
    "nl prefix": "local|W5|Jansen|Kim|Jansen Jansens|0451234567|Saroleastraat|11|NL-6411 LS|Heerlen|Limburg|",
    "terschelling": "local|W6|Strandpaviljoen|Hille|van der Meer|0562123456|Oosterburen|9|8891 CA|Midsland|Friesland|",
    "border area, anything goes": "local|W7|Leerdam Glas|Joost|Both|0345123456|Hoogstraat|5|4141 BA|Leerdam|Utrecht|",
    "web shop": "national|bol|www.voorbeeld.nl B.V.|Noa|de Boer|0881234567|Papendorpseweg|100|3528 BJ|Utrecht|Utrecht|",
    "firm called X": "local|X|X|Ali|Hassan Ali|+31201234567|Damrak|1|1012 LG|Amsterdam|NH|",
    "internal name is a number": "local|123456|Firma 24|An|Peeters|+32470123456|Markt|2|4331 LK|Middelburg|Zeeland|",
    "internal name is an address": "local|info@example.com|Firma|Bo|Na|+31113123456|Markt|2|4461 AB|Goes|Zld|mail info@example.com of bel 020-1234567",
    "upper case": "LOCAL|DEPOT|BAKKERIJ JANSSEN BV|JAN|DE VRIES|+31201234567|KEIZERSGRACHT|12|1015CJ|AMSTERDAM|NOORD-HOLLAND|",
    "foreign phone": "mobile|GmbH|Müller Handel GmbH|Jürgen|Müller|+4915112345678|Industrieweg|5|7903 AJ|Hoogeveen|Drenthe|",
    "double first name": "mobile|Anna M|Studio Anna|Anna Maria|van den Berg|0612345602|Lange Voorhout|74|2514 EH|Den Haag|Zuid-Holland|",
    "long description": "mobile|L|Lang|Eva|Lang|0612345603|Dorpsstraat|1|9712 EX|Groningen|Groningen|"
    + "Tekst. " * 36
    + "Eind.",
    # Belgium: four digits, so the province or the phone says where it is.
    "antwerp": "local|Winkel|Frituur 't Hoekske BV|Koen|Van den Bossche|+3232123456|Meir|24|2000|Antwerpen|Antwerpen|",
    "ghent, bare mobile": "mobile|Winkel|Bakker Bart BV|Lieve|De Smet|0470 12 34 56|Veldstraat|12 bus 3|9000|Gent|Oost-Vlaanderen|",
    "liege": "local|Magasin|Boulangerie Dupont SRL|Jean-Luc|Dupont|+3242123456|Rue Léopold|1/3|B-4000|Liège|Liège|",
    "brussels": "local|Bureau|Conseil SA|Marie|Lambert|02 212 34 56|Rue de la Loi|16|1000|Bruxelles|Bruxelles-Capitale|",
    "belgian limburg": "mobile|Winkel|Limburgse Vlaai NV|Els|Claes|+32470123456|Demerstraat|12|3500|Hasselt|Limburg|",
    # Others.
    "berlin": "local|Laden|Bäckerei Schmidt GmbH|Jürgen|Schmidt|+493012345678|Unter den Linden|77|10117|Berlin|Berlin|",
    "munich": "local|Laden|Huber & Söhne KG|Sepp|von Huber|+498912345678|Q7|24 b|80331|München|Bayern|",
    "bavaria by phone": "local|Laden|Huber KG|Sepp|Huber|+498912345678|Marienplatz|8|80331|München|BY|",
    "vienna": "local|Laden|Kaffeehaus GmbH|Franz|Gruber|+4315123456|Ring|1|1010|Wien|Wien|",
    "zurich": "local|Laden|Uhren AG|Urs|Meier|+41446681800|Bahnhofstrasse|10|8001|Zürich|ZH|",
    "paris": "local|Boutique|Boulangerie Martin SARL|Chloé|Martin|+33142123456|Rue de Rivoli|12 bis|75001|Paris|Île-de-France|",
    "paris, numbered department": "local|Boutique|Pain SARL|Luc|Martin|+33142123456|Rue de Rivoli|12|75001|Paris|75|",
    "lille, dated street": "local|Boutique|Martin SA|Luc|Martin|+33320123456|Rue du 8 Mai 1945|8|59800|Lille|Nord|",
    "london": "local|Shop|Baker Ltd|Olivia|Baker|+442071234567|Baker Street|221B|NW1 6XE|London|Greater London|",
    "house name": "local|Shop|Rose Tea Rooms|Jack|Rose|+441792123456|Mill Lane|Rose Cottage|SA1 1AA|Swansea|Wales|",
    "new york": "local|Store|Fifth Inc.|Ann|Lee|+12125551234|Fifth Avenue|350|10118|New York|NY|",
    "zip plus four": "local|Store|Route 66 Diner|Al|Na|+12175551234|Route 66|12|62704-1234|Springfield|IL|",
    "lisbon": "local|Loja|Padaria Silva, Lda|João|da Silva|+351211234567|Rua Augusta|s/n|1100-053|Lisboa|Lisboa|",
    "dublin": "local|Shop|Tea Ltd|Aoife|Murphy|+35312345678|Grafton Street|12|D02 X285|Dublin|Leinster|",
    "warsaw": "local|Sklep|Kawa Sp. z o.o.|Zofia|Nowak|+48221234567|Nowy Świat|6/12|00-400|Warszawa|mazowieckie|",
    "stockholm": "local|Butik|Kaffe AB|Åsa|Lind|+46812345678|Drottninggatan|71 A|111 36|Stockholm|Stockholm|",
    "copenhagen": "local|Butik|Kaffe ApS|Søren|Holm|+4535123456|Strøget|1|1160|København|Hovedstaden|",
}
BAD = {
    # what is wrong: (the row, the field, the code)
    "letters missing": ("postal_code=1015", "postal_code", "postal_code_not_valid"),
    "a letter for a digit": ("postal_code=1O15 CJ", "postal_code", "postal_code_not_valid"),
    "banned letters": ("postal_code=1015 SS", "postal_code", "postal_code_not_valid"),
    "city for a postal code": ("postal_code=Amsterdam", "postal_code", "postal_code_not_valid"),
    "too many digits": ("postal_code=10155 CJ", "postal_code", "postal_code_not_valid"),
    "mistyped province": ("province=Noord Hollnad", "province", "province_unknown"),
    "country for a province": ("province=Nederland", "province", "province_unknown"),
    "belgian province": ("province=Antwerpen", "province", "province_unknown"),
    "another province": ("province=Limburg", "province", "province_contradicts_postal_code"),
    "another province, short": ("province=Gld.", "province", "province_contradicts_postal_code"),
    "phone too short": ("contact_person_phone=020-12345", "contact_person_phone", "phone_not_valid"),
    "no phone at all": ("contact_person_phone=zie mail", "contact_person_phone", "phone_not_valid"),
    "two phones": ("contact_person_phone=020-1234567 / 06-12345678", "contact_person_phone", "phone_ambiguous"),
    "mail for a phone": ("contact_person_phone=anna@example.com", "contact_person_phone", "email_address"),
    "mail for a city": ("city=anna@example.com", "city", "email_address"),
    "mail for a firm": ("business_name=anna@example.com", "business_name", "email_address"),
    "web address": ("street_name=www.example.com", "street_name", "web_address"),
    "web address for a firm": ("business_name=https://example.com/", "business_name", "web_address"),
    "account number": ("house_number=NL91 ABNA 0417 1643 00", "house_number", "bank_account"),
    "account number for a phone": ("contact_person_phone=NL91ABNA0417164300", "contact_person_phone", "bank_account"),
    "vat number": ("business_name=NL004495445B01", "business_name", "vat_number"),
    "kvk number": ("business_name=69599084", "business_name", "kvk_number"),
    "kvk number, said": ("street_name=KvK 69599084", "street_name", "kvk_number"),
    "phone for a house number": ("house_number=06-12345601", "house_number", "phone_number"),
    "phone for a last name": ("contact_person_last_name=+31 20 123 4567", "contact_person_last_name", "phone_number"),
    "phone for a firm": ("business_name=0201234567", "business_name", "phone_number"),
    "digits for a city": ("city=1015", "city", "no_letters"),
    "digits for a province": ("province=12", "province", "no_letters"),
    "digits for a street": ("street_name=12", "street_name", "no_letters"),
    "number in the street": ("street_name=Keizersgracht 12", "street_name", "house_number_in_street"),
    "number with addition": ("street_name=Keizersgracht 12a|house_number=12 a", "street_name", "house_number_in_street"),
    "another number": ("street_name=Nieuwe Kerkstraat 14", "street_name", "house_number_in_street"),
    "number before": ("street_name=12 Rue de la Paix|house_number=12", "street_name", "house_number_in_street"),
    "street in the number": ("house_number=Keizersgracht 12", "house_number", "street_in_house_number"),
    "american date": ("house_number=05/23/2026", "house_number", "date_or_time"),
    "date": ("house_number=03-05-2026", "house_number", "date_or_time"),
    "date with dots": ("house_number=3.5.2026", "house_number", "date_or_time"),
    "date of the standard": ("house_number=2026-05-03", "house_number", "date_or_time"),
    "date with its time": ("house_number=3-5-2026 0:00:00", "house_number", "date_or_time"),
    "moment": ("house_number=2026-05-03T10:30:00Z", "house_number", "date_or_time"),
    "time": ("house_number=12:30:00 PM", "house_number", "date_or_time"),
    "short time": ("house_number=9:05", "house_number", "date_or_time"),
    "percentage": ("house_number=12%", "house_number", "percentage"),
    "percentage with decimals": ("house_number=12,50 %", "house_number", "percentage"),
    "no digit": ("house_number=A", "house_number", "house_number_without_digits"),
    "too many digits in a number": ("house_number=120045", "house_number", "house_number_too_long"),
    "postal code in the city": ("city=1015 CJ Amsterdam", "city", "postal_code_misplaced"),
    "postal code in the street": ("street_name=Keizersgracht, 1015CJ", "street_name", "postal_code_misplaced"),
    "whole name first": ("contact_person_first_name=Anna de Vries", "contact_person_first_name", "whole_name"),
    "whole name last": ("contact_person_last_name=Anna de Vries", "contact_person_last_name", "whole_name"),
    "turned round": ("contact_person_last_name=Vries, Anna", "contact_person_last_name", "whole_name"),
    "whole name twice": (
        "contact_person_first_name=Anna de Vries|contact_person_last_name=Anna de Vries",
        "contact_person_first_name",
        "whole_name",
    ),
    "swapped": (
        "contact_person_first_name=de Vries|contact_person_last_name=Anna",
        "contact_person_first_name",
        "names_swapped",
    ),
    "swapped, capitals": (
        "contact_person_first_name=Van der Berg|contact_person_last_name=Anna",
        "contact_person_first_name",
        "names_swapped",
    ),
    "cut off": (f"description={'x' * 255}", "description", "cut_off"),
    **{
        f"filler {text}": (f"{field}={text}", field, "placeholder")
        for field, text in (
            ("business_name", "n.v.t."),
            ("business_name", "Test"),
            ("business_name", "123456"),
            ("name", "xxx"),
            ("contact_person_first_name", "-"),
            ("contact_person_last_name", "Onbekend"),
            ("contact_person_phone", "0000000000"),
            ("contact_person_phone", "123456"),
            ("contact_person_phone", "1111111111"),
            ("house_number", "0"),
            ("postal_code", "0000"),
            ("city", "NVT"),
            ("province", "?"),
            ("street_name", "#N/B"),
        )
    },
}  # fmt: skip


def row(line: str) -> dict[str, str]:
    return dict(zip(NAMES, line.split("|"), strict=True))


@pytest.mark.parametrize("line", GOOD.values(), ids=GOOD)
def test_a_row_that_a_person_would_send_gives_no_warning(line: str) -> None:
    assert [(each.code, each.value, each.message) for each in warned([row(line)])] == []


def test_they_give_none_together_either() -> None:
    assert warned([row(line) for line in GOOD.values()]) == ()


@pytest.mark.parametrize(
    "number",
    [
        "3-5",
        "12/1",
        "12-14",
        "3-5-7",
        "12-14-16",
        "1/3/12",
        "32-13-2026",
        "12.5",
        "1:3",
        "12 2026",
        "1900-1902",
        "12-1-1016",
    ],
)
def test_a_house_number_with_signs_in_it_is_still_one(number: str) -> None:
    fine = row(GOOD["amsterdam"])
    assert warned([{**fine, "house_number": number}, {**fine, "name": "other", "house_number": "1:2%"}]) == ()


@pytest.mark.parametrize(("changed", "field", "code"), BAD.values(), ids=BAD)
def test_what_is_odd_is_told_once_and_where_it_is(changed: str, field: str, code: str) -> None:
    changes = dict(part.split("=", 1) for part in changed.split("|"))
    fine = row(GOOD["amsterdam"])
    (notice,) = warned([fine, {**fine, **changes}])
    assert (notice.row, notice.field, notice.code, notice.value) == (1, field, code, changes[field])
    assert notice.message.endswith((".", "?"))
    assert "{" not in notice.message
