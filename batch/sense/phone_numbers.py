"""Phone numbers that were left as they are, because what they are is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from batch.model import Sentence, sentence
from batch.phones import Doubt
from batch.sense.rows import Finding, Rows

_DOUBTS: Final = {
    Doubt.EXTENSION: sentence(
        "This phone number has an extension, which the international form has no place for. It is left as it is."
    ),
    Doubt.SEVERAL: sentence(
        "There seems to be more than one phone number in this cell. It is left as it is; keep one of them."
    ),
    Doubt.OTHER_TEXT: sentence(
        "There is more than a phone number in this cell. It is left as it is; keep only the number."
    ),
}


def phone_numbers(rows: Rows) -> Iterator[Finding]:
    """One finding for each doubt that `normalise` had."""
    for doubt in rows.doubts:
        code, said = _said(rows, doubt.place, doubt.doubt)
        yield Finding(place=doubt.place, field=doubt.field, code=code, sentence=said)


def _said(rows: Rows, place: int, doubt: Doubt) -> tuple[str, Sentence]:
    match doubt:
        case Doubt.NOT_VALID:
            what = sentence(
                "This is no phone number that is valid in {region}, nor one with + and a country code in front. "
                "It is left as it is.",
                region=rows.countries.at(place).region,
            )
            return "phone_not_valid", rows.assumed(place, what)
        case Doubt.WITHOUT_COUNTRY:
            what = sentence(
                "This phone number has no country code, and it is not known which one it needs. It is left as it is; "
                "write it with + and the country code in front."
            )
            return "phone_without_country", rows.assumed(place, what)
        case _:
            return "phone_ambiguous", _DOUBTS[doubt]
