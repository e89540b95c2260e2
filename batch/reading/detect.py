"""What a file is, by its content; whatever is no table is refused by name.

The name of a file only adds a notice where it says something else than the content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from batch.model import Notice, sentence
from batch.reading.archive import Archive, open_archive
from batch.reading.options import Limits
from batch.reading.package import content_type, main_part
from batch.reading.refusals import refusal
from batch.reading.stored import StoredFile

_START = 4096
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")  # BIFF 2, 3 and 4, before OLE
_BLANKS = b" \t\r\n\x0b\x0c"
_RESAVE = "Open it in a spreadsheet program, save it as XLSX, and send that."
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "pdf_file", "the file is a PDF, not a spreadsheet. Send the spreadsheet that the PDF was made from."),
    (b"\x1f\x8b", "compressed_file", "the file is packed (gzip). Unpack it and send what is in it."),
    (b"BZh", "compressed_file", "the file is packed (bzip2). Unpack it and send what is in it."),
    (b"\xfd7zXZ", "compressed_file", "the file is packed (xz). Unpack it and send what is in it."),
    (b"\x28\xb5\x2f\xfd", "compressed_file", "the file is packed (zstd). Unpack it and send what is in it."),
    (b"7z\xbc\xaf\x27\x1c", "compressed_file", "the file is a 7-Zip archive. Unpack it and send what is in it."),
    (b"Rar!", "compressed_file", "the file is a RAR archive. Unpack it and send what is in it."),
    (b"\x89PNG", "image_file", "the file is a picture (PNG), not a spreadsheet. Send the spreadsheet itself."),
    (b"\xff\xd8\xff", "image_file", "the file is a picture (JPEG), not a spreadsheet. Send the spreadsheet itself."),
    (b"GIF8", "image_file", "the file is a picture (GIF), not a spreadsheet. Send the spreadsheet itself."),
    (b"II*\0", "image_file", "the file is a picture (TIFF), not a spreadsheet. Send the spreadsheet itself."),
    (b"MM\0*", "image_file", "the file is a picture (TIFF), not a spreadsheet. Send the spreadsheet itself."),
    (b"{\\rtf", "not_a_spreadsheet", "the file is a text document (RTF), not a spreadsheet. Send a spreadsheet."),
    (b"SQLite format 3\0", "not_a_spreadsheet", "the file is a database (SQLite), not a spreadsheet."),
    (b"PAR1", "not_a_spreadsheet", "the file is a Parquet file, not a spreadsheet. Save it as CSV or XLSX."),
)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\b|<[A-Za-z][\w.-]*(:[\w.-]+)?(\s[^<>]*)?\sxmlns")
_XML_2003 = re.compile(rb"xmlns(:ss)?=[\"']urn:schemas-microsoft-com:office:spreadsheet|progid=[\"']Excel\.Sheet")
_TEXT_ENDINGS = ("csv", "tsv", "tab", "txt", "")
_NAMES: Mapping[str, str] = {
    "text": "a text table (CSV)", "xlsx": "an Excel workbook (XLSX)", "xlsm": "an Excel workbook with macros (XLSM)",
    "xls": "an old Excel workbook (XLS)", "xlsb": "a binary Excel workbook (XLSB)", "ods": "an OpenDocument spreadsheet (ODS)",
}  # fmt: skip


class Kind(Enum):
    """What reads the file."""

    TEXT = "text"
    XLSX = "xlsx"
    XLSM = "xlsm"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"


def find_kind(file: StoredFile, limits: Limits) -> tuple[Kind, Archive | None]:
    """What `file` is, and its parts if it is zipped; InputError if it is no table that can be read."""
    with file.opened() as stream:
        start = stream.read(_START)
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        archive = open_archive(file, limits)
        return _zipped(file, archive), archive
    if start.startswith(_OLE):
        return _compound(file), None
    if start.startswith(_OLD_EXCEL):
        return Kind.XLS, None
    _refuse_others(file, start)
    return Kind.TEXT, None


def wrong_ending(file: StoredFile, kind: Kind) -> tuple[Notice, ...]:
    """A notice if the file's name promises something else than what it is."""
    ending = file.path.suffix.lower().removeprefix(".")
    usual = _TEXT_ENDINGS if kind is Kind.TEXT else (kind.value,)
    alike = {Kind.XLSX: ("xltx", "xlsm"), Kind.XLSM: ("xltm", "xlam", "xlsx"), Kind.XLS: ("xlt",), Kind.ODS: ("ots",)}
    if ending in (*usual, *alike.get(kind, ())):
        return ()
    said = sentence(
        "The name ends in .{ending}, but by its content the file is {kind}; it was read as that.",
        ending=ending,
        kind=_NAMES[kind.value],
    )
    return (Notice(code="wrong_extension", sentence=said),)


