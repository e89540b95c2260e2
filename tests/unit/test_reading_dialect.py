from __future__ import annotations

import pytest

from batch.errors import SettingsError
from batch.reading.text.dialect import Dialect, find_dialect, wanted_delimiter


def dialect(sample: bytes, *, final: bool = True) -> Dialect:
    return find_dialect(sample, final=final, record_bytes=1000)


@pytest.mark.parametrize("delimiter", [b",", b";", b"\t", b"|"])
def test_each_delimiter_is_found(delimiter: bytes) -> None:
    table = b"naam,plaats,nr\nJansen,Zwolle,1\nBakker,Assen,2\n".replace(b",", delimiter)
    assert dialect(table) == Dialect(delimiter=delimiter)


def test_a_decimal_comma_does_not_outdo_the_semicolon_of_the_header() -> None:
    assert dialect(b"a;b\n1,5;2,5\n2,5;3,5\n3,5;4,5\n").delimiter == b";"


def test_commas_in_addresses_do_not_outdo_the_semicolon() -> None:
    assert dialect(b"naam;adres\nJan;Dorp 1, Assen\nPiet;Laan 2, Emmen\n").delimiter == b";"


def test_delimiters_within_quotes_do_not_count() -> None:
    assert dialect(b'"a;b;c",x\n"d;e;f",y\n').delimiter == b","


def test_title_lines_above_a_table_do_not_hide_it() -> None:
    table = b"Klanten van Testbedrijf\nStand: mei\n\nGemaakt door iemand\nVoor iedereen\n"
    assert dialect(table + b"naam;plaats;nr\nJan;Assen;1\n").delimiter == b";"


def test_a_single_column_is_not_split_by_the_comma_in_some_lines() -> None:
    found = dialect(b"naam\nJansen, Piet\nBakker\nVisser\nSmit\n")
    assert found.delimiter == b"|"
    assert found.rival is None


def test_a_single_column_without_any_delimiter_has_commas() -> None:
    assert dialect(b"naam\nJansen\n").delimiter == b","


def test_a_single_column_in_which_every_delimiter_occurs_has_tabs() -> None:
    assert dialect(b"a\nb,\nc;\nd|\ne\tf\ng\nh\ni\n").delimiter == b"\t"


def test_two_delimiters_that_fit_equally_are_both_named() -> None:
    assert dialect(b"a;b,c\nd;e,f\n") == Dialect(delimiter=b";", rival=b",")


@pytest.mark.parametrize("line", [b"sep=;\r\n", b'"sep=;"\n', b"SEP=;\n"])
def test_a_sep_line_decides_and_is_no_data(line: bytes) -> None:
    assert dialect(line + b"a,b;c\n") == Dialect(delimiter=b";", skip=len(line), lines=1)


def test_a_sep_line_with_a_foreign_character_is_data() -> None:
    assert dialect("sep=é\n".encode()).lines == 0


def test_a_sep_line_that_names_a_zero_byte_is_data() -> None:
    assert dialect(b"sep=\0\na;b\nc;d\n") == Dialect(delimiter=b";")


def test_a_sample_that_ends_within_its_first_record_still_tells() -> None:
    assert dialect(b"a;b;c", final=False).delimiter == b";"


def test_a_sample_of_blank_lines_tells_nothing() -> None:
    assert dialect(b"\n\n").delimiter == b","


@pytest.mark.parametrize(
    ("wanted", "delimiter"), [("tab", b"\t"), ("\\t", b"\t"), ("Pipe", b"|"), (";", b";"), ("^", b"^")]
)
def test_the_operator_may_name_a_delimiter(wanted: str, delimiter: bytes) -> None:
    assert wanted_delimiter(wanted) == delimiter


@pytest.mark.parametrize("wanted", ["", ",,", "é", '"', "\n", "\0"])
def test_an_impossible_delimiter_is_a_settings_error(wanted: str) -> None:
    with pytest.raises(SettingsError) as caught:
        wanted_delimiter(wanted)
    assert caught.value.code == "bad_delimiter"
    assert repr(wanted) in caught.value.message
