"""One sheet's header row and what each of its columns feeds: by order of the user, else by its header."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from batch.columns.header_row import find_header_row
from batch.columns.headers import Vocabulary, lineage_of
from batch.columns.layout import Layout, column_label
from batch.columns.notices import notices
from batch.columns.orders import Order
from batch.columns.problems import no_header_row, problems
from batch.columns.ties import Tied, tie
from batch.likeness import trimmed
from batch.model import SourceRow
from batch.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for in a sheet: the fields, by all their names, and what the user ordered with --map."""

    schema: Schema
    vocabulary: Vocabulary
    orders: tuple[Order, ...] = ()


def lay_out(sheet: str, rows: Sequence[SourceRow], sought: Sought) -> Layout:
    """The layout of one sheet, from its first rows."""
    header = find_header_row(rows, sought.vocabulary, sought.orders)
    if header is None:
        problem = no_header_row(sheet, rows, sought.schema)
        return Layout(sheet=sheet, problems=(problem,), missing=_missing(frozenset(), sought.schema))
    tied = tie(sought.orders, [trimmed(cell) for cell in header.cells], header.number)
    layout = _mapped(sheet, header, tied, sought)
    return replace(
        layout,
        problems=(*tied.problems, *problems(layout, tied, sought.vocabulary, sought.schema)),
        notices=notices(layout, rows, tied, sought.vocabulary, sought.schema),
    )


def _mapped(sheet: str, header: SourceRow, tied: Tied, sought: Sought) -> Layout:
    texts = [trimmed(cell) for cell in header.cells]
    lineage = _lineage(texts)
    fields = tuple(_feeds(position, text, tied, sought.vocabulary) for position, text in enumerate(texts))
    return Layout(
        sheet=sheet,
        header_row=header.number,
        headers=header.cells,
        labels=tuple(text or column_label(position) for position, text in enumerate(texts)),
        fields=fields,
        splits=tied.splits,
        ordered=frozenset(tied.fields),
        lineage=lineage,
        missing=_missing(frozenset(name for names in fields for name in names), sought.schema),
    )


def _feeds(position: int, text: str, tied: Tied, vocabulary: Vocabulary) -> tuple[str, ...]:
    if position in tied.fields:
        return tied.fields[position]
    field = None if lineage_of(text) else vocabulary.field_of(text)
    return (field,) if field and field not in tied.fed else ()


def _lineage(texts: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for position, text in enumerate(texts):
        if name := lineage_of(text):
            found.setdefault(name, position)
    return MappingProxyType(found)


def _missing(fed: frozenset[str], schema: Schema) -> tuple[str, ...]:
    return tuple(field.name for field in schema.fields if field.required and field.name not in fed)
