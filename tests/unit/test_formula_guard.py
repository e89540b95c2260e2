import pytest

from batch.formula_guard import guard, unguard


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+31201234567", "-5", "@x", "\tx", "\rx", "\nx", "'x", " =1", "\u00a0=1", "\uff1d1", "\uff0b1", "''"],
)
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["", "00123", "1-2", "De Vries", "a=b", "x@y.nl", "a'b"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


@pytest.mark.parametrize("text", ["'s-Gravenhage", "'", "'abc"])
def test_an_apostrophe_that_the_guard_cannot_have_put_there_stays(text: str) -> None:
    assert unguard(text) == text
    assert unguard(guard(text)) == text
