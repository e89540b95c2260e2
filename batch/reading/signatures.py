"""Files that are no tables but are sent as such, known by how they begin, and refused by name."""

from __future__ import annotations

import re

from batch.model import sentence, template
from batch.reading.refusals import refusal

_BLANKS = b" \t\r\n\x0b\x0c"
_RESAVE = sentence("Open it in a spreadsheet program, save it as XLSX, and send that.")
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"%PDF",
        "pdf_file",
        template("the file is a PDF, not a spreadsheet. Send the spreadsheet that the PDF was made from."),
    ),
    (b"\x1f\x8b", "compressed_file", template("the file is packed (gzip). Unpack it and send what is in it.")),
    (b"BZh", "compressed_file", template("the file is packed (bzip2). Unpack it and send what is in it.")),
    (b"\xfd7zXZ", "compressed_file", template("the file is packed (xz). Unpack it and send what is in it.")),
    (b"\x28\xb5\x2f\xfd", "compressed_file", template("the file is packed (zstd). Unpack it and send what is in it.")),
    (
        b"7z\xbc\xaf\x27\x1c",
        "compressed_file",
        template("the file is a 7-Zip archive. Unpack it and send what is in it."),
    ),
    (b"Rar!", "compressed_file", template("the file is a RAR archive. Unpack it and send what is in it.")),
    (
        b"\x89PNG",
        "image_file",
        template("the file is a picture (PNG), not a spreadsheet. Send the spreadsheet itself."),
    ),
    (
        b"\xff\xd8\xff",
        "image_file",
        template("the file is a picture (JPEG), not a spreadsheet. Send the spreadsheet itself."),
    ),
    (b"GIF8", "image_file", template("the file is a picture (GIF), not a spreadsheet. Send the spreadsheet itself.")),
    (b"II*\0", "image_file", template("the file is a picture (TIFF), not a spreadsheet. Send the spreadsheet itself.")),
    (b"MM\0*", "image_file", template("the file is a picture (TIFF), not a spreadsheet. Send the spreadsheet itself.")),
    (
        b"{\\rtf",
        "not_a_spreadsheet",
        template("the file is a text document (RTF), not a spreadsheet. Send a spreadsheet."),
    ),
    (b"SQLite format 3\0", "not_a_spreadsheet", template("the file is a database (SQLite), not a spreadsheet.")),
    (b"PAR1", "not_a_spreadsheet", template("the file is a Parquet file, not a spreadsheet. Save it as CSV or XLSX.")),
    (
        b"version https://git-lfs",
        "not_a_spreadsheet",
        template("the file only says where the spreadsheet is kept (Git LFS). Send the spreadsheet itself."),
    ),
)
_IMAGE_BRANDS = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
_BRAND, _WEB_BRAND, _TAR_MARK = slice(4, 12), slice(8, 12), slice(257, 262)
# Text that is laid out in another way than as a table, by its first words.
_LAYOUTS: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (
        re.compile(rb"\[\s*[\[{]|\{\s*\"(?:[^\"\\]|\\.)*\"\s*:", re.DOTALL),
        "not_a_spreadsheet",
        template("the file is JSON, not a spreadsheet. Save it as CSV or XLSX."),
    ),
    (
        re.compile(rb"BEGIN:V(?:CARD|CALENDAR)\b", re.IGNORECASE),
        "not_a_spreadsheet",
        template("the file holds contacts or appointments (vCard or iCalendar), not a table. Export it as CSV."),
    ),
    (
        re.compile(rb"(?:--[^\n]*\s+)*(?:INSERT\s+INTO|CREATE\s+(?:TABLE|DATABASE)|DROP\s+TABLE)\s", re.IGNORECASE),
        "not_a_spreadsheet",
        template("the file is SQL, not a spreadsheet. Export the table as CSV."),
    ),
    (
        re.compile(rb"ID;P[^\n]*\n[A-Z];|TABLE\s+0,1\s"),
        "old_format",
        template("the file is a spreadsheet in an old text format (SYLK or DIF), which is not read. {resave}"),
    ),
    (
        re.compile(
            rb"(?:[A-Za-z-]+: [^\n]*\n(?:[ \t][^\n]*\n)*)*(?:MIME-Version|Received|Message-ID): ", re.IGNORECASE
        ),
        "html_file",
        template("the file is a web page or a message (MHTML or EML), whatever its name says. {resave}"),
    ),
)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\b|<!--|<[A-Za-z][\w.:-]*(?:\s[^<>]*)?(?:\sxmlns|/>|>.*</[A-Za-z])", re.DOTALL)
_FLAT_ODS = re.compile(rb"<office:document\s")
_XML_2003 = re.compile(rb"xmlns(:ss)?=[\"']urn:schemas-microsoft-com:office:spreadsheet|progid=[\"']Excel\.Sheet")


def refuse_others(file: str, start: bytes) -> None:
    """Raises InputError if a file that begins with `start` is known to be no text table."""
    for signature, code, words in _SIGNATURES:
        if start.lstrip(_BLANKS).startswith(signature):
            raise refusal(file, code, words)
    if _is_picture(start):
        raise refusal(file, "image_file", "the file is a picture, not a spreadsheet. Send the spreadsheet itself.")
    if start[_TAR_MARK] == b"ustar":
        raise refusal(file, "compressed_file", "the file is an archive (tar). Unpack it and send what is in it.")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"").lstrip(_BLANKS)
    if text.startswith(b"<"):
        _refuse_markup(file, text)
    for layout, code, words in _LAYOUTS:
        if layout.match(text):
            raise refusal(file, code, words, resave=_RESAVE)


def _is_picture(start: bytes) -> bool:
    """Whether it is HEIC, AVIF, WebP or BMP, which do not say so in their very first bytes."""
    is_web = start.startswith(b"RIFF") and start[_WEB_BRAND] == b"WEBP"
    return is_web or start[_BRAND] in _IMAGE_BRANDS or (start.startswith(b"BM") and b"\0\0" in start)


def _refuse_markup(file: str, text: bytes) -> None:
    if _XML_2003.search(text):
        raise refusal(
            file, "xml_file", "the file is an XML spreadsheet of 2003, which is not read. {resave}", resave=_RESAVE
        )
    if _FLAT_ODS.search(text):
        raise refusal(
            file, "xml_file", "the file is a flat OpenDocument file (FODS), which is not read. {resave}", resave=_RESAVE
        )
    if _HTML.search(text):
        raise refusal(
            file, "html_file", "the file is a web page (HTML), whatever its name says. {resave}", resave=_RESAVE
        )
    if _XML.match(text):
        raise refusal(file, "xml_file", "the file is XML, not a spreadsheet. {resave}", resave=_RESAVE)
