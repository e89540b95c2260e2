"""An open input file, whatever its format: the one thing that other rooms use of reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from batch.errors import InputError
from batch.model import Chunk, Notice, SourceRow
from batch.reading.delimited import open_delimited
from batch.reading.detect import Kind, find_kind, wrong_ending
from batch.reading.options import ReadOptions
from batch.reading.stored import StoredFile, stored_file
from batch.reading.survey import Extent, Format, Reader, Sheet, Survey
from batch.reading.xlsx import open_xlsx


class Source:
    """A file that was found to be readable. Use it as a context manager."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __enter__(self) -> Source:
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
        return self.survey.encoding

    @property
    def delimiter(self) -> str | None:
        return self.survey.delimiter

    @property
    def notices(self) -> tuple[Notice, ...]:
        return self.survey.notices

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self.survey.sheets

    def head(self, sheet: str, count: int) -> tuple[SourceRow, ...]:
        return self._reader.head(sheet, count)

    def chunks(self, sheet: str, *, after: int, width: int, size: int = 10_000) -> Iterator[Chunk]:
        return self._reader.chunks(sheet, after=after, width=width, size=size)

    def measure(self, sheet: str) -> Extent:
        return self._reader.measure(sheet)

    def sheet_notices(self, sheet: str) -> tuple[Notice, ...]:
        return self._reader.sheet_notices(sheet)


def open_source(path: Path, options: ReadOptions) -> Source:
    file = stored_file(path, options.limits)
    kind, archive = find_kind(file, options.limits)
    notices = wrong_ending(file, kind)
    if kind is Kind.TEXT:
        return Source(open_delimited(file, options, notices))
    if kind is Kind.ODS:
        from batch.reading.ods import open_ods

        return Source(open_ods(archive, options.limits, notices))
    if kind is Kind.XLSB:
        from batch.reading.package import main_part
        from batch.reading.xlsb import open_xlsb
        return Source(open_xlsb(archive, main_part(archive), options.limits, notices))
    if archive:
        from batch.reading.package import main_part

        return Source(open_xlsx(archive, main_part(archive), kind.value, options.limits, notices))
    raise NotImplementedError
