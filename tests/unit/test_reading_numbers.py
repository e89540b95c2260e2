"""Numbers as a spreadsheet shows them: number formats, rounding, dates, and what is said of each."""

from __future__ import annotations

import pytest

from batch.reading.workbook.numberformat import Kind, built_in, parse_format
from batch.reading.workbook.numerals import Shown, is_number, show_number
from batch.reading.workbook.storedcells import error_text, number_text, rk_number


def show(raw: str, code: str = "General", *, from_1904: bool = False) -> Shown:
    return show_number(raw, parse_format(code), from_1904=from_1904)


def verdict(raw: str, code: str = "General") -> tuple[str, str | None, bool | None]:
    shown = show(raw, code)
    return shown.text, shown.remark.code if shown.remark else None, shown.remark.blocks if shown.remark else None


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("12.0", "General", "12"),
        ("12", "General", "12"),
        ("-3", "General", "-3"),
        ("-0", "General", "0"),
        ("007", "General", "7"),
        ("+5", "General", "5"),
        ("0.1", "General", "0.1"),
        (".5", "General", "0.5"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E3", "General", "1000"),
        ("31612345678", "General", "31612345678"),
        ("12", "@", "12"),
        ("123456789012", "0", "123456789012"),
        ("6083", "00000", "06083"),
        ("612345678", "0## ### ####", "061 234 5678"),
        ("612345678", '"+31 "0', "+31 612345678"),
        ("12345678", "+00 0 00 00 00", "+01 2 34 56 78"),
        ("5", '"NL"000', "NL005"),
        ("12345", "00-000", "12-345"),
        ("5", "0\\x", "5x"),
        ("5", "0!x", "5x"),
        ("5", "0_)", "5"),
        ("5", "* 0", "5"),
        ("7", "??0", "7"),
        ("1.5", "0.##", "1.5"),
        ("1.5", '0.0?" m"', "1.5  m"),
        ("-5", "0;-0", "-5"),
        ("5", "[Red]0;[Blue]-0", "5"),
        ("5", '[>=10]0;"x"0', "x5"),
        ("12", '[>=10]0;"x"0', "12"),
        ("7", '[=1]"a"0;[=2]"b"0;"c"0', "c7"),
        ("2", "[<1]0;[<=2]00", "02"),
        ("3", "[<>3]0;000", "003"),
        ("0", '0;-0;"-"00', "-00"),
        ("1000", "[$-413]0", "1000"),
        ("612345678", "0#########", "0612345678"),
        ("612345678", "[>9999999]0## ### ####;0##-######", "061 234 5678"),
        ("1234567", "[<=9999999]###-####;(###) ###-####", "123-4567"),
        ("12", 'General" st"', "12 st"),
        ("12.5", '"nr. "General', "nr. 12.5"),
        ("-5", 'General;"min "-General', "min -5"),
        ("-5", "General", "-5"),
        ("12", "0;-0;;@", "12"),
        ("12", "0;;;", "12"),
        ("12", '0;-0;"nul";"x"@', "12"),
        ("12", '0;"x"@', "12"),
        ("1234567.891", "General", "1234567.891"),
        ("33.33333333", "General", "33.33333333"),
        ("0.333333333", "General", "0.333333333"),
        ("1000", "# ##0", "1 000"),
        ("12", '0"."000', "0.012"),
    ],
)
def test_numbers_that_are_read_as_they_are_shown(raw: str, code: str, text: str) -> None:
    assert verdict(raw, code) == (text, None, None)


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("12", "0.00", "12"),
        ("1234567", "#,##0", "1234567"),
        ("1234.5", "#,##0.00", "1234.5"),
        ("5", ".00", "5"),
        ("1234567890.5", "0." + "0" * 30, "1234567890.5"),
    ],
)
def test_a_format_that_only_dresses_a_number_up_is_said_and_blocks_nothing(raw: str, code: str, text: str) -> None:
    assert verdict(raw, code) == (text, "number_format", False)


def test_digits_before_the_point_are_shown_though_the_format_has_no_place_for_them() -> None:
    remark = show("12.5", ".00").remark
    assert remark is not None
    assert str(remark.sentence) == "The spreadsheet shows 12.50; it is read as 12.5."


def test_the_decimals_that_general_has_no_room_for_are_said() -> None:
    remark = show("0.666666666666667").remark
    assert remark is not None
    assert str(remark.sentence) == (
        "The spreadsheet shows 0.666666667, but the cell holds 0.666666666666667. "
        "Set its format to Text and type what is meant."
    )


def test_the_dressed_number_is_shown_beside_the_one_that_is_read() -> None:
    remark = show("1234567.5", "#,##0.00").remark
    assert remark is not None
    assert str(remark.sentence) == "The spreadsheet shows 1,234,567.50; it is read as 1234567.5."


