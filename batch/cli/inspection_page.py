"""How a file is read, laid out for a person: facts, sheets, columns with examples, remarks and warnings by kind."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from batch.columns import Layout, column_letters
from batch.languages import Say
from batch.model import Notice, Sentence, SourceRow, counted, sentence
from batch.notices import Kind, kind_of
from batch.reading import Extent, Sheet, Source
from batch.visible import shown, visible

_ROWS_NAMED = 5
_GROUPS_SHOWN = 30
_EXAMPLES = 2
_INDENT = _GAP = 2
_WIDEST_HEADER = 28
_NARROWEST = 8  # of the column of examples
_DELIMITERS = {
    "\t": sentence("tab"),
    ",": sentence("comma"),
    ";": sentence("semicolon"),
    "|": sentence("vertical bar"),
}
_HIDDEN = {"hidden": sentence("hidden"), "very_hidden": sentence("very hidden")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What is known of a file that could be read. `tables` are the sheets that are read, each with
    its first rows, and `layout` is that of all together; `remarks` are about rows, and those of
    the `blocking` kinds make the row invalid. `not_data` are the remarks on rows that are not counted.
    """

    path: Path
    source: Source
    sheets: tuple[tuple[Sheet, Extent], ...]
    layout: Layout
    tables: tuple[tuple[Layout, tuple[SourceRow, ...]], ...]
    notices: tuple[Notice, ...]
    remarks: tuple[Notice, ...]
    blocking: frozenset[Kind]
    data_rows: int
    not_data: tuple[Notice, ...] = ()
    map_file: str | None = None
    cells: list[list[str]] | None = None

    @property
    def several(self) -> bool:
        """Whether more than one sheet is read."""
        return len(self.tables) > 1


