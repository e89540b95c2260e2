"""`check`, `inspect` and `template` as their users run them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.support.line import FIELDS, sandbox
from tests.support.program import Program, named, sheet, write_csv

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(folder=tmp_path)


def sample(name: str, folder: Path) -> Path:
    return Path(shutil.copy(ROOT / "samples" / name, folder / name))


def test_a_valid_file_needs_nobody(program: Program, tmp_path: Path) -> None:
    done = program("check", sample("clean.csv", tmp_path), "--json")
    assert done.code == 0
    assert (done.file["counts"]["not_sent"], done.file["rows"]) == (12, 12)
    assert (done.file["results_file"], done.file["failed_file"]) == (None, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean.csv"]


def test_check_needs_no_key_no_network_and_makes_no_ledger(program: Program, tmp_path: Path) -> None:
    assert program("check", write_csv(tmp_path / "a.csv", *named(2))).code == 0
    assert not (tmp_path / "ledger.sqlite3").exists()


def test_invalid_rows_are_told_and_given_back(program: Program, tmp_path: Path) -> None:
    done = program("check", sample("messy.xlsx", tmp_path), "--results", "--json")
    assert done.code == 1
    assert (done.file["counts"]["invalid"], done.file["counts"]["duplicate"]) == (7, 2)
    errors = {(row["row"], row["column"]): row for row in sheet(done.file["results_file"], "Errors")}
    assert errors[7, "Huisnummer"]["code"] == "date_cell"
    assert "1-2" in errors[7, "Huisnummer"]["message"]
    assert (
        errors[11, "Soort nummer"]["message"]
        == "Phone number type must be one of local, mobile, national; found 'vast'."
    )
    assert errors[12, "Plaats"]["message"] == "City is empty; it is required."
    assert {row["flireo_status"] for row in sheet(done.file["failed_file"])} == {"invalid", "duplicate"}
    would = [row for row in sheet(done.file["results_file"], "Errors") if row["code"] == "would_send"]
    assert len(would) == done.file["counts"]["not_sent"] == 16


def test_a_failed_file_that_comes_back_untouched_is_still_refused(program: Program, tmp_path: Path) -> None:
    first = program("check", sample("messy.xlsx", tmp_path), "--json")
    again = program("check", first.file["failed_file"], "--json")
    assert again.file["counts"]["invalid"] == 7
    csv = program("check", tmp_path / "messy.xlsx", "--failed-format", "csv", "--out", tmp_path / "csv", "--json")
    again = program("check", csv.file["failed_file"], "--json")
    assert again.file["counts"]["invalid"] == 7


def test_hostile_rows_are_caught_and_harmless_ones_are_not(program: Program, tmp_path: Path) -> None:
    done = program("check", sample("hostile.csv", tmp_path), "--json")
    assert done.code == 1
    assert (done.file["rows"], done.file["counts"]["invalid"]) == (14, 6)
    again = program("check", done.file["failed_file"], "--json")
    assert again.file["counts"]["invalid"] == 6


def test_a_missing_column_is_named_with_what_to_do(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,business_name,city\nDepot,Voorbeeld BV,Utrecht\n")
    done = program("check", tmp_path / "a.csv")
    assert done.code == 3
    assert "a.csv" in done.err
    for name in ("phone_number_type", "postal_code", "province"):
        assert name in done.err or name.replace("_", " ") in done.err.lower()


@pytest.mark.parametrize(
    ("flag", "code", "words"),
    [
        ("Zaal=city", 3, "Zaal"),
        ("city=town", 2, "town"),
        ("city", 2, "--map"),
        ("", 2, "--map"),
        ("city=city+phone_number_type", 2, "no rule"),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["run", "--sandbox"], ["inspect"]], ids=" ".join)
def test_a_wrong_map_is_named(
    program: Program, tmp_path: Path, command: list[str], flag: str, code: int, words: str
) -> None:
    """What no file could mend is a wrong command line."""
    path = write_csv(tmp_path / "a.csv", *named(1))
    done = program(*command, path, "--map", flag)
    assert (done.code, words in done.out + done.err) == (code, True)
    told = program(*command, path, "--map", flag, "--json")
    assert told.code == code
    assert words in told.out + told.err
    assert told.json
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".xlsx"] == []


def test_map_files_that_no_file_could_mend_are_wrong_settings(program: Program, tmp_path: Path) -> None:
    (tmp_path / "maps.toml").write_text('[columns]\ncity = "town"\n')
    done = program("check", write_csv(tmp_path / "a.csv", *named(1)), "--map-file", "maps.toml", "--json")
    assert (done.code, done.json["stopped"]) == (2, "map_unknown_field")
    assert "maps.toml" in done.err


def test_a_map_wins_over_what_a_header_says(program: Program, tmp_path: Path) -> None:
    done = program(
        "run",
        _with_description(tmp_path / "a.csv"),
        "--map",
        "description=name",
        "--map",
        "name=",
        "--sandbox",
        "--json",
    )
    assert done.code == 0, done.err


def _with_description(path: Path) -> Path:
    path.write_text(f"{','.join(FIELDS)},description\n{','.join(FIELDS.values())},Filiaal\n")
    return path


def test_text_that_belongs_to_another_column_holds_its_row_back(program: Program, tmp_path: Path) -> None:
    rows = [{**FIELDS, "Toevoeging": ""}, {**FIELDS, "name": "B", "Toevoeging": "A"}]
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    done = program("check", tmp_path / "a.csv", "--json", "--results")
    assert done.file["counts"]["invalid"] == 1
    (error,) = [row for row in sheet(done.file["results_file"], "Errors") if row["code"] == "part_not_sent"]
    assert error["row"] == 3
    assert program("check", tmp_path / "a.csv", "--map", "Toevoeging=").code == 0


def test_an_empty_table_is_said(program: Program, tmp_path: Path) -> None:
    done = program("check", write_csv(tmp_path / "a.csv"))
    assert done.code == 0
    assert "no rows below the header row" in done.err


def test_a_file_named_twice_is_done_once(program: Program, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(1))
    assert len(program("check", path, path, "--json").json["files"]) == 1


def test_warnings_are_told_written_and_counted_and_hold_rows_back_with_strict(program: Program, tmp_path: Path) -> None:
    path = sample("messy.xlsx", tmp_path)
    done = program("check", path, "--results", "--json")
    assert done.file["warning_counts"] == {"invisible_character": 1, "phone_not_valid": 1, "postal_code_not_valid": 1}
    assert {(each["row"], each["column"], each["code"]) for each in done.file["warnings"]} == {
        (19, "Telefoon", "phone_not_valid"),
        (22, "Postcode", "invisible_character"),
        (22, "Postcode", "postal_code_not_valid"),
    }
    assert "messy.xlsx: 3 warnings; no row is held back by that" in done.err
    listed = sheet(done.file["results_file"], "Warnings")
    assert {(each["row"], each["code"]) for each in listed} == {
        (19, "phone_not_valid"),
        (22, "invisible_character"),
        (22, "postal_code_not_valid"),
    }
    strict = program("check", path, "--results", "--json", "--strict")
    assert strict.file["counts"]["invalid"] == done.file["counts"]["invalid"] + 2
    assert strict.file["warnings"] == []
    errors = {each["row"]: each for each in sheet(strict.file["results_file"], "Errors")}
    (phone,) = (each for each in done.file["warnings"] if each["row"] == 19)
    assert errors[19]["message"] == phone["message"]
    assert program("check", sample("clean.csv", tmp_path), "--strict").code == 0


def test_inspect_shows_how_a_file_is_read(program: Program, tmp_path: Path) -> None:
    document = program("inspect", sample("messy.xlsx", tmp_path), "--json", "--cells").json
    assert set(document) == {
        "input",
        "format",
        "encoding",
        "delimiter",
        "sheets",
        "sheet",
        "header_row",
        "mapping",
        "missing",
        "map_file",
        "columns",
        "tables",
        "data_rows",
        "not_data",
        "warnings",
        "cells",
    }
    assert document["columns"][1] == {
        "column": "B",
        "header": "Soort nummer",
        "fields": ["phone_number_type"],
        "split": False,
    }
    assert (document["data_rows"], document["not_data"], document["map_file"]) == (25, [], None)
    assert (document["format"], document["sheet"], document["header_row"]) == ("xlsx", "Klanten", 4)
    assert document["mapping"]["Soort nummer"] == "phone_number_type"
    assert document["mapping"]["Klantnr"] is None
    assert document["missing"] == []
    assert {"name": "Opmerkingen", "visibility": "visible"}.items() <= document["sheets"][1].items()
    assert document["sheets"][0]["rows"] == len(document["cells"])
    assert any(warning["row"] == 7 and warning["code"] == "date_cell" for warning in document["warnings"])
    person = program("inspect", tmp_path / "messy.xlsx")
    assert person.code == 0
    assert "phone_number_type" in person.out
    assert "not sent" in person.out


def test_inspect_of_a_text_file_names_encoding_and_delimiter(program: Program, tmp_path: Path) -> None:
    text = ";".join(FIELDS) + "\n" + ";".join(FIELDS.values()).replace("Depot", "Caf\u00e9") + "\n"
    (tmp_path / "a.csv").write_bytes(text.encode("cp1252"))
    document = program("inspect", tmp_path / "a.csv", "--json").json
    assert (document["format"], document["delimiter"]) == ("csv", ";")
    assert document["encoding"].lower().replace("-", "") in ("cp1252", "windows1252")


def test_inspect_of_what_cannot_be_read_says_why_to_a_program_and_to_a_person(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.7 and so on")
    done = program("inspect", tmp_path / "a.xlsx", "--json")
    assert done.code == 3
    assert set(done.json) == {"input", "error"}
    assert set(done.json["error"]) == {"code", "message"}
    person = program("inspect", tmp_path / "a.xlsx")
    assert person.code == 3
    assert done.json["error"]["message"] in person.err


def test_inspect_shows_problems_of_the_mapping(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,business_name,town,city,City,phone_number_type\nDepot,X,U,U,U,local\n")
    done = program("inspect", tmp_path / "a.csv", "--json")
    assert done.code == 3
    assert "province" in done.json["missing"]
    person = program("inspect", tmp_path / "a.csv")
    assert "Problems" in person.out


@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_a_template_is_read_back_with_every_column_and_its_example_is_not_sent(
    program: Program, tmp_path: Path, name: str
) -> None:
    assert program("template", tmp_path / name).code == 0
    document = program("inspect", tmp_path / name, "--json").json
    assert set(document["mapping"].values()) >= set(FIELDS)
    done = program("check", tmp_path / name, "--json")
    assert (done.code, done.file["rows"]) == (0, 0)
    assert program("template", tmp_path / name).code == 2, "it is there already"
    assert program("template", tmp_path / name, "--overwrite").code == 0


@pytest.mark.parametrize("name", ["x.ods", "x.tsv", "y.xls", "y.xlsm", "noext", ".xlsx", "none/x.xlsx", "folder.csv"])
def test_a_template_that_cannot_be_written_so_is_a_wrong_command_line(
    program: Program, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    done = program("template", name)
    assert (done.code, done.out, Path(name).name in done.err or "none" in done.err) == (2, "", True)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


def test_a_template_that_is_filled_in_is_created(program: Program, tmp_path: Path) -> None:
    assert program("template", tmp_path / "t.xlsx").code == 0
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    rows = book.worksheets[0]
    mapping = program("inspect", tmp_path / "t.xlsx", "--json").json["mapping"]
    for cell in rows[1]:
        rows.cell(rows.max_row if cell.column != 1 else rows.max_row + 1, int(cell.column or 0)).value = FIELDS.get(
            mapping[str(cell.value)] or "", ""
        )
    book.save(tmp_path / "t.xlsx")
    done = program("run", tmp_path / "t.xlsx", "--sandbox", "--json")
    assert (done.code, done.file["counts"]["created"]) == (0, 1), done.err


def test_a_field_and_a_pattern_in_the_schema_file_change_everything_with_no_code_edit(
    program: Program, tmp_path: Path
) -> None:
    schemas = Path(shutil.copytree(ROOT / "schemas", tmp_path / "schemas"))
    path = schemas / "verification-group.request.json"
    schema = json.loads(path.read_text())
    schema["properties"]["kvk_number"] = {
        "type": "string",
        "pattern": "^[0-9]{8}$",
        "description": "Chamber of Commerce number",
    }
    schema["required"].append("kvk_number")
    path.write_text(json.dumps(schema))
    program.settings["FLIREO_SCHEMAS"] = str(schemas)

    plain = write_csv(tmp_path / "plain.csv", *named(1))
    assert "Kvk number" in program("check", plain).err
    assert program("template", tmp_path / "t.csv").code == 0
    assert "Kvk number" in (tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    header, row = plain.read_text().splitlines()
    (tmp_path / "a.csv").write_text(f"{header},KVK-number\n{row},12345678\n{row.replace('Vestiging 1', 'B')},1234\n")
    done = program("check", tmp_path / "a.csv", "--results", "--json")
    assert done.file["counts"]["invalid"] == 1
    (error,) = [row for row in sheet(done.file["results_file"], "Errors") if row["code"] == "pattern"]
    assert (error["row"], error["column"], error["value"]) == (3, "KVK-number", "1234")
    assert program("run", tmp_path / "a.csv", "--sandbox", "--limit", 0, "--json").file["counts"]["invalid"] == 1


def test_help_names_every_command_and_the_version_is_the_distributions(program: Program) -> None:
    out = program("--help").out
    for command in ("check", "run", "inspect", "template", "history", "sandbox"):
        assert command in out
        assert f"$ flireo-batch {command}" in program(command, "--help").out
    assert program("--version").out.startswith("flireo-batch ")


def test_a_wrong_flag_is_a_wrong_command_line(program: Program, tmp_path: Path) -> None:
    assert program("run", tmp_path / "a.csv", "--no-such-flag").code == 2
    assert program("check").code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "a.csv", "--json", "--nope"], "--nope"),
        (["check", "--json"], "FILE"),
        (["run", "a.csv", "--format", "pdf", "--json"], "pdf"),
        (["inspect", "--json"], "FILE"),
        (["--json"], "--json"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_leaves_a_document_where_one_is_wanted(
    program: Program, words: list[str], told: str
) -> None:
    done = program(*words)
    assert (done.code, done.json["exit_code"], done.json["stopped"], done.json["files"]) == (2, 2, "usage", [])
    assert told in done.json["error"]["message"]
    assert told in done.err


def _combined(folder: Path) -> Path:
    """A file with an address in one cell, and what stands below a table."""
    header = [name for name in FIELDS if name not in ("street_name", "house_number")]
    rows = [[*header, "Adres"], [*(FIELDS[name] for name in header), "Laan 9"], ["Totaal: 1"], header[:3]]
    (folder / "a.csv").write_text("".join(f"{','.join(row)}\n" for row in rows))
    return folder / "a.csv"


def test_a_mapping_is_saved_and_used(program: Program, tmp_path: Path) -> None:
    path = _combined(tmp_path)
    split = ("--map", "Adres=street_name+house_number")
    assert program("inspect", path, *split, "--save-map", "klant.toml").code == 0
    assert program("inspect", path, *split, "--save-map", "klant.toml").code == 2
    assert program("inspect", path, *split, "--save-map", "klant.toml", "--overwrite").code == 0
    assert program("check", path).code == 3
    done = program("check", path, "--map-file", "klant.toml", "--json")
    assert (done.code, done.file["rows"], done.file["counts"]["not_sent"]) == (1, 2, 1)
    assert program("check", path, "--map-file", "klant.toml", "--no-map-file").code == 2
    assert program("check", path, "--map-file", "none.toml").code == 2
    saved = program("check", path, *split, "--save-map", "flireo-map.toml", "--overwrite")
    assert saved.code == 1
    assert "The mapping in flireo-map.toml, in the same folder, is used." in saved.err
    assert program("check", path, "--no-map-file", "--overwrite").code == 3
    assert program("check", path, path.with_name("b.csv"), "--save-map", "x.toml").code == 2


def test_inspect_shows_what_is_split_and_what_is_no_data(program: Program, tmp_path: Path) -> None:
    path = _combined(tmp_path)
    document = program("inspect", path, "--map", "Adres=street_name+house_number", "--json").json
    assert document["mapping"]["Adres"] == "street_name+house_number"
    assert document["columns"][-1]["split"] is True
    assert (document["data_rows"], document["not_data"]) == (2, [{"row": 3, "code": "total_row", "sheet": None}])
    assert {"total_row", "other_table", "column_split"} <= {warning["code"] for warning in document["warnings"]}
    person = program("inspect", path, "--map", "Adres=street_name+house_number")
    assert "2 rows of data, 1 not read as data" in " ".join(person.out.split())
    assert "street_name+house_number (split)" in person.out
    assert "Another table begins in this row" in person.out


def test_a_mapping_cannot_be_saved_where_there_is_none(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    assert program("inspect", tmp_path / "a.csv", "--save-map", "klant.toml").code == 2
    assert program("check", tmp_path / "none.csv", "--save-map", "klant.toml").code == 3
    assert not (tmp_path / "klant.toml").exists()


def test_all_sheets_are_read_where_asked(program: Program, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, page in (("A", book.worksheets[0]), ("B", book.create_sheet("Tweede"))):
        page.append(list(FIELDS))
        page.append(list({**FIELDS, "name": name}.values()))
    book.save(tmp_path / "k.xlsx")
    assert program("check", tmp_path / "k.xlsx").code == 3
    assert program("check", tmp_path / "k.xlsx", "--all-sheets", "--sheet", "Tweede").code == 2
    done = program("check", tmp_path / "k.xlsx", "--all-sheets", "--json")
    assert (done.code, done.file["rows"]) == (0, 2)
    document = program("inspect", tmp_path / "k.xlsx", "--all-sheets", "--json").json
    assert (document["sheet"], document["header_row"]) == (None, None)
    assert [(table["sheet"], table["header_row"]) for table in document["tables"]] == [("Sheet", 1), ("Tweede", 1)]
    assert program("inspect", tmp_path / "k.xlsx", "--all-sheets", "--save-map", "flireo-map.toml").code == 0
    assert program("check", tmp_path / "k.xlsx").code == 0


@pytest.mark.parametrize("name", ["messy.xlsx", "hostile.csv"])
def test_an_answer_that_is_written_while_reading_is_that_of_a_rehearsal(tmp_path: Path, name: str) -> None:
    """`check` never sees a row twice, `run` puts its rows away first; both must say the same."""
    answers = []
    with sandbox() as api:
        for words in (("check", "--results"), ("run", "--dry-run")):
            folder = tmp_path / words[0]
            folder.mkdir()
            done = Program(folder=folder, api=api)(*words, sample(name, folder), "--json")
            sheets = [sheet(done.file["results_file"], each) for each in ("Results", "Errors", "Warnings", "Changes")]
            for row in (*sheets[0], *sheets[1]):
                if (
                    row.get("status") == "not_sent" or row.get("code") == "would_send"
                ):  # each says in its own words that it only rehearses
                    row.update(dict.fromkeys(("errors", "message")))
            # A rehearsal hands back what it would have sent, as any run that stopped first.
            failed = [row for row in sheet(done.file["failed_file"]) if row["flireo_status"] != "not_sent"]
            answers.append((done.code, done.file["counts"], *sheets, failed))
    for ours, theirs in zip(*answers, strict=True):
        assert ours == theirs
    assert answers[0][3]
    assert answers[0][-1]


def test_cells_that_cannot_be_trusted_are_told_though_no_header_is_known(program: Program, tmp_path: Path) -> None:
    (tmp_path / "ragged.csv").write_text("a,b,c\n1,2,3,lang\n1\nx,#N/A,3\n", encoding="utf-8")
    warnings = program("inspect", "ragged.csv", "--json").json["warnings"]
    told = [(each["row"], each["column"], each["code"]) for each in warnings]
    assert told[0] == (1, None, "no_header_row")
    assert told[1:] == [(2, None, "long_row"), (3, None, "short_row"), (4, "B", "error_cell")]
