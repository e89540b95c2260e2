"""Any text that comes in goes out and comes back the same: in workbooks, and in CSV once the guard is undone."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from batch.cut_marker import CELL_UNITS, fit, is_cut_marker
from batch.formula_guard import guard, unguard
from batch.model import Status
from batch.results import Form
from batch.results.xlsx.cell_xml import t_element
from tests.support.answers import grid, parsed, report, row, seen, write_failed

# Text that reading can hand on: it is held as UTF-8, so without half surrogate pairs.
readable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"))
tricky = st.lists(
    st.one_of(readable, st.sampled_from(["_x0041_", "_x005F_", "x0041_", "_", "\r", "\x00", "=", "'", "\n", " ", "  "]))
).map("".join)


@given(st.text(st.characters()))
def test_the_guard_is_undone_exactly(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n \u00a0a")))
def test_the_guard_is_undone_exactly_for_what_it_is_about(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text).lstrip()[:1] not in set("=+-@")


@given(st.text(st.characters(), min_size=1), st.integers(1, 40_000))
def test_a_text_fits_in_a_cell_or_says_that_it_was_cut(text: str, times: int) -> None:
    whole = (text * times)[:50_000]
    fitted = fit(whole)
    assert len(fitted.encode("utf-16-le")) <= 2 * CELL_UNITS
    assert fitted == whole or is_cut_marker(fitted)


@given(st.text(st.characters()))
def test_any_text_at_all_is_well_formed_xml(text: str) -> None:
    parsed(t_element(text))


@given(st.lists(tricky, min_size=1, max_size=8))
@settings(deadline=None, max_examples=60)
def test_a_failed_workbook_gives_back_every_text(texts: list[str]) -> None:
    rows = [row(2, Status.INVALID, (*texts, "end"))]
    made = report(rows, labels=("x",) * (len(texts) + 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.xlsx"
        write_failed(path, made, iter(rows), {}, form=Form.XLSX)
        assert seen(path, "To correct")[1][: len(texts)] == texts
        assert grid(path, "To correct")[1][: len(texts)] == texts


@given(st.lists(tricky, min_size=1, max_size=8), st.sampled_from(";,\t|"))
@settings(deadline=None)
def test_a_failed_csv_gives_back_every_text(texts: list[str], delimiter: str) -> None:
    rows = [row(2, Status.INVALID, tuple(texts))]
    made = report(rows, labels=tuple(texts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        write_failed(path, made, iter(rows), {}, form=Form.CSV, delimiter=delimiter)
        text = path.read_bytes().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert [[unguard(cell) for cell in line[: len(texts)]] for line in lines] == [texts, texts]
