"""What a person should know of a sheet besides its cells: what is merged, hidden or filtered."""

from __future__ import annotations

from dataclasses import dataclass

from batch.model import Notice, sentence, template
from batch.reading.workbook.places import Area

NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """`hidden_rows` holds the numbers of the first few that have one; `hidden_count` counts all."""

    merged: tuple[Area, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_count: int = 0
    hidden_columns: tuple[str, ...] = ()
    filtered: bool = False

    def notices(self) -> tuple[Notice, ...]:
        """What a person should know of the sheet as a whole."""
        return tuple(notice for notice in (self._hidden_rows(), self._hidden_columns(), self._merged()) if notice)

    def _hidden_rows(self) -> Notice | None:
        if not self.hidden_count:
            return None
        reason: object = sentence(" by a filter") if self.filtered else ""
        words = template("1 row is hidden{reason} (row {rows}); it is read like the others.")
        if self.hidden_count > 1:
            words = template("{count} rows are hidden{reason} (rows {rows}); they are read like the others.")
        rows = _listed([str(row) for row in self.hidden_rows], self.hidden_count)
        said = sentence(words, count=self.hidden_count, rows=rows, reason=reason)
        return Notice(code="hidden_rows", sentence=said, row=next(iter(self.hidden_rows), None))

    def _hidden_columns(self) -> Notice | None:
        if not self.hidden_columns:
            return None
        one = len(self.hidden_columns) == 1 and ":" not in self.hidden_columns[0]
        words = (
            template("Column {columns} is hidden; it is read like the others.")
            if one
            else template("Columns {columns} are hidden; they are read like the others.")
        )
        columns = _listed(list(self.hidden_columns), len(self.hidden_columns))
        return Notice(code="hidden_columns", sentence=sentence(words, columns=columns))

    def _merged(self) -> Notice | None:
        if not self.merged:
            return None
        areas = _listed([found.name for found in self.merged], len(self.merged))
        said = sentence("Cells are merged ({areas}). Their value belongs to the first cell of each area.", areas=areas)
        return Notice(code="merged_cells", sentence=said, row=self.merged[0].top)


def _listed(names: list[str], count: int) -> str:
    """The first few names, and how many more there are."""
    shown = names[:NAMED]
    more = count - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)
