import errno
import os
import stat
from pathlib import Path

import pytest

from batch.errors import OutputError
from batch.results.disk import disk_errors, whole_file


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught, disk_errors(tmp_path / "a.xlsx"), Path("/dev/full").open("wb") as full:
        full.write(b"x" * 100_000)
    assert caught.value.code == "disk_full"
    assert caught.value.message == f"a.xlsx cannot be written in {tmp_path}: the disk is full. Make room and run again."


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.EACCES, "no_permission", "not allowed"),
        (errno.EROFS, "no_permission", "can only be read"),
        (errno.ENOENT, "no_folder", "no such folder"),
        (errno.ENAMETOOLONG, "name_too_long", "shorter name"),
        (errno.EIO, "cannot_write", "Input/output error. Choose another folder with --out"),
    ],
)
def test_each_refusal_has_a_code_and_a_way_out(number: int, code: str, words: str) -> None:
    with pytest.raises(OutputError, match=words) as caught, disk_errors(Path("folder/a.xlsx")):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == code


def test_an_error_without_a_number_is_told_in_its_own_words() -> None:
    with pytest.raises(OutputError, match="because of this") as caught, disk_errors(Path("folder/a.xlsx")):
        raise OSError("because of this")
    assert caught.value.code == "cannot_write"


def test_the_file_appears_when_whole_with_ordinary_permissions_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path, overwrite=False) as staged:
        staged.write_text("all of it", encoding="utf-8")
        assert not path.exists()
        assert staged.name == path.name
    assert path.read_text(encoding="utf-8") == "all of it"
    assert list(tmp_path.iterdir()) == [path]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_after_an_error_neither_the_file_nor_a_temporary_one_remains(tmp_path: Path) -> None:
    def fail() -> None:
        with whole_file(tmp_path / "a.txt", overwrite=False) as staged:
            staged.write_text("half", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_left_alone_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(OutputError, match=r"a\.txt already exists.*--overwrite"), whole_file(path, overwrite=False):
        pass
    assert path.read_text(encoding="utf-8") == "old"
    with whole_file(path, overwrite=True) as staged:
        staged.write_text("new", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "new"


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    def late() -> None:
        with whole_file(path, overwrite=False) as staged:
            staged.write_text("ours", encoding="utf-8")
            path.write_text("theirs", encoding="utf-8")

    with pytest.raises(OutputError, match="already exists"):
        late()
    assert path.read_text(encoding="utf-8") == "theirs"


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no such folder"), whole_file(tmp_path / "no" / "a.txt", overwrite=False):
        pass
