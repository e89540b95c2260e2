"""What a file is and whether it can be opened at all: detection, refusals, and the notices on a whole file."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import pytest

from batch.errors import InputError
from batch.reading import Limits, ReadOptions, Source
from tests.support.reading import open_here
from tests.support.spreadsheets import (
    compound,
    sheet_xml,
    text_rows,
    write_ods,
    write_xls,
    write_xlsx,
    write_zip,
    xls_stream,
    xlsb_parts,
    xlsx_parts,
)

ROWS = text_rows([["naam", "plaats"], ["Jan", "Assen"]])


def opened(path: Path, limits: Limits | None = None) -> Source:
    return open_here(path, ReadOptions(limits=limits or Limits()))


def refused(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        opened(path, limits)
    assert caught.value.message.startswith(f"{path.name}: ")
    return caught.value


def stored(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_every_format_is_known_by_its_content(tmp_path: Path) -> None:
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    files = {
        "csv": stored(tmp_path / "a.csv", b"a,b\n1,2\n"),
        "tsv": stored(tmp_path / "a.tsv", b"a\tb\n1\t2\n"),
        "xlsx": write_xlsx(tmp_path / "a.xlsx", ROWS),
        "xlsm": write_zip(tmp_path / "a.xlsm", xlsx_parts({"S": ROWS}, content_type=macros)),
        "xls": write_xls(tmp_path / "a.xls", xls_stream({"S": b""})),
        "xlsb": write_zip(tmp_path / "a.xlsb", xlsb_parts({"S": b""})),
        "ods": write_ods(tmp_path / "a.ods", '<table:table table:name="S"/>'),
    }
    for form, path in files.items():
        with opened(path) as source:
            assert source.format == form
            assert source.notices == ()
            assert (source.encoding is None) == (form not in ("csv", "tsv"))
            assert (source.delimiter is None) == (form not in ("csv", "tsv"))
            assert pickle.loads(pickle.dumps(source.survey)) == source.survey  # noqa: S301 (our own bytes)


def test_a_wrong_ending_is_read_with_a_notice(tmp_path: Path) -> None:
    source = opened(write_xlsx(tmp_path / "customers.csv", ROWS))
    assert source.format == "xlsx"
    assert [notice.code for notice in source.notices] == ["wrong_extension"]
    assert source.notices[0].message == (
        "The name ends in .csv, but by its content the file is an Excel workbook (XLSX); it was read as that."
    )
    text = opened(stored(tmp_path / "customers.xls", b"a;b\n1;2\n"))
    assert (text.format, [notice.code for notice in text.notices]) == ("csv", ["wrong_extension"])


def test_a_missing_ending_is_said_only_of_workbooks(tmp_path: Path) -> None:
    assert opened(stored(tmp_path / "customers", b"a,b\n")).notices == ()
    (notice,) = opened(write_xlsx(tmp_path / "book", ROWS)).notices
    assert notice.message == "The name has no ending; by its content the file is an Excel workbook (XLSX)."


def test_what_a_reader_gives_can_travel_between_processes(tmp_path: Path) -> None:
    source = opened(write_xlsx(tmp_path / "a.xlsx", ROWS))
    (chunk,) = source.chunks("Sheet1", after=1, width=3)
    answers = (source.head("Sheet1", 5), source.measure("Sheet1"), source.sheet_notices("Sheet1"), chunk.flags)
    assert pickle.loads(pickle.dumps(answers)) == answers  # noqa: S301 (our own bytes)
    assert pickle.loads(pickle.dumps(chunk)).cells.equals(chunk.cells)  # noqa: S301 (our own bytes)
    assert pickle.loads(pickle.dumps(ReadOptions())) == ReadOptions()  # noqa: S301 (our own bytes)


@pytest.mark.parametrize(
    ("start", "code", "words"),
    [
        (b"%PDF-1.7", "pdf_file", "a PDF, not a spreadsheet"),
        (b"\x1f\x8b\x08", "compressed_file", "packed (gzip)"),
        (b"BZh9", "compressed_file", "packed (bzip2)"),
        (b"\xfd7zXZ\0", "compressed_file", "packed (xz)"),
        (b"\x28\xb5\x2f\xfd", "compressed_file", "packed (zstd)"),
        (b"7z\xbc\xaf\x27\x1c", "compressed_file", "7-Zip archive"),
        (b"Rar!\x1a\x07", "compressed_file", "RAR archive"),
        (b"\x89PNG\r\n\x1a\n", "image_file", "picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "image_file", "picture (JPEG)"),
        (b"GIF89a", "image_file", "picture (GIF)"),
        (b"II*\0", "image_file", "picture (TIFF)"),
        (b"MM\0*", "image_file", "picture (TIFF)"),
        (b"{\\rtf1", "not_a_spreadsheet", "text document (RTF)"),
        (b"SQLite format 3\0", "not_a_spreadsheet", "database (SQLite)"),
        (b"PAR1", "not_a_spreadsheet", "Parquet"),
        (b'{"a": 1}', "not_a_spreadsheet", "JSON"),
        (b'[{"a": 1}]', "not_a_spreadsheet", "JSON"),
        (b'[\n  {\n    "a": 1', "not_a_spreadsheet", "JSON"),
        (b'\xef\xbb\xbf{\n "a\\"b" : [', "not_a_spreadsheet", "JSON"),
        (b"\n%PDF-1.4", "pdf_file", "a PDF, not a spreadsheet"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image_file", "a picture"),
        (b"\0\0\0\x18ftypheic", "image_file", "a picture"),
        (b"BM\x10\0\0\0\0\0", "image_file", "a picture"),
        (b"a.csv".ljust(257, b"\0") + b"ustar", "compressed_file", "an archive (tar)"),
        (b"BEGIN:VCARD\r\nVERSION:3.0", "not_a_spreadsheet", "vCard"),
        (b"begin:vcalendar\n", "not_a_spreadsheet", "iCalendar"),
        (b"-- dump\n-- of x\nINSERT INTO a VALUES (1)", "not_a_spreadsheet", "SQL"),
        (b"CREATE TABLE a (b int);", "not_a_spreadsheet", "SQL"),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "old_format", "SYLK or DIF"),
        (b'TABLE\r\n0,1\r\n"x"\r\n', "old_format", "SYLK or DIF"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "not_a_spreadsheet", "Git LFS"),
        (b"MIME-Version: 1.0\n", "html_file", "(MHTML or EML)"),
        (b"From: a@b.nl\nSubject: lijst\n van ons\nMessage-ID: <1>\n", "html_file", "(MHTML or EML)"),
        (b"<rijen>\n<rij><naam>Jan</naam></rij>", "xml_file", "the file is XML"),
        (b"<!-- lijst --><x>", "xml_file", "the file is XML"),
        (b'<?xml version="1.0"?>\n<office:document office:version="1.2">', "xml_file", "(FODS)"),
        (b"\x09\x08\x10\0\0\x06\x05\0", "old_excel", "Excel 4 or older"),
        (b"<!DOCTYPE html>", "html_file", "web page (HTML)"),
        (b"\xef\xbb\xbf  <table><tr>", "html_file", "web page (HTML)"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "html_file", "web page (HTML)"),
        ("<html>".encode("utf-16"), "html_file", "web page (HTML)"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "html_file", "web page (HTML)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "xml_file", "XML spreadsheet of 2003"),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "xml_file", "XML spreadsheet of 2003"),
        (b'<?xml version="1.0"?><a/>', "xml_file", "the file is XML"),
        (b'<a:b xmlns:a="c">', "xml_file", "the file is XML"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_excel", "Excel 4 or older"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path: Path, start: bytes, code: str, words: str) -> None:
    error = refused(stored(tmp_path / "customers.xlsx", start + b" rest" * 10))
    assert error.code == code
    assert words in error.message


@pytest.mark.parametrize(
    "start",
    [
        *(b"<none>,b\n1,2\n", b"[id],naam\n1,x\n", b"{naam},b\n1,x\n", b"BM,naam\n1,x\n", b"RIFF,naam\n1,x\n"),
        *(b"ID;Postcode\n1;x\n", b"TABLE,x\n0,1\n", b"-- lijst --,x\n1,2\n", b"INSERT,INTO\n1,2\n"),
        *(b"From: naam,x\n1,2\n", b"Message: x,y\n1,2\n", b"1 < 2,y\n1,2\n"),
    ],
)
def test_a_text_that_begins_like_something_else_is_a_text(tmp_path: Path, start: bytes) -> None:
    assert opened(stored(tmp_path / "a.csv", start)).format == "csv"


def test_documents_and_archives_in_zip_files_are_told_apart(tmp_path: Path) -> None:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    cases = {
        "not_a_spreadsheet": [
            write_zip(tmp_path / "a.xlsx", xlsx_parts({"S": ROWS}, content_type=word)),
            write_zip(tmp_path / "b.xlsx", {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}),
            write_zip(tmp_path / "c.xlsx", {"Index/Document.iwa": ""}),
        ],
        "compressed_file": [write_zip(tmp_path / "d.xlsx", {"customers.csv": "a,b\n"})],
        "empty_file": [write_zip(tmp_path / "e.xlsx", {})],
    }
    for code, paths in cases.items():
        for path in paths:
            assert refused(path).code == code


def test_an_open_document_needs_no_media_type(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", '<table:table table:name="S"/>', extra={"META-INF/manifest.xml": "<m/>"})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "mimetype"}
    assert opened(write_zip(tmp_path / "b.ods", parts)).format == "ods"


def test_an_open_document_without_content_is_damaged(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.ods", {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
    assert refused(path).code == "corrupt_file"


@pytest.mark.parametrize("stream", ["EncryptedPackage", "EncryptionInfo"])
def test_an_encrypted_workbook_is_said_to_be_protected(tmp_path: Path, stream: str) -> None:
    error = refused(stored(tmp_path / "a.xlsx", compound({stream: b"x"})))
    assert error.code == "encrypted_file"
    assert error.message == ("a.xlsx: the file is protected by a password. Save it without one and send it again.")


def test_other_compound_files_are_told_apart(tmp_path: Path) -> None:
    assert refused(stored(tmp_path / "a.xls", compound({"WordDocument": b"x"}))).code == "not_a_spreadsheet"
    assert refused(stored(tmp_path / "b.xls", compound({"Whatever": b"x"}))).code == "corrupt_file"
    assert refused(stored(tmp_path / "c.xls", compound({"Workbook": b"x"})[:700])).code == "corrupt_file"


def test_a_compound_file_is_not_read_into_memory_without_bound(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "a.xls", xls_stream({"S": b""}))
    error = refused(path, Limits(compound_bytes=1000))
    assert error.code == "file_too_large"
    assert "at most 1,000 are read" in error.message


def test_a_truncated_workbook_is_said_to_be_cut_off(tmp_path: Path) -> None:
    data = write_xlsx(tmp_path / "a.xlsx", ROWS).read_bytes()
    error = refused(stored(tmp_path / "b.xlsx", data[: len(data) // 2]))
    assert error.code == "truncated_file"
    assert "its end is missing" in error.message


def test_a_damaged_table_of_contents_is_said_to_be_damaged(tmp_path: Path) -> None:
    data = write_xlsx(tmp_path / "a.xlsx", ROWS).read_bytes()
    place = data.index(b"PK\x01\x02")
    error = refused(stored(tmp_path / "b.xlsx", data[:place] + b"XXXX" + data[place + 4 :]))
    assert error.code == "corrupt_file"


def test_a_wrong_checksum_is_refused_when_the_file_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in xlsx_parts({"S": ROWS, "T": ROWS}).items():
            archive.writestr(name, content)
    data = path.read_bytes()
    place = data.rindex(b"Assen")  # in the second sheet
    error = refused(stored(tmp_path / "b.xlsx", data[:place] + b"Emmen" + data[place + 5 :]))
    assert error.code == "corrupt_file"
    assert "sheet2.xml" in error.message
    assert "CRC" in error.message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl\\worksheets/SHEET1.xml", sheet_xml(ROWS))
    error = refused(path)
    assert error.code == "corrupt_file"
    assert "is in the file twice" in error.message


def test_an_encrypted_part_is_said_to_be_protected(tmp_path: Path) -> None:
    data = bytearray(write_xlsx(tmp_path / "a.xlsx", ROWS).read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    assert refused(stored(tmp_path / "b.xlsx", bytes(data))).code == "encrypted_file"


def test_a_part_packed_in_an_unusual_way_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in xlsx_parts({"S": ROWS}).items():
            archive.writestr(name, content)
    assert "packed in a way that spreadsheets do not use" in refused(path).message


@pytest.mark.parametrize(
    "limits",
    [Limits(entries=3), Limits(inflated_bytes=1000), Limits(inflation=5, inflation_from=1000)],
)
def test_what_would_be_too_large_is_refused_before_it_is_expanded(tmp_path: Path, limits: Limits) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", text_rows([["x" * 5000]]))
    error = refused(path, limits)
    assert error.code == "too_large_inside"
    assert "in 7 parts when unpacked" in error.message or "in 6 parts when unpacked" in error.message
