"""merge: rounds found, rows followed through them, and one answer of what is known now. No network, key or ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from batch.errors import InputError, OutputError, SettingsError
from batch.merge import MergeOptions, MergeResult, merge
from batch.merge.alignment import Card, Rarity, align
from batch.merge.columns import MergedColumns, spread
from batch.model import Change, Notice, Origin, RowError, Status, sentence
from batch.past_results import open_past_results
from batch.results import Form, Mode, ResultRow
from batch.results.names import beside
from tests.support.answers import error, report, write_results
from tests.support.reading import read_here

LABELS = ("Klant", "Soort", "Plaats")
IDS = tuple(f"00000000-0000-4000-8000-00000000000{number}" for number in range(10))
FIRST = "klanten.xlsx"
BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


def created(number: int, *cells: str, id_: int, **more: Any) -> ResultRow:
    return _row(number, Status.CREATED, cells, IDS[id_], (), **more)


def known(number: int, *cells: str, id_: int, **more: Any) -> ResultRow:
    return _row(number, Status.ALREADY_CREATED, cells, IDS[id_], (), **more)


def bad(number: int, *cells: str, **more: Any) -> ResultRow:
    return _row(
        number, Status.INVALID, cells, None, (error(number, "Plaats", "", "required", "City is empty."),), **more
    )


def twin(number: int, *cells: str, id_: int, **more: Any) -> ResultRow:
    return _row(number, Status.DUPLICATE, cells, IDS[id_], (error(number, None, "", "same", "The same."),), **more)


def unsent(number: int, *cells: str, **more: Any) -> ResultRow:
    return _row(number, Status.NOT_SENT, cells, None, (error(number, None, "", "limit", "Not sent."),), **more)


def _row(
    number: int,
    status: Status,
    cells: tuple[str, ...],
    group_id: str | None,
    errors: tuple[RowError, ...],
    source: str = FIRST,
    extras: tuple[str | int, ...] = (),
) -> ResultRow:
    return ResultRow(
        row=number,
        status=status,
        requirement_group_id=group_id,
        errors=errors,
        cells=cells,
        origin=Origin(source=source, row=number),
        extras=extras,
    )


class Batch:
    """The rounds of a batch, as files of results in a folder."""

    def __init__(self, folder: Path, form: Form = Form.CSV) -> None:
        self.folder, self.form = folder, form
        self.paths: list[Path] = []

    def round(
        self,
        *rows: ResultRow,
        of: str = FIRST,
        name: str = "",
        labels: tuple[str, ...] = LABELS,
        mode: Mode = Mode.RUN,
        extras: tuple[str, ...] = (),
        run: int | None = None,
        changes: Sequence[Change] = (),
        warnings: Sequence[Notice] = (),
        several_sheets: bool = False,
        made: tuple[str, str] | None = None,
    ) -> Path:
        number = len(self.paths) + 1
        whole = report(
            rows,
            mode=mode,
            labels=labels,
            input_name=of,
            shows_origin=several_sheets or "failed" in of or of.startswith("terug"),
            reasons={"trimmed": sentence("Trimmed.")},
        )
        assert whole.facts is not None
        began = BEGAN + timedelta(minutes=number if run is None else run)
        facts = replace(
            whole.facts, run_id=f"{began:%Y%m%dT%H%M%SZ}-0000000{number if run is None else run}", started_at=began
        )
        if made is not None:
            facts = replace(facts, settings=(("base_url", made[0]), ("account", made[1])))
        path = self.folder / (name or f"klanten.results{'' if number == 1 else f'-{number}'}.{self.form}")
        heading = replace(whole.heading, extras=extras)
        write_results(path, replace(whole, facts=facts, heading=heading), rows, changes, warnings, form=self.form)
        self.paths.append(path)
        return path

    def merge(self, *files: Path, **more: object) -> MergeResult:
        return merge(MergeOptions(files=files, folder=self.folder, **more))  # type: ignore[arg-type]

    def lines(self, *files: Path) -> list[ResultRow]:
        result = self.merge(*files)
        assert result.merged_file is not None
        with open_past_results(result.merged_file) as past:
            return list(past.rows())


@pytest.fixture(params=list(Form))
def batch(request: pytest.FixtureRequest, tmp_path: Path) -> Batch:
    return Batch(tmp_path, request.param)


def brief(rows: Sequence[ResultRow]) -> list[tuple[int, str, str, int]]:
    """Row, outcome, the last digit of its ID, and the round it comes from."""
    return [
        (row.row, row.status.value, (row.requirement_group_id or " ")[-1].strip(), int(row.extras[-1])) for row in rows
    ]


def codes(row: ResultRow) -> list[str]:
    return [found.code for found in row.errors]


# The story of a batch


def test_each_row_has_its_last_outcome_and_the_round_it_comes_from(batch: Batch) -> None:
    batch.round(created(2, "a", "local", "Ede", id_=1), bad(3, "b", "local", ""), bad(4, "c", "vast", ""))
    batch.round(created(3, "b", "local", "Ede", id_=2), bad(4, "c", "local", ""), of="klanten.failed.xlsx")
    result = batch.merge(*batch.paths[:1])
    assert result.merged_file == batch.folder / f"klanten.merged.{batch.form}"
    with open_past_results(result.merged_file) as past:
        rows = list(past.rows())
        assert past.summary.headline == (
            "3 rows of klanten.xlsx: 1 created in round 1, 1 created in round 2, 1 still invalid."
        )
        if batch.form is Form.XLSX:
            assert past.summary.title == "The whole batch of klanten.xlsx"
            assert dict(past.summary.meanings)[Status.CREATED].startswith("Created in one of the rounds")
        assert [name for name, _ in past.summary.figures] == [
            "File",
            "Merged as",
            "Command",
            "Merged",
            "Round 1",
            "Round 2",
        ]
    assert brief(rows) == [(2, "created", "1", 1), (3, "created", "2", 2), (4, "invalid", "", 2)]
    assert [row.cells for row in rows] == [("a", "local", "Ede"), ("b", "local", "Ede"), ("c", "local", "")]
    assert [codes(row) for row in rows] == [[], [], ["required"]]
    assert result.counts == {**dict.fromkeys(Status, 0), Status.CREATED: 2, Status.INVALID: 1}
    assert (result.rows, result.conflicts, result.changed, len(result.rounds)) == (3, 0, 0, 2)


def test_one_row_and_no_row_are_told_as_well(tmp_path: Path) -> None:
    one, none = Batch(tmp_path / "one"), Batch(tmp_path / "none")
    for batch, rows, said in (
        (one, [bad(2, "a", "local", "")], "1 row of klanten.xlsx: 1 still invalid."),
        (none, [], "klanten.xlsx has no data rows."),
    ):
        batch.folder.mkdir()
        batch.round(*rows)
        result = batch.merge()
        assert result.merged_file is not None
        with open_past_results(result.merged_file) as past:
            assert past.summary.headline == said


def test_rows_deleted_from_a_failed_file_keep_their_outcome_and_added_ones_come_after(batch: Batch) -> None:
    batch.round(bad(2, "a", "local", ""), bad(3, "b", "local", ""))
    batch.round(
        created(3, "b", "local", "Ede", id_=1),
        created(4, "new", "mobile", "Epe", id_=2, source="klanten.failed.xlsx"),
        of="klanten.failed.xlsx",
    )
    rows = batch.lines()
    assert brief(rows) == [(2, "invalid", "", 1), (3, "created", "1", 2), (4, "created", "2", 2)]
    assert [row.origin.source for row in rows] == ["klanten.xlsx", "klanten.xlsx", "klanten.failed.xlsx"]


def test_columns_that_were_moved_added_or_left_out_find_their_place(batch: Batch) -> None:
    batch.round(bad(2, "a", "local", ""), bad(3, "b", "local", ""))
    batch.round(
        created(2, "Ede", "a", "extra", "local", id_=1),
        of="klanten.failed.xlsx",
        labels=("Plaats", "Klant", "Nieuw", "Soort"),
    )
    result = batch.merge()
    assert result.merged_file is not None
    with open_past_results(result.merged_file) as past:
        assert past.labels == ("Klant", "Soort", "Plaats", "Nieuw")
        assert [row.cells for row in past.rows()] == [("a", "local", "Ede", "extra"), ("b", "local", "", "")]


def test_a_second_run_of_the_first_file_takes_nothing_back(batch: Batch) -> None:
    batch.round(created(2, "a", "local", "Ede", id_=1), known(3, "b", "local", "Epe", id_=2))
    batch.round(known(2, "a", "local", "Ede", id_=1), unsent(3, "b", "local", "Epe"))
    rows = batch.lines()
    assert brief(rows) == [(2, "created", "1", 1), (3, "already_created", "2", 1)]
    assert [codes(row) for row in rows] == [[], []]


def test_a_first_file_that_comes_again_sorted_and_edited_is_followed(batch: Batch) -> None:
    words = [("aa", "local", "Ede"), ("bb", "mobile", ""), ("cc", "national", "Epe"), ("dd", "local", "Elst")]
    batch.round(
        created(2, *words[0], id_=1), bad(3, *words[1]), created(4, *words[2], id_=3), created(5, *words[3], id_=4)
    )
    batch.round(
        known(2, *words[3], id_=4),
        created(3, "bb", "mobile", "Breda", id_=2),
        created(4, "ee", "local", "Goes", id_=5),
        known(5, *words[0], id_=1),
    )
    rows = batch.lines()
    assert brief(rows) == [
        (2, "created", "1", 1),
        (3, "created", "2", 2),
        (4, "created", "3", 1),
        (5, "created", "4", 1),
        (4, "created", "5", 2),
    ]


def test_a_failed_file_speaks_in_the_numbers_of_the_round_that_wrote_it(batch: Batch) -> None:
    batch.round(bad(2, "aa", "local", ""), bad(3, "bb", "mobile", ""))
    batch.round(bad(2, "bb", "mobile", ""), bad(3, "aa", "local", ""))  # sorted the other way
    batch.round(created(2, "aa", "local", "Ede", id_=1), of="klanten.failed.xlsx")
    batch.round(created(2, "bb", "mobile", "Epe", id_=2), of="klanten.failed-2.xlsx")
    assert [(row.cells[0], row.requirement_group_id) for row in batch.lines()] == [("aa", IDS[1]), ("bb", IDS[2])]


def test_a_failed_file_under_another_name_is_followed_all_the_same(tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    batch.round(bad(2, "aa", "local", ""), bad(3, "bb", "mobile", ""))
    batch.round(created(3, "bb", "mobile", "Ede", id_=1), of="terug.xlsx", name="terug.results.csv")
    assert brief(batch.lines(*batch.paths)) == [(2, "invalid", "", 1), (3, "created", "1", 2)]


def test_a_failed_file_with_the_name_of_the_first_is_followed_too(tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    batch.round(created(2, "aa", "local", "Ede", id_=1), bad(3, "bb", "mobile", ""))
    path = batch.round(
        created(3, "bb", "mobile", "Ede", id_=2), created(2, "zz", "national", "Goes", id_=3), of="terug.xlsx"
    )
    for file in (path, beside(path, "summary")):  # it was called klanten.xlsx when it was run
        file.write_text(file.read_text(encoding="utf-8-sig").replace("terug.xlsx", "klanten.xlsx"), encoding="utf-8")
    assert brief(batch.lines()) == [(2, "created", "1", 1), (3, "created", "2", 2), (2, "created", "3", 2)]


def test_a_row_that_was_added_to_a_failed_file_is_followed_under_the_files_other_name(batch: Batch) -> None:
    """It has no number of its own, and the customer has corrected it since."""
    wide = ("Klant", "Straat", "Bedrijf", "Plaats")
    batch.round(bad(2, "a", "Kade", "A BV", "", source=FIRST), labels=wide)
    failed = "klanten.failed.xlsx"
    batch.round(bad(2, "a", "Kade", "A BV", ""), bad(3, "b", "Laan", "B BV", "", source=failed), of=failed, labels=wide)
    batch.round(
        bad(2, "a", "Kade", "A BV", ""),
        created(3, "b", "Laan", "B BV", "Ede", id_=1, source="terug.xlsx"),
        created(4, "c", "Pad", "C BV", "Epe", id_=2, source="terug.xlsx"),
        of="terug.xlsx",
        labels=wide,
    )
    rows = batch.lines(*batch.paths)
    assert [(row.cells[0], row.status.value, row.origin.source) for row in rows] == [
        ("a", "invalid", FIRST),
        ("b", "created", failed),
        ("c", "created", "terug.xlsx"),
    ]


def test_of_a_round_that_was_asked_about_in_parts_every_answer_counts(batch: Batch) -> None:
    names = ("approval", "approval_checked_at")
    at = "2026-11-23 0{}:00:00+00:00"
    heard, unheard = ("approved", at.format(8)), ("", "")
    for first, second in ((heard, heard), (("rejected", at.format(9)), unheard)):  # the later one was interrupted
        batch.round(
            created(2, "a", "local", "Ede", id_=1, extras=first),
            created(3, "b", "local", "Epe", id_=2, extras=second),
            extras=names,
            run=1,
        )
    assert [row.extras[:2] for row in batch.lines()] == [("rejected", at.format(9)), heard]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (("http://127.0.0.1:81", "a"), ("https://api.example", "a"), "in a sandbox, and klanten.results-2"),
        (("https://api.example", "a"), ("https://api.example", "b"), "for the account 'a' at https://api.example, and"),
        (("https://api.example", "a"), ("https://other.example", "a"), "for the account 'a' at https://other.example"),
        (("http://127.0.0.1:81", "a"), ("http://[::1]:82", "b"), ""),
        (("https://api.example", "a"), ("https://api.example", "a"), ""),
    ],
)
def test_what_was_made_elsewhere_is_never_merged(
    tmp_path: Path, one: tuple[str, str], other: tuple[str, str], said: str
) -> None:
    """Its groups would stand for groups that were never created; each try in a sandbox has a port of its own."""
    batch = Batch(tmp_path)
    batch.round(created(2, "a", "local", "Ede", id_=1), made=one)
    batch.round(created(2, "a", "local", "Ede", id_=1), made=other)
    if not said:
        assert batch.merge().rows == 1
        return
    with pytest.raises(InputError, match="do not belong together") as refused:
        batch.merge()
    assert said in refused.value.message
    assert not list(tmp_path.glob("*merged*"))


# What somebody should look at


def test_two_groups_for_one_row_are_never_hidden(batch: Batch) -> None:
    batch.round(created(2, "a", "local", "Ede", id_=1), created(3, "b", "local", "Epe", id_=2))
    batch.round(created(2, "a", "local", "Breda", id_=3), known(3, "b", "local", "Epe", id_=2))
    result = batch.merge()
    assert result.conflicts == 1
    assert result.merged_file is not None
    with open_past_results(result.merged_file) as past:
        first, second = past.rows()
    assert (first.requirement_group_id, codes(first), codes(second)) == (IDS[3], ["two_ids"], [])
    assert f"{IDS[1]}, {IDS[3]}" in first.errors[0].message


def test_a_row_that_was_changed_after_its_group_was_made_keeps_the_group(batch: Batch) -> None:
    batch.round(created(2, "a", "local", "Ede", id_=1), created(3, "b", "local", "Epe", id_=2))
    batch.round(bad(2, "a", "local", ""), twin(3, "b bis", "local", "Epe", id_=2))
    result = batch.merge()
    assert (result.changed, result.counts[Status.CREATED]) == (2, 2)
    assert result.merged_file is not None
    with open_past_results(result.merged_file) as past:
        rows = list(past.rows())
    assert [codes(row) for row in rows] == [["changed_after_created"]] * 2
    assert rows[0].errors[0].message == (
        "Round 2 had other values for this row after its group was created, and they are not in the group (invalid)."
        " City is empty."
    )
    assert [row.cells for row in rows] == [("a", "local", "Ede"), ("b", "local", "Epe")]


def test_the_first_file_run_again_as_it_was_takes_nothing_back_and_changes_nothing(batch: Batch) -> None:
    first = bad(2, "a", "local", "")
    batch.round(first)
    batch.round(created(2, "a", "local", "Ede", id_=1), of="klanten.failed.xlsx")
    batch.round(first)
    result = batch.merge()
    assert (result.changed, result.counts[Status.CREATED]) == (0, 1)
    batch.round(bad(2, "a", "mobile", ""))
    assert batch.merge().changed == 1


def test_a_group_counts_for_the_row_that_made_it(batch: Batch) -> None:
    batch.round(bad(2, "a", "local", ""), created(3, "b", "local", "Ede", id_=1), twin(4, "b", "local", "Ede", id_=1))
    batch.round(known(2, "b", "local", "Ede", id_=1), known(4, "b", "local", "Ede", id_=1), of="klanten.failed.xlsx")
    rows = batch.lines()
    assert brief(rows) == [(2, "duplicate", "1", 2), (3, "created", "1", 1), (4, "duplicate", "1", 2)]
    assert rows[0].errors[0].message == "The same group as row 3 of klanten.xlsx; only that one counts."


def test_a_row_copied_in_a_failed_file_is_a_row_of_its_own(batch: Batch) -> None:
    batch.round(bad(2, "a", "local", ""), bad(3, "b", "mobile", ""))
    batch.round(
        created(2, "copy", "local", "Ede", id_=1),
        created(2, "a", "local", "Epe", id_=2),
        of="klanten.failed.xlsx",
    )
    assert [(row.cells[0], row.requirement_group_id) for row in batch.lines()] == [
        ("a", IDS[2]),
        ("b", None),
        ("copy", IDS[1]),
    ]


def test_approvals_are_kept_as_they_were_last_heard(batch: Batch) -> None:
    names = ("approval", "approval_checked_at")
    batch.round(created(2, "a", "local", "Ede", id_=1), created(3, "b", "local", "Epe", id_=2))
    at = "2026-11-23 0{}:00:00+00:00"
    batch.round(
        created(2, "a", "local", "Ede", id_=1, extras=("rejected", at.format(9))),
        created(3, "b", "local", "Epe", id_=2, extras=("", "")),
        extras=names,
        run=1,
    )
    result = batch.merge()
    assert [path.name for path in result.left_out] == [batch.paths[0].name]
    assert result.merged_file is not None
    with open_past_results(result.merged_file) as past:
        assert past.extras == (*names, "flireo_round")
        assert [row.extras for row in past.rows()] == [("rejected", at.format(9), 1), ("", "", 1)]


def test_of_a_round_that_was_asked_about_twice_the_later_answer_counts(batch: Batch) -> None:
    names = ("approval", "approval_checked_at")
    at = "2026-11-23 0{}:00:00+00:00"
    for word, hour in (("approved", 9), ("pending", 8)):  # the first file was overwritten later
        batch.round(created(2, "a", "local", "Ede", id_=1, extras=(word, at.format(hour))), extras=names, run=1)
    assert [row.extras for row in batch.lines()] == [("approved", at.format(9), 1)]


def test_warnings_go_with_the_values_that_are_shown_too(batch: Batch) -> None:
    def odd(row: int, column: str | None, value: str, source: str = "") -> Notice:
        said = sentence("Odd.")
        return Notice(code="odd", sentence=said, row=row, column=column, value=value, source=source)

    batch.round(
        created(2, "a", "local", "Ede", id_=1),
        bad(3, "b", "local", ""),
        warnings=[odd(2, "Plaats", "Ede"), odd(3, "Klant", "b"), odd(2, None, ""), odd(2, "Plaats", "Epe")],
    )
    batch.round(
        created(3, "b", "local", "Epe", id_=2), of="klanten.failed.xlsx", warnings=[odd(3, "Plaats", "Epe", FIRST)]
    )
    result = batch.merge()
    assert result.merged_file is not None
    with open_past_results(result.merged_file) as past:
        assert list(past.changes()) == []
        found = [(one.row, one.column, one.value, one.source, one.message) for one in past.warnings()]
    assert found == [
        (2, "Plaats", "Ede", FIRST, "Odd."),
        (2, None, "", FIRST, "Odd."),
        (3, "Plaats", "Epe", FIRST, "Odd."),
    ]


def test_of_a_file_with_several_sheets_the_rows_are_followed_sheet_by_sheet(batch: Batch) -> None:
    """The same numbers occur in every sheet, and the file is a first file although its results show origins."""
    north, south = (f"{FIRST} / {sheet}" for sheet in ("Noord", "Zuid"))
    batch.round(
        bad(2, "a", "local", "", source=north),
        bad(3, "b", "local", "", source=north),
        bad(2, "c", "local", "", source=south),
        several_sheets=True,
    )
    batch.round(
        created(2, "c", "local", "Ede", id_=3, source=south),
        bad(3, "b", "local", "", source=north),
        of="klanten.failed.xlsx",
    )
    batch.round(  # the first file again: sorted, completed, and with a row more
        created(2, "b", "local", "Ede", id_=2, source=north),
        created(3, "a", "local", "Ede", id_=1, source=north),
        known(2, "c", "local", "Ede", id_=3, source=south),
        bad(3, "d", "local", "", source=south),
        several_sheets=True,
    )
    rows = batch.lines()
    assert [(row.origin.source, row.origin.row, row.cells[0]) for row in rows] == [
        (north, 2, "a"),
        (north, 3, "b"),
        (south, 2, "c"),
        (south, 3, "d"),
    ]
    assert [row.requirement_group_id for row in rows] == [IDS[1], IDS[2], IDS[3], None]
    assert [row.extras[-1] for row in rows] == [3, 3, 2, 3]


def test_changes_go_with_the_values_that_are_shown(batch: Batch) -> None:
    def change(row: int, before: str, source: str = "") -> Change:
        after = before.strip()
        return Change(row=row, column="Plaats", field="city", before=before, after=after, code="trimmed", source=source)

    batch.round(
        created(2, "a", "local", "Ede ", id_=1), bad(3, "b", "local", " "), changes=[change(2, "Ede "), change(3, " ")]
    )
    batch.round(created(3, "b", "local", "Epe ", id_=2), of="klanten.failed.xlsx", changes=[change(3, "Epe ", FIRST)])
    result = batch.merge()
    assert result.merged_file is not None
    with open_past_results(result.merged_file) as past:
        assert [(found.row, found.before) for found in past.changes()] == [(2, "Ede "), (3, "Epe ")]


# Which files


def test_files_may_be_named_in_any_order_and_the_oldest_is_the_first(batch: Batch) -> None:
    batch.round(bad(2, "a", "local", ""))
    batch.round(created(2, "a", "local", "Ede", id_=1), of="klanten.failed.xlsx")
    result = batch.merge(*reversed(batch.paths))
    assert [one.path for one in result.rounds] == batch.paths
    assert [one.counts[Status.CREATED] for one in result.rounds] == [0, 1]


def test_without_a_summary_the_numbers_in_the_names_give_the_order(tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    batch.round(bad(2, "a", "local", ""))
    batch.round(created(2, "a", "local", "Ede", id_=1), of="klanten.failed.xlsx")
    for path in batch.paths:
        beside(path, "summary").unlink()
    assert [one.path for one in batch.merge(*reversed(batch.paths)).rounds] == batch.paths


def test_any_file_of_the_batch_stands_for_it(tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    batch.round(bad(2, "a", "local", ""))
    for name in ("klanten.xlsx", "klanten.failed-2.csv", "klanten.results.csv"):
        assert len(batch.merge(tmp_path / name, overwrite=True).rounds) == 1
    other = batch.round(bad(2, "x", "local", ""), name="anders.results.csv", of="anders.xlsx")
    with pytest.raises(SettingsError, match=r"several batches here: anders, klanten\. Name the one to merge"):
        batch.merge()
    result = batch.merge(other)
    assert (len(result.rounds), result.merged_file) == (1, tmp_path / "anders.merged.csv")
    moved = other.rename(tmp_path / "zomaar.csv")
    assert batch.merge(moved).merged_file == tmp_path / "zomaar.merged.csv"


def test_checks_dry_runs_and_merged_results_are_no_rounds(tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    batch.round(bad(2, "a", "local", ""))
    batch.round(unsent(2, "a", "local", "Ede"), of="klanten.failed.xlsx", mode=Mode.DRY_RUN)
    batch.round(unsent(2, "a", "local", "Ede"), of="klanten.failed.xlsx", mode=Mode.CHECK)
    result = batch.merge()
    assert ([one.path for one in result.rounds], list(result.left_out)) == (batch.paths[:1], batch.paths[1:])
    assert result.merged_file is not None
    with pytest.raises(InputError, match="There is nothing to merge in"):
        batch.merge(result.merged_file, batch.paths[1])


def test_what_cannot_be_merged_is_refused_with_what_to_do(tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    with pytest.raises(SettingsError, match="There are no results in"):
        batch.merge()
    with pytest.raises(InputError, match=r"There are no results of klanten\.xlsx .* expected klanten\.results\.xlsx"):
        batch.merge(tmp_path / "klanten.xlsx")
    (tmp_path / "klanten.csv").write_text("a;b\n1;2\n")
    with pytest.raises(InputError, match="not a results file"):
        batch.merge(tmp_path / "klanten.csv")
    path = batch.round(bad(2, "a", "local", ""))
    with pytest.raises(InputError, match="not a results file"):
        batch.merge(path, tmp_path / "klanten.csv")


def test_nothing_is_overwritten_unless_that_is_asked_for(tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    batch.round(bad(2, "a", "local", ""))
    assert batch.merge().merged_file == tmp_path / "klanten.merged.csv"
    assert batch.merge().merged_file == tmp_path / "klanten.merged-2.csv"
    assert batch.merge(overwrite=True).merged_file == tmp_path / "klanten.merged.csv"
    assert batch.merge(out=tmp_path / "out", form="xlsx").merged_file == tmp_path / "out" / "klanten.merged.xlsx"
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        batch.merge(out=tmp_path / "file")


# Rows and columns by themselves


def cards(*cells: str, group_ids: Sequence[str | None] = (), start: int = 2) -> list[Card]:
    ids = [*group_ids, *[None] * (len(cells) - len(group_ids))]
    return [
        Card(place=Origin(source=FIRST, row=place), cells=tuple(text.split()), group_id=id_)
        for place, (text, id_) in enumerate(zip(cells, ids, strict=True), start)
    ]


def aligned(rows: list[Card], lines: list[Card]) -> dict[int, int]:
    return dict(align(rows, lines, lambda some: Rarity(rows, lines, some)))


def test_content_says_more_than_place_and_a_group_more_than_content() -> None:
    assert aligned(cards("a x", "b y"), cards("b y", "a x")) == {0: 1, 1: 0}
    assert aligned(cards("a x", "b y", group_ids=["2", "1"]), cards("a z", "b z", group_ids=["1", "2"])) == {0: 1, 1: 0}


def test_of_twins_that_came_to_one_group_each_stays_itself_whichever_is_said_to_have_it() -> None:
    lines = cards("k1 ann utrecht", group_ids=["1"])
    assert aligned(cards("k2 ann utrecht", "k1 ann utrecht", group_ids=["1", None]), lines) == {1: 0}
    alike = cards("ann utrecht", "ann utrecht", group_ids=[None, "1"])
    assert aligned(cards("x", "ann utrecht", "ann utrecht", group_ids=[None, "1", None]), alike) == {1: 1, 2: 0}


def test_an_edited_row_is_known_by_what_is_rare_in_it() -> None:
    lines = cards("ann utrecht local", "bob utrecht local", "cor utrecht local")
    assert aligned(cards("eva utrecht local", "cor arnhem local"), lines) == {1: 2}


def test_what_is_unlike_is_known_by_its_place_only_where_nothing_moved() -> None:
    lines = cards("a b c d e f g h", "i j k l m n o p", "q r")
    assert aligned(cards("a b c d e f g h", "i j k 1 2 3 4 5", "q r"), lines) == {0: 0, 1: 1, 2: 2}
    assert aligned(cards("q r", "i j k 1 2 3 4 5", "a b c d e f g h"), lines) == {0: 2, 2: 0}
    assert aligned(cards("a b c d e f g h", "1 2 3 4 5 6 7 8", "q r"), lines) == {0: 0, 2: 2}
    two = cards("i j k l m n o p", group_ids=["x"])
    assert aligned(cards("i j k 1 2 3 4 5", group_ids=["y"]), two) == {}


def test_columns_of_the_same_name_are_told_apart_by_their_order() -> None:
    columns = MergedColumns()
    assert columns.positions(["A", "B", "B"], ["A", "B", "B"]) == (0, 1, 2)
    assert columns.positions([" B", "B ", "A"], ["B", "B", "A"]) == (1, 2, 0)
    assert columns.beyond(1) == columns.beyond(1) == (3,)
    assert (columns.headers, columns.labels) == (["A", "B", "B", ""], ["A", "B", "B", ""])
    assert spread(["x", "y", ""], (1, 2, 0)) == ("", "x", "y")
    assert spread([], ()) == ()
