"""pulse: whoever watches over reading is told that it gets further, whatever the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.reading import ReadOptions
from batch.reading.pulse import beat, felt_by
from tests.support.reading import open_here
from tests.support.spreadsheets import biff, biff_text, text_rows, write_xls, write_xlsx, xls_stream


def test_signs_go_to_the_one_that_listens_and_to_nobody_after_that() -> None:
    felt: list[tuple[int, float | None]] = []
    with felt_by(lambda share: felt.append((1, share))):
        beat()
        with felt_by(lambda share: felt.append((2, share))):
            beat(0.5)
        beat()
    beat()
    assert felt == [(1, None), (2, 0.5), (1, None)]


@pytest.mark.parametrize("form", ["csv", "xlsx", "xls"])
def test_opening_and_each_pass_give_signs(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    match form:
        case "csv":
            path.write_bytes(b"naam,plaats\nJan,Assen\n")
        case "xlsx":
            write_xlsx(path, text_rows([["naam"], ["Jan"]]))
        case _:
            write_xls(path, xls_stream({"S": biff(0x0204, bytes(6) + biff_text("naam"))}))
    felt: list[float | None] = []
    with felt_by(felt.append):
        source = open_here(path, ReadOptions())
        assert felt
        felt.clear()
        source.measure(source.sheets[0].name)
    assert felt
