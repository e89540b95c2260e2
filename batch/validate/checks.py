"""The request schema as a pandera schema, and the failure cases it finds; the only importer of pandera."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

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


@lru_cache(maxsize=16)
def pandera_schema(schema: Schema, others: tuple[str, ...]) -> pan.DataFrameSchema:
    """One pandera column for each field, with one check for each keyword; `others` are columns without a field.

    Columns are of text, where an empty cell is an absent field. A check is named for its keyword.
    """
    columns = {each.name: _column(each) for each in schema.fields}
    for name in others:
        field = schema.other_field(name)
        columns[name] = _unexpected() if field is None else _column(field)
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
    # report of each that fails, which for 100 chunks with a few bad rows each is seconds.
    for column in pandera_schema(schema, others).columns.values():
        if column.name not in whole.columns:
            continue
        for check in column.checks:
            result = check(whole, column.name)
            if not result.check_passed:
                cases = result.failure_cases
                yield Failures(
                    name=column.name, keyword=check.name, positions=cases.index.to_numpy(), values=cases.tolist()
                )


def _column(field: Field) -> pan.Column:
    checks = [_check(REQUIRED, present)] if field.required else []
    if field.type is not JsonType.STRING:
        checks.append(_check(TYPE, lambda texts: type_mask(texts, field.type)))
    checks.extend(_rule(field, keyword) for keyword in field.rules)
    return pan.Column(checks=checks, required=field.required, nullable=True, description=field.description)


def _rule(field: Field, keyword: str) -> pan.Check:
    return _check(keyword, lambda texts: rule_mask(texts, field, keyword))


def _unexpected() -> pan.Column:
    return pan.Column(checks=[_check(UNEXPECTED, lambda texts: ~present(texts))], required=False, nullable=True)


def _check(keyword: str, kept: Callable[[Texts], Mask]) -> pan.Check:
    def over_column(column: pd.Series[str]) -> pd.Series[bool]:
        return pd.Series(kept(texts_of(column)), index=column.index)

    return pan.Check(over_column, name=keyword, error=keyword, ignore_na=False)
