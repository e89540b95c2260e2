"""One sheet's header row and what each of its columns feeds: by order of the user, else by its header."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from batch.columns.header_row import find_header_row
from batch.columns.headers import Vocabulary, lineage_of
from batch.columns.layout import Layout, column_label
from batch.columns.notices import notices
from batch.columns.orders import Order
from batch.columns.packed import packed
from batch.columns.problems import no_header_row, problems, values_in_one_cell
from batch.columns.ties import Tied, tie, untied
from batch.likeness import trimmed
from batch.model import Notice, SourceRow
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
        together = packed(rows, sought.vocabulary, sought.orders)
        problem = values_in_one_cell(sheet, *together) if together else no_header_row(sheet, rows, sought.schema)
        return Layout(sheet=sheet, problems=(problem,), missing=_missing(frozenset(), sought.schema))
    tied = tie(sought.orders, [trimmed(cell) for cell in header.cells])
    layout = _mapped(sheet, header, tied, sought)
    return replace(
        layout,
        problems=(
            *tied.problems,
            *_untied(layout, tied),
            *problems(layout, tied, sought.vocabulary, sought.schema),
        ),
        notices=notices(layout, rows, tied, sought.vocabulary, sought.schema),
    )


def _untied(layout: Layout, tied: Tied) -> Iterator[Notice]:
    """The problems of orders that mean no column. A failed file may lack the columns of a sheet that it did not come
    from; there an order is as good as carried out if its fields are fed.
    """
    texts = [trimmed(cell) for cell in layout.headers]
    for order in tied.untied:
        own = lineage_of(order.header) is None
        served = layout.lineage and own and order.fields and layout.positions.keys() >= set(order.fields)
        problem = None if served else untied(order, texts, layout.header_row or 0)
        if problem:
            yield problem


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
