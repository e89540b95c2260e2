"""The checked keywords over whole columns of text: for each a mask that is True where the rule is kept."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from batch.arrow_text import Texts
from batch.schema.fields import Field, JsonType, spelled
from batch.schema.formats import FORMATS
from batch.schema.patterns import read_pattern
from batch.validate.texts import Mask, each_distinct, has_type, mask_of, multiples, present, signs


def type_mask(texts: Texts, kind: JsonType) -> Mask:
    """True where the cell is empty or its text is a value of the type."""
    return has_type(texts, kind) | ~present(texts)


def rule_mask(texts: Texts, field: Field, keyword: str) -> Mask:
    """True where the rule is kept, and where it has nothing to judge: an empty cell, or a text of another type."""
    typed = has_type(texts, field.type)
    if bool(typed.all()):
        return _kept(texts, field, keyword)
    mask = np.ones(len(typed), dtype=np.bool_)
    mask[typed] = _kept(texts.filter(pa.array(typed)), field, keyword)
    return mask


def _kept(texts: Texts, field: Field, keyword: str) -> Mask:  # noqa: PLR0911 - one answer for each keyword
    match keyword, field.rules[keyword]:
        case "enum", tuple() as members:
            return _one_of(texts, field.type, members)
        case "const", only:
            return _one_of(texts, field.type, (only,))
        case "minLength", int(limit):
            return _long_enough(texts, limit)
        case "maxLength", int(limit):
            return mask_of(pc.less_equal(pc.utf8_length(texts), limit))
        case "pattern", str(pattern):
            return _searched(texts, pattern)
        case "format", str(name):
            return mask_of(pc.match_substring_regex(texts, rf"\A(?:{FORMATS[name]})\z"))
        case _, (int() | Decimal()) as limit:
            return _numbers_kept(texts, keyword, limit)
        case _:
            raise AssertionError(f"{keyword} of {field.name} was let through by the loader, and is not checked")


def _long_enough(texts: Texts, limit: int) -> Mask:
    """By the number of bytes where that is enough: a character has four at most."""
    surely = mask_of(pc.greater(pc.binary_length(texts), 4 * (limit - 1)))
    return surely if bool(surely.all()) else mask_of(pc.greater_equal(pc.utf8_length(texts), limit))


def _numbers_kept(numbers: Texts, keyword: str, limit: int | Decimal) -> Mask:
    match keyword:
        case "minimum":
            return np.asarray(signs(numbers, limit) >= 0)
        case "exclusiveMinimum":
            return np.asarray(signs(numbers, limit) > 0)
        case "maximum":
            return np.asarray(signs(numbers, limit) <= 0)
        case "exclusiveMaximum":
            return np.asarray(signs(numbers, limit) < 0)
        case _:
            return multiples(numbers, limit)


def _one_of(texts: Texts, kind: JsonType, members: tuple[object, ...]) -> Mask:
    if kind in (JsonType.STRING, JsonType.BOOLEAN):
        known = pa.array([spelled(member) for member in members], type=texts.type)
        return mask_of(pc.is_in(texts, value_set=known))
    numbers = [member for member in members if isinstance(member, int | Decimal)]
    return np.asarray(np.any([signs(texts, member) == 0 for member in numbers], axis=0))


def _searched(texts: Texts, text: str) -> Mask:
    pattern = read_pattern(text)
    if pattern.re2 is not None:
        try:
            return mask_of(pc.match_substring_regex(texts, pattern.re2))
        except pa.ArrowInvalid:  # RE2 refuses what would take it too much memory
            pass
    return each_distinct(texts, lambda value: pattern.python.search(value) is not None)
