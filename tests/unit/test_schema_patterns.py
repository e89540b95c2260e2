"""Patterns of schema files mean what they mean in ECMAScript, in both engines, or are refused."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from batch.schema.patterns import PatternError, read_pattern

DEEP = 60


def finds(pattern: str, text: str) -> bool:
    """What both engines say, which must be the same."""
    read = read_pattern(pattern)
    found = read.python.search(text) is not None
    if read.re2 is not None:
        assert pc.match_substring_regex(pa.array([text]), read.re2).to_pylist() == [found]
    return found


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b", "abc", True),
        ("^b", "abc", False),
        ("^a", "abc", True),
        ("^abc$", "abc", True),
        ("^abc$", "abc\n", False),
        ("^a|c$", "xc", True),
        (".", "\r", False),
        (".", "\u2028", False),
        ("^.$", "😀", True),
        (r"\d", "٣", False),
        (r"\d", "3", True),
        (r"\D", "٣", True),
        (r"\w", "é", False),
        (r"\W", "é", True),
        (r"\w", "_", True),
        (r"\s", "\u00a0", True),
        (r"\s", "\ufeff", True),
        (r"\s", "\x1c", False),
        (r"\S", "\x1c", True),
        (r"a\b", "aé", True),
        (r"a\b", "ab", False),
        (r"[\d\-]", "-", True),
        (r"^[^\d]$", "5", False),
        (r"^[\S]$", " ", False),
        (r"^[\W]$", "é", True),
        ("^[a-c]$", "b", True),
        ("^[a-]$", "-", True),
        ("^[-a]$", "-", True),
        ("^[a-c-9]$", "-", True),
        (r"^[\b]$", "\b", True),
        ("^[.]$", "x", False),
        ("^[^a]$", "\n", True),
        (r"^[^a-cb\w]$", "b", False),
        (r"^\x41\u00e9\u{1F600}$", "Aé😀", True),
        (r"^\uD83D\uDE00$", "😀", True),
        (r"^\t\n\v\f\r\0$", "\t\n\v\f\r\0", True),
        (r"^\/\.\-$", "/.-", True),
        ("^(?:ab)+(c)?$", "ababc", True),
        ("^a{2}$", "aa", True),
        ("^a{2,}$", "a", False),
        ("^a{1,2}?$", "aaa", False),
        ("^a*?b+?c??$", "aabbc", True),
        ("^(?=a).b$", "ab", True),
        ("^(?!a)", "ab", False),
        ("(?<=a)b", "ab", True),
        ("(?<!a)b", "ab", False),
        ("", "", True),
        ("^[1-9][0-9]{3} ?[A-Z]{2}$", "1234 AB", True),
        ("é😀", "xé😀", True),
    ],
)
def test_a_pattern_is_searched_for_as_ecmascript_does(pattern: str, text: str, found: bool) -> None:
    assert finds(pattern, text) is found


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("[", "a set of characters is not closed"),
        ("[a", "a set of characters is not closed"),
        ("[]", "an empty set"),
        ("[^]", "an empty set"),
        ("[z-a]", "a range runs backwards"),
        (r"[\d-z]", "a range needs one character"),
        (r"[a-\d]", "a range needs one character"),
        ("(", "a bracket is not closed"),
        (")", "has no opening one"),
        ("*", "has nothing to repeat"),
        ("a|*", "has nothing to repeat"),
        ("a{", "has nothing to repeat"),
        ("a}", "to close"),
        ("a]", "to close"),
        ("a{,2}", "has nothing to repeat"),
        ("a*+", "a repetition is repeated"),
        ("a**", "a repetition is repeated"),
        ("a{3,2}", "greater than max"),
        ("a{99999999999}", "a regular expression"),
        ("(?<n>a)", "named groups"),
        ("(?P<n>a)", "named groups"),
        ("(?i)a", "named groups and inline flags"),
        (r"(a)\1", r"'\1' is not read alike"),
        (r"\p{L}", r"'\p' is not read alike"),
        (r"\Z", r"'\Z' is not read alike"),
        (r"\B", r"'\B' is not read alike"),
        (r"\01", r"'\0' is not read alike"),
        ("\\", "'\\' is not read alike"),
        (r"\x4", "the code of a character is not complete"),
        (r"\u12", "the code of a character is not complete"),
        (r"\uD83Dx", "no character has this code"),
        (r"\uD83D\u0041", "the code of a character is not complete"),
        (r"\u{110000}", "no character has this code"),
        ("\ud83d", "no character has this code"),
        ("(?<=a*)b", "look-behind requires fixed-width"),
        ("(" * DEEP + ")" * DEEP, "nested too deeply"),
    ],
)
def test_what_programs_read_differently_or_not_at_all_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(PatternError) as caught:
        read_pattern(pattern)
    assert why in str(caught.value)


def test_a_refusal_says_where() -> None:
    with pytest.raises(PatternError, match="at character 3, "):
        read_pattern("ab*+"[:2] + "]")


def test_looking_around_is_left_to_python() -> None:
    assert read_pattern("(?=a)").re2 is None
    assert read_pattern("(?:a)").re2 is not None
