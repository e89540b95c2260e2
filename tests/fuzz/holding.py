"""What must hold of any file at all: it is refused with a code, or read the same by every way of reading it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

from batch.errors import InputError
from batch.model import CellFlag
from batch.reading import Limits, ReadOptions, Source
from batch.reading.text.delimited import DelimitedReader
from batch.reading.xlsx.rowtemplate import RowTemplate
from tests.support.reading import open_here

SMALL = Limits(inflated_bytes=50 << 20, cells=300_000, compound_bytes=4 << 20, record_bytes=1 << 20)
Told = tuple[tuple[str, tuple[tuple[int, tuple[str, ...]], ...], tuple[tuple[int, int | None, str, bool], ...]], ...]


class UnequalError(AssertionError):
    """Two ways of reading one file do not give the same."""


def told(path: Path, options: ReadOptions | None = None) -> Told | str:
    """All sheets: name, rows and flags; or the code of the refusal. Checks that all ways to ask agree."""
    try:
        with open_here(path, options or ReadOptions(limits=SMALL)) as source:
            return tuple(_sheet(source, sheet.name) for sheet in source.sheets)
    except InputError as error:
        if not error.code or path.name not in error.message:
            raise UnequalError("a refusal without a code, or without the name of the file") from error
        return error.code


def told_the_slow_way(path: Path) -> Told | str:
    """The same by the careful parsers alone."""
    with (
        patch.object(RowTemplate, "parse", lambda *_arguments: None),
        patch.object(DelimitedReader, "_fast", _carefully),
    ):
        return told(path)


def hold(path: Path) -> Told | str:
    """Reads the file in every way; raises whatever should not have happened."""
    quick, careful = told(path), told_the_slow_way(path)
    if quick != careful:
        raise UnequalError("the fast parsers and the careful ones differ")
    return quick


def _carefully(self: DelimitedReader, text: bytes, line: int, final: bool) -> object:
    from batch.reading.text.delimited import _batches
    from batch.reading.text.formulatext import without_wrapping

    careful = self._careful(text, line, final)
    return (map(without_wrapping, _batches(careful[0])), *careful[1:]) if careful else None


def _sheet(
    source: Source, name: str
) -> tuple[str, tuple[tuple[int, tuple[str, ...]], ...], tuple[tuple[int, int | None, str, bool], ...]]:
    heads = source.head(name, 40)
    width = max((len(row.cells) for row in heads), default=1)
    rows: dict[int, tuple[str, ...]] = {}
    flags: list[CellFlag] = []
    for chunk in source.chunks(name, after=0, width=width, size=50):
        if len(chunk.rows) > 50:
            raise UnequalError("a chunk is larger than asked")
        rows.update(zip(chunk.rows, map(tuple, chunk.cells.to_numpy().tolist()), strict=True))
        flags += chunk.flags
    _consistent(source, name, rows, flags)
    for notice in source.sheet_notices(name):
        assert notice.message
    for row in heads:
        if _end(rows[row.number]) != _end(row.cells):
            raise UnequalError(f"row {row.number} is another at the second look")
    found = tuple((flag.row, flag.column, flag.code, flag.blocks) for flag in flags)
    return name, tuple((number, _end(cells)) for number, cells in rows.items()), found


def _consistent(source: Source, name: str, rows: Mapping[int, tuple[str, ...]], flags: list[CellFlag]) -> None:
    numbers = list(rows)
    if numbers != sorted(numbers):
        raise UnequalError("rows are out of order")
    if source.measure(name).rows != len(rows):
        raise UnequalError("the rows are not as many as were counted")
    if any(flag.row not in rows or not str(flag.sentence) for flag in flags):
        raise UnequalError("a flag has no row")
    with contextlib.suppress(InputError):
        for notice in source.notices:
            assert notice.message


def _end(cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells
