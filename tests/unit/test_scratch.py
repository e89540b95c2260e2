"""scratch: what is put away comes back, and nobody else can read it or finds it afterwards."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from batch.errors import OutputError
from batch.scratch import Pieces, PutBehind, SeenKeys
from batch.scratch.refusals import scratch_errors
from batch.scratch.seen import Keys

TEXT = b"Voorbeeld Bakkerij BV, Voorbeeldstraat 1\n"
ROWS = b"".join(b"Voorbeeld %d BV\n" % number for number in range(5_000))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("in_memory_bytes", [1, 1 << 20])
def test_pieces_come_back_by_number_as_often_as_one_likes(in_memory_bytes: int) -> None:
    put = [TEXT * 100, b"", os.urandom(5_000), TEXT]
    with closing(Pieces(in_memory_bytes)) as pieces:
        for piece in put:
            pieces.put(piece)
        assert list(pieces) == list(pieces) == put
        pieces.put(b"more")
        assert [pieces.get(number) for number in (4, 1, 4)] == [b"more", b"", b"more"]
        assert len(pieces) == 5


def open_files(word: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents of this process's open files with `word` in the name, as the system sees them."""
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            name = str(descriptor.readlink())
        except FileNotFoundError:  # the one that lists the folder
            continue
        if word in name:
            yield name, os.pread(int(descriptor.name), 1 << 20, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process about its own files")
def test_nothing_of_a_piece_can_be_found_on_the_disk(folder: Path) -> None:
    with closing(Pieces(1)) as pieces:
        pieces.put(ROWS)
        pieces.put(ROWS)
        assert pieces.get(0) == ROWS
        assert list(folder.iterdir()) == [], "the file has no name, so that it goes with the process however that ends"
        (found,) = open_files(str(folder))
        name, content = found
        assert name.endswith("(deleted)")
        assert len(content) > 20_000
        assert b"Voorbeeld" not in content
        half = len(content) // 2
        assert content[:100] != content[half : half + 100], "the same text is never sealed alike"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process about its own files")
def test_what_cannot_be_compressed_is_sealed_too(folder: Path) -> None:
    noise = os.urandom(4_000)  # compression leaves it as it is, sealing does not
    with closing(Pieces(1)) as pieces:
        pieces.put(noise)
        assert pieces.get(0) == noise
        ((_, content),) = open_files(str(folder))
        assert len(content) >= len(noise)
        assert noise[100:116] not in content


def test_a_disk_that_refuses_becomes_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "gone"))
    with closing(Pieces(1)) as pieces, pytest.raises(OutputError, match="TMPDIR") as caught:
        pieces.put(TEXT)
    assert caught.value.code == "no_scratch_space"
    assert str(folder / "gone") in caught.value.message
    with pytest.raises(OutputError, match="database or disk is full"), scratch_errors():
        raise sqlite3.OperationalError("database or disk is full")


def test_pieces_are_put_away_behind_what_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(PutBehind(Pieces(1))) as pieces:
        for number in range(3):
            pieces.put(bytes([number]) * 100)
        assert [pieces.get(number) for number in (2, 0)] == [bytes([2]) * 100, bytes([0]) * 100]
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "gone"))
    with closing(PutBehind(Pieces(1))) as pieces:
        pieces.put(TEXT)
        with pytest.raises(OutputError, match="TMPDIR"):
            pieces.put(TEXT)
        pieces.put(TEXT)
        with pytest.raises(OutputError, match="TMPDIR"):
            pieces.get(0)


def keys(*pairs: tuple[int, int]) -> Keys:
    return np.array(pairs, np.uint64).reshape(-1, 2)


# In memory, on disk from the start, and moved there on the way.
@pytest.mark.parametrize("in_memory_keys", [100, 0, 3])
def test_a_key_is_known_by_all_of_its_bits(in_memory_keys: int) -> None:
    with closing(SeenKeys(in_memory_keys)) as seen:
        assert seen.first(keys((1, 1), (1, 2), (2, 1), (1, 1)), np.arange(4)).tolist() == [0, 1, 2, 0]
        assert seen.first(keys(), np.arange(0)).tolist() == []
        again = keys((2, 2), (1, 2), (2, 1), (0, 0), (2**64 - 1, 0), (2, 2))
        assert seen.first(again, np.arange(4, 10)).tolist() == [4, 1, 2, 7, 8, 4]
        assert seen.first(keys((2**64 - 1, 0), (0, 256), (256, 0)), np.arange(10, 13)).tolist() == [8, 11, 12]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process about its own files")
def test_many_keys_go_to_a_file_without_a_name() -> None:
    chance = np.random.default_rng(1)
    with closing(SeenKeys(1_000, cache_kib=100)) as seen:
        first = chance.integers(0, 2**64, (20_000, 2), np.uint64, endpoint=False)
        assert (seen.first(first, np.arange(20_000)) == np.arange(20_000)).all()
        assert (seen.first(first[::-1], np.arange(20_000, 40_000)) == np.arange(20_000)[::-1]).all()
        assert [name for name, _ in open_files("etilqs_")], "SQLite calls its temporary files so"
        assert all(name.endswith("(deleted)") for name, _ in open_files("etilqs_"))


def test_long_runs_are_not_merged_for_ever() -> None:
    numbers = np.arange(400_000)
    low = numbers.astype(np.uint64)
    half = np.column_stack((low * np.uint64(0x9E3779B97F4A7C15), low))
    with closing(SeenKeys()) as seen:
        for start in range(0, 400_000, 40_000):
            part = slice(start, start + 40_000)
            assert (seen.first(half[part], numbers[part]) == numbers[part]).all()
        assert (seen.first(half[::7], np.arange(400_000, 400_000 + len(half[::7]))) == numbers[::7]).all()
