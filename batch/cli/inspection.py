"""`inspect`: how a file is read, laid out for a person or as one JSON document for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import typer

from batch.cli.exits import DONE, UNREADABLE
from batch.cli.inspection_page import Inspection, show
from batch.cli.limits import limits_of
from batch.cli.map_files import given_map, refuse_wrong_orders, save_map, wants_all_sheets
from batch.columns import HEAD_ROWS, Layout, Segment, column_letters, likely_header_row
from batch.errors import BatchError, InputError
from batch.languages import say_in
from batch.model import CellFlag, Notice, SourceRow, sentence
from batch.notices import Kind, kind_of
from batch.pipeline.mapped import FileOptions, MappedFile
from batch.pipeline.prepare import PreparedFile
from batch.pipeline.rules import Rules, load_rules
from batch.reading import Source
from batch.settings import Settings, load_settings

_MOST_OF_ANY_CELL = 10_000  # a sheet of which no column is known can have a million dates, and all are alike


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectRequest:
    """The flags of `inspect`, as given."""

    path: Path
    sheet: str | None
    all_sheets: bool
    mapping: list[str]
    map_file: Path | None
    no_map_file: bool
    save_map: Path | None
    overwrite: bool
    delimiter: str | None
    encoding: str | None
    cells: bool
    as_json: bool
    lang: str | None
    config: Path | None

    def options(self, settings: Settings) -> FileOptions:
        return FileOptions(
            sheet=self.sheet,
            all_sheets=wants_all_sheets(self.sheet, all_sheets=self.all_sheets),
            mapping=tuple(self.mapping),
            delimiter=self.delimiter,
            encoding=self.encoding,
            limits=limits_of(settings),
            saved=given_map(self.map_file, without=self.no_map_file),
            folder_map=not self.no_map_file,
        )


def inspect_file(request: InspectRequest) -> None:
    """Exits with 0 when the file can be read and mapped, with 3 when not. Raises SettingsError."""
    try:
        found = _inspect(request)
    except BatchError as error:
        if not request.as_json:
            raise
        document = {"input": str(request.path), "error": {"code": error.code, "message": error.message}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        if not isinstance(error, InputError):  # only what is wrong with the file is all told by the document
            raise
        raise typer.Exit(UNREADABLE) from None
    raise typer.Exit(UNREADABLE if found.layout.problems else DONE)


def _inspect(request: InspectRequest) -> Inspection:
    settings = load_settings(config=request.config, flags={"lang": request.lang})
    rules, options = load_rules(settings.schemas, settings.region), request.options(settings)
    refuse_wrong_orders(options, rules)
    with MappedFile(request.path, rules, options) as file:
        found = _inspected(file, rules, cells=request.cells)
        if not request.as_json:
            show(found, say_in(settings.language))
        if request.save_map:
            save_map(file, request.save_map, overwrite=request.overwrite)
        if request.as_json:  # last: one that cannot be saved has a document of its own
            _show_json(found)
    return found


def _warnings(file: MappedFile, rules: Rules) -> Iterator[Notice]:
    """What `check` would warn of, row by row."""
    if not file.layout.problems:
        with PreparedFile(file.path, rules, file.options) as prepared:
            yield from (warning for part in prepared.parts() for warning in part.warnings)


def _inspected(file: MappedFile, rules: Rules, *, cells: bool) -> Inspection:
    source, layout = file.source, file.layout
    rows = _Rows()
    for table in file.tables.tables:
        for segment in file.segments(table):
            rows.add(segment, table.layout, table.layout.sheet if file.tables.several else None)
    if layout.header_row is None and not file.tables.several:
        rows.remarks += _first_of_any_cell(source, layout)
    known = {(notice.row, *kind_of(notice)) for notice in rows.remarks}
    rows.remarks += [each for each in _warnings(file, rules) if (each.row, *kind_of(each)) not in known]
    return Inspection(
        path=file.path,
        source=source,
        sheets=tuple((sheet, source.measure(sheet.name)) for sheet in source.sheets),
        layout=layout,
        tables=tuple((each, _head(source, each)) for each in file.tables.found),
        notices=file.notices,
        remarks=tuple(rows.remarks),
        blocking=frozenset(rows.blocking),
        data_rows=rows.data,
        not_data=tuple(rows.not_data),
        map_file=file.options.saved.name if file.options.saved else None,
        cells=list(_every_cell(source, file.tables.found)) if cells else None,
    )


@dataclass(slots=True)
class _Rows:
    """What is said of rows: of those that are no data, and the reader's flags on those that are; `blocking` are the
    kinds that make their row invalid.
    """

    data: int = 0
    not_data: list[Notice] = field(default_factory=list)
    remarks: list[Notice] = field(default_factory=list)
    blocking: set[Kind] = field(default_factory=set)

    def add(self, segment: Segment, layout: Layout, sheet: str | None) -> None:
        self.data += len(segment.chunk.rows)
        self.remarks.extend(segment.notices)
        for notice in segment.notices:
            if notice.row in segment.blocked:
                self.blocking.add(kind_of(notice))
            else:
                self.not_data.append(notice)
        for flag in segment.chunk.flags:
            if flag.row not in segment.blocked:
                self._flagged(flag, layout, sheet)

    def _flagged(self, flag: CellFlag, layout: Layout, sheet: str | None) -> None:
        column = None if flag.column is None else layout.label(flag.column)
        notice = Notice(code=flag.code, sentence=flag.sentence, row=flag.row, column=column, sheet=sheet)
        if flag.blocks and (flag.column is None or flag.column in layout.positions.values()):
            self.blocking.add(kind_of(notice))
        self.remarks.append(notice)


def _head(source: Source, layout: Layout) -> tuple[SourceRow, ...]:
    return () if layout.sheet is None else source.head(layout.sheet, HEAD_ROWS)


def _first_of_any_cell(source: Source, layout: Layout) -> Iterator[Notice]:
    """As many as are of use, and that there are more."""
    remarks = _of_any_cell(source, layout)
    yield from islice(remarks, _MOST_OF_ANY_CELL)
    for left_out in islice(remarks, 1):
        said = sentence(
            "Only the first {most:,} remarks on single cells are told, because the columns are not known; there are"
            " more from row {row} on.",
            most=_MOST_OF_ANY_CELL,
            row=left_out.row,
        )
        yield Notice(code="more_remarks", sentence=said)


def _of_any_cell(source: Source, layout: Layout) -> Iterator[Notice]:
    """What the reader says of cells and rows where no column is known, so that none can be passed over."""
    name = _first_sheet(source, layout)
    head = () if name is None else source.head(name, HEAD_ROWS)
    if name is None or not head:
        return
    width = len((likely_header_row(head) or head[0]).cells)
    for chunk in source.chunks(name, after=0, width=width):
        for flag in chunk.flags:
            column = None if flag.column is None else column_letters(flag.column)
            sheet = name if len(source.sheets) > 1 else None
            yield Notice(code=flag.code, sentence=flag.sentence, row=flag.row, column=column, sheet=sheet)


def _first_sheet(source: Source, layout: Layout) -> str | None:
    """The one that is read; the first, if it is not clear which is."""
    return layout.sheet if layout.sheet is not None else next((sheet.name for sheet in source.sheets), None)


def _every_cell(source: Source, layouts: Sequence[Layout]) -> Iterator[list[str]]:
    """Every cell of the sheets that are read as text, the rows above the header row included; of the first sheet, if
    it is not clear which is read.
    """
    for layout in layouts:
        sheet = _first_sheet(source, layout)
        if sheet is None:
            return
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
        "header_row": None if found.several else layout.header_row,
        **_columns(layout),
        "map_file": found.map_file,
        "tables": [{"sheet": each.sheet, "header_row": each.header_row, **_columns(each)} for each, _ in found.tables],
        "data_rows": None if layout.header_row is None else found.data_rows,
        "not_data": [{"row": notice.row, "code": notice.code, "sheet": notice.sheet} for notice in found.not_data],
        "warnings": [
            {
                "row": notice.row,
                "column": notice.column,
                "code": notice.code,
                "message": notice.message,
                "sheet": notice.sheet,
            }
            for notice in (*found.notices, *layout.problems, *found.remarks)
        ],
    }
    if found.cells is not None:
        document["cells"] = found.cells
    # surrogatepass has no place in JSON text; a lone surrogate is written as its escape.
    text = json.dumps(document, ensure_ascii=False, indent=2)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def _columns(layout: Layout) -> dict[str, object]:
    return {
        "mapping": dict(_mapping(layout)),
        "missing": list(layout.missing),
        "columns": [_column(layout, position) for position in range(len(layout.labels))],
    }


def _mapping(layout: Layout) -> Iterator[tuple[str, str | None]]:
    """Header -> field, as --map would say it; fields that all get the whole cell have a comma between them. Our own
    flireo_ columns feed nothing.
    """
    for position, label in enumerate(layout.labels):
        yield label, ",".join(layout.targets(position)) or None


def _column(layout: Layout, position: int) -> dict[str, object]:
    """One column by its place, because a header may stand twice."""
    return {
        "column": column_letters(position),
        "header": layout.labels[position],
        "fields": list(layout.fields[position]),
        "split": position in layout.splits,
    }
