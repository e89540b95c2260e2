"""The rows of a worksheet's XML, told by expat: every shape that the standard allows, and some that it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from batch.errors import InputError
from batch.reading.remarks import Remark
from batch.reading.workbook.archive import Archive
from batch.reading.workbook.cellremarks import FORMULA_WITHOUT_RESULT
from batch.reading.workbook.cells import CellReader
from batch.reading.workbook.markup import spreadsheet
from batch.reading.workbook.places import column_number
from batch.reading.workbook.rawrows import RawRow

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True, kw_only=True)
class RowListener:
    """Collects rows while a sheet is parsed; `taken` hands over those that are whole."""

    archive: Archive
    part: str
    reader: CellReader
    last_row: int = 0
    in_data: bool = False
    _rows: list[RawRow] = field(default_factory=list)
    _tags: dict[str, str] = field(default_factory=dict)
    _columns: list[int] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _remarks: list[tuple[int, Remark]] = field(default_factory=list)
    _column: int = -1
    _kind: str = ""
    _style: str = ""
    _value: list[str] = field(default_factory=list)
    _inline: list[str] = field(default_factory=list)
    _formula: list[str] | None = None
    _has_value: bool = False
    _phonetic: bool = False
    _reading: list[str] | None = None

    def taken(self) -> list[RawRow]:
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = spreadsheet(name)
        if tag == "c" and self.in_data:
            self._start_cell(attributes)
        elif tag == "v":
            self._reading, self._has_value = self._value, True
        elif tag == "row" and self.in_data:
            self._start_row(attributes)
        elif tag == "f":
            self._reading = self._formula = []
        elif tag == "t":
            self._reading = None if self._phonetic else self._inline
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "sheetData":
            self.in_data = True

    def end(self, name: str) -> None:
        tag = self._tags[name]
        if tag == "c" and self.in_data:
            self._end_cell()
        elif tag in ("v", "t", "f"):
            self._reading = None
        elif tag == "row" and self.in_data:
            self._end_row()
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "sheetData":
            self.in_data = False

    def text(self, text: str) -> None:
        if self._reading is not None:
            self._reading.append(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "")
        number = int(stated) if stated.isdecimal() else self.last_row + 1
        if number <= self.last_row:
            raise self._disorder(f"row {number} comes after row {self.last_row}")
        self.last_row, self._column = number, -1
        self._columns, self._texts, self._remarks = [], [], []

    def _start_cell(self, attributes: dict[str, str]) -> None:
        column = self._column + 1
        if reference := attributes.get("r"):
            match = _REFERENCE.fullmatch(reference.replace("$", "").upper())
            if match is None or int(match[2]) != self.last_row:
                raise self._disorder(f"cell {reference} in row {self.last_row}")
            column = column_number(match[1])
        if column <= self._column:
            raise self._disorder(f"cell {reference} out of order in row {self.last_row}")
        self._column = column
        self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
        self._value, self._inline, self._formula, self._has_value = [], [], None, False

    def _end_cell(self) -> None:
        value = "".join(self._value)
        if value and (self._formula is None or self.reader.is_result(self._kind, value)):
            text, remark = self.reader.show(self._kind, self._style, value)
        elif self._inline:
            text, remark = self.reader.show("inlineStr", self._style, "".join(self._inline))
        elif self._formula is not None and not (self._kind == "str" and self._has_value):
            text, remark = "=" + "".join(self._formula), FORMULA_WITHOUT_RESULT
        else:
            return
        if text:
            self._columns.append(self._column)
            self._texts.append(text)
            if remark:
                self._remarks.append((self._column, remark))

    def _end_row(self) -> None:
        if self._texts:
            self._rows.append(RawRow(self.last_row, self._columns, self._texts, self._remarks))

    def _disorder(self, what: str) -> InputError:
        return self.archive.corrupt(self.part, what)
