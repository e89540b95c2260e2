"""rate: what a limit is and how it is written."""

import pytest

from batch.rate import RateLimit, parse_rate_limit


@pytest.mark.parametrize(
    ("text", "requests", "seconds"),
    [
        ("100/minute", 100, 60.0),
        ("5/second", 5, 1.0),
        ("1000/HOUR", 1000, 3600.0),
        ("100/6s", 100, 6.0),
        (" 7 / 0.5s ", 7, 0.5),
    ],
)
def test_reads_every_form(text: str, requests: int, seconds: float) -> None:
    assert parse_rate_limit(text) == RateLimit(requests=requests, seconds=seconds)


@pytest.mark.parametrize("text", ["", "100", "100/day", "-1/minute", "1.5/second", "x/minute", "100/s", "100/-1s"])
def test_refuses_anything_else_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="for example 100/minute"):
        parse_rate_limit(text)


@pytest.mark.parametrize("text", ["0/minute", "10/0s"])
def test_refuses_a_limit_that_lets_nothing_through(text: str) -> None:
    with pytest.raises(ValueError, match="at least 1 request"):
        parse_rate_limit(text)


@pytest.mark.parametrize("text", ["100/minute", "5/second", "1000/hour", "100/6s", "7/0.5s"])
def test_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_rate_limit(text)) == text
