"""Workbooks with Excel's own password are opened and said to be so; any other password is asked to be taken off."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from batch.errors import InputError
from batch.reading import Limits, ReadOptions, Source
from tests.support import encrypted
from tests.support.reading import open_here
from tests.support.spreadsheets import biff, biff_text, compound, text_rows, write_xlsx, xls_stream

# So many that the workbook is larger than what compound files keep in small sectors.
ROWS = [["naam", "plaats"], ["Jan", "Assen"], *([f"Vestiging {number * 7919}", "Ede"] for number in range(400))]
ZIPPED = pytest.mark.parametrize("lock", [encrypted.agile, encrypted.standard])
OLD = pytest.mark.parametrize("lock", [encrypted.rc4, encrypted.rc4_cryptoapi, encrypted.obfuscated])
Lock = Callable[..., bytes]


def package(folder: Path) -> bytes:
    return write_xlsx(folder / "plain.xlsx", text_rows(ROWS)).read_bytes()


def stream(described: bytes) -> bytes:
    cells = b"".join(
        biff(0x0204, struct.pack("<3H", row, column, 0) + biff_text(text))
        for row, texts in enumerate(ROWS)
        for column, text in enumerate(texts)
    )
    return xls_stream({"Klanten": cells, "Leeg": b""}, before=described)


def opened(folder: Path, data: bytes, name: str, limits: Limits | None = None) -> Source:
    (folder / name).write_bytes(data)
    return open_here(folder / name, ReadOptions(limits=limits or Limits()))


def read(source: Source) -> list[list[str]]:
    sheet = source.sheets[0].name
    return [
        list(row) for chunk in source.chunks(sheet, after=0, width=2) for row in chunk.cells.itertuples(index=False)
    ]


def refused(folder: Path, data: bytes, name: str = "a.xlsx", limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        opened(folder, data, name, limits)
    return caught.value


@ZIPPED
def test_a_zipped_workbook_with_excels_own_password_is_read(tmp_path: Path, lock: Lock) -> None:
    source = opened(tmp_path, lock(package(tmp_path)), "a.xlsx")
    assert source.format == "xlsx"
    assert read(source) == ROWS
    assert read(source) == ROWS  # and can be read again
    (notice,) = source.notices
    assert notice.code == "default_password"
    assert notice.message == (
        "The workbook is encrypted, but with the password that Excel uses by itself and tries first, so that it could"
        " be read."
    )


@OLD
def test_an_old_workbook_with_excels_own_password_is_read(tmp_path: Path, lock: Lock) -> None:
    source = opened(tmp_path, lock(stream), "a.xls")
    assert source.format == "xls"
    assert [sheet.name for sheet in source.sheets] == ["Klanten", "Leeg"]
    assert read(source) == ROWS
    assert [notice.code for notice in source.notices] == ["default_password"]


@pytest.mark.parametrize(
    ("lock", "name"),
    [
        (encrypted.agile, "a.xlsx"),
        (encrypted.standard, "a.xlsx"),
        (encrypted.rc4, "a.xls"),
        (encrypted.rc4_cryptoapi, "a.xls"),
        (encrypted.obfuscated, "a.xls"),
    ],
)
def test_any_other_password_is_refused_by_name(tmp_path: Path, lock: Lock, name: str) -> None:
    content = stream if name == "a.xls" else package(tmp_path)
    error = refused(tmp_path, lock(content, "geheim"), name)
    assert error.code == "encrypted_file"
    assert error.message == f"{name}: the file is protected by a password. Save it without one and send it again."


def test_the_name_still_has_to_fit_what_is_inside(tmp_path: Path) -> None:
    source = opened(tmp_path, encrypted.agile(package(tmp_path)), "a.csv")
    assert [notice.code for notice in source.notices] == ["wrong_extension", "default_password"]


def test_what_is_inside_is_bounded_like_any_other_workbook(tmp_path: Path) -> None:
    data = encrypted.agile(package(tmp_path))
    assert refused(tmp_path, data, limits=Limits(entries=1)).code == "too_large_inside"
    assert refused(tmp_path, data, limits=Limits(compound_bytes=1000)).code == "file_too_large"


@pytest.mark.parametrize("declared", ["<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", " " * (1 << 20)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_description_that_could_do_harm_is_not_even_read(tmp_path: Path, declared: str, encoding: str) -> None:
    information = struct.pack("<2HI", 4, 4, 0x40) + declared.encode(encoding)
    data = compound({"EncryptionInfo": information, "EncryptedPackage": b"x"})
    assert refused(tmp_path, data).code == "encrypted_file"


@pytest.mark.parametrize(
    "information",
    [b"", b"\x04\0\x04\0", struct.pack("<2HI", 4, 4, 0x40) + b"<a/>", struct.pack("<2H", 9, 9), b"\x04\0\x02\0" * 4],
)
def test_a_damaged_description_is_refused(tmp_path: Path, information: bytes) -> None:
    data = compound({"EncryptionInfo": information, "EncryptedPackage": b"x"})
    assert refused(tmp_path, data).code == "encrypted_file"
    assert refused(tmp_path, compound({"EncryptedPackage": b"x"})).code == "encrypted_file"
    old = compound({"Workbook": stream(biff(0x002F, information))})
    assert refused(tmp_path, old, "a.xls").code == "encrypted_file"


def test_what_was_obfuscated_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batch.reading.unlocking._MOST_OBFUSCATED", 1000)
    assert refused(tmp_path, encrypted.obfuscated(stream), "a.xls").code == "encrypted_file"
