"""In which country each row's address is: said by a column, told by its postal code, province or phone, or assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batch.countries import Assumed, Countries, by_setting
from batch.country_names import country_named, is_number
from batch.hints import Kind
from batch.likeness import trimmed
from batch.model import Sentence, sentence
from batch.phones import country_of
from batch.sense.postal_forms import DIGITS, FORMS, dutch
from batch.sense.provinces import dutch_province, region_of_province
from batch.text_column import Column, Mask

NETHERLANDS: Final = "NL"

_SOMEWHERE: Final = range(3, 8)  # digits that the postal codes of some country have
_CALLING_CODE: Final = 4  # "+" and three digits at most
_BY_COLUMN: Final = sentence("its country column says so")
_NO_CALLING_CODE: Final = Assumed(
    region=None, why=sentence("its country column holds a number that is no known country code of phone numbers")
)
_DISAGREE: Final = Assumed(region=None, why=sentence("its country columns name different countries"))
_BY_FORM: Final = sentence("its postal code is written as they are there")
_BY_PROVINCE: Final = sentence("that is where its province is")
_BY_PHONE: Final = sentence("its phone number has that country code and its postal code could be one")
_NO_LETTERS: Final = sentence("its postal code has no letters and its province is not a Dutch one")


def locate(texts: Mapping[Kind, Column], rows: int, region: str, given: Sequence[Column] = ()) -> Countries:
    """The country of each of `rows` rows. `texts` are columns as they were read, by what they are; `region` is assumed
    where a row says nothing else; `given` are the file's own columns of countries.
    """
    found = _Found(region, rows)
    if Kind.POSTAL_CODE in texts:
        _by_postal_code(found, texts, region)
    told = np.zeros(rows, dtype=np.bool_)
    for column in given:
        told = _by_column(found, column, told)
    return found.countries()


class _Found:
    """The answer while it is put together."""

    def __init__(self, region: str, rows: int) -> None:
        self.index = np.zeros(rows, dtype=np.int16)
        self._numbers: dict[tuple[str | None, str], int] = {}
        self._assumed: list[Assumed] = []
        self.number(by_setting(region))

    def number(self, assumed: Assumed) -> int:
        key = (assumed.region, str(assumed.why))
        if key not in self._numbers:
            self._numbers[key] = len(self._assumed)
            self._assumed.append(assumed)
        return self._numbers[key]

    def take(self, where: Mask, assumed: Assumed) -> None:
        self.index[where] = self.number(assumed)

    def countries(self) -> Countries:
        return Countries(assumed=tuple(self._assumed), index=self.index)


def _by_column(found: _Found, column: Column, told: Mask) -> Mask:
    """Where a column of countries said something by now; `told` is where those before it did."""
    so_far = told.copy()
    for text in pc.unique(column.texts).to_pylist():
        assumed = _said(text)
        if assumed is not None:
            here = np.asarray(pc.equal(column.texts, text))
            found.take(here & told & (found.index != found.number(assumed)), _DISAGREE)
            found.take(here & ~told, assumed)
            so_far |= here
    return so_far


def _said(text: str) -> Assumed | None:
    """What a cell in a column of countries says. A number that leads to no country may still be the country code of the
    row's phone number, so that none is put before it.
    """
    named = country_named(text)
    if named is not None:
        return Assumed(region=named, why=_BY_COLUMN)
    return _NO_CALLING_CODE if is_number(text) else None


def _by_postal_code(found: _Found, texts: Mapping[Kind, Column], region: str) -> None:
    codes = texts[Kind.POSTAL_CODE]
    in_form = dutch(codes)
    found.take(in_form, Assumed(region=NETHERLANDS, why=_BY_FORM))
    open_at = np.flatnonzero(~in_form & codes.filled)
    for country, form in FORMS.items():
        if not len(open_at):
            return
        fits = Column(codes.texts.take(pa.array(open_at))).matching(form)
        found.index[open_at[fits]] = found.number(Assumed(region=country, why=_BY_FORM))
        open_at = open_at[~fits]
    known: dict[tuple[int | None, str, str], int] = {}
    for place, code, province, phone in _open_rows(texts, open_at):
        key = (_digits(code), province, _telling(phone))
        if key not in known:
            known[key] = found.number(_assume(*key, region))
        found.index[place] = known[key]


def _open_rows(texts: Mapping[Kind, Column], open_at: NDArray[np.intp]) -> Iterator[tuple[int, str, str, str]]:
    at = pa.array(open_at)
    columns = [
        texts[kind].texts.take(at).to_pylist() if kind in texts else [""] * len(open_at)
        for kind in (Kind.POSTAL_CODE, Kind.PROVINCE, Kind.PHONE)
    ]
    yield from zip(open_at.tolist(), *columns, strict=True)


def _telling(phone: str) -> str:
    """What of a phone number can say in which country it is, so that not each of a million has to be asked."""
    return phone[:_CALLING_CODE] if phone.startswith("+") else phone


def _digits(code: str) -> int | None:
    """How many digits a postal code has that is digits alone, perhaps with a space or hyphen; None for others."""
    bare = trimmed(code).replace(" ", "").replace("-", "")
    return len(bare) if bare.isascii() and bare.isdigit() else None


def _assume(digits: int | None, province: str, phone: str, region: str) -> Assumed:
    """What to make of a row whose postal code does not say where it is."""
    there = region_of_province(province)
    if there is not None:
        return Assumed(region=there, why=_BY_PROVINCE)
    if digits not in _SOMEWHERE:
        return by_setting(region)
    caller = country_of(phone, region) if trimmed(phone) else None
    own = DIGITS.get(region, digits)
    if caller not in (None, region) and DIGITS.get(caller or "") == digits:
        return Assumed(region=caller, why=_BY_PHONE) if region == NETHERLANDS or digits != own else by_setting(region)
    if digits != own:
        return Assumed(region=None, why=_other_form(region))
    if region == NETHERLANDS and caller != region and trimmed(province) and dutch_province(province) is None:
        return Assumed(region=None, why=_NO_LETTERS)
    return by_setting(region)


def _other_form(region: str) -> Sentence:
    return sentence("its postal code is not written as in {region} and nothing else in the row tells it", region=region)
