"""The request schema as a pandera schema, and the failure cases it finds; the only importer of pandera."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pan

from batch.arrow_text import Texts, texts_of
from batch.schema.fields import Field, JsonType, Schema
from batch.validate.masks import rule_mask, type_mask
from batch.validate.texts import Mask, present

REQUIRED, TYPE, UNEXPECTED = "required", "type", "additionalProperties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """The cells of one column that break one keyword: positions of frame rows, ascending, and their text."""

    name: str
    keyword: str
    positions: npt.NDArray[np.intp]
    values: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """One keyword of one column: what is True where it is kept, and the same as a check of pandera's."""

    keyword: str
    kept: Callable[[Texts], Mask]
    check: pan.Check


@lru_cache(maxsize=16)
def pandera_schema(schema: Schema, others: tuple[str, ...]) -> pan.DataFrameSchema:
    """One pandera column for each field, with one check for each keyword; `others` are columns without a field.

    Columns are of text, where an empty cell is an absent field. A check is named for its keyword.
    """
    fields = {each.name: each for each in schema.fields}
    columns: dict[str, pan.Column] = {}
    for name, rules in _rules(schema, others).items():
        checks = [rule.check for rule in rules]
        field = fields.get(name) or schema.other_field(name)
        required, description = (name in schema.required, field.description) if field else (False, None)
        columns[name] = pan.Column(checks=checks, required=required, nullable=True, description=description)
    return pan.DataFrameSchema(columns)


def failures(frame: pd.DataFrame, schema: Schema) -> Iterator[Failures]:
    """What breaks the schema: field by field in its order, then other columns in theirs; in each, keyword by keyword.

    The frame is numbered from 0. A required field without a column is empty in every row.
    """
    whole = frame.copy(deep=False)
    for name in schema.required:
        if name not in frame.columns:
            whole[name] = ""
    others = tuple(name for name in frame.columns if name not in schema.names)
    # Each check is asked by itself: DataFrameSchema.validate asks the same checks, but spends 5 ms on building its
    # report of each that fails, which for 100 chunks with a few bad rows each is seconds. A rule that the whole column
    # keeps, as nearly all do, needs no report: then its check is not asked at all.
    for name, rules in _rules(schema, others).items():
        if name not in whole.columns:
            continue
        texts = texts_of(whole[name])
        for rule in rules:
            if bool(rule.kept(texts).all()):
                continue
            result = rule.check(whole, name)
            if not result.check_passed:
                cases = result.failure_cases
                yield Failures(name=name, keyword=rule.keyword, positions=cases.index.to_numpy(), values=cases.tolist())


@lru_cache(maxsize=16)
def _rules(schema: Schema, others: tuple[str, ...]) -> Mapping[str, Sequence[_Rule]]:
    """By column, the fields' in the order of the schema first, its rules in theirs."""
    rules = {each.name: _of_field(each) for each in schema.fields}
    for name in others:
        field = schema.other_field(name)
        rules[name] = [_rule(UNEXPECTED, lambda texts: ~present(texts))] if field is None else _of_field(field)
    return rules


def _of_field(field: Field) -> Sequence[_Rule]:
    rules = [_rule(REQUIRED, present)] if field.required else []
    if field.type is not JsonType.STRING:
        rules.append(_rule(TYPE, lambda texts: type_mask(texts, field.type)))
    rules.extend(_rule(keyword, partial(_keeps, field, keyword)) for keyword in field.rules)
    return rules


def _keeps(field: Field, keyword: str, texts: Texts) -> Mask:
    return rule_mask(texts, field, keyword)


def _rule(keyword: str, kept: Callable[[Texts], Mask]) -> _Rule:
    def over_column(column: pd.Series[str]) -> pd.Series[bool]:
        return pd.Series(kept(texts_of(column)), index=column.index)

    return _Rule(keyword=keyword, kept=kept, check=pan.Check(over_column, name=keyword, error=keyword, ignore_na=False))
