import pytest

from batch.cut_marker import CELL_UNITS, fit, is_cut_marker


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_text_that_a_cell_can_hold_is_left_alone() -> None:
    for text in ("", "abc", "x" * CELL_UNITS, "\x00\x07", "🦊" * (CELL_UNITS // 2)):
        assert fit(text) == text
        assert not is_cut_marker(text)


@pytest.mark.parametrize("text", ["x" * (CELL_UNITS + 1), "🦊" * CELL_UNITS, "x" + "🦊" * CELL_UNITS, "y" * 1_000_000])
def test_longer_text_is_cut_and_says_how_long_it_was(text: str) -> None:
    cut = fit(text)
    assert units(cut) in (CELL_UNITS, CELL_UNITS - 1)
    assert cut.endswith(f"... [cut by flireo-batch: {len(text)} characters in all]")
    assert text.startswith(cut.partition("... [cut")[0])
    assert is_cut_marker(cut)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\ud800b", "ab... [cut by flireo-batch: 1 character that a workbook cannot hold]"),
        ("\ufffe\uffff", "... [cut by flireo-batch: 2 characters that a workbook cannot hold]"),
    ],
)
def test_characters_that_a_workbook_cannot_hold_are_left_out_and_counted(text: str, expected: str) -> None:
    assert fit(text) == expected
    assert is_cut_marker(expected)


def test_a_text_both_too_long_and_unholdable_is_cut_once_more() -> None:
    cut = fit("\ud800" + "x" * CELL_UNITS)
    assert units(cut) == CELL_UNITS
    assert cut.endswith(f"[cut by flireo-batch: {CELL_UNITS + 1} characters in all]")


def test_a_cut_text_is_not_cut_again() -> None:
    cut = fit("x" * 40_000)
    assert fit(cut) == cut


def test_the_marker_is_told_at_the_end_only_and_survives_trailing_white_space() -> None:
    cut = fit("x" * 40_000)
    assert is_cut_marker(cut + " \n")
    assert not is_cut_marker(cut + " and more")
    assert not is_cut_marker("[cut by hand]")
