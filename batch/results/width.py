"""How many columns an answer may have: a workbook's sheet holds so many and no more."""

from __future__ import annotations

from typing import Final

from batch.errors import OutputError
from batch.results.report import Form

SHEET_COLUMNS: Final = 16_384
_MOST_OF_OURS: Final = 12  # beside the input's, in any answer; row, origin, approval and round are not in each


def check_width(columns: int) -> None:
    """Raises OutputError where a sheet does not have so many columns."""
    if columns > SHEET_COLUMNS:
        raise OutputError(
            "too_many_columns",
            f"The answer has {columns:,} columns and a workbook sheet holds {SHEET_COLUMNS:,}. "
            "Write it as CSV (--format csv, --failed-format csv), or remove unused columns from the input.",
        )


def refuse_too_wide(columns: int, form: Form, failed_form: Form) -> None:
    """Raises OutputError where rows of so many columns, and ours, do not go into a sheet of the answer; to be asked
    before anything is sent.
    """
    if Form.XLSX in (form, failed_form):
        check_width(columns + _MOST_OF_OURS)