@pytest.mark.parametrize(
    ("raw", "code", "text", "remark"),
    [
        ("316123456789", "General", "316123456789", "scientific_number"),
        ("1.2E11", "0.00E+00", "120000000000", "scientific_number"),
        ("0.00001", "General", "0.00001", "scientific_number"),
        ("1.5E-20", "General", "0.000000000000000000015", "scientific_number"),
        ("1234567890123456", "General", "1234567890123456", "digits_lost"),
        ("1.23456789012346E+17", "0", "123456789012346000", "digits_lost"),
        ("1234567890123456", "00000", "1234567890123456", "digits_lost"),
        ("1E300", "General", "1E300", "digits_lost"),
        ("1E20", "0.0E+0", "100000000000000000000", "digits_lost"),
        ("1E-300", "0.0E+0", "1E-300", "scientific_number"),
        ("0.5", "0%", "50%", "percent_cell"),
        ("0.125", "0.0%", "12.5%", "percent_cell"),
        ("12.5", '"€" #,##0.00', "€ 12.50", "currency_cell"),
        ("12", "[$€-413] 0.00", "€ 12.00", "currency_cell"),
        ("12", "[$EUR] 0", "EUR 12", "currency_cell"),
        ("-1234", "$#,##0", "-$1,234", "currency_cell"),
        ("12.345", "0.00", "12.345", "rounded_number"),
        ("12.7", "0", "12.7", "rounded_number"),
        ("1234567", "0,", "1234567", "rounded_number"),
        ("12000000", "0.0,,", "12000000", "rounded_number"),
        ("-5", "0_);(0)", "-5", "number_format"),
        ("0.5", "# ?/?", "0.5", "number_format"),
        ("5", ";;;", "5", "number_format"),
        ("5", '"ja"', "5", "number_format"),
        ("0", "#", "0", "number_format"),
        ("0", "#,###", "0", "number_format"),
        ("0", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "0", "number_format"),
        ("-5", "General;General", "-5", "number_format"),
        ("-5", "[>9]0;00", "-5", "number_format"),
        ("5", '"x"@', "5", "number_format"),
        ("5", "General General", "5", "number_format"),
        ("5", 'General"x"0', "5", "number_format"),
        ("5", "0" * 1001, "5", "number_format"),
        ("-12", "0;;", "-12", "number_format"),
        ("0", "0;-0;", "0", "number_format"),
        ("0.333333333333333", "General", "0.333333333333333", "rounded_number"),
        ("1234567890.5", "General", "1234567890.5", "rounded_number"),
        ("12", '0"%"', "12%", "percent_cell"),
        ("0.5", "0%%", "5000%%", "percent_cell"),
        ("12", '"EUR" 0.00', "EUR 12.00", "currency_cell"),
        ("12", "0 \\k\\r", "12 kr", "currency_cell"),
        ("12", 'General" EUR"', "12 EUR", "currency_cell"),
        ("5", "[DBNum1]0", "5", "number_format"),
        ("46024", "[h]:mm", "1104576:00:00", "time_cell"),
        ("0.4375", "h:mm", "10:30:00", "time_cell"),
        ("46024.4375", "h:mm AM/PM", "10:30:00", "time_cell"),
        ("0.5", "mm:ss", "12:00:00", "time_cell"),
        ("1.5", "[m]:ss", "36:00:00", "time_cell"),
        ("46024.4375", "yyyy-mm-dd hh:mm", "2026-01-02T10:30:00", "date_cell"),
        ("46024", "yyyy-mm-dd", "2026-01-02", "date_cell"),
        ("46024.9", "yyyy-mm-dd", "2026-01-02", "date_cell"),
        ("60", "yyyy-mm-dd", "1900-02-29", "date_cell"),
        ("59", "yyyy-mm-dd", "1900-02-28", "date_cell"),
        ("61", "yyyy-mm-dd", "1900-03-01", "date_cell"),
        ("2958465", "yyyy-mm-dd", "9999-12-31", "date_cell"),
        ("46024", '[$-413]d mmmm yyyy "om" ', "2026-01-02", "date_cell"),
        ("46024", "yyyy", "2026-01-02", "date_cell"),
        ("0", "yyyy-mm-dd", "0", "number_format"),
        ("0.5", "yyyy-mm-dd hh:mm", "0.5", "number_format"),
        ("-1", "yyyy-mm-dd", "-1", "number_format"),
        ("2994626", "yyyy-mm-dd", "2994626", "number_format"),
        ("#NUM!", "General", "#NUM!", "unreadable_number"),
        ("nan", "General", "nan", "unreadable_number"),
        ("1_000", "General", "1_000", "unreadable_number"),
        ("1e9999", "General", "1e9999", "unreadable_number"),
    ],
)
def test_numbers_that_cannot_be_trusted_block(raw: str, code: str, text: str, remark: str) -> None:
    assert verdict(raw, code) == (text, remark, True)


