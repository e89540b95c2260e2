"""past_results: an answer read back is the answer that was written, in either form, whatever was done to it since."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from batch.errors import InputError
from batch.model import Change, Notice, Origin, RowError, Status, sentence
from batch.past_results import PastResults, open_past_results
from batch.past_results.reasons import Reasons
from batch.results import Form, Report, ResultRow
from batch.results.names import Side, beside
from tests.support.answers import HARD_TEXTS, ID, error, invalid, report, row, write_results
from tests.support.reading import read_here

RUN_ID = "20261123T081405Z-0a1b2c3d"
FORMS = pytest.mark.parametrize("form", list(Form))


@pytest.fixture(autouse=True)
def _read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


def made(rows: Sequence[ResultRow], **more: object) -> Report:
    whole = report(rows, **more)  # type: ignore[arg-type]
    assert whole.facts is not None
    return replace(whole, facts=replace(whole.facts, run_id=RUN_ID, started_at=datetime(2026, 11, 23, tzinfo=UTC)))


def written(tmp_path: Path, form: Form, rows: Sequence[ResultRow], **more: object) -> Path:
    path = tmp_path / f"klanten.results.{form}"
    changes, warnings = more.pop("changes", ()), more.get("warnings", ())
    write_results(path, made(rows, **more), rows, changes, warnings, form=form)  # type: ignore[arg-type]
    return path


def same_errors(one: Sequence[RowError], other: Sequence[RowError]) -> bool:
    def key(found: RowError) -> tuple[object, ...]:
        return found.row, found.column, found.value, found.code, found.message

    return list(map(key, one)) == list(map(key, other))


def assert_same(found: PastResults, rows: Sequence[ResultRow]) -> None:
    back = list(found.rows())
    assert [replace(one, errors=()) for one in back] == [replace(one, errors=()) for one in rows]
    assert all(same_errors(one.errors, other.errors) for one, other in zip(back, rows, strict=True))


@FORMS
def test_rows_reasons_and_changes_come_back(tmp_path: Path, form: Form) -> None:
    rows = [row(2), invalid(3), row(5, Status.NOT_SENT, errors=[error(5, None, "", "limit", "Not sent {so}: 100%.")])]
    rows[2] = replace(rows[2], errors=(replace(rows[2].errors[0], sentence=sentence("{text}", text="So {it} is.")),))
    change = Change(row=2, column="Soort", field="phone_number_type", before="local", after="local", code="trimmed")
    path = written(tmp_path, form, rows, changes=[change], reasons={"trimmed": sentence("Trimmed.")})
    with open_past_results(path) as found:
        assert_same(found, rows)
        assert_same(found, rows)
        assert list(found.changes()) == [change]
        assert str(found.reasons["trimmed"]) == "Trimmed."
        assert (found.form, found.labels, found.extras, found.shows_origin) == (form, rows_labels(), (), False)


@FORMS
def test_warnings_come_back_and_are_no_errors(tmp_path: Path, form: Form) -> None:
    """Their sheet has the columns of Errors."""
    rows = [row(2), invalid(3)]
    odd = Notice(code="odd", sentence=sentence("Odd."), row=3, column="Soort", value="vast")
    with open_past_results(written(tmp_path, form, rows, warnings=[odd])) as found:
        assert_same(found, rows)
        assert list(found.warnings()) == [replace(odd, sentence=sentence("{text}", text="Odd."))]


@FORMS
def test_of_several_sheets_all_that_is_said_of_a_row_names_its_sheet(tmp_path: Path, form: Form) -> None:
    sources = ("klanten.xlsx / Noord", "klanten.xlsx / Zuid / oud")
    rows = [row(2, origin=Origin(source=source, row=2)) for source in sources]
    changes = [
        Change(row=2, column="Soort", field="kind", before=" a", after="a", code="trimmed", source=source)
        for source in sources
    ]
    warnings = [
        Notice(code="odd", sentence=sentence("Odd."), row=2, sheet=sheet, source=source)
        for source, sheet in zip(sources, ("Noord", "Zuid / oud"), strict=True)
    ]
    path = written(tmp_path, form, rows, changes=changes, warnings=warnings, shows_origin=True)
    with open_past_results(path) as found:
        assert_same(found, rows)
        assert list(found.changes()) == changes
        assert [(one.sheet, one.source) for one in found.warnings()] == [(one.sheet, one.source) for one in warnings]


def rows_labels() -> tuple[str, ...]:
    return report([]).heading.labels


@FORMS
def test_the_summary_is_told_again_word_for_word(tmp_path: Path, form: Form) -> None:
    notice = Notice(code="odd", sentence=sentence("Odd."), row=4, column="Soort")
    path = written(tmp_path, form, [row(2), invalid(3)], notices=(notice,))
    with open_past_results(path) as found:
        said = found.summary
        assert (said.input_name, said.run_id, said.command) == ("klanten.xlsx", RUN_ID, "run")
        assert said.started == "2026-11-23 00:00:00+00:00"
        assert said.setting("Account") == "default"
        assert said.headline == "1 of 2 rows of klanten.xlsx are created; 1 needs someone."
        assert [step[:24] for step in said.advice] == ["Open klanten.failed.xlsx", "Correct it, save it, and"]
        assert [what for _, _, what in said.notes] == ["Odd."]
        assert str(said.told.headline[0]) == said.headline


@FORMS
def test_hard_texts_come_back_as_they_were_written(tmp_path: Path, form: Form) -> None:
    texts = [text for text in HARD_TEXTS if "\x00" not in text and "\r" not in text]
    rows = [row(number, cells=("local", text, "x", "y")) for number, text in enumerate(texts, 2)]
    path = written(tmp_path, form, rows)
    with open_past_results(path) as found:
        assert_same(found, rows)


@FORMS
def test_rows_of_a_failed_file_keep_their_origin_and_what_stood_beyond_the_headers(tmp_path: Path, form: Form) -> None:
    origins = (Origin(source="eerst.xlsx", row=9), Origin(source="klanten.failed.xlsx", row=3))
    rows = [
        row(9, cells=("local", "a", "b", "c", "beyond"), origin=origins[0]),
        row(3, cells=("local", "d", "e", "f"), origin=origins[1]),
    ]
    with open_past_results(written(tmp_path, form, rows, shows_origin=True)) as found:
        assert found.shows_origin
        assert_same(found, rows)


@FORMS
def test_what_status_and_merge_add_comes_back_too(tmp_path: Path, form: Form) -> None:
    names = ("approval", "approval_checked_at", "flireo_round")
    rows = [
        replace(row(2), extras=("approved", "2026-11-23 00:00:00+00:00", 2)),
        replace(invalid(3), extras=("", "", 1)),
    ]
    whole = made(rows)
    path = tmp_path / f"klanten.merged.{form}"
    write_results(path, replace(whole, heading=replace(whole.heading, extras=names)), rows, (), form=form)
    with open_past_results(path) as found:
        assert found.extras == names
        assert_same(found, rows)


def test_a_customers_own_column_called_approval_is_theirs(tmp_path: Path) -> None:
    rows = [row(2, cells=("a", "b"))]
    with open_past_results(written(tmp_path, Form.CSV, rows, labels=("approval", "Naam"))) as found:
        assert found.extras == ()
        assert_same(found, rows)


def test_sorted_and_saved_by_a_person_it_is_the_same_rows(tmp_path: Path) -> None:
    rows = [invalid(2), invalid(3), row(4)]
    path = written(tmp_path, Form.XLSX, rows)
    book = openpyxl.load_workbook(path)
    page = book["Results"]
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=2)]
    for number, line in enumerate(reversed(lines), 2):
        for column, value in enumerate(line, 1):
            page.cell(number, column).value = value
    book.save(path)
    with open_past_results(path) as found:
        assert_same(found, rows[::-1])


@FORMS
def test_without_its_other_sheets_the_reasons_are_what_the_rows_say(tmp_path: Path, form: Form) -> None:
    path = written(tmp_path, form, [invalid(2)])
    if form is Form.CSV:
        for side in Side:
            beside(path, side).unlink()
        beside(path, "errors").write_bytes(b"\x00\x01\x02")  # what cannot be read is as good as gone
    else:
        book = openpyxl.load_workbook(path)
        for name in ("Errors", "Warnings", "Changes", "Summary"):
            del book[name]
        book.save(path)
    with open_past_results(path) as found:
        (only,) = found.rows()
        (told,) = only.errors
        assert (told.column, told.code) == (None, "")
        assert told.message.startswith("Soort must be one of local")
        assert (found.summary.run_id, found.input_name) == ("", path.name)
        assert not list(found.changes())
        assert not list(found.warnings())


def test_reasons_that_do_not_add_up_are_told_whole() -> None:
    errors = [error(2, "A", "", "x", "One."), error(2, "B", "", "y", "Two."), error(3, "A", "", "x", "Three.")]
    reasons = Reasons(iter(errors))
    assert [found.code for found in reasons.of(3, "Three.")] == ["x"]
    assert [found.message for found in reasons.of(2, "One. Changed.")] == ["One. Changed."]
    assert [found.message for found in reasons.of(2, "One. Two.")] == ["One.", "Two."]
    assert reasons.of(2, "") == ()


def test_rows_with_the_same_number_get_their_own_reasons() -> None:
    errors = [error(2, "A", "", "x", "One."), error(2, "A", "", "y", "Two.")]
    reasons = Reasons(iter(errors))
    assert [[found.code for found in reasons.of(2, told)] for told in ("One.", "Two.")] == [["x"], ["y"]]


def test_any_other_file_is_refused_and_the_right_one_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, Form.CSV, [row(2)])
    other = tmp_path / "klanten.csv"
    other.write_text("a;b\n1;2\n")
    with pytest.raises(InputError, match=r"klanten\.csv is not a results file .* Did you mean klanten\.results\.csv\?"):
        open_past_results(other)
    shutil.copy(beside(path, "errors"), tmp_path / "x.csv")
    with pytest.raises(InputError, match=r"x\.csv is not a results file"):
        open_past_results(tmp_path / "x.csv")
    with pytest.raises(InputError):
        open_past_results(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("before", "after"), [("created", "made"), (ID, "123"), (ID, f"{{{ID}}}"), (ID, ""), ("\r\n2,", "\r\ntwo,")]
)
def test_rows_that_were_changed_beyond_use_are_refused_with_their_place(
    tmp_path: Path, before: str, after: str
) -> None:
    path = written(tmp_path, Form.CSV, [row(2)])
    path.write_bytes(path.read_bytes().replace(before.encode(), after.encode()))
    with open_past_results(path) as found, pytest.raises(InputError, match=r"klanten\.results\.csv, row 2: found"):
        list(found.rows())