def show(found: Inspection, say: Say) -> None:
    """Prints the page on standard output, as wide as the terminal; `say` puts it into a person's language."""
    _Page(found=found, say=say, console=Console(highlight=False, emoji=False)).show()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    found: Inspection
    say: Say
    console: Console

    def show(self) -> None:
        found, console = self.found, self.console
        console.print(Text(str(found.path), style="bold"), overflow="fold")
        console.print(_indented(Text(", ".join(map(self.say, _facts(found))))))
        if len(found.sheets) > 1:
            self._section(sentence("Sheets"))
            console.print(_indented(self._sheets()))
        for layout, head in found.tables:
            if layout.labels:
                self._section(_title(layout) if found.several else sentence("Columns"))
                console.print(_indented(self._columns(layout, head)))
        blocking = [each for each in found.remarks if kind_of(each) in found.blocking]
        warnings = [each for each in found.remarks if kind_of(each) not in found.blocking]
        self._tell(sentence("Good to know"), found.notices, "cyan")
        self._tell(sentence("Warnings"), warnings, "yellow")
        self._tell(sentence("Rows that cannot be sent"), blocking, "red")
        self._tell(sentence("Problems: nothing can be sent before these are solved"), found.layout.problems, "red")
        for row in found.cells or ():
            console.print(Text(" | ".join(map(visible, row))), soft_wrap=True)
        if not found.layout.problems:
            command = f"flireo-batch check {shlex.quote(str(found.path))}"
            console.print()
            console.print(Text(self.say(sentence("To check every row: {command}", command=command))), soft_wrap=True)

    def _sheets(self) -> Table:
        table = self._table(sentence("Sheet"), sentence("Rows"), sentence("Columns"), None)
        table.columns[1].justify = table.columns[2].justify = "right"
        for sheet, extent in self.found.sheets:
            read = any(sheet.name == layout.sheet for layout, _ in self.found.tables)
            said = [_HIDDEN.get(sheet.visibility), sentence("read") if read else sentence("not read")]
            table.add_row(
                Text(shown(sheet.name)),
                self.say(sentence("{count:,}", count=extent.rows)),
                self.say(sentence("{count:,}", count=extent.columns)),
                ", ".join(self.say(each) for each in said if each),
                style="bold" if read else "dim",
            )
        return table

    def _columns(self, layout: Layout, head: Sequence[SourceRow]) -> Table:
        """The columns as a spreadsheet program letters them, what each feeds, and the first values below it."""
        lines = [
            (
                Text(column_letters(at), style="dim"),
                Text(shown(label)),
                self._feeds(layout, at),
                _examples(layout, head, at),
            )
            for at, label in enumerate(layout.labels)
        ]
        bad = "bold red"
        none = self.say(sentence("no column"))
        lines += [(Text(), Text(none, style=bad), Text(name, style=bad), Text()) for name in layout.missing]
        titles = (None, sentence("Header"), sentence("Feeds"), sentence("For example"))
        table = self._table(*titles)
        widths = [max(len(line[at]) for line in lines) for at in range(3)]
        widths[1] = min(widths[1], _WIDEST_HEADER)
        widths = [max(wide, len(self._text(title))) for wide, title in zip(widths, titles, strict=False)]
        left = self.console.width - _INDENT - sum(widths) - _GAP * len(widths)
        for column, wide in zip(table.columns, (*widths, max(left, _NARROWEST)), strict=True):
            column.width, column.overflow = wide, "fold"
        table.columns[3].no_wrap, table.columns[3].overflow = True, "ellipsis"
        for line in lines:
            table.add_row(*line)
        return table

    def _feeds(self, layout: Layout, position: int) -> Text:
        targets = ", ".join(layout.targets(position))
        if targets and position in layout.splits:
            return Text(self.say(sentence("{fields} (split)", fields=targets)), style="green")
        if targets:
            return Text(targets, style="green")
        if position in layout.lineage.values():
            return Text(self.say(sentence("added by flireo-batch")), style="dim")
        if position in layout.ordered:
            return Text(self.say(sentence("left out")), style="dim")
        return Text(self.say(sentence("not sent")), style="yellow")

    def _tell(self, title: Sentence, notices: Sequence[Notice], style: str) -> None:
        """One paragraph for each kind of notice: where, how often, and the first of them in full."""
        kinds: dict[Kind, list[Notice]] = {}
        for notice in notices:
            kinds.setdefault(kind_of(notice), []).append(notice)
        if not kinds:
            return
        self._section(title, style)
        for alike in list(kinds.values())[:_GROUPS_SHOWN]:
            where = self._where(alike)
            if where:
                self.console.print(_indented(Text(where, style=style)))
            self.console.print(_indented(Text(self.say(alike[0].sentence)), deeper=bool(where)))
        if len(kinds) > _GROUPS_SHOWN:
            more = sentence("... and {count:,} more kinds (all with --json)", count=len(kinds) - _GROUPS_SHOWN)
            self.console.print(_indented(Text(self.say(more))))

    def _where(self, alike: Sequence[Notice]) -> str:
        rows = list(dict.fromkeys(notice.row for notice in alike if notice.row is not None))
        parts: list[object] = []
        if alike[0].sheet:
            parts.append(sentence('sheet "{sheet}"', sheet=shown(alike[0].sheet)))
        if alike[0].column:
            parts.append(shown(alike[0].column))
        if rows:
            parts.append(_rows(rows))
        return ": ".join(map(self.say, parts))

    def _section(self, title: Sentence, style: str = "") -> None:
        self.console.print()
        self.console.print(Text(self.say(title), style=f"bold {style}".strip()))

    def _table(self, *titles: Sentence | None) -> Table:
        told = map(self._text, titles)
        return Table(*told, box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim")

    def _text(self, title: Sentence | None) -> str:
        return "" if title is None else self.say(title)


def _facts(found: Inspection) -> Iterator[object]:
    source, layout = found.source, found.layout
    yield source.format.upper()
    if source.encoding:
        yield sentence("encoding {encoding}", encoding=source.encoding)
    if source.delimiter:
        yield sentence("separated by {delimiter}", delimiter=_DELIMITERS.get(source.delimiter, source.delimiter))
    if found.several:
        places = ", ".join(f'{each.header_row} ("{each.sheet}")' for each, _ in found.tables)
        yield sentence("header rows {places}", places=places)
    elif layout.header_row is not None and layout.sheet:
        yield sentence('header in row {row} of sheet "{sheet}"', row=layout.header_row, sheet=layout.sheet)
    elif layout.header_row is not None:
        yield sentence("header in row {row}", row=layout.header_row)
    if layout.header_row is not None:
        yield counted(found.data_rows, "{count:,} row of data", "{count:,} rows of data")
    if found.not_data:
        yield sentence("{count:,} not read as data", count=len(found.not_data))
    if found.map_file:
        yield sentence("mapping {name}", name=found.map_file)


def _title(layout: Layout) -> Sentence:
    return sentence('Columns of sheet "{sheet}"', sheet=shown(layout.sheet or ""))


def _rows(rows: Sequence[int]) -> Sentence:
    """Which rows, the first of them at least."""
    named = ", ".join(map(str, rows[:_ROWS_NAMED]))
    if len(rows) > _ROWS_NAMED:
        return sentence("rows {rows} and {count:,} more", rows=named, count=len(rows) - _ROWS_NAMED)
    return sentence("row {row}", row=named) if len(rows) == 1 else sentence("rows {rows}", rows=named)


def _examples(layout: Layout, head: Sequence[SourceRow], position: int) -> Text:
    below = [row.cells for row in head if row.number > (layout.header_row or 0)]
    texts = dict.fromkeys(cells[position].strip() for cells in below if position < len(cells))
    texts.pop("", None)
    return Text(", ".join(shown(text) for text in list(texts)[:_EXAMPLES]), style="dim")


def _indented(what: Table | Text, *, deeper: bool = False) -> Padding:
    return Padding(what, (0, 0, 0, _INDENT * (2 if deeper else 1)), expand=False)
