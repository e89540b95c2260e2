"""Which number format each cell style has."""

from __future__ import annotations

from dataclasses import dataclass, field

from batch.reading.workbook.archive import Archive
from batch.reading.workbook.markup import listen, spreadsheet
from batch.reading.workbook.numberformat import GENERAL_CODE, built_in


def format_codes(archive: Archive, part: str | None) -> tuple[str, ...]:
    """The number format code of each cell style, by the style's position."""
    if part is None:
        return ()
    styles = _Styles()
    listen(archive, part, styles)
    return tuple(styles.codes.get(number) or built_in(number) for number in styles.numbers)


@dataclass(slots=True)
class _Styles:
    codes: dict[int, str] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    _within: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = spreadsheet(name)
        if tag in ("cellXfs", "numFmts"):
            self._within = tag
        elif tag == "xf" and self._within == "cellXfs":
            self.numbers.append(int(attributes.get("numFmtId", "0")))
        elif tag == "numFmt" and self._within == "numFmts":  # conditional formats have some too, numbered otherwise
            self.codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", GENERAL_CODE)

    def end(self, name: str) -> None:
        if spreadsheet(name) == self._within:
            self._within = ""

    def text(self, text: str) -> None:
        """No text is expected."""
