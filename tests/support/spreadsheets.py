"""Spreadsheet files of every format and of every degree of disrepair, made byte by byte."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NOBODY = 0xFFFFFFFF
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def write_zip(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def relationships(targets: Mapping[str, tuple[str, str]]) -> str:
    """A relationships part: ID -> (kind, target)."""
    items = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def sheet_xml(rows: str, *, before: str = "", after: str = "", namespace: str = MAIN) -> str:
    return f'<worksheet xmlns="{namespace}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx_parts(
    sheets: Mapping[str, str | bytes],
    *,
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    states: Mapping[str, str] | None = None,
    workbook_properties: str = "",
    content_type: str = _SHEET_TYPE,
) -> dict[str, str | bytes]:
    """The parts of a workbook: sheet name -> XML (or only its rows); `strings` are XML within `si`.

    Cell style 0 is General, style n has the number format code formats[n - 1].
    """
    hidden = {name: f' state="{state}"' for name, state in (states or {}).items()}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{place}" r:id="r{place}"{hidden.get(name, "")}/>'
        for place, name in enumerate(sheets, 1)
    )
    targets = {f"r{place}": ("worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(sheets) + 1)}
    targets |= {"styles": ("styles", "styles.xml"), "strings": ("sharedStrings", "sharedStrings.xml")}
    codes = "".join(
        f'<numFmt numFmtId="{200 + place}" formatCode={quoteattr(code)}/>' for place, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{200 + place}"/>' for place in range(len(formats)))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{content_type}"/></Types>',
        "_rels/.rels": relationships({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{workbook_properties}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relationships(targets),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">' + "".join(f"<si>{text}</si>" for text in strings) + "</sst>",
    }
    for place, content in enumerate(sheets.values(), 1):
        whole = content if isinstance(content, bytes) or "<worksheet" in content else sheet_xml(content)
        parts[f"xl/worksheets/sheet{place}.xml"] = whole
    return parts


def write_xlsx(
    path: Path,
    rows: str | bytes,
    *,
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    workbook_properties: str = "",
) -> Path:
    """A workbook with one sheet, Sheet1."""
    parts = xlsx_parts({"Sheet1": rows}, strings=strings, formats=formats, workbook_properties=workbook_properties)
    return write_zip(path, parts)


def cell(reference: str, value: str, *, kind: str = "", style: int = 0) -> str:
    """One cell's XML, as Excel writes it."""
    attributes = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
    content = f"<is><t>{escape(value)}</t></is>" if kind == "inlineStr" else f"<v>{escape(value)}</v>"
    return f'<c r="{reference}"{attributes}>{content}</c>'


def text_rows(table: Sequence[Sequence[str]]) -> str:
    """Rows of inline text, none of which is empty."""
    return "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{chr(65 + column)}{number}", text, kind="inlineStr") for column, text in enumerate(row))
        + "</row>"
        for number, row in enumerate(table, 1)
    )


