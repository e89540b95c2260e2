"""Phone numbers to E.164, where that is beyond doubt; with `country_names` the only importer of phonenumbers.

A number that is already in its final form is recognised over a whole column by the library's own metadata (its
patterns, in RE2), because the library itself takes 19 microseconds a number. `tests/property/test_phones.py` shows
that the short way says "final" only where the long way does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray


class Doubt(Enum):
    """Why a text is not turned into one phone number."""

    NOT_VALID = "not_valid"
    EXTENSION = "extension"
    SEVERAL = "several"
    OTHER_TEXT = "other_text"
    WITHOUT_COUNTRY = "without_country"  # it may be one, in a country that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneDoubt:
    """A cell that was left as it is: the row's place in its frame, the field, and why."""

    place: int
    field: str
    doubt: Doubt


_TYPES: Final = (
    "mobile",
    "fixed_line",
    "voip",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)
_SIGNS: Final = r"\s\d()\[\].\u00ad\u200b-\u200f\u202a-\u202e\u2060\uff08\uff09\-\u2010-\u2015\u2212\uff0d"
_PLAIN: Final = re.compile(rf"[{_SIGNS}+\uff0b/]*")
_BETWEEN: Final = re.compile(rf"[^{_SIGNS}]|[\r\n]")
_INTERNATIONAL: Final = re.compile(rf"[{_SIGNS}]*?(?:[+\uff0b]|00)")
_FEWEST_DIGITS: Final = 6  # of a number that could stand alone
_MOST_DIGITS: Final = 15  # of a number with its country code (ITU-T E.164)
_AREA_CODE: Final = 5  # the most digits before a slash that parts area code and number, as in 020/1234567


def is_region(region: str) -> bool:
    """Whether `region` is a country (ISO 3166-1, capitals) whose numbers are known."""
    return region in phonenumbers.SUPPORTED_REGIONS


def read_phones(texts: Iterable[str], region: str | None) -> Mapping[str, str | Doubt]:
    """What each text is: one valid number in E.164, or a doubt. Numbers without a country code are of `region`, if that
    is known.
    """
    read = {text: _read(text, region) for text in texts}
    found = list({number for number in read.values() if isinstance(number, str)})
    stable = dict(zip(found, final_form(pa.array(found, pa.large_string())), strict=True))
    return {
        text: Doubt.NOT_VALID if isinstance(number, str) and not (stable[number] or _stands(number)) else number
        for text, number in read.items()
    }


def final_form(numbers: pa.LargeStringArray) -> NDArray[np.bool_]:
    """Which of the texts are valid numbers in E.164 already, so that the library would give them back unchanged.

    A False is no verdict: the few numbers that start like a national prefix are left to the library.
    """
    final = np.zeros(len(numbers), dtype=np.bool_)
    for calling_code in _calling_codes(numbers):
        at = np.flatnonzero(_flags(pc.starts_with(numbers, f"+{calling_code}")))
        final[at] = _valid(_taken(numbers, at), calling_code)
    return final


def country_of(text: str, region: str) -> str | None:
    """The country that a phone number seems to be of: by its country code, else `region` if it is valid there."""
    international = _INTERNATIONAL.match(text)
    if international is None:
        return None if _parsed(text, region) is None else region
    digits = "".join(filter(str.isdecimal, text[international.end() :]))
    codes = (COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length])) for length in (1, 2, 3) if len(digits) >= length)
    return next((regions[0] for regions in codes if regions), None)


def _read(text: str, region: str | None) -> str | Doubt:
    parts = [part for part in _BETWEEN.split(text) if _digits(part) >= _FEWEST_DIGITS]
    if len(parts) > 1:
        return Doubt.SEVERAL
    number = _parsed(text, region)
    if number is not None and number.extension:
        return Doubt.EXTENSION
    if not _PLAIN.fullmatch(text):
        return Doubt.OTHER_TEXT if any(_parsed(part, region) for part in parts) else Doubt.NOT_VALID
    if number is None:
        bare = region is None and not _INTERNATIONAL.match(text) and _FEWEST_DIGITS <= _digits(text) <= _MOST_DIGITS
        return Doubt.WITHOUT_COUNTRY if bare else Doubt.NOT_VALID
    if "/" in text and (text.count("/") > 1 or _digits(text.partition("/")[0]) > _AREA_CODE):
        return Doubt.SEVERAL
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _digits(text: str) -> int:
    return sum(character.isdecimal() for character in text)


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _stands(number: str) -> bool:
    """Whether the library reads its own E.164 back as the same number; some national prefixes prevent it."""
    again = _parsed(number, None)
    return again is not None and phonenumbers.format_number(again, phonenumbers.PhoneNumberFormat.E164) == number


