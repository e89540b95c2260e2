"""Worksheet XML whose rows are all of a kind, parsed by one pattern learned from rows already seen.

A template is a pattern for a whole row. A stretch of XML is accepted if it is nothing but rows that match, one right
after the other; then it is sound XML, and expat (`sheetxml`) would tell the same rows, some six times slower. A
property test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from batch.reading.batches import Batch, blank
from batch.reading.remarks import Remark
from batch.reading.workbook.cells import CellReader
from batch.reading.workbook.places import column_number
from batch.reading.xlsx.plainxml import NotPlainError, is_odd, nothing_but, resolved
from batch.reading.xlsx.strings import unescaped

_ATTRIBUTES = r'(?: [A-Za-z][\w:.-]*="[^"<&]*")*'
_NUMBER = "[1-9][0-9]{0,6}"
_ROW = rf'<row r="({_NUMBER})"{_ATTRIBUTES}>'
_EMPTY_ROW = re.compile(rf'<row r="{_NUMBER}"{_ATTRIBUTES} ?/>')
_ANY_ROW = re.compile(rf'<row r="({_NUMBER})"')
_FORMULA = rf"<f{_ATTRIBUTES}(?: ?/>|>[^<]*</f>)"
_FORM = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"((?: s="[0-9]{1,5}")?(?: t="(?:s|n|b|e|str|inlineStr)")?)'
    rf"( ?/>|>{_FORMULA}<v>|><v>|><is><t>|><is><t xml:space=\"preserve\">)"
)
_STYLE, _KIND = re.compile(r' s="([0-9]+)"'), re.compile(r' t="([A-Za-z]+)"')
_LEARNED_FROM = 64 << 10
_MOST_COLUMNS, _MOST_FORMS = 200, 12
_LONGEST_INTEGER = 11
Form = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Variant:
    """One shape of one column's cells, which is one group of the pattern."""

    column: int
    kind: str
    style: str
    is_formula: bool


