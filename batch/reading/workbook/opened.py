"""The reader of a workbook, whatever its format: each sheet's facts, and a way to parse its rows anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from batch.model import Notice, SourceRow
from batch.reading.batches import Batch
from batch.reading.options import Limits
from batch.reading.readrows import ReadRows
from batch.reading.refusals import refusal
from batch.reading.survey import Extent, Format, Sheet, Survey
from batch.reading.workbook.facts import SheetFacts
from batch.reading.workbook.merged import flag_merged
from batch.reading.workbook.rawrows import RowStream


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSheet:
    """One sheet: what its format's own module knows of it. `parse` gives the stored rows in order."""

    sheet: Sheet
    facts: SheetFacts
    parse: Callable[[], Iterator[Batch]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookReader:
    """An open workbook; nothing of it stays open between calls."""

    file: str
    limits: Limits
    survey: Survey
    opened: Mapping[str, OpenSheet]

    def head(self, sheet: str, count: int) -> tuple[SourceRow, ...]:
        return self._rows(sheet).head(count)

    def chunks(self, sheet: str, *, after: int, width: int, size: int) -> Iterator[ReadRows]:
        found = self._rows(sheet).chunks(after=after, width=width, size=size)
        return flag_merged(found, self.opened[sheet].facts.merged)

    def measure(self, sheet: str) -> Extent:
        return self._rows(sheet).measure()

    def sheet_notices(self, sheet: str) -> tuple[Notice, ...]:
        return self.opened[sheet].facts.notices()

    def close(self) -> None:
        """Nothing is held open."""

    def _rows(self, sheet: str) -> RowStream:
        return RowStream(file=self.file, sheet=sheet, limits=self.limits, parse=self.opened[sheet].parse)


def workbook_reader(
    file: str, form: Format, limits: Limits, notices: tuple[Notice, ...], opened: list[OpenSheet]
) -> WorkbookReader:
    """The reader of these sheets, if there are any and not too many, each under a name of its own."""
    if not opened:
        raise refusal(file, "no_sheets", "the workbook has no sheet with cells. Send one that has.")
    if len(opened) > limits.sheets:
        raise refusal(
            file,
            "too_many_sheets",
            "the workbook has {count:,} sheets; at most {limit:,} are read. Copy the one that counts into a new file.",
            count=len(opened),
            limit=limits.sheets,
        )
    named = {one.sheet.name: one for one in opened}
    if len(named) != len(opened):
        raise refusal(file, "corrupt_file", "the workbook is damaged (two sheets have the same name). Save it again.")
    survey = Survey(format=form, sheets=tuple(one.sheet for one in opened), notices=notices)
    return WorkbookReader(file=file, limits=limits, survey=survey, opened=named)
