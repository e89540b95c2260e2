"""What the user ordered with `--map "Header=field"`: read, and tied to the columns of a header row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batch.columns.headers import lineage_of
from batch.columns.layout import column_label
from batch.columns.sayings import map_option, quoted, shown
from batch.likeness import loose, nearest, trimmed
from batch.model import Notice, Sentence, sentence
from batch.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One `--map`: the column that `header` names feeds `field`, or nothing if `field` is None."""

    header: str
    field: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """Orders tied to columns: the fields by column position (() means: ignore the column), and what went wrong."""

    fields: Mapping[int, tuple[str, ...]]
    problems: tuple[Notice, ...] = ()

    @property
    def fed(self) -> frozenset[str]:
        return frozenset(name for names in self.fields.values() for name in names)


def read_orders(texts: Sequence[str], schema: Schema) -> tuple[tuple[Order, ...], tuple[Notice, ...]]:
    """The orders in the texts of `--map`, each once, and a problem for each text that is none."""
    read = [_read(text, schema) for text in texts]
    orders = dict.fromkeys(item for item in read if isinstance(item, Order))
    return tuple(orders), tuple(item for item in read if isinstance(item, Notice))


def tie(orders: Sequence[Order], texts: Sequence[str], row: int) -> Tied:
    """Finds the columns that the orders mean among the header `texts` (trimmed, "" where blank) of row `row`.

    A header is meant as written first, then whatever its case, accents, spacing and punctuation, then by its place
    ("column C"). A column that is ordered by its place is not meant by any order by text.
    """
    free = {position: text for position, text in enumerate(texts) if lineage_of(text) is None}
    placed = {order: position for order in orders if (position := _by_place(order.header, free)) is not None}
    rest = {position: text for position, text in free.items() if position not in placed.values()}
    tied = Tied(fields={})
    for order in orders:
        positions = [placed[order]] if order in placed else _by_text(order.header, rest)
        tied = _with(tied, order, positions) if positions else _with_problem(tied, _untied(order, texts, row))
    return tied


def means(order: Order, text: str) -> bool:
    """Whether the header `text` can be the one that `order` names; for finding the header row."""
    return loose(order.header) == loose(text) != ""


def _read(text: str, schema: Schema) -> Order | Notice:
    header, equals, target = (trimmed(part) for part in text.rpartition("="))
    if not equals or not header:
        return _malformed(text)
    if not target:
        return Order(header=header, field=None)
    field = _field(target, schema)
    return Order(header=header, field=field) if field else _unknown_field(header, target, schema)


def _field(target: str, schema: Schema) -> str | None:
    if any(field.name == target for field in schema.fields):
        return target
    alike = {field.name for field in schema.fields if loose(target) in (loose(field.name), loose(field.label))}
    return alike.pop() if len(alike) == 1 else None


def _by_place(header: str, free: Mapping[int, str]) -> int | None:
    if any(loose(header) == loose(text) for text in free.values()):
        return None
    return next((position for position in free if loose(header) == loose(column_label(position))), None)


def _by_text(header: str, free: Mapping[int, str]) -> list[int]:
    exactly = [position for position, text in free.items() if text == header]
    key = loose(header)
    return exactly or [position for position, text in free.items() if key and loose(text) == key]


def _with(tied: Tied, order: Order, positions: Sequence[int]) -> Tied:
    new = () if order.field is None else (order.field,)
    before = [tied.fields[position] for position in positions if position in tied.fields]
    if any(bool(names) != bool(new) for names in before):
        return _with_problem(tied, _contradiction(order))
    added = {position: dict.fromkeys((*tied.fields.get(position, ()), *new)) for position in positions}
    return Tied(fields={**tied.fields, **{at: tuple(names) for at, names in added.items()}}, problems=tied.problems)


def _with_problem(tied: Tied, problem: Notice | None) -> Tied:
    return tied if problem is None else Tied(fields=tied.fields, problems=(*tied.problems, problem))


def _malformed(text: str) -> Notice:
    said = sentence(
        '--map "{text}" cannot be understood: expected a header and a field with "=" between them, such as '
        '--map "Bedrijfsnaam=business_name", or --map "Header=" to leave a column out.',
        text=shown(text),
    )
    return Notice(code="map_malformed", sentence=said)


def _unknown_field(header: str, target: str, schema: Schema) -> Notice:
    owners = {name: field.name for field in schema.fields for name in (field.label, field.name)}
    near = nearest(target, owners)
    return Notice(
        code="map_unknown_field",
        column=header,
        sentence=sentence(
            '{order} names no field: there is no "{target}". {advice}',
            order=map_option(header, target),
            target=shown(target),
            advice=_field_advice(header, owners[near] if near else None, schema),
        ),
    )


def _field_advice(header: str, near: str | None, schema: Schema) -> Sentence:
    if near:
        return sentence("Did you mean {order}?", order=map_option(header, near))
    return sentence("The fields are: {fields}.", fields=", ".join(field.name for field in schema.fields))


def _untied(order: Order, texts: Sequence[str], row: int) -> Notice | None:
    if lineage_of(order.header):
        return None if order.field is None else _reserved(order)
    written = [text for text in texts if text]
    near = nearest(order.header, written)
    advice = (
        sentence("Did you mean {order}?", order=map_option(near, order.field or ""))
        if near
        else sentence("The headers are: {headers}.", headers=quoted(written))
    )
    said = sentence(
        '{order} names no column: row {row} has no header "{header}". {advice}',
        order=map_option(order.header, order.field or ""),
        row=row,
        header=shown(order.header),
        advice=advice,
    )
    return Notice(code="map_unknown_header", sentence=said, row=row, column=order.header)


def _reserved(order: Order) -> Notice:
    said = sentence(
        '{order} is not possible: the column "{header}" is this program\'s own and is never sent.',
        order=map_option(order.header, order.field or ""),
        header=order.header,
    )
    return Notice(code="map_reserved_column", sentence=said, column=order.header)


def _contradiction(order: Order) -> Notice:
    said = sentence(
        '--map both leaves out the column "{header}" and gives it to a field. Keep one of the two.',
        header=shown(order.header),
    )
    return Notice(code="map_contradiction", sentence=said, column=order.header)
