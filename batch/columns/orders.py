"""What the user ordered with `--map "Header=field"` or in a map file: read into orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from batch.columns.layout import SPLIT
from batch.columns.sayings import map_option, shown
from batch.columns.splitting import Splitter, Splitters
from batch.likeness import loose, nearest, trimmed
from batch.model import Notice, Sentence, sentence
from batch.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEntry:
    """One order as it was written. `saved_in` is the name of the map file, None for --map."""

    header: str
    target: str
    saved_in: str | None = None

    @property
    def written(self) -> str:
        """The order as the user can find it again."""
        if self.saved_in is None:
            return map_option(self.header, self.target)
        return f'"{shown(self.header)}" = "{self.target}" in {self.saved_in}'

    def to(self, header: str, target: str) -> str:
        """The same order with another header or target, as a suggestion."""
        return MapEntry(header=header, target=target, saved_in=self.saved_in).written


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One entry that can be carried out: the column that it names feeds `fields`, or nothing if there are none.

    With a `splitter` each of the fields gets a part of the cell; without one there is but one field.
    """

    entry: MapEntry
    fields: tuple[str, ...]
    splitter: Splitter | None = None

    @property
    def header(self) -> str:
        return self.entry.header

    @property
    def saved(self) -> bool:
        """Whether it comes from a map file; what --map says wins over that."""
        return self.entry.saved_in is not None


def read_options(texts: Sequence[str]) -> tuple[tuple[MapEntry, ...], tuple[Notice, ...]]:
    """The entries in the texts of `--map`, and a problem for each text that is none."""
    entries: list[MapEntry] = []
    malformed: list[Notice] = []
    for text in texts:
        header, equals, target = (trimmed(part) for part in text.rpartition("="))
        if equals and header:
            entries.append(MapEntry(header=header, target=target))
        else:
            malformed.append(_malformed(text))
    return tuple(entries), tuple(malformed)


def read_orders(
    entries: Iterable[MapEntry], schema: Schema, splitters: Splitters
) -> tuple[tuple[Order, ...], tuple[Notice, ...]]:
    """The orders in the entries, each once, and a problem for each entry that cannot be carried out."""
    read = [_read(entry, schema, splitters) for entry in entries]
    orders = {(order.header, order.fields, order.saved): order for order in read if isinstance(order, Order)}
    return tuple(orders.values()), tuple(item for item in read if isinstance(item, Notice))


def means(order: Order, text: str) -> bool:
    """Whether the header `text` can be the one that `order` names; for finding the header row."""
    return loose(order.header) == loose(text) != ""


def _read(entry: MapEntry, schema: Schema, splitters: Splitters) -> Order | Notice:
    if not trimmed(entry.target):
        return Order(entry=entry, fields=())
    whole = _field(entry.target, schema)
    if whole:
        return Order(entry=entry, fields=(whole,))
    targets = [trimmed(part) for part in entry.target.split(SPLIT)]
    fields = tuple(field for target in targets if (field := _field(target, schema)))
    if len(fields) < len(targets):
        unknown = next(target for target in targets if not _field(target, schema))
        return _unknown_field(entry, unknown, schema)
    splitter = splitters.splitter(fields)
    return Order(entry=entry, fields=fields, splitter=splitter) if splitter else _no_rule(entry, splitters)


def _field(target: str, schema: Schema) -> str | None:
    if any(field.name == target for field in schema.fields):
        return target
    key = loose(target)
    alike = {field.name for field in schema.fields if key and key in (loose(field.name), loose(field.label))}
    return alike.pop() if len(alike) == 1 else None


def _malformed(text: str) -> Notice:
    said = sentence(
        '--map "{text}" cannot be understood: expected a header and a field with "=" between them, such as '
        '--map "Bedrijfsnaam=business_name", or --map "Header=" to leave a column out.',
        text=shown(text),
    )
    return Notice(code="map_malformed", sentence=said)


def _unknown_field(entry: MapEntry, target: str, schema: Schema) -> Notice:
    owners = {name: field.name for field in schema.fields for name in (field.label, field.name)}
    near = nearest(target, owners)
    return Notice(
        code="map_unknown_field",
        column=entry.header,
        sentence=sentence(
            '{order} names no field: there is no "{target}". {advice}',
            order=entry.written,
            target=shown(target),
            advice=_field_advice(entry, target, owners[near] if near else None, schema),
        ),
    )


def _field_advice(entry: MapEntry, target: str, near: str | None, schema: Schema) -> Sentence:
    if near:
        mended = SPLIT.join(near if trimmed(part) == target else trimmed(part) for part in entry.target.split(SPLIT))
        return sentence("Did you mean {order}?", order=entry.to(entry.header, mended))
    return sentence("The fields are: {fields}.", fields=", ".join(field.name for field in schema.fields))


def _no_rule(entry: MapEntry, splitters: Splitters) -> Notice:
    said = sentence(
        "{order} cannot be carried out: there is no rule that splits a cell into just these fields. There are rules "
        "for {known}, and for these behind one another, with at most one other field that a comma or a line end "
        "parts from them.",
        order=entry.written,
        known=", ".join(SPLIT.join(fields) for fields in splitters.known()),
    )
    return Notice(code="map_cannot_split", sentence=said, column=entry.header)
