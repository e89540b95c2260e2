"""pipeline: what a mapping, a split and rows that are no data come to in the files that are written."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from batch.columns import FOLDER_MAP, SavedMap
from batch.errors import SettingsError
from batch.example_row import EXAMPLE_MARK
from batch.model import Status
from batch.pipeline.batch_run import BatchRun
from batch.pipeline.check import check
from batch.pipeline.mapped import FileOptions
from batch.pipeline.rules import load_rules
from batch.pipeline.run import run
from batch.pipeline.values import BatchResult, FileResult, OutputOptions, RunOptions
from tests.support.line import FIELDS, Api, Heard, Line, again, line_to, quick_settings, sandbox
from tests.support.program import sheet

RULES = load_rules(None, "NL")
SPLIT_COLUMNS = {
    "Adres": "street_name+house_number",
    "Contactpersoon": "contact_person_first_name+contact_person_last_name",
}
SPLIT = FileOptions(mapping=tuple(f"{header}={target}" for header, target in SPLIT_COLUMNS.items()))
PARTS = ("street_name", "house_number", "contact_person_first_name", "contact_person_last_name")


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def line(api: Api, tmp_path: Path) -> Iterator[Line]:
    with line_to(api, tmp_path, concurrency=1) as line:
        yield line


def go(line: Line, *files: Path, **options: object) -> BatchResult:
    def drive(work: BatchRun) -> None:
        asyncio.run(work.work())

    return run(RunOptions(files=files, **options), line.tools(), drive)  # type: ignore[arg-type]


def checked(
    path: Path, file: FileOptions | None = None, heard: Heard | None = None, *, results: bool = False
) -> FileResult:
    output = OutputOptions(overwrite=True, results=results)
    options = RunOptions(files=(path,), file=file or FileOptions(), output=output)
    (result,) = check(options, quick_settings(), RULES, heard or Heard()).files
    return result


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """A customer's file with combined columns."""
    header = [*(name for name in FIELDS if name not in PARTS), "Adres", "Contactpersoon"]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, header, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**FIELDS, "Adres": "Laan 9", "Contactpersoon": "Jan van der Berg", **row} for row in rows)
    return path


def test_combined_columns_are_split_recorded_and_given_back_whole(api: Api, line: Line, tmp_path: Path) -> None:
    rows = [{"name": "A"}, {"name": "B", "Contactpersoon": "Jan"}, {"name": "C", "Adres": ""}]
    (first,) = go(line, write_rows(tmp_path / "a.csv", rows), file=SPLIT).files
    assert (first.counts[Status.CREATED], first.counts[Status.INVALID]) == (1, 2)
    (body,) = api.bodies()
    assert [body[name] for name in PARTS] == ["Laan", "9", "Jan", "van der Berg"]
    changes = [row for row in sheet(str(first.results_file), "Changes") if row["code"] == "split"]
    assert [(row["row"], row["column"], row["field"], row["from"], row["to"]) for row in changes[:2]] == [
        (2, "Adres", "street_name", "Laan 9", "Laan"),
        (2, "Adres", "house_number", "Laan 9", "9"),
    ]
    errors = [(row["row"], row["column"], row["code"]) for row in sheet(str(first.results_file), "Errors")]
    assert errors == [(3, "Contactpersoon", "cannot_split"), (4, "Adres", "required"), (4, "Adres", "required")]
    failed = sheet(str(first.failed_file))
    assert [(row["Adres"], row["Contactpersoon"]) for row in failed] == [("Laan 9", "Jan"), (None, "Jan van der Berg")]
    assert not set(PARTS) & set(failed[0])


def test_a_corrected_failed_file_runs_with_the_same_mapping(api: Api, line: Line, tmp_path: Path) -> None:
    rows = [{"name": "A"}, {"name": "B", "Contactpersoon": "Anna Maria Jansen"}]
    (first,) = go(
        line, write_rows(tmp_path / "a.csv", rows), file=SPLIT, output=OutputOptions(format="csv", failed_format="csv")
    ).files
    assert first.failed_file is not None
    (untouched,) = go(again(line), first.failed_file, file=SPLIT).files
    assert (untouched.counts[Status.INVALID], api.posts) == (1, 1)
    text = first.failed_file.read_text(encoding="utf-8")
    first.failed_file.write_text(text.replace("Anna Maria Jansen", "Anna Maria | Jansen"), encoding="utf-8")
    (second,) = go(again(line), first.failed_file, file=SPLIT).files
    assert second.counts[Status.CREATED] == 1
    assert api.bodies()[-1]["contact_person_first_name"] == "Anna Maria"


