"""What people call countries: codes and names in many languages, as phonenumbers has them from CLDR; and the country
codes of phone numbers, which spreadsheets keep under the same headers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

from batch.likeness import loose, trimmed

_LANGUAGES: Final = ("nl", "en", "de", "fr", "es", "it", "pt", "pl", "sv", "da")
_ALSO: Final = {
    "NL": ("Holland", "The Netherlands", "NLD", "Nederlanden"),
    "BE": ("B", "BEL"),
    "DE": ("D", "DEU", "BRD"),
    "FR": ("F", "FRA"),
    "LU": ("L", "LUX"),
    "AT": ("A", "AUT"),
    "GB": ("UK", "GBR", "Great Britain", "Groot-Brittannië", "England", "Engeland", "Scotland", "Schotland", "Wales"),
    "US": ("USA", "VS", "V.S.", "United States of America", "Amerika"),
    "ES": ("ESP",),
    "PT": ("PRT",),
    "IT": ("ITA",),
    "PL": ("POL",),
    "CZ": ("Czechia", "Tsjechië"),
}


_CALLED: Final = re.compile(r"(?:\+|00) ?(?P<signed>\d{1,3})|(?P<bare>\d{2})")
_NUMBER: Final = re.compile(r"\+?[\d ]+")


def country_named(text: str) -> str | None:
    """The country (ISO 3166-1, capitals) that `text` names by its code, in words, or by the country code of its phone
    numbers (+32, 0032, 32); None if it is not known. A number of one or three digits alone may be any list's.
    """
    called = _CALLED.fullmatch(trimmed(text))
    if called is None:
        return _names().get(loose(text))
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(called["signed"] or called["bare"]), ())
    return next((region for region in regions if region in SUPPORTED_REGIONS), None)


def is_number(text: str) -> bool:
    """Whether `text` is a number, with or without +: it may be meant as the country code of a phone number."""
    return _NUMBER.fullmatch(trimmed(text)) is not None


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    from phonenumbers.geodata.locale import LOCALE_DATA  # noqa: PLC0415 -- 0.3 s, for files with such a column only

    names: dict[str, str] = {}
    for region in sorted(SUPPORTED_REGIONS):
        spoken = (_spoken(LOCALE_DATA.get(region, {}), language) for language in _LANGUAGES)
        for name in (region, *_ALSO.get(region, ()), *spoken):
            names.setdefault(loose(name), region)
    names.pop("", None)
    return names


def _spoken(names: Mapping[str, str], language: str) -> str:
    """A country's name in a language; `*en` means that it is called there as in English."""
    name = names.get(language, "")
    return _spoken(names, name[1:]) if name.startswith("*") else name