def write_ods(path: Path, tables: str, *, styles: str = "", extra: Mapping[str, str] | None = None) -> Path:
    """An OpenDocument spreadsheet with these `table:table` elements."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = "".join(f' xmlns:{name}="{names}{name}:1.0"' for name in ("office", "table", "text", "style"))
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, **(extra or {})}
    return write_zip(path, parts)


def biff(kind: int, data: bytes = b"") -> bytes:
    """One record of an XLS workbook stream."""
    return struct.pack("<2H", kind, len(data)) + data


def biff_text(text: str, *, short: bool = False, wide: bool | None = None) -> bytes:
    """A text of Excel 97 and later: its length, whether it is wide, its letters."""
    wide = any(ord(letter) > 255 for letter in text) if wide is None else wide
    letters = text.encode("utf-16-le" if wide else "latin-1")
    length = len(text.encode("utf-16-le")) // 2
    return struct.pack("<B" if short else "<H", length) + bytes([wide]) + letters


def xls_stream(
    sheets: Mapping[str, bytes],
    *,
    before: bytes = b"",
    formats: Sequence[str] = (),
    strings: bytes = b"",
    states: Sequence[int] = (),
    kinds: Sequence[int] = (),
) -> bytes:
    """A workbook stream: sheet name -> its records. Cell style 0 is General, style n has formats[n - 1]."""
    start = biff(0x0809, struct.pack("<4H2I", 0x0600, 5, 0, 0, 0, 0)) + before
    start += b"".join(
        biff(0x041E, struct.pack("<H", 200 + place) + biff_text(code)) for place, code in enumerate(formats)
    )
    start += biff(0x00E0, struct.pack("<2H", 0, 0) + bytes(16))
    start += b"".join(biff(0x00E0, struct.pack("<2H", 0, 200 + place) + bytes(16)) for place in range(len(formats)))
    size = len(start) + sum(4 + 6 + len(biff_text(name, short=True)) for name in sheets) + len(strings) + 4
    listed = b""
    bodies = b""
    for place, (name, records) in enumerate(sheets.items()):
        state = states[place] if states else 0
        kind = kinds[place] if kinds else 0
        listed += biff(0x0085, struct.pack("<IBB", size + len(bodies), state, kind) + biff_text(name, short=True))
        bodies += biff(0x0809, struct.pack("<4H2I", 0x0600, 0x10, 0, 0, 0, 0)) + records + biff(0x000A)
    return start + listed + strings + biff(0x000A) + bodies


def compound(streams: Mapping[str, bytes], *, small: bool = False) -> bytes:
    """An OLE2 file with these streams, in sectors of 512 bytes; all in the mini stream if `small`."""
    sectors: list[bytes] = []
    table: list[int] = []

    def stored(data: bytes) -> int:
        if not data:
            return 0xFFFFFFFE
        first = len(sectors)
        pieces = [data[place : place + 512].ljust(512, b"\0") for place in range(0, len(data), 512)]
        table.extend([*range(first + 1, first + len(pieces)), 0xFFFFFFFE])
        sectors.extend(pieces)
        return first

    entries: list[tuple[str, int, int, int]] = []
    mini, mini_table = b"", list[int]()
    for name, data in streams.items():
        if small:
            first, count = len(mini) // 64, -(-len(data) // 64)
            mini_table += [*range(first + 1, first + count), 0xFFFFFFFE]
            mini += data.ljust(count * 64, b"\0")
            entries.append((name, 2, first, len(data)))
        else:
            padded = data.ljust(4096, b"\0")
            entries.append((name, 2, stored(padded), len(padded)))
    entries.insert(0, ("Root Entry", 5, stored(mini), len(mini)))
    directory = b"".join(_entry(place, len(entries), *entry) for place, entry in enumerate(entries))
    directory_first = stored(directory.ljust(-(-len(directory) // 512) * 512, b"\0"))
    mini_first = (
        stored(b"".join(struct.pack("<I", number) for number in mini_table).ljust(512, b"\xff")) if small else 0
    )
    count = -(-(len(table) + 1) // 127)
    places = list(range(len(sectors), len(sectors) + count))
    table += [0xFFFFFFFD] * count
    packed = b"".join(struct.pack("<I", number) for number in table).ljust(count * 512, b"\xff")
    sectors += [packed[place : place + 512] for place in range(0, len(packed), 512)]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<2I", 0, count)
    header += struct.pack("<7I", directory_first, 0, 4096, mini_first, int(small), 0xFFFFFFFE, 0)
    header += b"".join(struct.pack("<I", place) for place in places).ljust(109 * 4, b"\xff")
    return header + b"".join(sectors)


def _entry(place: int, count: int, name: str, kind: int, first: int, size: int) -> bytes:
    """The root has the first stream as its child, and each stream the next one as its right neighbour."""
    stored = (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
    following = place + 1 if place + 1 < count else _NOBODY
    right, child = (_NOBODY, following) if place == 0 else (following, _NOBODY)
    family = struct.pack("<3I", _NOBODY, right, child)
    return (
        stored
        + struct.pack("<HBB", 2 * len(name) + 2, kind, 1)
        + family
        + bytes(36)
        + struct.pack("<3I", first, size, 0)
    )


def write_xls(path: Path, stream: bytes, *, small: bool = False, name: str = "Workbook") -> Path:
    path.write_bytes(compound({name: stream}, small=small))
    return path


def biff12(kind: int, data: bytes = b"") -> bytes:
    """One record of an XLSB part."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    while size > 127:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + data


def wide(text: str) -> bytes:
    """A text of an XLSB part."""
    stored = text.encode("utf-16-le")
    return struct.pack("<I", len(stored) // 2) + stored


def xlsb_parts(
    sheets: Mapping[str, bytes],
    *,
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    from_1904: bool = False,
    states: Sequence[int] = (),
) -> dict[str, str | bytes]:
    """The parts of a binary workbook: sheet name -> its records. Styles as in `xlsx_parts`."""
    listed = biff12(131) + biff12(153, struct.pack("<3I", int(from_1904), 0, 0))
    for place, name in enumerate(sheets, 1):
        state = states[place - 1] if states else 0
        listed += biff12(156, struct.pack("<2I", state, place) + wide(f"r{place}") + wide(name))
    targets = {f"r{place}": ("worksheet", f"worksheets/sheet{place}.bin") for place in range(1, len(sheets) + 1)}
    targets |= {"styles": ("styles", "styles.bin"), "strings": ("sharedStrings", "sharedStrings.bin")}
    styles = b"".join(biff12(44, struct.pack("<H", 200 + place) + wide(code)) for place, code in enumerate(formats))
    styles += biff12(47, struct.pack("<2H", 0, 9)) + biff12(617) + biff12(47, struct.pack("<2H", 0, 0))
    styles += b"".join(biff12(47, struct.pack("<2H", 0, 200 + place)) for place in range(len(formats))) + biff12(618)
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relationships({"r1": ("officeDocument", "xl/workbook.bin")}),
        "xl/workbook.bin": listed,
        "xl/_rels/workbook.bin.rels": relationships(targets),
        "xl/styles.bin": styles,
        "xl/sharedStrings.bin": b"".join(biff12(19, b"\0" + wide(text)) for text in strings),
    }
    for place, records in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{place}.bin"] = records
    return parts
