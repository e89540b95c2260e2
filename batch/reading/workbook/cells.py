"""A workbook cell as stored (type, style, value) -> the text that a person sees, or why it cannot be trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from batch.reading.remarks import error_cell
from batch.reading.workbook.cellremarks import TEXT_FORMAT, UNREADABLE_CELL
from batch.reading.workbook.moments import iso_serial
from batch.reading.workbook.numberformat import GENERAL_CODE, Kind, parse_format
from batch.reading.workbook.numerals import Shown, show_number
from batch.reading.xlsx.strings import unescaped

_REMEMBERED = 100_000
_ZERO = re.compile(r"\s*0(\.0*)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReader:
    """What cells of one workbook need to be understood: its shared strings, formats by style, and date epoch.

    `recalculates` says that stored results of formulas are replaced when a spreadsheet program opens the workbook.
    """

    strings: Sequence[str]
    codes: Sequence[str]
    from_1904: bool
    recalculates: bool = False
    _seen: dict[tuple[str, str], Shown] = field(default_factory=dict, repr=False)
    _dressing: dict[str, tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        marks = {str(place): parse_format(code).text for place, code in enumerate(self.codes) if code != GENERAL_CODE}
        object.__setattr__(self, "_dressing", {style: found for style, found in marks.items() if found is not None})

    def show(self, kind: str, style: str, value: str) -> Shown:
        """A cell of type `kind` (as in the `t` attribute, "" if none) with the stored `value`, which is not empty."""
        if kind == "s":
            return self._shared(style, value.strip())
        if kind in ("inlineStr", "str"):
            return self.show_text(style, unescaped(value))
        return self._remembered(kind, style, value)

    def show_text(self, style: str, text: str) -> Shown:
        """A text, which few formats show otherwise than as it is."""
        marks = self._dressing.get(style)
        if marks is None or not text:
            return Shown(text)
        if "@" not in marks:
            return Shown(text, TEXT_FORMAT)
        return Shown("".join(text if mark == "@" else mark[1:] for mark in marks))

    def dresses_text(self, style: str) -> bool:
        """Whether texts of this style are not shown as they are."""
        return style in self._dressing

    def is_result(self, kind: str, value: str) -> bool:
        """Whether what is stored beside a formula is its result, and not the 0 of a program that cannot calculate."""
        return not (self.recalculates and kind in ("", "n") and _ZERO.fullmatch(value))

    def shows_digits(self, kind: str, style: str) -> bool:
        """Whether whole numbers of this type and style are shown by their digits alone."""
        return kind in ("", "n") and self._code(style) in (GENERAL_CODE, "@", "0")

    def _shared(self, style: str, value: str) -> Shown:
        if value.isdecimal() and int(value) < len(self.strings):
            return self.show_text(style, self.strings[int(value)])
        return Shown(value, UNREADABLE_CELL)

    def _remembered(self, kind: str, style: str, value: str) -> Shown:
        """Numbers repeat, and working out what a format shows is dear."""
        key = (kind + ":" + style, value)
        shown = self._seen.get(key)
        if shown is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            shown = self._seen[key] = self._worked_out(kind, style, value)
        return shown

    def _worked_out(self, kind: str, style: str, value: str) -> Shown:
        if kind in ("", "n"):
            return show_number(value.strip(), parse_format(self._code(style)), from_1904=self.from_1904)
        if kind == "b":
            truth = {"0": "FALSE", "false": "FALSE", "1": "TRUE", "true": "TRUE"}.get(value.strip())
            return Shown(truth) if truth else Shown(value, UNREADABLE_CELL)
        if kind == "e":
            return Shown(value.strip(), error_cell(value.strip()))
        if kind == "d":
            return self._iso_date(style, value.strip())
        return Shown(value, UNREADABLE_CELL)

    def _iso_date(self, style: str, value: str) -> Shown:
        """A date that is stored as ISO text, shown by its format if that is one for dates."""
        serial = iso_serial(value, from_1904=self.from_1904)
        if serial is None:
            return Shown(value, UNREADABLE_CELL)
        form = parse_format(self._code(style))
        if form.section(serial)[0].kind not in (Kind.DATE, Kind.MOMENT, Kind.CLOCK):
            form = parse_format("yyyy-mm-dd" if serial == int(serial) else "yyyy-mm-dd hh:mm:ss")
        return show_number(repr(serial), form, from_1904=self.from_1904)

    def _code(self, style: str) -> str:
        place = int(style) if style.isdecimal() else 0
        return self.codes[place] if place < len(self.codes) else GENERAL_CODE
