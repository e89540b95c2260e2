"""Drop-downs: the values that a column may hold, offered to whoever fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from batch.results.xlsx.page import put
from batch.results.xlsx.style import PLAIN

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LISTS_SHEET = "Lists"
_LAST_ROW = 1_048_576
_INLINE_CHARACTERS = 255  # of the formula, by Excel's own limit; messages have the same one


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`message` says what may be chosen; `strict` refuses anything else, otherwise the person is asked."""

    values: tuple[str, ...]
    title: str
    message: str
    strict: bool


class Lists:
    """The drop-downs of one workbook; values that do not fit in the rule itself go to a hidden sheet."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._columns = 0

    def offer(self, sheet: Worksheet, letter: str, choices: Choices) -> None:
        """Offer the choices in all cells below the header of a column."""
        rule = DataValidation(
            type="list",
            formula1=self._formula(choices.values),
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="stop" if choices.strict else "warning",
            errorTitle=choices.title[:32],
            error=choices.message[:_INLINE_CHARACTERS],
        )
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(rule)

    def _formula(self, values: tuple[str, ...]) -> str:
        inline = f'"{",".join(values)}"'
        if len(inline) <= _INLINE_CHARACTERS and not any(set(value) & set(',"') for value in values):
            return inline
        return self._listed(values)

    def _listed(self, values: tuple[str, ...]) -> str:
        self._columns += 1
        sheet = self._sheet()
        for row, value in enumerate(values, 1):
            put(sheet, row, self._columns, value, PLAIN)
        letter = get_column_letter(self._columns)
        return f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(values)}"

    def _sheet(self) -> Worksheet:
        if LISTS_SHEET not in self._workbook.sheetnames:
            self._workbook.create_sheet(LISTS_SHEET).sheet_state = "hidden"
        return self._workbook[LISTS_SHEET]
