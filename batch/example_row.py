"""The example row of our own template: what stands in it, and how it is told from a customer's row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from batch.hints import Kind
from batch.schema import JsonType, spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from batch.hints import Hints
    from batch.schema import Field, Schema

EXAMPLE_MARK: Final = "EXAMPLE / VOORBEELD (not sent)"

_BY_FORMAT = {
    "uuid": "550e8400-e29b-41d4-a716-446655440000",
    "email": "name@example.com",
    "uri": "https://example.com",
    "date": "2026-01-31",
    "date-time": "2026-01-31T09:30:00+01:00",
}
_BY_KIND = {
    Kind.BUSINESS: "Voorbeeld B.V.",
    Kind.FIRST_NAME: "Anna",
    Kind.LAST_NAME: "de Vries",
    Kind.PHONE: "020 123 4567",
    Kind.STREET: "Keizersgracht",
    Kind.HOUSE_NUMBER: "12-A",
    Kind.POSTAL_CODE: "1015 CJ",
    Kind.CITY: "Amsterdam",
    Kind.PROVINCE: "Noord-Holland",
}
_BY_TYPE = {JsonType.INTEGER: "1", JsonType.NUMBER: "1.5"}


def is_example_row(cells: pd.DataFrame, positions: Mapping[str, int]) -> NDArray[np.bool_]:
    """For each row of a chunk whether it is the example: a mapped column (by field, its position) holds the mark."""
    from batch.arrow_text import texts_of  # noqa: PLC0415 -- a template is made without Arrow
    from batch.text_column import Column  # noqa: PLC0415 -- a template is made without Arrow

    found = np.zeros(len(cells), dtype=bool)
    for position in positions.values():
        column = Column(texts_of(cells[position]))
        suspects = column.sizes == len(EXAMPLE_MARK)
        for place, text in column.cells(suspects) if suspects.any() else ():
            found[place] |= text == EXAMPLE_MARK
    return found


def example_row(schema: Schema, hints: Hints) -> tuple[str, ...] | None:
    """One cell for each field, in schema order; None if no field can hold the mark, so that it would be sent."""
    marked = next((field.name for field in schema.fields if _is_free_text(field)), None)
    if marked is None:
        return None
    return tuple(EXAMPLE_MARK if field.name == marked else _example(field, hints) for field in schema.fields)


def _is_free_text(field: Field) -> bool:
    return field.type is JsonType.STRING and not field.enum and not field.examples and set(field.rules) <= {"minLength"}


def _example(field: Field, hints: Hints) -> str:
    """The schema's own example, else one of the right kind; without any, the label says what to put there."""
    form, kind = field.rules.get("format"), hints.of(field.name).kind
    candidates = (
        *field.examples,
        *field.enum,
        *([] if field.default is None else [spelled(field.default)]),
        _BY_FORMAT.get(form, "") if isinstance(form, str) else "",
        _BY_KIND.get(kind, "") if kind else "",
        _BY_TYPE.get(field.type, ""),
        f"Example {field.label.lower()}",
    )
    return next(filter(None, candidates))
