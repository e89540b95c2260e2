"""Phone numbers: what becomes E.164, what is left alone and why."""

import phonenumbers
import pyarrow as pa
import pytest

from batch.phones import Doubt, final_form, is_region, read_phones


def read(text: str, region: str = "NL") -> str | Doubt:
    return read_phones([text], region)[text]


@pytest.mark.parametrize(
    "written",
    [
        "06-12345678",
        "06 12 34 56 78",
        "0612345678",
        "(06) 1234.5678",
        "06/12345678",
        "+31 6 12345678",
        "+31 (0)6 12345678",
        "0031 6 12345678",
        "31612345678",
        "06\u201112345678",
        "\u202a+31612345678\u202c",
        "\uff0b\uff13\uff11\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
    ],
)
def test_a_dutch_mobile_number_becomes_e164_however_it_is_written(written: str) -> None:
    assert read(written) == "+31612345678"


def test_the_region_decides_on_a_number_without_country_code() -> None:
    assert read("0475 12 34 56", "BE") == "+32475123456"
    assert read("0475 12 34 56", "NL") == "+31475123456"


def test_a_country_code_wins_over_the_region() -> None:
    assert read("+32 475 12 34 56", "NL") == "+32475123456"


@pytest.mark.parametrize(
    "written", ["12", "06-123", "06123456789012345678", "n.v.t.", "onbekend", "jan@example.com", "+999 123456"]
)
def test_what_is_no_valid_number_is_left_alone(written: str) -> None:
    assert read(written) is Doubt.NOT_VALID


@pytest.mark.parametrize("written", ["020 624 1111 ext. 12", "020-6241111 x12", "+31206241111;ext=12"])
def test_a_number_with_an_extension_is_left_alone(written: str) -> None:
    assert read(written) is Doubt.EXTENSION


@pytest.mark.parametrize(
    "written",
    [
        "06-12345678 / 020-6241111",
        "06-12345678, 06-87654321",
        "0612345678 of 0206241111",
        "06-12345678\n020-6241111",
        "+31612345678 +31206241111",
    ],
)
def test_several_numbers_in_a_cell_are_left_alone(written: str) -> None:
    assert read(written) is Doubt.SEVERAL


def test_a_slash_after_a_whole_number_is_not_read_as_part_of_it() -> None:
    assert read("030 123456/7", "DE") is Doubt.SEVERAL
    assert read("030/12/34567", "DE") is Doubt.SEVERAL
    assert read("030/1234567", "DE") == "+49301234567"


@pytest.mark.parametrize(
    "written", ["06-12345678 (Jan)", "Tel. 06-12345678", "'0612345678", "06-12345678#", "Jan: +31612345678"]
)
def test_a_number_with_other_text_is_left_alone(written: str) -> None:
    assert read(written) is Doubt.OTHER_TEXT


def test_letters_are_not_dialled_as_digits() -> None:
    assert phonenumbers.is_valid_number(phonenumbers.parse("0800-GRATIS", "NL"))
    assert read("0800-GRATIS") is Doubt.NOT_VALID


def test_a_number_that_the_library_would_read_back_as_another_is_left_alone() -> None:
    number = phonenumbers.parse("88101704967", "BY")
    assert phonenumbers.is_valid_number(number)
    again = phonenumbers.parse(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None)
    assert again.national_number != number.national_number
    assert read("88101704967", "BY") is Doubt.NOT_VALID


def test_numbers_in_their_final_form_are_recognised() -> None:
    numbers = [
        "+31612345678",
        "+31206241111",
        "+32475123456",
        "+4930123456",
        "+12015550123",
        "+447400123456",
        "+390612345678",
    ]
    assert final_form(pa.array(numbers, pa.large_string())).tolist() == [True] * len(numbers)


def test_what_is_not_final_is_not_taken_for_it() -> None:
    texts = [
        "",
        "0612345678",
        "+31 612345678",
        "+310612345678",
        "+316123",
        "+31612345678 ",
        "+999123456789",
        "+3161234567890123456789",
    ]
    assert final_form(pa.array(texts, pa.large_string())).tolist() == [False] * len(texts)


def test_no_numbers_are_no_trouble() -> None:
    assert final_form(pa.array([], pa.large_string())).tolist() == []
    assert read_phones([], "NL") == {}


def test_the_short_way_knows_nearly_every_example_of_the_library() -> None:
    examples = {
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        for region in phonenumbers.SUPPORTED_REGIONS
        for kind in phonenumbers.PhoneNumberType.values()
        if (example := phonenumbers.example_number_for_type(region, kind)) and phonenumbers.is_valid_number(example)
    }
    known = final_form(pa.array(sorted(examples), pa.large_string()))
    assert known.mean() > 0.97


def test_countries_are_known_by_their_code() -> None:
    assert is_region("NL")
    assert not is_region("nl")
    assert not is_region("XX")
    assert not is_region("001")
