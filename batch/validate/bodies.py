"""Valid rows as the exact JSON that is sent: compact UTF-8, fields in the order of the schema, absent ones left out."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from batch.arrow_text import Texts, texts_of
from batch.schema.fields import JsonType, Schema

_ESCAPED = ("\\", '"', *map(chr, range(0x20)))  # the backslash first: the others bring new ones


def bodies(frame: pd.DataFrame, schema: Schema) -> Iterator[bytes]:
    """The body of each row of the frame, all of which `validate` found valid.

    Columns that the schema does not describe follow in the frame's order. A number is sent as it is spelled.
    """
    if frame.empty:
        return iter([b"{}"] * len(frame))
    described = [name for name in schema.names if name in frame.columns]
    others = [name for name in frame.columns if name not in schema.names]
    members = [_members(texts_of(frame[name]), name, _type_of(name, schema)) for name in (*described, *others)]
    joined = pc.cast(_together(*members), pa.large_binary()).to_pylist()
    return (b"{" + each[1:] + b"}" for each in joined)  # without the comma before the first member


def _type_of(name: str, schema: Schema) -> JsonType:
    field = schema.field(name) or schema.other_field(name)
    return JsonType.STRING if field is None else field.type


def _members(texts: Texts, name: str, kind: JsonType) -> Texts:
    """`,"name":value` for each text, nothing where it is empty."""
    key = f",{json.dumps(name, ensure_ascii=False)}:"
    quoted = kind is JsonType.STRING
    filled = _together(key + '"', _escaped(texts), '"') if quoted else _together(key, texts)
    return pc.if_else(pc.equal(texts, ""), _text(""), filled)


def _escaped(texts: Texts) -> Texts:
    """The text as it stands between the quotes of a JSON string."""
    if not pc.any(pc.match_substring_regex(texts, r'[\x00-\x1f"\\]')).as_py():
        return texts
    for char in _ESCAPED:
        texts = pc.replace_substring(texts, char, json.dumps(char)[1:-1])
    return texts


def _together(*parts: Texts | str) -> Texts:
    arrays = [_text(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*arrays, _text(""))


def _text(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())
