"""An open file of which it is known where its table is: how it is to be read, and its data rows as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from batch.columns import (
    HEAD_ROWS,
    Layout,
    SavedMap,
    Segment,
    SheetHead,
    Table,
    Tables,
    find_layout,
    find_tables,
    one_table,
    only,
    segments,
)
from batch.errors import InputError, SettingsError
from batch.example_row import is_example_row
from batch.model import Notice, sentence
from batch.pipeline.map_file import folder_map
from batch.pipeline.rules import Rules
from batch.reading import Limits, ReadOptions, Source, open_source

if TYPE_CHECKING:
    from types import TracebackType

_EXAMPLE = sentence("This row is not read as data: it is the example of the template.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """How one file is to be read, mapped and judged, as far as a person said so, and within which limits.

    `all_sheets`: all visible sheets that match are one table. `strict`: a row with a warning is invalid. `saved` is
    what a map file says where the rest says nothing; without one, `folder_map` lets the one in `map_folder` serve,
    which is the folder of the file where nothing else is said.
    `rows_at_once` is how many rows are worked on together: what it takes of memory, and gives of speed.
    """

    sheet: str | None = None
    all_sheets: bool = False
    mapping: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    strict: bool = False
    limits: Limits = field(default_factory=Limits)
    saved: SavedMap | None = None
    folder_map: bool = True
    map_folder: Path | None = None
    rows_at_once: int = 30_000

    @property
    def reads_all_sheets(self) -> bool:
        """Whether that was said last: a sheet that is named on the command line wins over a map file."""
        return self.all_sheets or (self.sheet is None and self.saved is not None and self.saved.all_sheets)

    @property
    def reading(self) -> ReadOptions:
        return ReadOptions(
            delimiter=self.delimiter or (self.saved.delimiter if self.saved else None),
            encoding=self.encoding,
            usual_encoding=self.saved.encoding if self.saved else None,
            limits=self.limits,
        )


class MappedFile:
    """A file and its tables, mostly one, with whatever is wrong with that; a context manager.

    Raises InputError where the file cannot be read, or where the map file in its folder says what it cannot.
    """

    def __init__(self, path: Path, rules: Rules, options: FileOptions) -> None:
        self.path = path
        self.options, self._told = _with_folder_map(path, options)
        self._rules = rules
        self.source = _opened(path, self.options)
        try:
            self.tables = self._survey()
        except BaseException:
            self.source.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.source.__exit__()

    @property
    def layout(self) -> Layout:
        """That of the whole."""
        return self.tables.whole

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a person should know of the file as a whole, its problems left out."""
        sheets = [table.layout.sheet for table in self.tables.tables]
        told = (notice for sheet in sheets if sheet is not None for notice in self._sheet_notices(sheet))
        return (*self._told, *self.source.notices, *told, *self.layout.notices)

    def segments(self, table: Table) -> Iterator[Segment]:
        """The data rows of a table, with what is to be said of the rows that are none; nothing without a header row."""
        layout = table.layout
        if layout.header_row is None:
            return
        size = self.options.rows_at_once
        chunks = self.source.chunks(layout.sheet or "", after=layout.header_row, width=len(layout.labels), size=size)
        for segment in segments(chunks, layout, self._rules.schema, self._rules.hints):
            plain = _without_examples(segment, layout)
            yield replace(plain, notices=self._of_sheet(plain.notices, layout.sheet))

    def _sheet_notices(self, sheet: str) -> Sequence[Notice]:
        return self._of_sheet(self.source.sheet_notices(sheet), sheet)

    def _of_sheet(self, notices: Sequence[Notice], sheet: str | None) -> tuple[Notice, ...]:
        """With the sheet, where there is more than one that they can be of."""
        return tuple(replace(notice, sheet=sheet) if self.tables.several else notice for notice in notices)

    def _survey(self) -> Tables:
        heads = [
            SheetHead(
                name=sheet.name, rows=self.source.head(sheet.name, HEAD_ROWS), visible=sheet.visibility == "visible"
            )
            for sheet in self.source.sheets
        ]
        schema, hints, options = self._rules.schema, self._rules.hints, self.options
        if options.reads_all_sheets:
            return find_tables(heads, schema, hints, mapping=options.mapping, saved=options.saved)
        return one_table(
            find_layout(heads, schema, hints, sheet=options.sheet, mapping=options.mapping, saved=options.saved)
        )


def _with_folder_map(path: Path, options: FileOptions) -> tuple[FileOptions, tuple[Notice, ...]]:
    if options.saved is not None or not options.folder_map:
        return options, ()
    try:
        saved = folder_map(options.map_folder or path.parent)
    except SettingsError as error:
        said = sentence("{why} To do without it, add --no-map-file.", why=error.said)
        raise InputError(error.code, said) from error
    if saved is None:
        return options, ()
    said = sentence(
        "The mapping in {name}, in the same folder, is used. To do without it, add --no-map-file.", name=saved.name
    )
    return replace(options, saved=saved), (Notice(code="map_file_used", sentence=said),)


def _opened(path: Path, options: FileOptions) -> Source:
    try:
        return open_source(path, options.reading)
    except SettingsError as error:
        if options.saved is None or options.saved.delimiter is None or options.delimiter is not None:
            raise
        raise InputError(error.code, sentence("{name}: {why}", name=options.saved.name, why=error.said)) from error


def _without_examples(segment: Segment, layout: Layout) -> Segment:
    """The example row of our own template is not the customer's data."""
    examples = is_example_row(segment.chunk.cells, layout.positions)
    if not examples.any():
        return segment
    rows = [int(row) for row, example in zip(segment.chunk.rows, examples, strict=True) if example]
    told = (Notice(code="example_row", sentence=_EXAMPLE, row=row) for row in rows)
    return replace(segment, chunk=only(segment.chunk, ~examples), notices=(*segment.notices, *told))
