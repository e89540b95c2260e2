from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from batch.errors import InputError, SettingsError
from batch.reading.options import Limits
from batch.reading.stored import StoredFile, stored_file
from batch.reading.text.encodings import BLOCK, Encoding, find_encoding, utf8_blocks

TEXT = "naam,plaats\nCafé Zoë,Assen\n"


def stored(tmp_path: Path, data: bytes) -> StoredFile:
    (tmp_path / "customers.csv").write_bytes(data)
    return stored_file(tmp_path / "customers.csv", Limits())


def found(tmp_path: Path, data: bytes, wanted: str | None = None) -> tuple[Encoding, str]:
    file = stored(tmp_path, data)
    encoding = find_encoding(file, wanted)
    return encoding, b"".join(utf8_blocks(file, encoding, 7)).decode()


def refused(tmp_path: Path, data: bytes, wanted: str | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        find_encoding(stored(tmp_path, data), wanted)
    return caught.value


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_text(tmp_path: Path, mark: bytes, codec: str, name: str) -> None:
    encoding, text = found(tmp_path, mark + TEXT.encode(codec))
    assert text == TEXT
    assert (encoding.name, encoding.notices) == (name, ())


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_known_without_a_mark(tmp_path: Path, codec: str) -> None:
    encoding, text = found(tmp_path, TEXT.encode(codec))
    assert text == TEXT
    assert encoding.codec == codec


def test_utf_8_needs_no_mark_and_no_notice(tmp_path: Path) -> None:
    encoding, text = found(tmp_path, TEXT.encode())
    assert text == TEXT
    assert encoding == Encoding(codec="utf-8", name="utf-8")


def test_a_mark_with_bytes_that_do_not_fit_is_refused_with_the_line(tmp_path: Path) -> None:
    error = refused(tmp_path, codecs.BOM_UTF8 + b"a\nb\nCaf\xe9\n")
    assert error.code == "not_in_encoding"
    assert "line 3 is not valid utf-8 text" in error.message


def test_a_text_that_ends_within_a_character_is_refused(tmp_path: Path) -> None:
    assert "line 2 is not valid" in refused(tmp_path, codecs.BOM_UTF16_LE + "a\nb".encode("utf-16-le") + b"c").message


def test_windows_1252_is_read_with_a_notice(tmp_path: Path) -> None:
    encoding, text = found(tmp_path, TEXT.encode("cp1252"))
    assert text == TEXT
    assert encoding.codec == "cp1252"
    (notice,) = encoding.notices
    assert notice.code == "encoding_chosen"
    assert notice.message == (
        "The file is not UTF-8; it was read as Windows-1252 (Western European), in which its letters (é ë) make words. "
        "If names look wrong, use --encoding."
    )


def test_a_choice_between_two_readings_says_what_the_other_would_have_been(tmp_path: Path) -> None:
    encoding, _ = found(tmp_path, "Crèche\n".encode("cp1252"))
    (notice,) = encoding.notices
    assert notice.message == (
        "The file is not UTF-8; it was read as Windows-1252 (Western European), in which its letters (è) make words. "
        "In Windows-1250 (Central European) they would be č, which is far less likely. "
        "If names look wrong, use --encoding."
    )


def test_two_readings_that_are_both_likely_are_asked_about(tmp_path: Path) -> None:
    error = refused(tmp_path, b"naam\nJansen\n" + "Köln\n".encode("mac_roman"))
    assert error.code == "unsure_encoding"
    assert error.message == (
        "customers.csv: the file is not UTF-8, and its letters (first on line 3) fit more than one other encoding: "
        "Mac Roman (old Macintosh) (ö) and Windows-1250 (Central European) (š). Name the right one (--encoding "
        "mac_roman or --encoding cp1250), or save the file as UTF-8 (in Excel: CSV UTF-8)."
    )


def test_an_old_encoding_far_into_the_file_is_found(tmp_path: Path) -> None:
    data = b"naam\n" + b"Jansen\n" * (BLOCK // 7) + "Café\n".encode("cp1252") * 3
    encoding, text = found(tmp_path, data)
    assert encoding.codec == "cp1252"
    assert text.endswith("Café\n")


def test_evidence_is_bounded(tmp_path: Path) -> None:
    encoding, _ = found(tmp_path, ("Café Zoë " * 3 + "\n").encode("cp1252") * 3000)
    assert encoding.codec == "cp1252"


def test_a_very_long_line_is_looked_at_in_time(tmp_path: Path) -> None:
    encoding, _ = found(tmp_path, b"x" * 900_000 + "\nCafé\n".encode("cp1252"))
    assert encoding.codec == "cp1252"


def test_letters_that_fit_no_encoding_are_refused_with_the_first_line(tmp_path: Path) -> None:
    error = refused(tmp_path, b"a\nb\n\xff\xfe\xfd\x81\x90\n")
    assert error.code == "unsure_encoding"
    assert "(first on line 3)" in error.message
    assert "--encoding" in error.message


def test_an_encoding_that_fits_the_evidence_but_not_the_file_is_not_used(tmp_path: Path) -> None:
    data = ("Café Zoë, Coöperatie Daniël\n" * 1000).encode("cp1252") + b"\x81\n"
    assert refused(tmp_path, data).code == "unsure_encoding"


def test_mostly_utf_8_with_a_stray_byte_is_refused_as_mixed(tmp_path: Path) -> None:
    error = refused(tmp_path, "Café\nZoë\nDaniël\n".encode() + b"Caf\xe9\n")
    assert error.code == "mixed_encoding"
    assert "line 4 is not" in error.message


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, bytes(range(32)) * 4 + b"x" * 50).code == "not_a_spreadsheet"


def test_a_few_control_characters_are_still_text(tmp_path: Path) -> None:
    assert found(tmp_path, b"a\0b\n")[1] == "a\0b\n"


@pytest.mark.parametrize(
    ("wanted", "codec", "data"),
    [
        ("cp1252", "cp1252", TEXT.encode("cp1252")),
        ("latin-1", "iso8859-1", TEXT.encode("latin-1")),
        ("utf-8", "utf-8", TEXT.encode()),
        ("utf-8", "utf-8", codecs.BOM_UTF8 + TEXT.encode()),
        ("utf-8-sig", "utf-8", TEXT.encode()),
        ("utf-16", "utf-16-le", codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")),
        ("utf-16", "utf-16-be", codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")),
        ("utf-16", "utf-16-le", TEXT.encode("utf-16-le")),
        ("utf-16-be", "utf-16-be", TEXT.encode("utf-16-be")),
        ("utf-7", "utf-7", TEXT.encode("utf-7")),
    ],
)
def test_the_operator_may_name_the_encoding(tmp_path: Path, wanted: str, codec: str, data: bytes) -> None:
    encoding, text = found(tmp_path, data, wanted)
    assert text == TEXT
    assert encoding.codec == codec


def test_a_named_encoding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, TEXT.encode("cp1252"), "utf-8")
    assert error.code == "not_in_encoding"
    assert "line 2 is not valid utf-8 text" in error.message


def test_halves_of_characters_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"a\n\\ud800\n", "unicode_escape").code == "not_in_encoding"


@pytest.mark.parametrize(
    ("codec", "bad"),
    [("utf-8", b"\n\xff\n"), ("utf-8", b"\n\xe2\x82"), ("utf-16-le", b"\n\0\0\xdc"), ("utf-16-le", b"\n\0\0")],
    ids=["utf-8", "its end", "wide", "the end of wide"],
)
def test_the_line_is_counted_over_all_blocks_of_a_large_file(tmp_path: Path, codec: str, bad: bytes) -> None:
    lines = 1 + BLOCK // 4
    text = "".join("abcdé\n" if number % 3 else "xyz\n" for number in range(lines))
    data = codecs.BOM_UTF8 + text.encode() if codec == "utf-8" else codecs.BOM_UTF16_LE + text.encode(codec)
    assert len(data) > BLOCK
    assert f"line {lines + 2} is not valid" in refused(tmp_path, data + bad).message


def test_halves_of_characters_beyond_the_first_block_are_refused_with_the_line(tmp_path: Path) -> None:
    lines = BLOCK // 2
    error = refused(tmp_path, b"a\n" * lines + b"\n\\ud800\n", "unicode_escape")
    assert f"line {lines + 2} is not valid" in error.message


def test_a_named_encoding_that_contradicts_the_mark_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, codecs.BOM_UTF8 + b"a", "cp1252")
    assert error.code == "encoding_contradicts_mark"
    assert "mark of utf-8, but --encoding says cp1252" in error.message


@pytest.mark.parametrize("wanted", ["klingon", "rot13", "base64", "\0", ""])
def test_an_encoding_that_does_not_exist_is_a_settings_error(tmp_path: Path, wanted: str) -> None:
    with pytest.raises(SettingsError) as caught:
        find_encoding(stored(tmp_path, b"a"), wanted)
    assert caught.value.code == "unknown_encoding"
    assert repr(wanted) in caught.value.message
