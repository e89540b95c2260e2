"""Finding the header row: the one among a sheet's first rows that names most fields."""

from collections.abc import Sequence
from typing import Final

from batch.columns.headers import Vocabulary, lineage_of
from batch.columns.orders import Order, means
from batch.likeness import trimmed
from batch.model import SourceRow

_FEWEST: Final = 2  # one cell that happens to read "mobile" or "Naam:" makes no header row


def find_header_row(rows: Sequence[SourceRow], vocabulary: Vocabulary, orders: Sequence[Order]) -> SourceRow | None:
    """The first of the rows that name the most fields; None if no row names at least two (one, if there is but one)."""
    counted = [(_named(row, vocabulary, orders), row) for row in rows]
    most, row = max(counted, key=lambda pair: pair[0], default=(0, None))
    return row if most >= min(_FEWEST, len(vocabulary.names)) else None


def _named(row: SourceRow, vocabulary: Vocabulary, orders: Sequence[Order]) -> int:
    texts = [text for cell in row.cells if (text := trimmed(cell))]
    return len({meaning for text in texts if (meaning := _meaning(text, vocabulary, orders))})


def _meaning(text: str, vocabulary: Vocabulary, orders: Sequence[Order]) -> str | None:
    known = vocabulary.field_of(text) or lineage_of(text)
    return known or next((order.header for order in orders if means(order, text)), None)
