"""The sheet Summary: what happened, what to do next, counts with charts, the run's figures, notes about the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batch.model import Status, counted, sentence
from batch.results.extras import extra_look
from batch.results.summary import MEANINGS, advice, figures, headline
from batch.results.told import CountTable, Told, Tone
from batch.results.xlsx.style import (
    AMBER,
    COUNT,
    GREEN,
    LINE,
    LINK,
    MUTED,
    NAVY,
    PALE,
    PALE_AMBER,
    PALE_GREEN,
    PALE_RED,
    QUIET,
    RED,
    WHITE,
    Style,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batch.model import Notice, Sentence
    from batch.notices import Notices
    from batch.results.report import Heading, Report, Say
    from batch.results.tally import Tally
    from batch.results.xlsx.page import Page

WIDTHS = (24, 9, 58, 2, 11, 11, 11, 11, 11, 11)
_MOST_BARS = 15

_TITLE = Style(color=NAVY, bold=True, size=18)
_HEADLINE = Style(color=GREEN, fill=PALE_GREEN, bold=True, size=13, wrap=True)
_BANDS = {
    Tone.WELL: _HEADLINE,
    Tone.LOOK: replace(_HEADLINE, color=AMBER, fill=PALE_AMBER),
    Tone.BAD: replace(_HEADLINE, color=RED, fill=PALE_RED),
}
_SECTION = Style(color=NAVY, bold=True, size=13)
_HEADER = Style(color=WHITE, fill=NAVY, bold=True)
_TEXT = Style(wrap=True)
_CELL = Style(wrap=True, border=LINE)
_CELL_COUNT = replace(COUNT, border=LINE)
_TOTAL = replace(_CELL, bold=True, fill=PALE)
_TOTAL_COUNT = replace(_CELL_COUNT, bold=True, fill=PALE)

# For each outcome: its dark colour (text, bar) and its pale one (ground).
_COLORS = {
    Status.CREATED: (GREEN, PALE_GREEN),
    Status.ALREADY_CREATED: (LINK, "E1EEFB"),
    Status.INVALID: (RED, PALE_RED),
    Status.DUPLICATE: ("6B3FA0", "EFE6F9"),
    Status.REJECTED: ("93370D", "FBE3D3"),
    Status.IN_DOUBT: (AMBER, PALE_AMBER),
    Status.NOT_SENT: (MUTED, "E7EBEF"),
}
STATUS_STYLES = {status: Style(color=dark, fill=pale, bold=True) for status, (dark, pale) in _COLORS.items()}


def title_of(heading: Heading) -> Sentence:
    """What the answer is called."""
    return sentence("Results for {file}", file=heading.input_name)


def lay_out_summary(page: Page, report: Report, tally: Tally, remarks: tuple[Sentence, ...], say: Say) -> None:
    """Fill the page; `remarks` are about this workbook itself (what was left out of it)."""
    _Summary(page, report, tally, say).fill(remarks)


class _Summary:
    """One summary on its page, written from top to bottom."""

    def __init__(self, page: Page, report: Report, tally: Tally, say: Say) -> None:
        self._page = page
        self._report = report
        self._tally = tally
        self._say = say
        self._told = report.told or Told()

    def fill(self, remarks: tuple[Sentence, ...]) -> None:
        self._page.wide(self._say(self._told.title or title_of(self._report.heading)), _TITLE)
        self._page.wide(" ".join(map(self._say, headline(self._report))), _BANDS[self._tone()])
        for band in self._told.bands:
            self._page.wide(self._say(band.sentence), _BANDS[band.tone])
        self._page.skip()
        self._what_to_do()
        self._page.skip()
        charts = self._outcomes()
        for table in self._told.tables:
            self._table(table)
        self._errors(charts)
        self._warnings()
        self._figures()
        self._notices(remarks)

    def _tone(self) -> Tone:
        """Well: nothing to do. Look: somebody is needed, or there was nothing. Bad: the run was stopped."""
        if self._report.stopped:
            return Tone.BAD
        look = self._report.need_someone or not self._report.rows
        return Tone.LOOK if look and self._told.tone is Tone.WELL else self._told.tone

    def _section(self, title: Sentence) -> None:
        self._page.line(self._say(title), style=_SECTION)

    def _what_to_do(self) -> None:
        self._section(sentence("What to do next"))
        steps = advice(self._report)
        for number, step in enumerate(steps, 1):
            self._page.wide(f"{number}. {self._say(step)}" if len(steps) > 1 else self._say(step), _TEXT)

    def _outcomes(self) -> int:
        """The table of outcomes and its chart; the row below which the next chart may stand."""
        self._section(sentence("Rows"))
        header = map(self._say, (sentence("Outcome"), sentence("Rows"), sentence("Meaning")))
        top = self._page.line(*header, style=_HEADER)
        for status in Status:
            count, meaning = self._report.count(status), self._say((MEANINGS | dict(self._told.meanings))[status])
            look = STATUS_STYLES[status] if count else QUIET
            self._page.line(status.value, count, meaning, style=_CELL, styles=(replace(look, border=LINE), _CELL_COUNT))
        last = self._page.line(
            self._say(sentence("Total")), self._report.rows, "", style=_TOTAL, styles=(_TOTAL, _TOTAL_COUNT)
        )
        self._page.skip()
        if not self._report.rows:
            return top
        bars, colors = range(top + 1, last), [_COLORS[status][0] for status in Status]
        most = max(self._report.counts.values())
        return self._page.bars(top, self._say(sentence("Rows by outcome")), bars, colors, most)

    def _table(self, table: CountTable) -> None:
        """One more table of counts, with what is to be said of some of what it counts."""
        self._section(table.title)
        self._page.line(*map(self._say, (table.header, sentence("Groups"), sentence("Meaning"))), style=_HEADER)
        for name, count, meaning in table.lines:
            look = extra_look(table.of, name) if count else None
            styles = (replace(look or QUIET, border=LINE), _CELL_COUNT)
            self._page.line(name, count, self._say(meaning), style=_CELL, styles=styles)
        for note in table.notes:
            self._page.pair(self._say(note.where), self._say(note.what), QUIET, _TEXT)
        self._page.skip()

    def _errors(self, chart_row: int) -> None:
        """The table of errors by column and its chart, most first; nothing where nothing was wrong."""
        if not self._tally.errors:
            return
        self._section(sentence("Errors by column"))
        header = map(self._say, (sentence("Column"), sentence("Errors")))
        top = self._page.line(*header, style=_HEADER)
        whole_row = self._say(sentence("(the row as a whole)"))
        for column, count in self._tally.errors.most_common():
            self._page.line(whole_row if column is None else column, count, style=_CELL, styles=(_CELL, _CELL_COUNT))
        bars = range(top + 1, top + 1 + min(len(self._tally.errors), _MOST_BARS))
        most = max(self._tally.errors.values())
        self._page.bars(chart_row, self._say(sentence("Errors by column")), bars, [RED] * len(bars), most)
        self._page.skip()

    def _warnings(self) -> None:
        """How often each kind of oddity occurred, and the first of them."""
        if not self._report.warnings.first:
            return
        self._section(sentence("Warnings"))
        header = map(self._say, (sentence("Column"), sentence("Count"), sentence("For example")))
        self._page.line(*header, style=_HEADER)
        for kind, found in self._report.warnings.kinds.items():
            _, column, sheet = kind
            count = len(found) + self._report.warnings.more.get(kind, 0)
            about = sentence("(the row as a whole)") if column is None else sentence("{column}", column=column)
            of_sheet = about if sheet is None else sentence("{sheet}: {place}", sheet=sheet, place=about)
            told = f"{self._say(sentence('Row {row}', row=found[0].row))}: {self._say(found[0].sentence)}"
            self._page.line(self._say(of_sheet), count, told, style=_CELL, styles=(_CELL, _CELL_COUNT))
        self._page.skip()

    def _figures(self) -> None:
        self._section(self._told.figures_title or sentence("This run"))
        for name, value in figures(self._report):
            self._page.pair(self._say(name), self._say(value), QUIET, _TEXT)
        self._page.skip()

    def _notices(self, remarks: tuple[Sentence, ...]) -> None:
        lines = [(self._say(sentence("This workbook")), self._say(remark)) for remark in remarks]
        said = ((self._say(note.where), self._say(note.what)) for note in self._told.notes)
        lines += [line for line in said if line not in lines]
        lines += _notice_lines(self._report.notices, self._say)
        if lines:
            self._section(sentence("Good to know"))
        for where, what in lines:
            self._page.pair(where, what, QUIET, _TEXT)


def _notice_lines(notices: Notices, say: Say) -> Iterator[tuple[str, str]]:
    """Where and what; and after them, of each kind of which there are more, how many."""
    for notice in notices.first:
        yield say(_where(notice)), say(notice.sentence)
    for (code, column, sheet), more in notices.more.items():
        yield (
            ", ".join(filter(None, (sheet, column))),
            say(counted(more, "And 1 more like this ({code}).", "And {count:,} more like these ({code}).", code=code)),
        )


def _where(notice: Notice) -> Sentence:
    place = _place(notice)
    return place if notice.sheet is None else sentence("{sheet}: {place}", sheet=notice.sheet, place=place)


def _place(notice: Notice) -> Sentence:
    if notice.row is None:
        return sentence("The file") if notice.column is None else sentence("{column}", column=notice.column)
    if notice.column is None:
        return sentence("Row {row}", row=notice.row)
    return sentence("Row {row}, {column}", row=notice.row, column=notice.column)
