"""Rows as `sense` sees them in a run: normalised, validated, judged."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from batch.hints import load_hints
from batch.model import Notice
from batch.normalise import normalise
from batch.schema import load_schema, schemas_folder
from batch.sense import Sense
from batch.validate import validate

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
NAMES = SCHEMA.names
LABELS = {field.name: field.label for field in SCHEMA.fields}


def new_sense(region: str = "NL") -> Sense:
    return Sense(SCHEMA, HINTS, region)


def warned(
    rows: Sequence[dict[str, str]],
    *,
    region: str = "NL",
    countries: Sequence[str] | None = None,
    sense: Sense | None = None,
) -> tuple[Notice, ...]:
    """The warnings for rows; a field that no row has is no column. `row` counts from 0."""
    names = [name for name in NAMES if any(name in row for row in rows)]
    frame = pd.DataFrame({name: [row.get(name, "") for row in rows] for name in names}, dtype="str")
    judge = sense or new_sense(region)
    where = judge.countries(frame, [] if countries is None else [pd.Series(list(countries), dtype="str")])
    clean = normalise(frame, range(len(frame)), LABELS, SCHEMA, HINTS, where)
    errors = validate(clean.frame, range(len(frame)), LABELS, SCHEMA).errors
    return judge.warnings(clean.frame, LABELS, where, clean.doubts, {(error.row, error.field) for error in errors})