def test_a_cell_that_cannot_be_trusted_is_told_once_and_not_split(tmp_path: Path) -> None:
    from batch.check_marker import mark

    result = checked(write_rows(tmp_path / "a.csv", [{"Adres": mark("Laan 9")}]), SPLIT)
    (row,) = sheet(str(result.failed_file))
    assert row["flireo_errors"].count("bears the mark") == 1
    assert "cannot be split" not in row["flireo_errors"]


def test_combined_columns_are_left_alone_unasked(tmp_path: Path) -> None:
    result = checked(write_rows(tmp_path / "a.csv", [{}]))
    assert result.error is not None
    for option in SPLIT.mapping:
        assert f'--map "{option}"' in result.error.message


HEADER = [*FIELDS, "aantal"]
ROW = [*FIELDS.values(), "3"]


def table(*more: list[str]) -> list[list[str]]:
    """A title, a header row, a row of data, and what follows."""
    return [["Klantenlijst"], HEADER, ROW, *more]


def write_table(path: Path, rows: list[list[str]]) -> Path:
    if path.suffix == ".csv":
        path.write_text("".join(f"{';'.join(row)}\n" for row in rows), encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text:
                book.worksheets[0].cell(number, column, text)
    book.save(path)
    return path


FOOT = [["", *[""] * 10, "3"], ["Totaal: 1"], [], ["Let op: nog niet compleet"], ["Opgesteld door de afdeling"]]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_totals_and_footers_are_not_sent_and_are_told(tmp_path: Path, name: str) -> None:
    heard = Heard()
    path = write_table(tmp_path / name, table(HEADER, [*ROW[:1], "B", *ROW[2:]], *FOOT))
    result = checked(path, heard=heard, results=True)
    assert (result.rows, result.counts[Status.NOT_SENT], result.failed_file) == (2, 2, None)
    codes = {4: "repeated_header", 6: "total_row", 7: "total_row", 9: "footer_row", 10: "footer_row"}
    assert {notice.row: notice.code for notice in heard.notices if notice.row in codes} == codes
    summary = openpyxl.load_workbook(str(result.results_file))["Summary"]
    told = {row[0]: row[2] for row in summary.iter_rows(values_only=True)}
    for number in codes:
        assert f"Row {number}" in told


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
@pytest.mark.parametrize("nothing", [["\u200b"], ["", "\ufeff"], ["\u200f", " ", "\xa0\u200b"], [*[""] * 12, "\u200b"]])
def test_a_row_of_which_nothing_can_be_seen_is_blank(tmp_path: Path, name: str, nothing: list[str]) -> None:
    heard = Heard()
    path = write_table(tmp_path / name, table(nothing, [*ROW[:1], "B", *ROW[2:]], nothing, ["Los"], nothing))
    for file in (FileOptions(), ALL):
        result = checked(path, file, heard, results=True)
        assert (result.rows, result.counts[Status.NOT_SENT], result.failed_file) == (2, 2, None)
        assert [row["row"] for row in sheet(str(result.results_file), "Results")] == [3, 5]
    assert {notice.row for notice in heard.notices if notice.code == "footer_row"} == {7}  # below an empty row


@pytest.mark.parametrize("nothing", ["", "\u200b"])
def test_a_row_of_a_failed_file_of_which_only_our_columns_are_left_is_data(tmp_path: Path, nothing: str) -> None:
    header = [*FIELDS, "flireo_row", "flireo_source", "flireo_status", "flireo_errors"]
    row, ours = [*FIELDS.values(), nothing, "", "", ""], [*[nothing] * (len(FIELDS) + 1), "a.csv", "", ""]
    blank = [nothing] * len(header)
    for rows, read in (([row, ours], 2), ([ours, row], 2), ([row, blank], 1)):
        result = checked(write_table(tmp_path / "a.failed.csv", [header, *rows]))
        assert (result.rows, result.counts[Status.NOT_SENT]) == (read, 1)


def test_rows_of_another_table_are_given_back_and_refused_again(tmp_path: Path) -> None:
    other = [["naam", "telefoon", "opmerking"], ["Jan", "06-12345678", "x"]]
    result = checked(write_table(tmp_path / "a.csv", table([], *other)))
    assert (result.counts[Status.INVALID], result.counts[Status.NOT_SENT]) == (2, 1)
    errors = [row["flireo_errors"] for row in sheet(str(result.failed_file))]
    assert [text.startswith("This row belongs to another table, which begins in row 5") for text in errors] == [
        True
    ] * 2
    assert result.failed_file is not None
    again = checked(result.failed_file)
    assert (again.rows, again.counts[Status.INVALID]) == (2, 2)


def test_the_example_of_the_template_is_told(tmp_path: Path) -> None:
    heard = Heard()
    example = [EXAMPLE_MARK if text == "Depot" else text for text in ROW]
    result = checked(write_table(tmp_path / "a.csv", [HEADER, example]), heard=heard)
    assert result.rows == 0
    assert {(notice.code, notice.row) for notice in heard.notices} >= {("example_row", 2), ("no_data_rows", None)}


# Map files.


def test_the_map_file_in_the_folder_is_used_and_told(tmp_path: Path) -> None:
    heard = Heard()
    (tmp_path / FOLDER_MAP).write_text("[columns]\n" + "".join(f'"{h}" = "{t}"\n' for h, t in SPLIT_COLUMNS.items()))
    path = write_rows(tmp_path / "a.csv", [{}, {"Contactpersoon": "Jan"}])
    result = checked(path, heard=heard)
    assert (result.counts[Status.NOT_SENT], result.counts[Status.INVALID]) == (1, 1)
    assert "map_file_used" in {notice.code for notice in heard.notices}
    assert result.failed_file is not None
    assert checked(result.failed_file).counts[Status.INVALID] == 1
    assert checked(path, FileOptions(folder_map=False)).error is not None
    assert checked(path, replace(SPLIT, saved=SavedMap(name="none"))).counts[Status.NOT_SENT] == 1


@pytest.mark.parametrize(
    ("text", "words"), [("x", "is no map file"), ('delimiter = "ab"', "flireo-map.toml: --delimiter")]
)
def test_a_map_file_in_the_folder_that_is_wrong_refuses_the_file_alone(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / FOLDER_MAP).write_text(text)
    files = (write_table(tmp_path / "sub" / "a.csv", table()), write_table(tmp_path / "b.csv", table()))
    bad, good = check(RunOptions(files=files), quick_settings(), RULES, Heard()).files
    assert bad.error is not None
    assert words in bad.error.message
    assert good.error is None


def test_a_wrong_delimiter_on_the_command_line_is_a_matter_of_the_command_line(tmp_path: Path) -> None:
    options = FileOptions(delimiter="ab", saved=SavedMap(name="klant.toml", delimiter=";"))
    with pytest.raises(SettingsError):
        checked(write_table(tmp_path / "a.csv", table()), options)


def test_the_encoding_of_a_map_file_gives_way_to_what_the_file_shows(tmp_path: Path) -> None:
    saved = FileOptions(saved=SavedMap(name="klant.toml", encoding="cp850"))
    for encoding, seen in (("utf-8", "Caf\u00e9"), ("utf-8-sig", "Caf\u00e9"), ("cp850", "Caf\u00e9")):
        path = tmp_path / f"{encoding}.csv"
        lines = [";".join(FIELDS), ";".join({**FIELDS, "name": "Caf\u00e9", "city": ""}.values())]
        path.write_bytes("\n".join(lines).encode(encoding))
        (row,) = sheet(str(checked(path, saved).failed_file))
        assert row["name"] == seen


# Several sheets.

ALL = FileOptions(all_sheets=True)
NORTH = [list(FIELDS), [*FIELDS.values()], ["", *[*FIELDS.values()][1:]]]
SOUTH = [
    ["Klantnr", *(("Woonplaats" if name == "city" else name) for name in reversed(FIELDS))],
    ["7", *reversed(FIELDS.values())],
    ["8", *reversed({**FIELDS, "name": "Zuid"}.values())],
    ["9", *reversed({**FIELDS, "name": "West", "city": ""}.values())],
    ["Totaal: 3"],
]


def write_book(path: Path, **sheets: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_all_sheets_are_one_input_with_each_row_told_apart(api: Api, line: Line, tmp_path: Path) -> None:
    path = write_book(tmp_path / "k.xlsx", Noord=NORTH, Uitleg=[["bel Jan"]], Zuid=SOUTH)
    (first,) = go(line, path, file=ALL).files
    counts = {status: count for status, count in first.counts.items() if count}
    assert (first.rows, counts) == (5, {Status.CREATED: 2, Status.INVALID: 2, Status.DUPLICATE: 1})
    assert sorted(str(body["name"]) for body in api.bodies()) == ["Depot", "Zuid"]
    rows = sheet(str(first.results_file), "Results")
    assert [(row["row"], row["flireo_source"], row["status"]) for row in rows] == [
        (2, "k.xlsx / Noord", "created"),
        (3, "k.xlsx / Noord", "invalid"),
        (2, "k.xlsx / Zuid", "duplicate"),
        (3, "k.xlsx / Zuid", "created"),
        (4, "k.xlsx / Zuid", "invalid"),
    ]
    assert {row["city"] for row in rows[1:4]} == {"Utrecht"}
    assert [row["Klantnr"] for row in rows[1:4]] == [None, "7", "8"]
    errors = sheet(str(first.results_file), "Errors")
    assert [(row["row"], row["column"], row["flireo_source"]) for row in errors] == [
        (3, "phone_number_type", "k.xlsx / Noord"),
        (2, None, "k.xlsx / Zuid"),
        (4, "city", "k.xlsx / Zuid"),
    ]
    assert errors[1]["message"] == "This row is the same as row 2 of k.xlsx / Noord; only that one counts."
    assert line.heard.notices
    told = {(notice.sheet, notice.row, notice.code) for notice in line.heard.notices}
    assert ("Zuid", 5, "total_row") in told


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_failed_file_of_all_sheets_runs_again(api: Api, line: Line, tmp_path: Path, form: str) -> None:
    path = write_book(tmp_path / "k.xlsx", Noord=NORTH, Zuid=SOUTH)
    output = OutputOptions(format=form, failed_format=form)
    (first,) = go(line, path, file=ALL, output=output).files
    assert first.failed_file is not None
    for file in (FileOptions(), ALL):
        (again_,) = go(again(line), first.failed_file, file=file, output=output).files
        assert (again_.rows, again_.counts[Status.INVALID]) == (3, 2)
    assert api.posts == 2
    (last,) = go(again(line), path, file=ALL).files
    assert last.counts[Status.ALREADY_CREATED] == 2
    assert api.posts == 2


def test_changes_and_warnings_of_all_sheets_say_of_which_they_are(tmp_path: Path) -> None:
    heard = Heard()
    spaced = [list(FIELDS), [*({**FIELDS, "name": " A "}).values()]]
    phone = [list(FIELDS), [*({**FIELDS, "name": "B", "contact_person_phone": "06"}).values()]]
    result = checked(write_book(tmp_path / "k.xlsx", A=spaced, B=phone), ALL, heard, results=True)
    (change,) = sheet(str(result.results_file), "Changes")
    assert (change["row"], change["to"], change["flireo_source"]) == (2, "A", "k.xlsx / A")
    assert ("B", 2) in {(notice.sheet, notice.row) for notice in heard.notices}
    summary = openpyxl.load_workbook(str(result.results_file))["Summary"]
    assert any(str(row[0]) == "B: contact_person_phone" for row in summary.iter_rows(values_only=True))
    odd = {each["flireo_source"]: each for each in sheet(str(result.results_file), "Warnings") if each["value"] == "06"}
    assert {source: (each["row"], each["code"]) for source, each in odd.items()} == {
        "k.xlsx / B": (2, "phone_not_valid")
    }


def test_a_field_that_only_one_sheet_has_is_empty_on_the_others(api: Api, line: Line, tmp_path: Path) -> None:
    more = [[*FIELDS, "description"], [*({**FIELDS, "name": "B"}).values(), "x"], [*FIELDS.values(), "y"]]
    (result,) = go(line, write_book(tmp_path / "k.xlsx", A=NORTH[:2], B=more), file=ALL).files
    assert (result.counts[Status.CREATED], result.counts[Status.DUPLICATE]) == (2, 1)
    assert [body.get("description") for body in api.bodies()] == [None, "x"]
    (error,) = sheet(str(result.results_file), "Errors")
    assert "the same group as row 2 of k.xlsx / A" in str(error["message"])
    assert "description" in str(error["message"])


def test_a_row_that_is_too_long_keeps_what_stands_beyond_its_header(tmp_path: Path) -> None:
    wide = [[*FIELDS], [*({**FIELDS, "name": "B", "city": ""}).values(), "over"]]
    longer = [[*FIELDS, "Opmerking"], [*FIELDS.values(), "x"]]
    result = checked(write_book(tmp_path / "k.xlsx", A=longer, B=wide), ALL)
    (row,) = sheet(str(result.failed_file))
    assert row["Opmerking"] is None
    (_, cells) = openpyxl.load_workbook(str(result.failed_file)).worksheets[0].iter_rows(values_only=True)
    assert cells[-1] == "over"


def test_a_map_file_can_ask_for_all_sheets(tmp_path: Path) -> None:
    path = write_book(tmp_path / "k.xlsx", Noord=NORTH, Zuid=SOUTH)
    assert checked(path).error is not None
    saved = SavedMap(name="klant.toml", all_sheets=True)
    assert checked(path, FileOptions(saved=saved)).rows == 5
    assert checked(path, FileOptions(saved=saved, sheet="Zuid")).rows == 3
