"""Orders tied to the columns of a header row: which column each means, and what is wrong where it means none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from batch.columns.headers import lineage_of
from batch.columns.layout import NO_SPLITS, column_label
from batch.columns.orders import Order
from batch.columns.sayings import quoted, shown
from batch.columns.splitting import Splitter
from batch.likeness import loose, nearest
from batch.model import Notice, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """Orders tied to columns: the fields by column position (() means: ignore the column), and what went wrong.

    `splits` has the splitter of each column that is to be split; its fields are among those of the column. `untied` are
    the orders that mean no column.
    """

    fields: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    splits: Mapping[int, Splitter] = field(default_factory=lambda: NO_SPLITS)
    problems: tuple[Notice, ...] = ()
    untied: tuple[Order, ...] = ()

    @property
    def fed(self) -> frozenset[str]:
        return frozenset(name for names in self.fields.values() for name in names)


def tie(orders: Sequence[Order], texts: Sequence[str]) -> Tied:
    """Finds the columns that the orders mean among the header `texts` (trimmed, "" where blank).

    A header is meant as written first, then whatever its case, accents, spacing and punctuation, then by its place
    ("column C"). A column that is ordered by its place is not meant by any order by text. An order from a map file
    gives way where --map says something else of its column or of one of its fields.
    """
    free = {position: text for position, text in enumerate(texts) if lineage_of(text) is None}
    tied = Tied()
    for order, positions in _found([order for order in orders if not order.saved], free):
        tied = _with(tied, order, positions) if positions else replace(tied, untied=(*tied.untied, order))
    taken, fed = frozenset(tied.fields), tied.fed
    saved = [order for order in orders if order.saved and not fed.intersection(order.fields)]
    for order, positions in _found(saved, free):
        left = [position for position in positions if position not in taken]
        if left:
            tied = _with(tied, order, left)
        elif not positions and order.fields:
            tied = replace(tied, untied=(*tied.untied, order))
    return tied


def _found(orders: Sequence[Order], free: Mapping[int, str]) -> list[tuple[Order, list[int]]]:
    placed = {
        at: position for at, order in enumerate(orders) if (position := _by_place(order.header, free)) is not None
    }
    rest = {position: text for position, text in free.items() if position not in placed.values()}
    return [(order, [placed[at]] if at in placed else _by_text(order.header, rest)) for at, order in enumerate(orders)]


def _by_place(header: str, free: Mapping[int, str]) -> int | None:
    if any(loose(header) == loose(text) for text in free.values()):
        return None
    return next((position for position in free if loose(header) == loose(column_label(position))), None)


def _by_text(header: str, free: Mapping[int, str]) -> list[int]:
    exactly = [position for position, text in free.items() if text == header]
    key = loose(header)
    return exactly or [position for position, text in free.items() if key and loose(text) == key]


def _with(tied: Tied, order: Order, positions: Sequence[int]) -> Tied:
    before = [tied.fields[position] for position in positions if position in tied.fields]
    if any(bool(names) != bool(order.fields) for names in before):
        return _with_problem(tied, _contradiction(order))
    if order.splitter and any(tied.splits.get(position, order.splitter) != order.splitter for position in positions):
        return _with_problem(tied, _split_twice(order))
    added = {position: dict.fromkeys((*tied.fields.get(position, ()), *order.fields)) for position in positions}
    splits = dict.fromkeys(positions, order.splitter) if order.splitter else {}
    return replace(
        tied,
        fields={**tied.fields, **{at: tuple(names) for at, names in added.items()}},
        splits={**tied.splits, **splits},
    )


def _with_problem(tied: Tied, problem: Notice) -> Tied:
    return replace(tied, problems=(*tied.problems, problem))


def untied(order: Order, texts: Sequence[str], row: int) -> Notice | None:
    """The problem of an order that means no column of the header `texts` of row `row`, if that is one."""
    if lineage_of(order.header):
        return _reserved(order) if order.fields else None
    written = [text for text in texts if text]
    near = nearest(order.header, written)
    advice = (
        sentence("Did you mean {order}?", order=order.entry.to(near, order.entry.target))
        if near
        else sentence("The headers are: {headers}.", headers=quoted(written))
    )
    said = sentence(
        '{order} names no column: row {row} has no header "{header}". {advice}',
        order=order.entry.written,
        row=row,
        header=shown(order.header),
        advice=advice,
    )
    return Notice(code="map_unknown_header", sentence=said, row=row, column=order.header)


def _reserved(order: Order) -> Notice:
    said = sentence(
        '{order} is not possible: the column "{header}" is this program\'s own and is never sent.',
        order=order.entry.written,
        header=order.header,
    )
    return Notice(code="map_reserved_column", sentence=said, column=order.header)


def _contradiction(order: Order) -> Notice:
    said = sentence(
        '{where} both leaves out the column "{header}" and gives it to a field. Keep one of the two.',
        where=order.entry.saved_in or "--map",
        header=shown(order.header),
    )
    return Notice(code="map_contradiction", sentence=said, column=order.header)


def _split_twice(order: Order) -> Notice:
    said = sentence(
        '{where} splits the column "{header}" in two different ways. Keep one of them.',
        where=order.entry.saved_in or "--map",
        header=shown(order.header),
    )
    return Notice(code="map_contradiction", sentence=said, column=order.header)