@dataclass(slots=True)
class RowTemplate:
    """A pattern for a whole row, and the shapes of cells by column from which it was made."""

    reader: CellReader
    _forms: dict[str, dict[Form, None]] = field(default_factory=dict)
    _pattern: re.Pattern[str] | None = None
    _variants: list[_Variant] = field(default_factory=list)

    def learn(self, stretch: bytes) -> None:
        """Makes the template fit the first rows of `stretch` too, if they can be made to fit."""
        known = sum(map(len, self._forms.values()))
        for letters, attributes, shape in _FORM.findall(stretch[:_LEARNED_FROM].decode(errors="replace")):
            self._forms.setdefault(letters, {})[attributes, _shape(shape)] = None
        if sum(map(len, self._forms.values())) > known:
            self._pattern = self._made()

    def parse(self, stretch: bytes, last_row: int) -> Batch | None:
        """The rows of a stretch of whole `row` elements that comes after row `last_row`; None if declined."""
        if self._pattern is None or is_odd(stretch):
            return None
        try:
            return self._batch(stretch.decode(), last_row, self._pattern)
        except (NotPlainError, ValueError, LookupError):
            return None

    def _made(self) -> re.Pattern[str] | None:
        forms = sorted((column_number(letters), letters, shapes) for letters, shapes in self._forms.items())
        if len(forms) > _MOST_COLUMNS or any(len(shapes) > _MOST_FORMS for _, _, shapes in forms):
            return None
        self._variants = []
        cells = [self._cell(column, letters, shapes) for column, letters, shapes in forms]
        return re.compile(_ROW + "".join(cells) + "</row>")

    def _cell(self, column: int, letters: str, shapes: dict[Form, None]) -> str:
        choices = []
        for attributes, shape in shapes:
            if shape == "/":
                choices.append(rf"{attributes} ?/>")
                continue
            kind, style = _KIND.search(attributes), _STYLE.search(attributes)
            inline = shape == "t"
            named = kind[1] if kind else ""
            kind_of_text = "inlineStr" if inline else named
            self._variants.append(_Variant(column, kind_of_text, style[1] if style else "", shape == "f"))
            before, after = (r'><is><t(?: xml:space="preserve")?>', "</t></is></c>") if inline else (">", "</v></c>")
            formula = _FORMULA if shape == "f" else ""
            choices.append(attributes + before + formula + ("" if inline else "<v>") + "([^<]+)" + after)
        return rf'(?:<c r="{letters}\1"(?:{"|".join(choices)}))?'

    def _batch(self, xml: str, last_row: int, pattern: re.Pattern[str]) -> Batch:
        if _EMPTY_ROW.match(xml) or "/><row " in xml:
            xml = _without_empty_rows(xml, last_row)
        rows = pattern.findall(xml)
        if not nothing_but(xml, "row", len(rows)):
            raise NotPlainError
        groups = list(zip(*rows, strict=True))
        numbers = list(map(int, groups[0]))
        _ascending(last_row, numbers)
        remarks: list[tuple[int, int | None, Remark]] = []
        columns: dict[int, list[str]] = {}
        for variant, stored in zip(self._variants, groups[1:], strict=True):
            texts = self._texts(variant, stored, numbers, remarks)
            before = columns.get(variant.column)
            columns[variant.column] = (
                texts if before is None else [one or other for one, other in zip(before, texts, strict=True)]
            )
        return Batch(
            rows=np.array(numbers, np.int64), columns=_arrays(columns, len(rows)), counts=None, remarks=tuple(remarks)
        )

    def _texts(
        self, variant: _Variant, stored: Sequence[str], rows: list[int], remarks: list[tuple[int, int | None, Remark]]
    ) -> list[str]:
        """A column's texts; the empty string where the cell is absent or has another shape."""
        joined = "".join(stored)
        if variant.is_formula and not all(self.reader.is_result(variant.kind, value) for value in stored if value):
            raise NotPlainError
        if variant.kind in ("s", "str", "inlineStr") and self.reader.dresses_text(variant.style):
            return self._shown(variant, [resolved(text) for text in stored], rows, remarks)
        if variant.kind == "s":
            return _shared(stored, joined, self.reader.strings)
        if "&" in joined:
            stored = [resolved(text) for text in stored]
        if variant.kind in ("str", "inlineStr"):
            return [unescaped(text) for text in stored] if "_x" in joined else list(stored)
        if self.reader.shows_digits(variant.kind, variant.style) and _short_integers(stored, joined):
            return list(stored)
        return self._shown(variant, stored, rows, remarks)

    def _shown(
        self, variant: _Variant, stored: Sequence[str], rows: list[int], remarks: list[tuple[int, int | None, Remark]]
    ) -> list[str]:
        texts = []
        for row, value in zip(rows, stored, strict=True):
            text, remark = self.reader.show(variant.kind, variant.style, value) if value else ("", None)
            texts.append(text)
            if remark:
                remarks.append((row, variant.column, remark))
        return texts


def _without_empty_rows(xml: str, last_row: int) -> str:
    _ascending(last_row, list(map(int, _ANY_ROW.findall(xml))))
    return _EMPTY_ROW.sub("", xml)


def _ascending(last_row: int, numbers: list[int]) -> None:
    if (np.diff(numbers, prepend=last_row) <= 0).any():
        raise NotPlainError


def _shape(opening: str) -> str:
    """What the start of a cell's content says of its shape: empty, formula, value or inline text."""
    if opening.endswith("/>"):
        return "/"
    return "t" if opening.startswith("><is>") else "f" if opening.startswith("><f") else "v"


def _shared(stored: Sequence[str], joined: str, strings: Sequence[str]) -> list[str]:
    if joined and not (joined.isascii() and joined.isdecimal()):
        raise NotPlainError
    if "" in stored:
        return [strings[int(index)] if index else "" for index in stored]
    return [strings[index] for index in map(int, stored)]


def _short_integers(stored: Sequence[str], joined: str) -> bool:
    """Whether all are whole numbers that any spreadsheet shows as they are stored."""
    return (
        joined.isascii()
        and joined.isdecimal()
        and max(map(len, stored)) <= _LONGEST_INTEGER
        and not any(text[0] == "0" and len(text) > 1 for text in stored if text)
    )


def _arrays(columns: dict[int, list[str]], count: int) -> list[pa.Array]:
    empty = blank(count)
    width = max(columns, default=-1) + 1
    return [
        pa.array(columns[position], pa.large_string()) if position in columns else empty for position in range(width)
    ]
