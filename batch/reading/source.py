"""An open input file, whatever its format: the one thing that other rooms use of reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

from batch.model import Chunk, Notice, SourceRow
from batch.reading.detect import Kind, OldBook, TextTable, ZippedBook, find_kind, wrong_ending
from batch.reading.ods.book import open_ods
from batch.reading.options import ReadOptions
from batch.reading.stored import stored_file
from batch.reading.survey import Extent, Format, Reader, Sheet, Survey
from batch.reading.text.delimited import open_delimited
from batch.reading.xls.book import open_xls
from batch.reading.xlsb.book import open_xlsb
from batch.reading.xlsx.book import open_xlsx


class Source:
    """A file that was found to be readable. Use it as a context manager.

    `sheet` is always a name from `sheets`. Every method may raise InputError.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._reader.close()

    @property
    def survey(self) -> Survey:
        return self._reader.survey

    @property
    def format(self) -> Format:
        return self.survey.format

    @property
    def encoding(self) -> str | None:
        """The encoding of a text file, None for others."""
        return self.survey.encoding

    @property
    def delimiter(self) -> str | None:
        """What separates the columns of a text file, None for others."""
        return self.survey.delimiter

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a person should know of the file as a whole."""
        return self.survey.notices

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self.survey.sheets

    def head(self, sheet: str, count: int) -> tuple[SourceRow, ...]:
        """The first `count` rows that hold something, for finding the header."""
        return self._reader.head(sheet, count)

    def chunks(self, sheet: str, *, after: int, width: int, size: int = 10_000) -> Iterator[Chunk]:
        """The rows with a number above `after` that hold something, at most `size` to a chunk.

        Every chunk has at least `width` columns; more if a row of it holds something there, which is then flagged.
        """
        return self._reader.chunks(sheet, after=after, width=width, size=size)

    def measure(self, sheet: str) -> Extent:
        """How large the sheet is; this reads all of it."""
        return self._reader.measure(sheet)

    def sheet_notices(self, sheet: str) -> tuple[Notice, ...]:
        """What a person should know of the sheet: hidden rows and columns, merged cells."""
        return self._reader.sheet_notices(sheet)


def open_source(path: Path, options: ReadOptions) -> Source:
    """The file at `path`; InputError if it is missing, no table, damaged or not safe to read.

    SettingsError if `options` name an encoding or a delimiter that does not exist.
    """
    return Source(_reader(path, options))


def _reader(path: Path, options: ReadOptions) -> Reader:
    file = stored_file(path, options.limits)
    found = find_kind(file, options.limits)
    notices = wrong_ending(file, found.kind)
    match found:
        case TextTable():
            return open_delimited(file, options, notices)
        case OldBook():
            return open_xls(file.name, found.compound, options.limits, notices)
        case _:
            return _zipped(found, options, notices)


def _zipped(found: ZippedBook, options: ReadOptions, notices: tuple[Notice, ...]) -> Reader:
    match found.kind:
        case Kind.ODS:
            return open_ods(found.archive, options.limits, notices)
        case Kind.XLSB:
            return open_xlsb(found.archive, found.main, options.limits, notices)
        case _:
            form: Literal["xlsx", "xlsm"] = "xlsm" if found.kind is Kind.XLSM else "xlsx"
            return open_xlsx(found.archive, found.main, form, options.limits, notices)
