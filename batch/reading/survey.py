"""What is known of a file once it is open, and what every reader of one format must be able to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from batch.model import Notice, SourceRow

if TYPE_CHECKING:  # Arrow takes long to load, and the process that parses is to be started before that
    from batch.reading.readrows import ReadRows

Format = Literal["csv", "tsv", "xlsx", "xlsm", "xls", "xlsb", "ods"]
WORKBOOK_FORMATS: frozenset[Format] = frozenset({"xlsx", "xlsm", "xls", "xlsb", "ods"})
Visibility = Literal["visible", "hidden", "very_hidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How many rows of a sheet hold something, and the number of the last column that does."""

    rows: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet; a text file has one, named "". `rows` and `columns` are None until they have been counted."""

    name: str
    visibility: Visibility = "visible"
    rows: int | None = None
    columns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The facts about a whole file, all of them values that can travel between processes."""

    format: Format
    sheets: tuple[Sheet, ...]
    notices: tuple[Notice, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None


class Reader(Protocol):
    """An open file. Every argument and answer is a plain value, so that another process may do the reading.

    Every method may raise InputError; `chunks` also while it is iterated over.
    """

    @property
    def survey(self) -> Survey: ...

    def head(self, sheet: str, count: int) -> tuple[SourceRow, ...]:
        """The first `count` rows that hold something."""
        ...

    def chunks(self, sheet: str, *, after: int, width: int, size: int) -> Iterator[ReadRows]:
        """The rows with a number above `after` that hold something, made `width` columns wide or wider."""
        ...

    def measure(self, sheet: str) -> Extent:
        """How large the sheet is; this reads all of it."""
        ...

    def sheet_notices(self, sheet: str) -> tuple[Notice, ...]:
        """What a person should know about the sheet as a whole."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
