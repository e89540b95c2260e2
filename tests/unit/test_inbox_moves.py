"""inbox.moves: nothing is lost or written over, and every move can be done again from wherever it was cut short."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from batch.errors import OutputError
from batch.inbox.moves import move
from tests.support.nights import MEMORY


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_moved_into_a_folder_that_is_made(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", "1")
    target = tmp_path / "x" / "y" / "a.csv"
    assert move(source, target) == target
    assert (source.exists(), target.read_text()) == (False, "1")


def test_another_file_is_never_written_over(tmp_path: Path) -> None:
    write(tmp_path / "b.csv", "2")
    (tmp_path / "b-2.csv").symlink_to("nowhere")
    assert move(write(tmp_path / "a.csv", "1"), tmp_path / "b.csv") == tmp_path / "b-3.csv"
    assert (tmp_path / "b.csv").read_text() == "2"


def test_a_move_that_was_done_is_not_done_again(tmp_path: Path) -> None:
    write(tmp_path / "b.csv", "1")
    assert move(tmp_path / "a.csv", tmp_path / "b.csv") == tmp_path / "b.csv"


def test_a_move_that_was_cut_short_between_its_two_names_is_finished(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", "1")
    os.link(source, tmp_path / "b.csv")
    assert move(source, tmp_path / "b.csv") == tmp_path / "b.csv"
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]


def test_earlier_results_give_way_where_they_may(tmp_path: Path) -> None:
    write(tmp_path / "b.csv", "2")
    assert move(write(tmp_path / "a.csv", "1"), tmp_path / "b.csv", overwrite=True) == tmp_path / "b.csv"
    assert (tmp_path / "b.csv").read_text() == "1"
    move(tmp_path / "a.csv", tmp_path / "b.csv", overwrite=True)
    assert (tmp_path / "b.csv").read_text() == "1", "done before: nothing is removed"


@pytest.mark.parametrize("refusal", [errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK])
def test_where_there_are_no_hard_links_a_file_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(refusal, "no")

    monkeypatch.setattr(os, "link", refuse)
    source = write(tmp_path / "a.csv", "1")
    assert move(source, tmp_path / "b.csv") == tmp_path / "b.csv"
    assert not source.exists()


def test_a_file_that_appears_at_this_instant_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def late(source: Path, target: Path, **more: bool) -> None:
        if target.name == "b.csv":
            write(target, "2")
        link(source, target, **more)

    monkeypatch.setattr(os, "link", late)
    assert move(write(tmp_path / "a.csv", "1"), tmp_path / "b.csv") == tmp_path / "b-2.csv"
    assert (tmp_path / "b.csv").read_text() == "2"


def elsewhere(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Links into `folder` are refused as those to another file system are."""
    link = os.link

    def refuse(source: Path, target: Path, **more: bool) -> None:
        if target.parent == folder and source.parent != folder:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        link(source, target, **more)

    monkeypatch.setattr(os, "link", refuse)


def test_on_another_file_system_a_file_is_copied_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "far" / "b.csv"
    elsewhere(monkeypatch, target.parent)
    source = write(tmp_path / "a.csv", "1")
    os.utime(source, (5, 5))
    assert move(source, target) == target
    assert (source.exists(), [path.name for path in target.parent.iterdir()]) == (False, ["b.csv"])
    assert target.stat().st_mtime == 5


def test_a_copy_that_was_not_finished_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "far" / "b.csv"
    target.parent.mkdir()
    write(target.with_name(".b.csv.flireo-partial"), "torn")
    elsewhere(monkeypatch, target.parent)
    move(write(tmp_path / "a.csv", "whole"), target)
    assert target.read_text() == "whole"


def test_a_real_other_file_system(tmp_path: Path) -> None:
    other = MEMORY
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    target = other / f"flireo-test-{os.getpid()}.csv"
    try:
        assert move(write(tmp_path / "a.csv", "1"), target) == target
        # Killed after the copy had its name, before the first file was removed:
        assert move(write(tmp_path / "a.csv", "1"), target) == target
        assert not (tmp_path / "a.csv").exists()
        named = move(write(tmp_path / "a.csv", "2"), target)
        assert named != target
        named.unlink()
    finally:
        target.unlink(missing_ok=True)


def test_what_the_disk_refuses_leaves_the_file_where_it_is(tmp_path: Path) -> None:
    write(tmp_path / "folder", "in the way")
    with pytest.raises(OutputError):
        move(write(tmp_path / "a.csv", "1"), tmp_path / "folder" / "b.csv")
    assert (tmp_path / "a.csv").exists()


def test_an_error_of_no_known_kind_is_said_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(OutputError) as caught:
        move(write(tmp_path / "a.csv", "1"), tmp_path / "b.csv")
    assert caught.value.code == "disk_full"
