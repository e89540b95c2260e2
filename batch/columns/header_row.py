"""Finding the header row: the one among a sheet's first rows that names most fields."""

from collections.abc import Sequence
from typing import Final

from batch.columns.headers import Vocabulary, lineage_of
from batch.columns.orders import Order, means
from batch.likeness import trimmed
from batch.model import SourceRow

_FEWEST: Final = 2  # one cell that happens to read "mobile" or "Naam:" makes no header row
_NEARLY: Final = 0.75  # of the widest row: a column without a header is no rarity


def find_header_row(rows: Sequence[SourceRow], vocabulary: Vocabulary, orders: Sequence[Order]) -> SourceRow | None:
    """The first of the rows that name the most fields; None if no row names at least two (one, if there is but one)."""
    counted = [(_named(row, vocabulary, orders), row) for row in rows]
    most, row = max(counted, key=lambda pair: pair[0], default=(0, None))
    return row if most >= min(_FEWEST, len(vocabulary.names)) else None


def likely_header_row(rows: Sequence[SourceRow]) -> SourceRow | None:
    """The row that looks like one though none of its names are known: the widest of those that are nearly as wide as
    any, of words that are all different, with numbers or addresses somewhere below. For advice only.
    """
    fewest = max(_FEWEST, max((len(_filled(row)) for row in rows), default=0) * _NEARLY)
    likely = [place for place, row in enumerate(rows) if _is_of_names(_filled(row), fewest)]
    looks = max(likely, key=lambda place: len(_filled(rows[place])), default=None)
    if looks is None or not any(_is_value(text) for row in rows[looks + 1 :] for text in _filled(row)):
        return None
    return rows[looks]


def _filled(row: SourceRow) -> list[str]:
    return [text for cell in row.cells if (text := trimmed(cell))]


def _is_of_names(texts: Sequence[str], fewest: float) -> bool:
    return len(texts) >= fewest and len(set(texts)) == len(texts) and not any(map(_is_value, texts))


def _is_value(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return "@" in text or digits * 2 >= len(text)


def _named(row: SourceRow, vocabulary: Vocabulary, orders: Sequence[Order]) -> int:
    return len({meaning for text in _filled(row) if (meaning := _meaning(text, vocabulary, orders))})


def _meaning(text: str, vocabulary: Vocabulary, orders: Sequence[Order]) -> str | None:
    known = vocabulary.field_of(text) or lineage_of(text)
    return known or next((order.header for order in orders if means(order, text)), None)