def _calling_codes(numbers: pa.LargeStringArray) -> list[int]:
    starts = pc.unique(pc.binary_slice(numbers.cast(pa.large_binary()), 0, 4)).to_pylist()
    codes = {start[1:end] for start in starts if start.startswith(b"+") for end in (2, 3, 4)}
    return sorted(code for code in COUNTRY_CODE_TO_REGION_CODE if str(code).encode() in codes)


def _valid(numbers: pa.LargeStringArray, calling_code: int) -> NDArray[np.bool_]:
    """Follows `phonenumbers.is_valid_number`: the first region that claims a number decides on it."""
    listed = COUNTRY_CODE_TO_REGION_CODE[calling_code]
    found = (PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region) for region in listed)
    regions = [metadata for metadata in found if metadata is not None]
    open_at = np.flatnonzero(~_begins(numbers, calling_code, regions[0].national_prefix_for_parsing))
    valid = np.zeros(len(numbers), dtype=np.bool_)
    for region in regions:
        rest = _taken(numbers, open_at)
        typed = _has_type(rest, calling_code, region)
        claimed = _begins(rest, calling_code, region.leading_digits) if region.leading_digits else typed
        valid[open_at] = typed if len(listed) == 1 else typed & claimed
        open_at = open_at[~claimed]
    return valid


def _has_type(numbers: pa.LargeStringArray, calling_code: int, region: PhoneMetadata) -> NDArray[np.bool_]:
    """Which numbers are of a type that the region has. One pattern for all types that can have so many digits."""
    typed = np.zeros(len(numbers), dtype=np.bool_)
    lengths = np.asarray(pc.binary_length(numbers)) - len(f"+{calling_code}")
    for possible, patterns in _patterns_by_length(region):
        open_at = np.flatnonzero(np.isin(lengths, possible))
        for pattern in patterns if len(open_at) else ():
            whole = rf"^\+{calling_code}(?:{pattern})$"
            open_at = open_at[_flags(pc.match_substring_regex(_taken(numbers, open_at), whole))]
        typed[open_at] = True
    return typed


def _patterns_by_length(region: PhoneMetadata) -> Iterator[tuple[list[int], tuple[str, str]]]:
    """Numbers of digits, and the two patterns that a valid number of so many matches: of any number, and of a type."""
    anything = region.general_desc
    if anything is None or not anything.national_number_pattern:
        return
    types = [each for name in _TYPES if (each := getattr(region, name)) and each.national_number_pattern]
    alike: dict[str, list[int]] = {}
    for length in anything.possible_length:
        patterns = [f"(?:{each.national_number_pattern})" for each in types if length in each.possible_length]
        alike.setdefault("|".join(patterns), []).append(length)
    yield from ((lengths, (anything.national_number_pattern, pattern)) for pattern, lengths in alike.items() if pattern)


def _begins(numbers: pa.LargeStringArray, calling_code: int, prefix: str | None) -> NDArray[np.bool_]:
    if not prefix:
        return np.zeros(len(numbers), dtype=np.bool_)
    return _flags(pc.match_substring_regex(numbers, rf"^\+{calling_code}(?:{prefix})"))


def _taken(numbers: pa.LargeStringArray, at: NDArray[np.intp]) -> pa.LargeStringArray:
    return numbers if len(at) == len(numbers) else numbers.take(pa.array(at))


def _flags(mask: pa.BooleanArray) -> NDArray[np.bool_]:
    return np.asarray(mask, dtype=np.bool_)
