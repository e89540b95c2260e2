"""`make fuzz` in its short form: files damaged at random are refused, or read alike by all ways of reading."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.damage import damaged
from tests.fuzz.holding import hold, told
from tests.fuzz.originals import Original, originals
from tests.fuzz.silence import changes_one_letter, is_told_of

ORIGINALS = originals()
ZIPPED = [original for original in ORIGINALS if original.parts is not None]


@pytest.mark.parametrize("original", ORIGINALS)
def test_what_is_to_be_damaged_is_sound(original: Original, tmp_path: Path) -> None:
    path = tmp_path / f"a.{original.ending}"
    path.write_bytes(original.whole())
    answer = hold(path)
    assert not isinstance(answer, str)
    assert answer[0][1]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ORIGINALS), st.integers(0, 1 << 40))
def test_damaged_files_are_refused_or_read_alike_by_all_ways_of_reading(original: Original, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{original.ending}")
        path.write_bytes(damaged(original, Random(seed)))
        hold(path)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZIPPED), st.integers(0, 1 << 40))
def test_a_byte_of_a_zipped_workbook_never_changes_in_silence(original: Original, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        is_told_of(original, Random(seed), Path(folder, f"a.{original.ending}"))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1 << 40))
def test_a_letter_of_a_text_file_changes_one_letter_of_one_cell(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        changes_one_letter(Random(seed), Path(folder, "a.csv"))


def test_the_fuzzer_would_notice(tmp_path: Path) -> None:
    """A file that reads otherwise is no refusal and not the same: the checks above can fail."""
    before, after = (tmp_path / name for name in ("a.csv", "b.csv"))
    before.write_text("a;b\nc;d\n")
    after.write_text("a;b\nc;e\n")
    assert told(before) != told(after)