def _zipped(file: StoredFile, archive: Archive) -> Kind:
    if "mimetype" in archive.parts:
        return _open_document(file, archive.read("mimetype")[:200].decode("ascii", "replace"))
    main = main_part(archive)
    if main is None:
        return _unknown_zip(file, archive)
    stated = content_type(archive, main)
    if "binary" in stated or main.endswith(".bin"):
        return Kind.XLSB
    if "spreadsheetml" in stated or (not stated and main == "xl/workbook.xml"):
        return Kind.XLSX
    if "ms-excel" in stated:
        return Kind.XLSM
    raise refusal(
        file.name,
        "not_a_spreadsheet",
        "the file is an Office document of another kind (such as Word or PowerPoint), not a spreadsheet. "
        "Send a spreadsheet.",
    )


def _open_document(file: StoredFile, media_type: str) -> Kind:
    if "opendocument.spreadsheet" in media_type:
        return Kind.ODS
    raise refusal(
        file.name, "not_a_spreadsheet", "the file is a document of another kind, not a spreadsheet. Send a spreadsheet."
    )


def _unknown_zip(file: StoredFile, archive: Archive) -> Kind:
    if {"content.xml", "meta-inf/manifest.xml"} <= archive.parts.keys():
        return Kind.ODS
    if any(name.endswith(".iwa") for name in archive.parts):
        raise refusal(
            file.name,
            "not_a_spreadsheet",
            "the file is an Apple Numbers document. Export it as Excel or CSV and send that.",
        )
    raise refusal(
        file.name,
        "compressed_file",
        "the file is a zip archive, not a spreadsheet. Unpack it and send the spreadsheet that is in it.",
    )


def _compound(file: StoredFile) -> Kind:
    """Office files from before 2007, and encrypted ones of today, share one container."""
    with file.opened() as stream:
        data = stream.read()
    if _stream(b"EncryptedPackage") in data or _stream(b"EncryptionInfo") in data:
        raise refusal(
            file.name, "encrypted_file", "the file is protected by a password. Save it without one and send it again."
        )
    if _stream(b"Workbook") in data or _stream(b"WORKBOOK") in data or _stream(b"Book") in data:
        return Kind.XLS
    if _stream(b"WordDocument") in data or _stream(b"PowerPoint Document") in data:
        raise refusal(
            file.name, "not_a_spreadsheet", "the file is an Office document of another kind, not a spreadsheet."
        )
    raise refusal(
        file.name, "corrupt_file", "the file looks like an old Excel file, but no workbook is in it. " + _RESAVE
    )


def _stream(name: bytes) -> bytes:
    """A stream's name as the container's directory has it: UTF-16, ended by a zero."""
    return name.decode().encode("utf-16-le") + b"\0\0"


def _refuse_others(file: StoredFile, start: bytes) -> None:
    for signature, code, template in _SIGNATURES:
        if start.startswith(signature):
            raise refusal(file.name, code, template)
    text = start.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(_BLANKS)
    if text.startswith(b"<"):
        _refuse_markup(file, text)
    if text[:13].lower() == b"mime-version:":
        raise refusal(file.name, "html_file", "the file is a web page (MHTML), whatever its name says. " + _RESAVE)
    if text.startswith((b'{"', b"[{")):
        raise refusal(file.name, "not_a_spreadsheet", "the file is JSON, not a spreadsheet. Save it as CSV or XLSX.")


def _refuse_markup(file: StoredFile, text: bytes) -> None:
    if _XML_2003.search(text):
        raise refusal(file.name, "xml_file", "the file is an XML spreadsheet of 2003, which is not read. " + _RESAVE)
    if _HTML.search(text):
        raise refusal(file.name, "html_file", "the file is a web page (HTML), whatever its name says. " + _RESAVE)
    if _XML.match(text):
        raise refusal(file.name, "xml_file", "the file is XML, not a spreadsheet. " + _RESAVE)
