"""An open input file, whatever its format: the one thing that other rooms use of reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from batch.model import Chunk, Notice, SourceRow
from batch.reading.options import ReadOptions
from batch.reading.survey import Extent, Format, Reader, Sheet, Survey


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
        from batch.reading.frames import as_chunk  # noqa: PLC0415 -- pandas takes long to load; the child does without

        return map(as_chunk, self._reader.chunks(sheet, after=after, width=width, size=size))

    def measure(self, sheet: str) -> Extent:
        """How large the sheet is; this reads all of it."""
        return self._reader.measure(sheet)

    def sheet_notices(self, sheet: str) -> tuple[Notice, ...]:
        """What a person should know of the sheet: hidden rows and columns, merged cells."""
        return self._reader.sheet_notices(sheet)


def open_source(path: Path, options: ReadOptions) -> Source:
    """The file at `path`, parsed in a process of its own.

    InputError if it is missing, no table, damaged, not safe to read, or brings that process down; SettingsError if
    `options` name an encoding or a delimiter that does not exist.
    """
    from batch.reading.confined.reader import open_confined  # noqa: PLC0415 -- Arrow takes long to load too

    return Source(open_confined(path, options))
