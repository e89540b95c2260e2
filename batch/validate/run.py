"""A frame of normalised text held against the request schema: every error of every row, and which rows are valid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from batch.model import RowError, Sentence
from batch.schema.fields import Field, Schema
from batch.validate.checks import Failures, failures
from batch.validate.sentences import empty_sentence, rule_sentence, type_sentence, unexpected_sentence
from batch.validate.texts import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`errors` in row order, then in the order of the fields; `valid` has one bool for each row of the frame."""

    errors: tuple[RowError, ...]
    valid: Mask


def validate(frame: pd.DataFrame, rows: Sequence[int], labels: Mapping[str, str], schema: Schema) -> Verdict:
    """Every error of every row. Nothing in the frame is changed.

    `frame` has one str column for each field that the file feeds, of normalised text, "" for an absent value; a
    column that is not in the schema is judged by `additionalProperties`. `rows` are the row numbers, one for each
    frame row; `labels` are the column labels by field name. The code of an error is the JSON Schema keyword; a text
    that is no value of the field's type has that one error, and an empty required cell has `required` alone.
    """
    numbered = frame.set_axis(pd.RangeIndex(len(frame)), axis="index")
    found = tuple(failures(numbered, schema))
    valid = np.ones(len(frame), dtype=np.bool_)
    for each in found:
        valid[each.positions] = False
    errors = [error for each in found for error in _errors(each, rows, labels, schema, frame)]
    positions = np.concatenate([np.empty(0, dtype=np.intp), *(each.positions for each in found)])
    in_row_order = np.argsort(positions, kind="stable").tolist()
    return Verdict(errors=tuple(errors[at] for at in in_row_order), valid=valid)


def _errors(
    case: Failures, rows: Sequence[int], labels: Mapping[str, str], schema: Schema, frame: pd.DataFrame
) -> list[RowError]:
    field = schema.field(case.name) or schema.other_field(case.name)
    column = labels.get(case.name)
    has_column = case.name in frame.columns

    @lru_cache(maxsize=1024)
    def said(value: str) -> Sentence:
        return _sentence(field, case, value, has_column=has_column)

    return [
        RowError(row=rows[at], column=column, field=case.name, value=value, code=case.keyword, sentence=said(value))
        for at, value in zip(case.positions.tolist(), case.values, strict=True)
    ]


def _sentence(field: Field | None, case: Failures, value: str, *, has_column: bool) -> Sentence:
    if field is None:
        return unexpected_sentence(case.name, value)
    match case.keyword:
        case "required":
            return empty_sentence(field, has_column=has_column)
        case "type":
            return type_sentence(field, value)
        case keyword:
            return rule_sentence(field, keyword, value)
