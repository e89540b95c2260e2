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
from batch.model import Notice, SourceRow
from batch.notices import Kind, kind_of
from batch.reading import Extent, Sheet, Source
from batch.visible import shown, visible

_ROWS_NAMED = 5
_GROUPS_SHOWN = 30
_EXAMPLES = 2
_INDENT = _GAP = 2
_WIDEST_HEADER = 28
_NARROWEST = 8  # of the column of examples
_DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe"}
_HIDDEN = {"hidden": "hidden", "very_hidden": "very hidden"}


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


def show(found: Inspection) -> None:
    """Prints the page on standard output, as wide as the terminal."""
    console = Console(highlight=False, emoji=False)
    console.print(Text(str(found.path), style="bold"), overflow="fold")
    console.print(_indented(Text(", ".join(_facts(found)))))
    if len(found.sheets) > 1:
        _section(console, "Sheets")
        console.print(_indented(_sheets(found)))
    for layout, head in found.tables:
        if layout.labels:
            _section(console, f'Columns of sheet "{shown(layout.sheet or "")}"' if found.several else "Columns")
            console.print(_indented(_columns(layout, head, console.width)))
    _say(console, "Good to know", found.notices, "cyan")
    _say(console, "Warnings", [each for each in found.remarks if kind_of(each) not in found.blocking], "yellow")
    _say(
        console, "Rows that cannot be sent", [each for each in found.remarks if kind_of(each) in found.blocking], "red"
    )
    _say(console, "Problems: nothing can be sent before these are solved", found.layout.problems, "red")
    for row in found.cells or ():
        console.print(Text(" | ".join(map(visible, row))), soft_wrap=True)
    if not found.layout.problems:
        console.print()
        console.print(Text(f"To check every row: flireo-batch check {shlex.quote(str(found.path))}"), soft_wrap=True)


def _facts(found: Inspection) -> Iterator[str]:
    source, layout = found.source, found.layout
    yield source.format.upper()
    if source.encoding:
        yield f"encoding {source.encoding}"
    if source.delimiter:
        yield f"separated by {_DELIMITERS.get(source.delimiter, source.delimiter)}"
    if found.several:
        yield "header rows " + ", ".join(f'{each.header_row} of "{each.sheet}"' for each, _ in found.tables)
    elif layout.header_row is not None:
        yield f"header in row {layout.header_row}" + (f' of sheet "{layout.sheet}"' if layout.sheet else "")
    if layout.header_row is not None:
        yield f"{found.data_rows:,} {'row' if found.data_rows == 1 else 'rows'} of data"
    if found.not_data:
        yield f"{len(found.not_data):,} not read as data"
    if found.map_file:
        yield f"mapping {found.map_file}"


def _sheets(found: Inspection) -> Table:
    table = _table("Sheet", "Rows", "Columns", "")
    table.columns[1].justify = table.columns[2].justify = "right"
    for sheet, extent in found.sheets:
        read = any(sheet.name == layout.sheet for layout, _ in found.tables)
        said = [_HIDDEN.get(sheet.visibility, ""), "read" if read else "not read"]
        style = "bold" if read else "dim"
        table.add_row(
            Text(shown(sheet.name)),
            f"{extent.rows:,}",
            f"{extent.columns:,}",
            ", ".join(filter(None, said)),
            style=style,
        )
    return table


def _columns(layout: Layout, head: Sequence[SourceRow], width: int) -> Table:
    """The columns as a spreadsheet program letters them, what each feeds, and the first values below it."""
    lines = [
        (Text(column_letters(at), style="dim"), Text(shown(label)), _feeds(layout, at), _examples(layout, head, at))
        for at, label in enumerate(layout.labels)
    ]
    bad = "bold red"
    lines += [(Text(), Text("no column", style=bad), Text(name, style=bad), Text()) for name in layout.missing]
    table = _table("", "Header", "Feeds", "For example")
    widths = [max(len(line[at]) for line in lines) for at in range(3)]
    widths[1] = max(len("Header"), min(widths[1], _WIDEST_HEADER))
    left = width - _INDENT - sum(widths) - _GAP * len(widths)
    for column, wide in zip(table.columns, (*widths, max(left, _NARROWEST)), strict=True):
        column.width, column.overflow = wide, "fold"
    table.columns[3].no_wrap, table.columns[3].overflow = True, "ellipsis"
    for line in lines:
        table.add_row(*line)
    return table


def _feeds(layout: Layout, position: int) -> Text:
    targets = layout.targets(position)
    if targets:
        return Text(", ".join(targets) + (" (split)" if position in layout.splits else ""), style="green")
    if position in layout.lineage.values():
        return Text("added by flireo-batch", style="dim")
    return Text("left out", style="dim") if position in layout.ordered else Text("not sent", style="yellow")


def _examples(layout: Layout, head: Sequence[SourceRow], position: int) -> Text:
    below = [row.cells for row in head if row.number > (layout.header_row or 0)]
    texts = dict.fromkeys(cells[position].strip() for cells in below if position < len(cells))
    texts.pop("", None)
    return Text(", ".join(shown(text) for text in list(texts)[:_EXAMPLES]), style="dim")


def _say(console: Console, title: str, notices: Sequence[Notice], style: str) -> None:
    """One paragraph for each kind of notice: where, how often, and the first of them in full."""
    kinds: dict[Kind, list[Notice]] = {}
    for notice in notices:
        kinds.setdefault(kind_of(notice), []).append(notice)
    if not kinds:
        return
    _section(console, title, style)
    for alike in list(kinds.values())[:_GROUPS_SHOWN]:
        where = _where(alike)
        if where:
            console.print(_indented(Text(where, style=style)))
        console.print(_indented(Text(alike[0].message), deeper=bool(where)))
    if len(kinds) > _GROUPS_SHOWN:
        console.print(_indented(Text(f"... and {len(kinds) - _GROUPS_SHOWN:,} more kinds (all with --json)")))


def _where(alike: Sequence[Notice]) -> str:
    rows = list(dict.fromkeys(notice.row for notice in alike if notice.row is not None))
    column = alike[0].column
    named = ", ".join(f"{row}" for row in rows[:_ROWS_NAMED])
    more = f" and {len(rows) - _ROWS_NAMED:,} more" if len(rows) > _ROWS_NAMED else ""
    told = f"row{'' if len(rows) == 1 else 's'} {named}{more}" if rows else ""
    sheet = f'sheet "{shown(alike[0].sheet)}"' if alike[0].sheet else ""
    return ": ".join(filter(None, (sheet, shown(column) if column else "", told)))


def _section(console: Console, title: str, style: str = "") -> None:
    console.print()
    console.print(Text(title, style=f"bold {style}".strip()))


def _table(*titles: str) -> Table:
    return Table(*titles, box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim")


def _indented(what: Table | Text, *, deeper: bool = False) -> Padding:
    return Padding(what, (0, 0, 0, _INDENT * (2 if deeper else 1)), expand=False)
