"""What counts as the same name, as a near one, and as a blank."""

import pytest

from batch.likeness import BLANK, likeness, loose, nearest, spaced, trimmed, words


@pytest.mark.parametrize("written", ["Huis nr.", "HUISNR", "huis-nr", " huis_nr ", "Huis\nnr", "Hüis nr"])
def test_names_are_loosely_the_same_whatever_their_case_accents_spacing_and_punctuation(written: str) -> None:
    assert loose(written) == "huisnr"


@pytest.mark.parametrize(
    "joined", ["Street & number", "Street+number", "street/number", "Street, number", "Street|number"]
)
def test_two_names_joined_by_a_sign_are_not_the_name_that_their_words_make(joined: str) -> None:
    assert loose(joined) == "street+number" != loose("Street number")


@pytest.mark.parametrize("text", ["", "   ", "***", "+", ", ,", "\u200b"])
def test_a_text_without_letters_and_digits_has_no_key(text: str) -> None:
    assert loose(text) == ""


def test_signs_at_the_ends_join_nothing() -> None:
    assert words("/ Naam, ") == "naam"


def test_a_text_too_long_for_a_name_has_no_words() -> None:
    assert words("a" * 200) == "a" * 200
    assert words("a" * 201) == ""


@pytest.mark.parametrize("blank", list(BLANK))
def test_every_blank_is_trimmed_at_the_ends_and_kept_inside(blank: str) -> None:
    assert trimmed(f"{blank}{blank}a{blank}b{blank}") == f"a{blank}b"


def test_everything_that_python_calls_white_space_is_a_blank() -> None:
    assert [hex(code) for code in range(0x110000) if chr(code).isspace() and chr(code) not in BLANK] == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Provinci", "Provincie"),
        ("Bedrijfsnaaam", "Bedrijfsnaam"),
        ("Postcode (1234 AB)", "Postcode"),
        ("Naam bedrijf (statutair)", "Naam bedrijf"),
        ("voornam contactpersoon", "Voornaam contactpersoon"),
    ],
)
def test_the_nearest_candidate_is_the_one_meant(written: str, meant: str) -> None:
    candidates = ["Naam", "Naam bedrijf", "Bedrijfsnaam", "Voornaam contactpersoon", "Postcode", "Provincie"]
    assert nearest(written, candidates) == meant


@pytest.mark.parametrize("written", ["E-mail contactpersoon", "KvK-nummer", "Nr", "Opmerkingen", "", "***"])
def test_nothing_is_suggested_for_what_is_not_near(written: str) -> None:
    assert nearest(written, ["Telefoon contactpersoon", "Huisnummer", "Tel nr", "Naam"]) is None


def test_nothing_is_near_without_candidates() -> None:
    assert nearest("Naam", []) is None


def test_the_same_name_is_wholly_alike() -> None:
    assert likeness("Zip code", "zip-code") == 100


def test_values_keep_their_accents_and_signs_when_they_are_spaced_alike() -> None:
    assert spaced(" 06-Nummer ") == spaced("06_nummer") == "06 nummer"
    assert spaced("lokaal?") == "lokaal?"
