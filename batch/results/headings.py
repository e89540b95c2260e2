"""The names of the columns that the program adds; they are for programs too and are never translated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from batch.results.report import Heading

OWN_COLUMNS: Final = ("row", "status", "requirement_group_id", "errors")
ERROR_COLUMNS: Final = ("row", "column", "value", "code", "message")
CHANGE_COLUMNS: Final = ("row", "column", "field", "from", "to", "code", "reason")
SUMMARY_COLUMNS: Final = ("section", "name", "value")
WARNINGS: Final = "Warnings"  # the sheet that has the same columns as Errors
_SOURCE: Final = "flireo_source"
ORIGIN_COLUMNS: Final = ("flireo_row", _SOURCE)
LINEAGE_COLUMNS: Final = (*ORIGIN_COLUMNS, "flireo_status", "flireo_errors")


def source_of_sheet(name: str, sheet: str) -> str:
    """What a row of a sheet is said to come from, where several sheets of the file `name` are read."""
    return f"{name} / {sheet}"


def sheet_of_source(name: str, source: str) -> str | None:
    """The sheet that `source_of_sheet` was given for the file `name`; None for any other source."""
    start = source_of_sheet(name, "")
    return source.removeprefix(start) if source.startswith(start) else None


def error_columns(heading: Heading) -> tuple[str, ...]:
    """The columns of the sheet Errors; where a row number may be of several sheets or files, they say of which."""
    return (*ERROR_COLUMNS, _SOURCE) if heading.shows_origin else ERROR_COLUMNS


def warning_columns(heading: Heading) -> tuple[str, ...]:
    """The columns of the sheet Warnings, which are those of Errors."""
    return error_columns(heading)


def change_columns(heading: Heading) -> tuple[str, ...]:
    """The columns of the sheet Changes, likewise."""
    return (*CHANGE_COLUMNS, _SOURCE) if heading.shows_origin else CHANGE_COLUMNS
