"""What a file can do no harm with: declarations in any part, sizes that are not true, macros and links elsewhere."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from xml.parsers import expat

import pytest

from batch.errors import InputError
from batch.reading import Limits, ReadOptions
from batch.reading.stored import stored_file
from batch.reading.workbook.archive import open_archive
from batch.reading.workbook.markup import _refusing
from tests.support.reading import open_here
from tests.support.spreadsheets import MAIN, text_rows, write_zip, xlsx_parts

ROWS = text_rows([["naam", "plaats"], ["Jan", "Assen"]])
BOMB = '<!DOCTYPE lol [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
ELSEWHERE = "http://elsewhere.test/"


def read(path: Path, limits: Limits | None = None) -> list[list[str]]:
    with open_here(path, ReadOptions(limits=limits or Limits())) as source:
        chunks = source.chunks(source.sheets[0].name, after=0, width=2)
        return [list(row) for chunk in chunks for row in chunk.cells.itertuples(index=False)]


@pytest.mark.parametrize("part", list(xlsx_parts({"S": ROWS})))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_declaration_is_refused_in_every_part(tmp_path: Path, part: str, encoding: str) -> None:
    parts = xlsx_parts({"S": ROWS})
    parts[part] = (BOMB + str(parts[part])).encode(encoding)
    with pytest.raises(InputError) as refused:
        read(write_zip(tmp_path / "a.xlsx", parts))
    assert refused.value.code == "unsafe_file"
    assert part.lower() in refused.value.message


def test_macros_links_and_whatever_else_are_not_even_unpacked(tmp_path: Path) -> None:
    """Each of them is damaged, which would be noticed."""
    path = tmp_path / "a.xlsm"
    parts = xlsx_parts({"S": ROWS}, content_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    untouched = ("xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/connections.xml", "xl/embeddings/a.bin")
    key = "xl/_rels/workbook.xml.rels"
    links = "".join(
        f'<Relationship Id="x{place}" Type="x/{name.split("/")[1]}" Target="{name.removeprefix("xl/")}"/>'
        for place, name in enumerate(untouched)
    )
    outside = f'<Relationship Id="y" Type="x/externalLinkPath" Target="{ELSEWHERE}" TargetMode="External"/>'
    parts[key] = str(parts[key]).replace("</Relationships>", links + outside + "</Relationships>")
    write_zip(path, parts)
    with zipfile.ZipFile(path, "a") as archive:
        for name in untouched:
            archive.writestr(name, b"GOOD" * 8)
    path.write_bytes(path.read_bytes().replace(b"GOOD" * 8, b"EVIL" * 8))
    assert read(path) == [["naam", "plaats"], ["Jan", "Assen"]]


def test_a_sheet_that_lies_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    parts = xlsx_parts({"S": ROWS})
    key = "xl/_rels/workbook.xml.rels"
    sheet = 'Target="worksheets/sheet1.xml"'
    parts[key] = str(parts[key]).replace(sheet, f'Target="{ELSEWHERE}sheet1.xml" TargetMode="External"')
    with pytest.raises(InputError) as refused:
        read(write_zip(tmp_path / "a.xlsx", parts))
    assert "the sheet is listed, but is not in the file" in refused.value.message


def test_a_part_that_is_larger_than_it_says_is_never_unpacked_beyond_that(tmp_path: Path) -> None:
    """Its size stands in the table of contents, which is all that is looked at before; it is damage, not a bomb."""
    path = tmp_path / "a.xlsx"
    large = f'<sst xmlns="{MAIN}"><si><t>' + "x" * (4 << 20) + "</t></si></sst>"
    parts = xlsx_parts({"S": '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'})
    parts["xl/sharedStrings.xml"] = large
    write_zip(path, parts)
    said, found = struct.pack("<I", 1000), struct.pack("<I", len(large))
    data = path.read_bytes()
    assert data.count(found) == 2
    path.write_bytes(data.replace(found, said))
    with pytest.raises(InputError) as refused:
        read(path, Limits(inflated_bytes=100_000))
    assert refused.value.code == "corrupt_file"


def test_many_small_parts_are_bounded_by_their_number_alone(tmp_path: Path) -> None:
    parts = xlsx_parts({"S": ROWS}) | {f"xl/media/{number}": b"" for number in range(300)}
    with pytest.raises(InputError) as refused:
        read(write_zip(tmp_path / "a.xlsx", parts), Limits(entries=300))
    assert refused.value.code == "too_large_inside"
    assert read(tmp_path / "a.xlsx", Limits(entries=400)) == [["naam", "plaats"], ["Jan", "Assen"]]


def test_a_parser_that_has_no_memory_left_does_not_blame_the_file(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.xlsx", xlsx_parts({"S": ROWS}))
    archive = open_archive(stored_file(path, Limits()), Limits())
    error = expat.ExpatError()
    error.code = 1
    with pytest.raises(MemoryError), _refusing(archive, "xl/workbook.xml"):
        raise error
