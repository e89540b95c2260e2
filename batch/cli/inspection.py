"""`inspect`: how a file is read, laid out for a person or as one JSON document for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from batch.cli.exits import DONE, UNREADABLE
from batch.cli.inspection_page import Inspection, Kind, kind_of, show
from batch.cli.limits import limits_of
from batch.columns import HEAD_ROWS, Layout
from batch.errors import InputError
from batch.model import Notice
from batch.pipeline.prepare import FileOptions, PreparedFile, data_segments, survey_layout
from batch.pipeline.rules import Rules, load_rules
from batch.reading import Source, open_source
from batch.settings import load_settings


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
            odd = () if layout.problems else _warnings(path, rules, options)
            found = _inspected(path, source, layout, rules, odd, cells=cells)
            _show_json(found) if as_json else show(found)
    except InputError as error:
        if not as_json:
            raise
        document = {"input": str(path), "error": {"code": error.code, "message": error.message}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        raise typer.Exit(UNREADABLE) from None
    raise typer.Exit(UNREADABLE if layout.problems else DONE)


def _warnings(path: Path, rules: Rules, options: FileOptions) -> tuple[Notice, ...]:
    """What `check` would warn of, row by row."""
    with PreparedFile(path, rules, options) as prepared:
        return tuple(warning for part in prepared.parts() for warning in part.warnings)


def _inspected(
    path: Path, source: Source, layout: Layout, rules: Rules, odd: Sequence[Notice], *, cells: bool
) -> Inspection:
    blocking: set[Kind] = set()
    read = tuple(_remarks(source, layout, rules, blocking))
    known = {(notice.row, *kind_of(notice)) for notice in read}
    remarks = (*read, *(notice for notice in odd if (notice.row, *kind_of(notice)) not in known))
    return Inspection(
        path=path,
        source=source,
        sheets=tuple((sheet, source.measure(sheet.name)) for sheet in source.sheets),
        layout=layout,
        head=() if layout.sheet is None else source.head(layout.sheet, HEAD_ROWS),
        notices=(*source.notices, *_sheet_notices(source, layout), *layout.notices),
        remarks=remarks,
        blocking=frozenset(blocking),
        cells=list(_every_cell(source, layout)) if cells else None,
    )


def _sheet_notices(source: Source, layout: Layout) -> tuple[Notice, ...]:
    return () if layout.sheet is None else source.sheet_notices(layout.sheet)


def _remarks(source: Source, layout: Layout, rules: Rules, blocking: set[Kind]) -> Iterator[Notice]:
    """What is said of rows that are no data, and the reader's flags on those that are; `blocking` takes the kinds
    of those that make their row invalid.
    """
    if layout.header_row is None:
        return
    for segment in data_segments(source, layout, rules):
        yield from segment.notices
        for flag in segment.chunk.flags:
            column = None if flag.column is None else layout.label(flag.column)
            notice = Notice(code=flag.code, sentence=flag.sentence, row=flag.row, column=column)
            if flag.blocks and (flag.column is None or flag.column in layout.positions.values()):
                blocking.add(kind_of(notice))
            yield notice


def _every_cell(source: Source, layout: Layout) -> Iterator[list[str]]:
    """Every cell of the sheet as text, the rows above the header row included."""
    sheet = layout.sheet if layout.sheet is not None else next((sheet.name for sheet in source.sheets), None)
    if sheet is not None:
        for chunk in source.chunks(sheet, after=0, width=len(layout.labels)):
            yield from (list(row) for row in chunk.cells.itertuples(index=False, name=None))


def _show_json(found: Inspection) -> None:
    layout, source = found.layout, found.source
    document: dict[str, object] = {
        "input": str(found.path),
        "format": source.format,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "sheets": [
            {"name": sheet.name, "visibility": sheet.visibility, "rows": extent.rows, "columns": extent.columns}
            for sheet, extent in found.sheets
        ],
        "sheet": layout.sheet,
        "header_row": layout.header_row,
        "mapping": dict(_mapping(layout)),
        "missing": list(layout.missing),
        "warnings": [
            {"row": notice.row, "column": notice.column, "code": notice.code, "message": notice.message}
            for notice in (*found.notices, *layout.problems, *found.remarks)
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
