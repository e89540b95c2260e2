"""An OpenDocument spreadsheet's content.xml, told by expat: its sheets, and the rows of one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from batch.reading.ods.cells import show_ods_cell
from batch.reading.options import Limits
from batch.reading.remarks import Remark
from batch.reading.workbook.facts import NAMED
from batch.reading.workbook.places import Area, area_of, columns_name
from batch.reading.workbook.rawrows import RawRow, sheet_too_large

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_LITERAL = {"\0": " ", "\1": "\t", "\2": "\n"}  # the keys cannot be in XML
_SPACES = re.compile(r"[ \t\r\n]+")
_LITERALS = re.compile("[\0\1\2]")
_HIDDEN = ("collapse", "filter")
_NO_CELLS = frozenset(  # what may hold tables or texts of its own
    (
        ("text", "ruby-text"),
        ("office", "forms"),
        *(("table", tag) for tag in ("shapes", "dde-links", "tracked-changes", "content-validations", "scenario")),
    )
)
_COPY_OF_OTHER_FILE = re.compile(r"'.*'#.*", re.DOTALL)  # LibreOffice keeps what formulas took from other files


@dataclass(slots=True)
class OdsSheet:
    """What one sheet is, besides its rows."""

    name: str
    style: str
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_count: int = 0
    hidden_columns: list[str] = field(default_factory=list)
    filtered: bool = False
    column: int = 0


@dataclass(slots=True)
class _Row:
    """A row while it is read; `column` is where its next cell stands."""

    repeat: int
    columns: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    remarks: list[tuple[int, Remark]] = field(default_factory=list)
    column: int = 0


@dataclass(slots=True)
class _Cell:
    attributes: Mapping[str, str]
    paragraphs: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class OdsListener:
    """Collects the sheets, and the rows of the sheet at position `wanted` (none of them if None)."""

    file: str
    limits: Limits
    wanted: int | None = None
    sheets: list[OdsSheet] = field(default_factory=list)
    hidden_styles: set[str] = field(default_factory=set)
    _rows: list[RawRow] = field(default_factory=list)
    _names: dict[str, tuple[str, str]] = field(default_factory=dict)
    _style: str = ""
    _next_row: int = 1
    _row: _Row | None = None
    _cell: _Cell | None = None
    _paragraph: list[str] | None = None
    _skipped: int = 0
    _groups: list[bool] = field(default_factory=list)

    def taken(self) -> list[RawRow]:
        rows, self._rows = self._rows, []
        return rows

    @property
    def finished(self) -> bool:
        """Whether the wanted sheet is over."""
        return self.wanted is not None and len(self.sheets) > self.wanted + 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind, tag = self._names.get(name) or self._name(name)
        if self._skipped:
            self._skipped += 1
        elif (kind, tag) in _NO_CELLS:
            self._skipped = 1
        elif self._cell is not None:
            self._start_in_cell(kind, tag, attributes)
        elif kind == "table":
            self._start_table(tag, _plain(attributes))
        elif kind == "style":
            self._start_style(tag, _plain(attributes))

    def end(self, name: str) -> None:
        kind, tag = self._names[name]
        if self._skipped:
            self._skipped -= 1
        elif kind == "text" and tag in ("p", "h") and self._cell is not None and self._paragraph is not None:
            self._cell.paragraphs.append(_collapsed("".join(self._paragraph)))
            self._paragraph = None
        elif kind == "table" and tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif kind == "table" and tag == "table-row":
            self._end_row()
        elif kind == "table" and tag == "table-row-group":
            self._groups.pop()

    def text(self, text: str) -> None:
        if self._paragraph is not None and not self._skipped:
            self._paragraph.append(text)

    def _name(self, name: str) -> tuple[str, str]:
        namespace, _, tag = name.rpartition(" ")
        found = self._names[name] = (namespace.removeprefix(_NAMES).partition(":")[0], tag)
        return found

    def _start_table(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table" and _COPY_OF_OTHER_FILE.fullmatch(attributes.get("name", "")):
            self._skipped = 1
        elif tag == "table":
            self.sheets.append(OdsSheet(attributes.get("name", ""), attributes.get("style-name", "")))
            self._next_row = 1
        elif tag == "table-column" and self.sheets:
            self._column(self.sheets[-1], attributes)
        elif tag == "table-row" and self.sheets:
            self._row = _Row(_repeat(attributes, "number-rows-repeated"))
            how = attributes.get("visibility", "")
            if how in _HIDDEN or any(self._groups):
                self._hide(self.sheets[-1], how, self._row.repeat)
        elif tag == "table-row-group":
            self._groups.append(attributes.get("display") == "false")
        elif tag in ("table-cell", "covered-table-cell") and self._row is not None:
            self._cell = _Cell(attributes)

    def _start_style(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "style":
            self._style = attributes.get("name", "")
        elif tag == "table-properties" and attributes.get("display") == "false":
            self.hidden_styles.add(self._style)

    def _start_in_cell(self, kind: str, tag: str, attributes: Mapping[str, str]) -> None:
        """Text is taken, spans and links included; notes, drawings and tables within the cell are not."""
        if kind != "text":
            self._skipped = 1
        elif tag in ("p", "h"):
            self._paragraph = []
        elif self._paragraph is not None and tag in ("s", "tab", "line-break"):
            count = min(_repeat(_plain(attributes), "c"), self.limits.record_bytes)
            self._paragraph.append({"s": "\0" * count, "tab": "\1"}.get(tag, "\2"))

    def _end_cell(self) -> None:
        cell, row = self._cell, self._row
        if cell is None or row is None:
            return
        self._cell = None
        repeat = _repeat(cell.attributes, "number-columns-repeated")
        if self.wanted is None:
            self._merge(cell.attributes, row.column)
        elif len(self.sheets) == self.wanted + 1:
            self._show(cell, row, repeat)
        row.column += repeat

    def _show(self, cell: _Cell, row: _Row, repeat: int) -> None:
        shown = show_ods_cell(cell.attributes, cell.paragraphs)
        if shown is None or not shown.text:
            return
        if row.column + repeat > self.limits.columns:
            raise sheet_too_large(self.file, self.sheets[-1].name, self.limits)
        for column in range(row.column, row.column + repeat):
            row.columns.append(column)
            row.texts.append(shown.text)
            if shown.remark:
                row.remarks.append((column, shown.remark))

    def _end_row(self) -> None:
        row = self._row
        if row is None:
            return
        self._row = None
        if row.texts:
            last = self._next_row + row.repeat - 1
            if last > self.limits.rows or row.repeat * (row.columns[-1] + 1) > self.limits.cells:
                raise sheet_too_large(self.file, self.sheets[-1].name, self.limits)
            numbers = range(self._next_row, last + 1)
            self._rows.extend(RawRow(number, row.columns, row.texts, row.remarks) for number in numbers)
        self._next_row += row.repeat

    def _merge(self, attributes: Mapping[str, str], column: int) -> None:
        right = column + _repeat(attributes, "number-columns-spanned") - 1
        bottom = self._next_row + _repeat(attributes, "number-rows-spanned") - 1
        if (right, bottom) != (column, self._next_row):
            self.sheets[-1].merged.append(area_of(self._next_row - 1, bottom - 1, column, right))

    def _hide(self, sheet: OdsSheet, how: str, repeat: int) -> None:
        sheet.hidden_count += repeat
        sheet.filtered = sheet.filtered or how == "filter"
        space = NAMED - len(sheet.hidden_rows)
        sheet.hidden_rows.extend(range(self._next_row, self._next_row + min(repeat, space)))

    def _column(self, sheet: OdsSheet, attributes: Mapping[str, str]) -> None:
        repeat = _repeat(attributes, "number-columns-repeated")
        if attributes.get("visibility") in _HIDDEN:
            sheet.hidden_columns.append(columns_name(sheet.column, sheet.column + repeat - 1))
        sheet.column += repeat


def _plain(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes by their local names; LibreOffice's own value type, which tells errors, as `calcext-type`."""
    found: dict[str, str] = {}
    for name, value in attributes.items():
        namespace, _, key = name.rpartition(" ")
        if "calcext" not in namespace:
            found[key] = value
        elif key == "value-type":
            found["calcext-type"] = value
    return found


def _repeat(attributes: Mapping[str, str], key: str) -> int:
    return max(int(attributes.get(key, "1")), 1)


def _collapsed(text: str) -> str:
    """A paragraph's text: white space counts as one space, unless it is an element of its own."""
    return _LITERALS.sub(lambda match: _LITERAL[match[0]], _SPACES.sub(" ", text).lstrip(" "))
