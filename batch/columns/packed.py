"""Rows that are one cell each, with all their values in it: a text file that was taken apart at the wrong character."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from batch.columns.header_row import find_header_row
from batch.columns.headers import Vocabulary
from batch.columns.orders import Order
from batch.likeness import trimmed
from batch.model import SourceRow

_MARKS: Final = (";", "\t", "|", ",")
_FEWEST: Final = 2  # marks in a row; one stands in many a remark
_ALIKE: Final = 0.8  # of the rows, where no header is known


def packed(rows: Sequence[SourceRow], vocabulary: Vocabulary, orders: Sequence[Order]) -> tuple[int, str] | None:
    """The row that would be the header row, and what stands between the values; None if they are apart."""
    filled = [(row.number, [text for cell in row.cells if (text := trimmed(cell))]) for row in rows]
    single = [(number, texts[0]) for number, texts in filled if len(texts) == 1]
    if not single or len(single) * 2 < len(rows):
        return None
    found = ((_header(single, mark, vocabulary, orders), mark) for mark in _MARKS)
    return next(((number, mark) for number, mark in found if number is not None), None)


def _header(rows: Sequence[tuple[int, str]], mark: str, vocabulary: Vocabulary, orders: Sequence[Order]) -> int | None:
    counts = Counter(text.count(mark) for _, text in rows)
    several = sum(times for count, times in counts.items() if count >= _FEWEST)
    if several * 2 < len(rows):
        return None
    apart = [SourceRow(number=number, cells=tuple(text.split(mark))) for number, text in rows]
    if header := find_header_row(apart, vocabulary, orders):
        return header.number
    count, times = counts.most_common(1)[0]
    alike = count >= _FEWEST and times > 1 and times >= _ALIKE * len(rows)
    return next(number for number, text in rows if text.count(mark) == count) if alike else None
