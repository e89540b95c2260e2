"""`inspect`: how a file is read, laid out for a person or as one JSON document for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from batch.cli.exits import DONE, UNREADABLE
from batch.cli.limits import limits_of
from batch.columns import Layout
from batch.errors import InputError
from batch.model import Notice
from batch.pipeline.prepare import FileOptions, data_segments, survey_layout
from batch.pipeline.rules import Rules, load_rules
from batch.reading import Extent, Source, open_source
from batch.reading import Sheet as SheetFacts
from batch.settings import load_settings

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inspection:
    """What is known of a file that could be read."""

    path: Path
    source: Source
    layout: Layout
    warnings: tuple[Notice, ...]
    cells: list[list[str]] | None


def inspect_file(
    path: Path,
    *,
    cells: bool,
    sheet: str | None,
    mapping: list[str],
    delimiter: str | None,
    encoding: str | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Exits with 0 when the file can be read and mapped, with 3 when not."""
    settings = load_settings(config=config)
    rules = load_rules(settings.schemas, settings.region)
    options = FileOptions(
        sheet=sheet, mapping=tuple(mapping), delimiter=delimiter, encoding=encoding, limits=limits_of(settings)
    )
    try:
        with open_source(path, options.reading) as source:
            layout = survey_layout(source, rules, options)
            flags = tuple(_remarks(source, layout, rules))
            table = list(_every_cell(source, layout)) if cells else None
            warnings = (*source.notices, *_sheet_notices(source, layout), *layout.problems, *layout.notices, *flags)
            found = _Inspection(path=path, source=source, layout=layout, warnings=warnings, cells=table)
            _show_json(found) if as_json else _show_person(found)
    except InputError as error:
        if not as_json:
            raise
        document = {"input": str(path), "error": {"code": error.code, "message": error.message}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        raise typer.Exit(UNREADABLE) from None
    raise typer.Exit(UNREADABLE if layout.problems else DONE)


def _sheet_notices(source: Source, layout: Layout) -> tuple[Notice, ...]:
    return () if layout.sheet is None else source.sheet_notices(layout.sheet)


def _remarks(source: Source, layout: Layout, rules: Rules) -> Iterator[Notice]:
    """What is said of rows that are no data, and the reader's flags on those that are."""
    if layout.header_row is None:
        return
    for segment in data_segments(source, layout, rules):
        yield from segment.notices
        for flag in segment.chunk.flags:
            column = None if flag.column is None else layout.label(flag.column)
            yield Notice(code=flag.code, sentence=flag.sentence, row=flag.row, column=column)


def _every_cell(source: Source, layout: Layout) -> Iterator[list[str]]:
    """Every cell of the sheet as text, the rows above the header row included."""
    sheet = layout.sheet if layout.sheet is not None else next((sheet.name for sheet in source.sheets), None)
    if sheet is not None:
        for chunk in source.chunks(sheet, after=0, width=len(layout.labels)):
            yield from (list(row) for row in chunk.cells.itertuples(index=False, name=None))


def _show_json(found: _Inspection) -> None:
    layout, source = found.layout, found.source
    document: dict[str, object] = {
        "input": str(found.path),
        "format": source.format,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "sheets": [
            {"name": sheet.name, "visibility": sheet.visibility, "rows": extent.rows, "columns": extent.columns}
            for sheet, extent in _measured(source)
        ],
        "sheet": layout.sheet,
        "header_row": layout.header_row,
        "mapping": dict(_mapping(layout)),
        "missing": list(layout.missing),
        "warnings": [
            {"row": notice.row, "column": notice.column, "code": notice.code, "message": notice.message}
            for notice in found.warnings
        ],
    }
    if found.cells is not None:
        document["cells"] = found.cells
    # surrogatepass has no place in JSON text; a lone surrogate is written as its escape.
    text = json.dumps(document, ensure_ascii=False, indent=2)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def _mapping(layout: Layout) -> Iterator[tuple[str, str | None]]:
    """Header -> field; a column that feeds several names them all. Our own flireo_ columns feed nothing."""
    for position, label in enumerate(layout.labels):
        fields = layout.fields[position]
        yield label, "+".join(fields) if fields else None


def _show_person(found: _Inspection) -> None:
    console = Console(highlight=False, soft_wrap=True)
    source, layout = found.source, found.layout
    console.print(str(found.path), style="bold", markup=False)
    facts = [("Format", source.format), ("Encoding", source.encoding), ("Delimiter", _shown(source.delimiter))]
    if layout.sheet:
        facts.append(("Sheet", layout.sheet))
    facts.append(("Header row", None if layout.header_row is None else str(layout.header_row)))
    for name, value in facts:
        if value is not None:
            console.print(f"  {name + ':':<12}{value}", markup=False)
    if len(source.sheets) > 1:
        console.print(_sheets(source))
    if layout.labels:
        console.print(_columns(layout))
    _say(console, "Problems: nothing can be sent before these are solved", layout.problems, "red")
    solved = set(map(id, layout.problems))
    _say(console, "Remarks", [notice for notice in found.warnings if id(notice) not in solved], "yellow")
    if found.cells is not None:
        for row in found.cells:
            console.print(" | ".join(row), markup=False)


def _shown(delimiter: str | None) -> str | None:
    return {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe"}.get(delimiter or "", delimiter)


def _sheets(source: Source) -> Table:
    table = Table("sheet", "visibility", "rows", "columns", box=None, pad_edge=True)
    for sheet, extent in _measured(source):
        table.add_row(sheet.name, sheet.visibility.replace("_", " "), f"{extent.rows:,}", f"{extent.columns:,}")
    return table


def _measured(source: Source) -> Iterator[tuple[SheetFacts, Extent]]:
    """Every sheet with how many rows and columns of it hold something."""
    return ((sheet, source.measure(sheet.name)) for sheet in source.sheets)


def _columns(layout: Layout) -> Table:
    table = Table("column", "header", "field", box=None, pad_edge=True, title="Columns", title_justify="left")
    for position, label in enumerate(layout.labels):
        fields = layout.fields[position]
        ours = position in layout.lineage.values()
        feeds = ", ".join(fields) or ("(added by flireo-batch)" if ours else "(not sent)")
        table.add_row(str(position + 1), label, feeds)
    for name in layout.missing:
        table.add_row("-", "[red]missing[/red]", name)
    return table


def _say(console: Console, title: str, notices: list[Notice] | tuple[Notice, ...], style: str) -> None:
    if not notices:
        return
    console.print(title, style=f"bold {style}")
    for notice in notices[:_MOST_SHOWN]:
        where = f"row {notice.row}" if notice.row is not None else ""
        where += f", {notice.column}" if notice.row is not None and notice.column else ""
        console.print(f"  {where + ': ' if where else ''}{notice.message}", markup=False)
    if len(notices) > _MOST_SHOWN:
        console.print(f"  ... and {len(notices) - _MOST_SHOWN:,} more (all of them with --json)", markup=False)
