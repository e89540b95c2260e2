"""Small valid files of every format, between them with every kind of cell that the readers know."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.spreadsheets import (
    biff,
    biff12,
    biff_text,
    cell,
    compound,
    relationships,
    sheet_xml,
    wide,
    xls_stream,
    xlsb_parts,
    xlsx_parts,
)

Parts = Mapping[str, bytes]
_KINDS = ("inlineStr", "s", "n", "b", "e", "str", "d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """One file: its ending, and either the parts of its zip file, its XLS stream, or its text."""

    ending: str
    parts: Parts | None = None
    stream: bytes = b""
    text: bytes = b""

    def whole(self) -> bytes:
        if self.parts is not None:
            return zipped(self.parts)
        return compound({"Workbook": self.stream}, small=len(self.stream) < 4096) if self.stream else self.text


def zipped(parts: Parts) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def originals() -> list[Original]:
    return [_xlsx(), _regular_xlsx(), _xls(), _xlsb(), _ods(), *_texts()]


def _bytes(parts: Mapping[str, str | bytes]) -> Parts:
    return {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}


def _xlsx() -> Original:
    """Every kind of cell, once each."""
    values = {"inlineStr": "Zoë & Zn", "s": "1", "b": "1", "e": "#N/A", "str": "uit", "d": "2026-01-02"}
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            cell(f"{'ABCDEFG'[column]}{row}", values.get(kind, "6083"), kind="" if kind == "n" else kind, style=row % 4)
            for column, kind in enumerate(_KINDS)
        )
        + f'<c r="H{row}"><f>A1+1</f></c></row>'
        for row in range(1, 6)
    )
    around = {
        "before": '<cols><col min="2" max="2" hidden="1"/></cols>',
        "after": '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    }
    parts = xlsx_parts(
        {"Blad": sheet_xml(rows, **around), "Leeg": ""},
        strings=["<t>een</t>", "<r><t>tw</t></r><r><t>ee</t></r>"],
        formats=["00000", "d-mmm", '"nr. "@'],
    )
    return Original(ending="xlsx", parts=_bytes(parts))


def _regular_xlsx() -> Original:
    """Many rows of a kind, which the fast parser takes."""
    rows = "".join(
        f'<row r="{row}">{cell(f"A{row}", str(row % 2), kind="s")}{cell(f"B{row}", str(row))}'
        f"{cell(f'C{row}', f'tekst {row}', kind='inlineStr')}</row>"
        for row in range(1, 120)
    )
    return Original(ending="xlsx", parts=_bytes(xlsx_parts({"Blad": rows}, strings=["<t>a</t>", "<t>b</t>"])))


def _xls() -> Original:
    place = struct.pack("<2H", 0, 0)
    formula = place + bytes(2) + b"\0\0\0\0\0\0\xff\xff" + bytes(8)
    records = (
        biff(0x0208, struct.pack("<6HI", 0, 0, 9, 255, 0, 0, 0x20))
        + biff(0x0006, formula)
        + biff(0x0207, biff_text("uit formule"))
        + biff(0x0204, struct.pack("<3H", 0, 1, 0) + biff_text("tekst Zoë"))
        + biff(0x00FD, struct.pack("<3HI", 0, 2, 0, 1))
        + biff(0x0203, struct.pack("<3Hd", 1, 0, 1, 6083.0))
        + biff(0x027E, struct.pack("<3HI", 1, 1, 0, 0b10 | 42 << 2))
        + biff(0x00BD, struct.pack("<2H", 2, 0) + struct.pack("<HI", 0, 0b10 | 1 << 2) * 2 + struct.pack("<H", 1))
        + biff(0x0205, struct.pack("<3H2B", 3, 0, 0, 0x2A, 1))
        + biff(0x00E5, struct.pack("<5H", 1, 0, 1, 0, 0))
    )
    strings = biff(0x00FC, struct.pack("<2I", 2, 2) + biff_text("een") + biff_text("twee € drie"))
    return Original(ending="xls", stream=xls_stream({"Blad": records, "Twee": b""}, formats=["00000"], strings=strings))


def _xlsb() -> Original:
    def stored(kind: int, column: int, value: bytes, style: int = 0) -> bytes:
        return biff12(kind, struct.pack("<2I", column, style) + value)

    records = (
        biff12(60, struct.pack("<4IH", 1, 1, 2048, 0, 1))
        + biff12(145)
        + biff12(0, struct.pack("<2I", 0, 0) + bytes(9))
        + stored(6, 0, wide("tekst Zoë"))
        + stored(7, 1, struct.pack("<I", 0))
        + biff12(13, struct.pack("<2I", 0, 0b10 | 42 << 2))
        + biff12(0, struct.pack("<2I", 3, 0) + bytes(9))
        + stored(5, 0, struct.pack("<d", 6083.0), 1)
        + stored(3, 2, b"\x2a")
        + stored(8, 4, wide("uit"))
        + biff12(146)
        + biff12(176, struct.pack("<4I", 0, 1, 0, 0))
    )
    parts = xlsb_parts({"Blad": records}, strings=["een"], formats=["00000"])
    return Original(ending="xlsb", parts=_bytes(parts))


def _ods() -> Original:
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = "".join(f' xmlns:{name}="{names}{name}:1.0"' for name in ("office", "table", "text", "style"))
    content = (
        f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="Blad">'
        '<table:table-column table:number-columns-repeated="3"/><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>Zoë<text:s text:c="2"/>&amp;</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="6083"><text:p>06083</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p>'
        '</table:table-cell></table:table-row><table:table-row table:number-rows-repeated="3"><table:table-cell '
        'office:value-type="date" office:date-value="2026-01-02"><text:p>2-1-26</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<m:manifest xmlns:m="x"><m:file-entry m:full-path="content.xml"/></m:manifest>'
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": manifest,
        "_rels/.rels": relationships({}),
    }
    return Original(ending="ods", parts=_bytes(parts))


def _texts() -> list[Original]:
    table = 'naam;plaats;nr\r\nZoë;Assen;1\r\n"De ""Kroon""; BV";"een\ntwee";007\r\n;;\r\nRené;Één;12-a\r\n'
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252")
    texts = [Original(ending="csv", text=table.encode(encoding)) for encoding in encodings]
    tabs = "sep=\t\nnaam\tplaats\n" + "Jan\tAssen\n" * 40
    return [*texts, Original(ending="tsv", text=tabs.encode())]