@pytest.mark.parametrize(
    ("code", "likely", "words"),
    [
        ("m/d/yyyy", "1-2", "If 1-2 or 2-1 was typed"),
        ("d-mmm", "1-2", "If 1-2 or 2-1 was typed"),
        ("dd-mm-yyyy", "2-1", "If 2-1 was typed"),
        ("mmm-yy", "1-26", "If 1-26 was typed"),
    ],
)
def test_a_date_says_what_was_probably_typed(code: str, likely: str, words: str) -> None:
    remark = show("46024", code).remark
    assert remark is not None
    assert remark.likely == likely
    assert str(remark.sentence).startswith("The cell holds a date (2026-01-02), not text. ")
    assert words in str(remark.sentence)
    assert "set the format of the cell to Text and type it again" in str(remark.sentence)


@pytest.mark.parametrize(
    ("raw", "code", "shown"),
    [
        ("1234", "0,", "1"),
        ("1234", "0.0,", "1.2"),
        ("1234", '#,##0,"K"', "1K"),
        ("-1234567", '#,##0.0,"K"', "-1,234.6K"),
        ("12000000", "0.0,,", "12.0"),
        ("400", "0,", "0"),
    ],
)
def test_a_number_in_thousands_is_told_as_it_is_shown(raw: str, code: str, shown: str) -> None:
    remark = show(raw, code).remark
    assert remark is not None
    assert remark.code == "rounded_number"
    assert str(remark.sentence).startswith(f"The spreadsheet shows {shown}, but the cell holds {raw}.")


def test_nothing_in_thousands_is_nothing() -> None:
    assert show("0", "0,") == Shown("0")


def test_a_date_that_reads_the_same_both_ways_names_it_once() -> None:
    remark = show("46023", "m/d/yyyy").remark
    assert remark is not None
    assert "If 1-1 was typed" in str(remark.sentence)


def test_scientific_notation_offers_the_digits() -> None:
    remark = show("316123456789").remark
    assert remark is not None
    assert remark.likely == "316123456789"
    assert "all its digits are 316123456789" in str(remark.sentence)


def test_dates_may_count_from_1904() -> None:
    assert show("44562", "yyyy-mm-dd", from_1904=True).text == "2026-01-02"
    assert show("0", "yyyy-mm-dd", from_1904=True).text == "1904-01-01"
    assert show("2957004", "yyyy-mm-dd", from_1904=True).remark == show("-1", "yyyy-mm-dd").remark


def test_built_in_formats_are_known_by_number() -> None:
    assert parse_format(built_in(14)).sections[0].kind is Kind.DATE
    assert parse_format(built_in(46)).sections[0].kind is Kind.CLOCK
    assert parse_format(built_in(31)).sections[0].kind is Kind.DATE
    assert parse_format(built_in(9)).sections[0].kind is Kind.PERCENT
    assert parse_format(built_in(64)).sections[0].kind is Kind.CURRENCY
    assert parse_format(built_in(67)).sections[0].kind is Kind.PERCENT
    assert parse_format(built_in(71)).sections[0].kind is Kind.DATE
    assert parse_format(built_in(75)).sections[0].kind is Kind.CLOCK
    assert built_in(49) == "@"
    assert built_in(163) == built_in(0) == "General"


def test_a_month_beside_hours_or_seconds_means_minutes() -> None:
    assert parse_format("hh:mm").sections[0].kind is Kind.CLOCK
    assert parse_format("mm:ss").sections[0].kind is Kind.CLOCK
    assert parse_format("dd-mm hh:mm").sections[0].kind is Kind.MOMENT
    assert parse_format("mm").sections[0].kind is Kind.DATE


def test_what_counts_as_a_number() -> None:
    assert all(map(is_number, ["1", "-1.5", "1.", ".5", "1e5", "1E-05"]))
    assert not any(map(is_number, ["", "-", ".", "1e", "0x1", "1,5", " 1", "\u0661"]))


def test_packed_numbers() -> None:
    assert rk_number(0b10 | 5 << 2) == 5
    assert rk_number((0b10 | -5 << 2) & 0xFFFFFFFF) == -5
    assert rk_number(0b11 | 1234 << 2) == 12.34
    assert rk_number(0x3FF00000) == 1.0
    assert rk_number(0x40590001) == 1.0


def test_floats_are_written_as_the_text_formats_store_them() -> None:
    assert [number_text(number) for number in (12.0, -0.5, 1234567890123456.0, 1e300)] == [
        "12",
        "-0.5",
        "1234567890123456",
        "1e+300",
    ]


def test_error_codes() -> None:
    assert error_text(0x2A) == "#N/A"
    assert error_text(0x63) == "#ERROR 99"


def test_absurdly_long_numbers_are_judged_in_time() -> None:
    digits = "1" * 1_000_000
    assert verdict(digits + "x") == (digits + "x", "unreadable_number", True)
    assert verdict(digits) == (digits, "unreadable_number", True)
    assert verdict("0." + "0" * 1_000_000 + "x")[1] == "unreadable_number"
