"""The value that the rest of the flow works by: one sheet's header row and what each of its columns feeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from batch.columns.splitting import Splitter
from batch.model import Notice, Sentence, sentence

SPLIT: Final = "+"
"""Between the fields that a column is to be split into."""

LINEAGE: Final = ("flireo_row", "flireo_source", "flireo_status", "flireo_errors")
"""The columns that a failed file has beyond the customer's own; recognised, never sent."""

NO_LINEAGE: Final[Mapping[str, int]] = MappingProxyType({})
NO_SPLITS: Final[Mapping[int, Splitter]] = MappingProxyType({})


def column_letters(position: int) -> str:
    """What Excel calls the column at `position`, counted from 0: "A", "B", ... "XFD"."""
    letters = ""
    rest = position + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_label(position: int) -> str:
    """The label of a column that has no header text."""
    return f"column {column_letters(position)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the chosen sheet is read. With any of `problems` nothing of the file may be sent.

    `sheet` is None if none could be chosen ("" is a text file's only sheet), `header_row` is the row number that
    Excel shows, None if none was found. By column position: `headers` are the cells as written, `labels` the same
    trimmed (or "column C" where blank), `fields` what the column feeds: mostly one field or none, several only where
    `--map` says so: fields that all get the whole cell, or the fields of the splitter that `splits` has for the
    position, which get a part each. `lineage` leads from a flireo_ column to its position. `missing` are the required
    fields that no column feeds, in schema order. `ordered` are the positions that the mapping speaks of.
    """

    sheet: str | None
    header_row: int | None = None
    headers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    fields: tuple[tuple[str, ...], ...] = ()
    splits: Mapping[int, Splitter] = field(default_factory=lambda: NO_SPLITS)
    lineage: Mapping[str, int] = field(default_factory=lambda: NO_LINEAGE)
    notices: tuple[Notice, ...] = ()
    problems: tuple[Notice, ...] = ()
    missing: tuple[str, ...] = ()
    ordered: frozenset[int] = frozenset()

    @property
    def positions(self) -> Mapping[str, int]:
        """Where each field is read from, in column order; the first column, if a problem says there are several."""
        found: dict[str, int] = {}
        for position, names in enumerate(self.fields):
            for name in names:
                found.setdefault(name, position)
        return found

    @property
    def field_labels(self) -> Mapping[str, str]:
        """The column label of each field that a column feeds."""
        return {name: self.labels[position] for name, position in self.positions.items()}

    @property
    def place(self) -> Sentence:
        """Where the header row is, to open a sentence with."""
        if not self.sheet:
            return sentence("Row {row}", row=self.header_row)
        return sentence('Sheet "{sheet}", row {row}', sheet=self.sheet, row=self.header_row)

    def targets(self, position: int) -> tuple[str, ...]:
        """What the column feeds, as the mapping would say it: "a", or "a+b" where it is split."""
        splitter = self.splits.get(position)
        parts = splitter.fields if splitter else ()
        whole = (name for name in self.fields[position] if name not in parts)
        return (*([SPLIT.join(parts)] if parts else []), *whole)

    def label(self, position: int) -> str:
        """The label of any column, those beyond the header row included."""
        return self.labels[position] if position < len(self.labels) else column_label(position)
