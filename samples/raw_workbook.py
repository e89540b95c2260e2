"""Writes a small .xlsx part by part, because what customers send holds things that libraries will not write.

A formula with or without its stored result, an error cell, a number that a format shows otherwise: each is one `Cell`.
The same input gives the same bytes, wherever it is run.
"""

# ruff: noqa: INP001 - scripts that lie beside what they make, not a package
from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_THE_DAY = (2025, 3, 3, 9, 0, 0)

PLAIN, BOLD, TITLE, DAY_AND_MONTH, TEN_DIGITS = range(5)
_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="0000000000"/></numFmts>
<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="16"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFD9E1F2"/></patternFill></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>
<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>
<xf numFmtId="16" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a cell holds. `stored` None with a formula: nobody ever calculated it."""

    text: str | None = None
    number: float | None = None
    error: str | None = None
    formula: str | None = None
    stored: str | None = None
    style: int = PLAIN

    def xml(self, reference: str) -> str:
        start = f'<c r="{reference}" s="{self.style}"'
        if self.formula is not None:
            stored = "" if self.stored is None else f"<v>{escape(self.stored)}</v>"
            kind = "" if self.stored is None else ' t="str"'
            return f"{start}{kind}><f>{escape(self.formula)}</f>{stored}</c>"
        if self.error is not None:
            return f'{start} t="e"><v>{self.error}</v></c>'
        if self.number is not None:
            return f"{start}><v>{self.number:.15g}</v></c>"
        if self.text is None:
            return f"{start}/>"
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(self.text)}</t></is></c>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet: its rows by their number, the widths of its columns, and the ranges that are merged."""

    name: str
    rows: dict[int, list[Cell]]
    widths: list[int]
    merged: tuple[str, ...] = ()

    def xml(self) -> str:
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(self.widths, 1)
        )
        rows = "".join(f'<row r="{number}">{_cells(number, cells)}</row>' for number, cells in self.rows.items())
        ranges = "".join(f'<mergeCell ref="{each}"/>' for each in self.merged)
        merged = f'<mergeCells count="{len(self.merged)}">{ranges}</mergeCells>' if self.merged else ""
        return (
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><cols>{columns}</cols><sheetData>{rows}</sheetData>{merged}</worksheet>'
        )


def _cells(number: int, cells: list[Cell]) -> str:
    return "".join(cell.xml(f"{chr(ord('A') + at)}{number}") for at, cell in enumerate(cells))


def workbook(sheets: list[Sheet]) -> bytes:
    """The whole file; stored, not compressed, so that it does not depend on the compressor's version."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, part in _parts(sheets).items():
            package.writestr(zipfile.ZipInfo(name, _THE_DAY), part)
    return out.getvalue()


def _parts(sheets: list[Sheet]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for at in numbers
    )
    names = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{at}" r:id="rId{at}"/>' for at, sheet in enumerate(sheets, 1)
    )
    links = "".join(_link(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in numbers)
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": _links(_link("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(links + _link("rId99", "styles", "styles.xml")),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{at}.xml": sheet.xml() for at, sheet in enumerate(sheets, 1)},
    }


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _links(links: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
