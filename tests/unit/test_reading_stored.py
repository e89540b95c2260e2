from __future__ import annotations

import os
from pathlib import Path

import pytest

from batch.errors import InputError
from batch.reading.options import Limits
from batch.reading.stored import StoredFile, stored_file


def _refused(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        stored_file(path, limits or Limits())
    return caught.value


def test_a_missing_file_is_named_with_its_folder(tmp_path: Path) -> None:
    error = _refused(tmp_path / "customers.xlsx")
    assert error.code == "file_not_found"
    assert error.message == f"customers.xlsx: there is no such file in {tmp_path}."


def test_the_folder_of_a_missing_file_is_named_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _refused(Path("customers.xlsx")).message == f"customers.xlsx: there is no such file in {tmp_path}."


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    error = _refused(tmp_path)
    assert error.code == "not_a_file"
    assert "this is a folder" in error.message


def test_a_named_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert _refused(tmp_path / "pipe.csv").code == "not_a_file"


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    error = _refused(tmp_path / "empty.csv")
    assert error.code == "empty_file"
    assert error.message == "empty.csv: the file is empty (0 bytes). Ask the sender to send it again."


def test_a_file_beyond_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    (tmp_path / "large.csv").write_bytes(b"x" * 5000)
    error = _refused(tmp_path / "large.csv", Limits(file_bytes=4999))
    assert error.code == "file_too_large"
    assert "5,000 bytes; at most 4,999" in error.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a")
    (tmp_path / "secret.csv").chmod(0)
    assert _refused(tmp_path / "secret.csv").code == "cannot_open"


def test_a_file_below_a_file_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    error = _refused(tmp_path / "a.csv" / "b.csv")
    assert error.code == "cannot_open"
    assert "Not a directory" in error.message


def test_the_bytes_come_in_blocks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"abcdefg")
    file = stored_file(tmp_path / "a.csv", Limits())
    assert list(file.blocks(3)) == [b"abc", b"def", b"g"]
    assert (file.name, file.size) == ("a.csv", 7)


def test_a_file_that_changes_between_two_passes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a")
    file = stored_file(path, Limits())
    path.write_text("a,b")
    with pytest.raises(InputError) as caught:
        list(file.blocks(10))
    assert caught.value.code == "file_changed"


def test_a_file_that_vanishes_between_two_passes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a")
    file: StoredFile = stored_file(path, Limits())
    path.unlink()
    with pytest.raises(InputError) as caught:
        list(file.blocks(10))
    assert caught.value.code == "cannot_open"
