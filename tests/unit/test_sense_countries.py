"""sense: which country a row is taken to be in, why, and what that changes."""

from __future__ import annotations

import pandas as pd
import pytest

from batch.country_names import country_named
from tests.support.sense import new_sense, warned

PLACE = {
    "contact_person_phone": "+31201234567",
    "postal_code": "1015 CJ",
    "city": "Amsterdam",
    "province": "Noord-Holland",
}


def taken(
    code: str = "", province: str = "", phone: str = "", region: str = "NL", given: str | tuple[str, ...] = ()
) -> tuple[str | None, str]:
    frame = pd.DataFrame({"postal_code": [code], "province": [province], "contact_person_phone": [phone]}, dtype="str")
    columns = [pd.Series([text], dtype="str") for text in ([given] if isinstance(given, str) else given)]
    assumed = new_sense(region).countries(frame, columns).at(0)
    return assumed.region, str(assumed.why)


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("1015 CJ", "NL"),
        ("1015cj", "NL"),
        (" nl-1015 CJ ", "NL"),
        ("NW1 6XE", "GB"),
        ("ec1a1bb", "GB"),
        ("D02 X285", "IE"),
        ("1100-053", "PT"),
        ("00-400", "PL"),
        ("K1A 0B1", "CA"),
        ("62704-1234", "US"),
        ("B-2000", "BE"),
        ("L-1234", "LU"),
        ("D-10115", "DE"),
        ("F - 75001", "FR"),
        ("10115", None),
        ("111 36", None),
        ("101 00 12", None),
        ("", "NL"),
        ("onbekend", "NL"),
        ("1015", "NL"),
        ("1015123456", "NL"),
        ("10", "NL"),
    ],
)
def test_the_form_of_a_postal_code_says_where_it_is_or_leaves_it_open(code: str, region: str | None) -> None:
    assert taken(code)[0] == region


@pytest.mark.parametrize(
    ("code", "province", "phone", "region"),
    [
        ("2000", "Antwerpen", "", "BE"),
        ("2000", "Vlaams-Brabant", "+31201234567", "BE"),
        ("2000", "", "+3232123456", "BE"),
        ("2000", "", "+32 3 212 34 56", "BE"),
        ("2000", "Limburg", "0032470123456", "BE"),
        ("2000", "Limburg", "", "NL"),
        ("2000", "Noord-Holland", "+3232123456", "NL"),
        ("2000", "NH", "020-1234567", "NL"),
        ("2000", "NH", "", "NL"),
        ("2000", "Amsterdam", "020-1234567", "NL"),
        ("2000", "Amsterdam", "12 34 56 78", None),
        ("8001", "ZH", "+41446681800", "CH"),
        ("2000", "", "+4930123456", "NL"),
        ("10117", "Berlin", "", "DE"),
        ("80331", "BY", "+498912345678", "DE"),
        ("80331", "BY", "+31201234567", None),
        ("80331", "Noord-Holland", "", "NL"),
        ("", "Antwerpen", "+3232123456", "NL"),
    ],
)
def test_where_the_form_leaves_it_open_province_and_phone_are_asked(
    code: str, province: str, phone: str, region: str | None
) -> None:
    assert taken(code, province, phone)[0] == region


@pytest.mark.parametrize(
    ("code", "region", "found"),
    [("2000", "BE", "BE"), ("10117", "DE", "DE"), ("1015 CJ", "BE", "NL"), ("2000", "DE", None), ("2000", "QA", "QA")],
)
def test_another_setting_is_assumed_where_the_code_could_be_one(code: str, region: str, found: str | None) -> None:
    assert taken(code, region=region)[0] == found


@pytest.mark.parametrize("given", ["België", "BE", "belgium", " Belgique ", "BEL", "+32", "0032", " 32 "])
def test_a_column_of_countries_has_the_last_word(given: str) -> None:
    assert taken("1015 CJ", "Noord-Holland", given=given) == ("BE", "its country column says so")


@pytest.mark.parametrize("given", ["", "?", "Atlantis"])
def test_a_country_that_is_not_known_says_nothing(given: str) -> None:
    assert taken("1015 CJ", given=given)[0] == "NL"


@pytest.mark.parametrize("given", ["1", "032", "528", "+999", "99"])
def test_a_number_that_is_no_known_country_code_leaves_the_country_unknown(given: str) -> None:
    assert taken("1015 CJ", given=given) == (
        None,
        "its country column holds a number that is no known country code of phone numbers",
    )


def test_columns_of_countries_that_disagree_leave_the_country_unknown() -> None:
    assert taken("1015 CJ", given=("NL", "+31")) == ("NL", "its country column says so")
    assert taken("1015 CJ", given=("", "+32"))[0] == taken("1015 CJ", given=("BE", "?"))[0] == "BE"
    assert taken("1015 CJ", given=("NL", "+32")) == (None, "its country columns name different countries")


@pytest.mark.parametrize(
    ("text", "region"),
    [("Nederland", "NL"), ("Niederlande", "NL"), ("UK", "GB"), ("V.S.", "US"), ("Duitsland", "DE"), ("Curaçao", "CW")],
)
def test_countries_are_known_by_code_and_by_name_in_several_languages(text: str, region: str) -> None:
    assert country_named(text) == region


def test_the_reason_is_said_with_what_it_led_to() -> None:
    row = {**PLACE, "province": "Noord Hollnad"}
    (notice,) = warned([row])
    assert notice.message == (
        '"Noord Hollnad" is no Dutch province. Did you mean Noord-Holland? '
        "Taken as an address in NL, because its postal code is written as they are there."
    )
    (notice,) = warned([{**PLACE, "postal_code": "1015", "province": "NH"}])
    assert notice.message.endswith("because FLIREO_REGION is NL and nothing in the row says otherwise.")
    (notice,) = warned([{**PLACE, "postal_code": "1015"}])
    assert notice.message == (
        'The two letters of the Dutch postal code are missing: "1015". '
        "Taken as an address in NL, because that is where its province is."
    )


def test_no_dutch_rule_holds_where_the_column_says_another_country() -> None:
    row = {**PLACE, "postal_code": "9", "province": "Elders", "house_number": "zonder", "street_name": "Kerkstraat 12"}
    assert {notice.code for notice in warned([row])} == {
        "postal_code_not_valid",
        "province_unknown",
        "house_number_without_digits",
        "house_number_in_street",
    }
    assert warned([row], countries=["Duitsland"]) == ()


def test_a_bare_phone_number_is_read_as_one_of_the_row_and_left_alone_where_that_is_not_known() -> None:
    belgian = {**PLACE, "postal_code": "2000", "province": "Antwerpen", "contact_person_phone": "0475 12 34 56"}
    assert warned([belgian]) == ()
    german = {**belgian, "postal_code": "10117", "province": "", "contact_person_phone": "030 1234567"}
    (notice,) = warned([{**german, "province": "Mitte"}])
    assert (notice.code, notice.value) == ("phone_without_country", "030 1234567")
    assert notice.message.endswith(
        "It is not known in which country the address is, because its postal code is not written as in NL and "
        "nothing else in the row tells it."
    )


def test_a_file_without_addresses_is_taken_as_the_setting_says() -> None:
    (notice,) = warned([{"contact_person_phone": "12", "name": "a"}], region="BE")
    assert "valid in BE" in notice.message
