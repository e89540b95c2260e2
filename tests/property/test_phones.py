"""The short way to recognise a number in its final form never disagrees with the library."""

import phonenumbers
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from batch.phones import Doubt, final_form, read_phones

E164 = phonenumbers.PhoneNumberFormat.E164
CODES = sorted(COUNTRY_CODE_TO_REGION_CODE)
DIGITS = st.text("0123456789", min_size=1, max_size=16)
KINDS = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan")
# A busy machine, or the first run's table of all characters, is no failure.
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_final(text: str, region: str | None = None) -> bool:
    """What the library itself says: valid, and given back unchanged."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and phonenumbers.format_number(number, E164) == text


def examples(code: int) -> list[str]:
    found = []
    for region in COUNTRY_CODE_TO_REGION_CODE[code]:
        metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
        descriptions = [getattr(metadata, kind) for kind in KINDS]
        found += [each.example_number for each in descriptions if each is not None and each.example_number]
    return found


@st.composite
def near_numbers(draw: st.DrawFn) -> str:
    """A number of the library's own with a few digits replaced, added or taken away."""
    code = draw(st.sampled_from(CODES))
    digits = list(draw(st.sampled_from(examples(code))))
    for _ in range(draw(st.integers(0, 4))):
        digits[draw(st.integers(0, len(digits) - 1))] = draw(st.sampled_from("0123456789"))
    shortened = digits[: len(digits) - draw(st.integers(0, 2))]
    prefix = draw(st.sampled_from(["", "", "", "0", "1", "8", "06"]))
    return f"+{code}{prefix}{''.join(shortened)}{draw(st.sampled_from(['', '', '0', '12']))}"


def wild_numbers() -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("+{}{}".format, st.sampled_from(CODES), DIGITS),
        st.builds("+{}".format, DIGITS),
        DIGITS,
        st.text("+0123456789 -/()x\n٣é", max_size=20),
    )


@RELAXED
@given(st.lists(st.one_of(near_numbers(), wild_numbers()), max_size=30))
def test_what_the_short_way_calls_final_the_library_gives_back_unchanged(numbers: list[str]) -> None:
    final = final_form(pa.array(numbers, pa.large_string()))
    assert [text for text, short in zip(numbers, final, strict=True) if short and not is_final(text)] == []


@RELAXED
@given(st.lists(near_numbers(), max_size=30), st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_the_region_does_not_matter_to_a_final_number(numbers: list[str], region: str) -> None:
    final = final_form(pa.array(numbers, pa.large_string()))
    assert [text for text, short in zip(numbers, final, strict=True) if short and not is_final(text, region)] == []


@RELAXED
@given(st.lists(st.integers(10_000_000, 99_999_999), min_size=1, max_size=30))
def test_dutch_numbers_are_recognised_exactly_as_the_library_does(tails: list[int]) -> None:
    numbers = [f"+31{first}{tail}" for tail in tails for first in ("6", "2", "9", "0")]
    assert final_form(pa.array(numbers, pa.large_string())).tolist() == [is_final(number) for number in numbers]


@RELAXED
@given(
    st.one_of(near_numbers(), wild_numbers()), st.sampled_from(["NL", "BE", "DE", "US", "IT", "RU", "BR", "HU", "BY"])
)
def test_a_number_that_was_read_is_final_and_reads_as_itself(text: str, region: str) -> None:
    read = read_phones([text], region)[text]
    if not isinstance(read, Doubt):
        assert is_final(read)
        assert read_phones([read], region) == {read: read}


@RELAXED
@given(near_numbers())
def test_a_valid_number_with_a_country_code_is_never_doubted(text: str) -> None:
    if is_final(text):
        assert read_phones([text], "NL") == {text: text}
