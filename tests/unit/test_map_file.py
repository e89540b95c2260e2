"""A mapping that is kept for a customer: what is saved, what is read back, and what wins over it."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from batch.columns import FOLDER_MAP, Layout, MapEntry, SavedMap, SheetHead, find_layout, map_text
from batch.errors import SettingsError
from batch.hints import load_hints
from batch.model import SourceRow
from batch.pipeline.map_file import folder_map, load_map, write_map
from batch.schema import load_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
NAMES = [field.name for field in SCHEMA.fields]
STREET = "street_name+house_number"
COMBINED = [name for name in NAMES if name not in ("street_name", "house_number")] + ["Adres"]


def laid_out(headers: Sequence[str], *mapping: str, saved: SavedMap | None = None) -> Layout:
    rows = (SourceRow(number=1, cells=tuple(headers)),)
    return find_layout([SheetHead(name="", rows=rows)], SCHEMA, HINTS, mapping=mapping, saved=saved)


def saved_map(**columns: str) -> SavedMap:
    entries = (MapEntry(header=header, target=target, saved_in="klant.toml") for header, target in columns.items())
    return SavedMap(name="klant.toml", entries=tuple(entries))


def loaded(tmp_path: Path, text: str) -> SavedMap:
    path = tmp_path / "klant.toml"
    path.write_text(text, encoding="utf-8")
    return load_map(path)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, text)
    assert caught.value.code == "map_file_malformed"
    return caught.value.message


@pytest.mark.parametrize(
    ("headers", "mapping"),
    [
        (NAMES, ()),
        (COMBINED, (f"Adres={STREET}",)),
        ([*NAMES, "Notitie"], ("Notitie=description", "description=")),
        ([*NAMES[:-1], "Notitie"], ("Notitie=description", "Notitie=name", "name=")),
        ([*NAMES, "", "Plaats"], ("column N=city", "Toevoeging=")),
        ([*NAMES, "Toevoeging", "Tussenvoegsel"], ()),
        ([*NAMES[1:], 'Soort "x"\nnummer\\\x7f'], ("column L=phone_number_type",)),
        ([*NAMES[1:], "Soort \ud800"], ("column L=phone_number_type",)),
        (NAMES[3:], ()),
    ],
)
def test_what_is_saved_reads_the_file_in_the_same_way(
    tmp_path: Path, headers: list[str], mapping: tuple[str, ...]
) -> None:
    first = laid_out(headers, *mapping)
    again = laid_out(headers, saved=loaded(tmp_path, map_text([first], "klant.toml")))
    assert (again.fields, again.missing) == (first.fields, first.missing)
    assert {at: splitter.fields for at, splitter in again.splits.items()} == {
        at: splitter.fields for at, splitter in first.splits.items()
    }
    told = ("column_part_of_field", "column_not_sent")
    said, again_said = ([each for each in layout.notices if each.code in told] for layout in (first, again))
    assert again_said == said


def test_a_map_file_can_be_read_and_edited_by_a_person() -> None:
    layout = laid_out([*COMBINED[1:], "Klantnr"], f"Adres={STREET}", "description=")
    text = map_text([layout], "klant.toml", sheet="Blad 1")
    assert "flireo-batch check FILE --map-file klant.toml" in text
    assert 'sheet = "Blad 1"\n' in text
    assert f'"Adres" = "{STREET}"\n' in text
    assert '"description" = ""\n' in text
    assert '# "Klantnr" is not sent\n' in text
    assert '# Nothing feeds phone_number_type yet. Name its column: "Header" = "phone_number_type"\n' in text
    assert set(tomllib.loads(text)) == {"sheet", "columns"}


def test_all_that_a_map_file_can_say_is_read(tmp_path: Path) -> None:
    saved = loaded(
        tmp_path,
        '\ufeffsheet = "Klanten"\ndelimiter = ";"\nencoding = "latin1"\n'
        '[columns]\nPlaats = "city"\n"X" = ["name", ""]\n',
    )
    assert (saved.name, saved.sheet, saved.delimiter, saved.encoding) == ("klant.toml", "Klanten", ";", "iso8859-1")
    assert [(entry.header, entry.target, entry.saved_in) for entry in saved.entries] == [
        ("Plaats", "city", "klant.toml"),
        ("X", "name", "klant.toml"),
        ("X", "", "klant.toml"),
    ]
    assert loaded(tmp_path, "") == SavedMap(name="klant.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Plaats = city", "klant.toml is no map file:"),
        ("[columns]\nx = 1\nx = 2\n", "klant.toml is no map file:"),
        ('Plaats = "city"', 'klant.toml holds "Plaats", which means nothing there; it may hold sheet, all_sheets'),
        ("all_sheets = 1", "klant.toml: all_sheets should be true or false; found 1."),
        ("sheet = 1", "klant.toml: sheet should be a text in quotation marks; found 1."),
        ('encoding = "utf-99"', "klant.toml: there is no encoding 'utf-99'."),
        ("columns = 1", "klant.toml: columns should be a table, below a line [columns]."),
        ("[columns]\nPlaats = 1", 'klant.toml: "Plaats" should feed a field, as in "Plaats" = "city"'),
        ("[columns]\nPlaats = []", 'klant.toml: "Plaats" should feed a field'),
        ("[columns]\nPlaats = [1]", 'klant.toml: "Plaats" should feed a field'),
        ('[columns]\n" " = "city"', 'klant.toml: " " should feed a field'),
        ("#" * (1 << 20) + "#", "klant.toml is too large to be a map file."),
    ],
)
def test_a_mistake_in_a_map_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    assert message in refused(tmp_path, text)


def test_a_map_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml cannot be read as a map file") as caught:
        load_map(tmp_path / "none.toml")
    assert caught.value.code == "map_file_unreadable"
    (tmp_path / "x.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match=r"x\.toml is no map file"):
        load_map(tmp_path / "x.toml")


def test_the_map_file_of_a_folder_is_found_there_only(tmp_path: Path) -> None:
    assert folder_map(tmp_path) is None
    (tmp_path / FOLDER_MAP).write_text('sheet = "A"\n')
    found = folder_map(tmp_path)
    assert found is not None
    assert found.sheet == "A"
    assert folder_map(tmp_path / "b") is None


def test_a_map_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    write_map(tmp_path / "a.toml", "1", overwrite=False)
    with pytest.raises(SettingsError, match="is there already"):
        write_map(tmp_path / "a.toml", "2", overwrite=False)
    write_map(tmp_path / "a.toml", "3", overwrite=True)
    assert (tmp_path / "a.toml").read_text() == "3"
    with pytest.raises(SettingsError, match="cannot be written"):
        write_map(tmp_path / "none" / "a.toml", "4", overwrite=False)


# What wins.


def test_what_the_command_line_says_wins_over_the_map_file() -> None:
    saved = saved_map(Adres=STREET, Plaats="city", Notitie="description")
    headers = [*(name for name in COMBINED if name not in ("city", "description")), "Plaats", "Notitie", "Ort"]
    assert laid_out(headers, saved=saved).problems == ()
    layout = laid_out(headers, "Ort=city", "Notitie=", saved=saved)
    assert layout.problems == ()
    assert [layout.labels[at] for at, names in enumerate(layout.fields) if "city" in names] == ["Ort"]
    assert "description" not in layout.positions


def test_a_field_that_the_command_line_gives_away_ends_the_split_of_the_map_file() -> None:
    layout = laid_out([*COMBINED, "Straat"], "Straat=street_name", saved=saved_map(Adres=STREET))
    assert layout.missing == ("house_number",)


def test_a_map_file_that_does_not_fit_says_what_is_missing() -> None:
    layout = laid_out(COMBINED, saved=saved_map(Adress=STREET, Woonplaats="city", Weg=""))
    assert [problem.code for problem in layout.problems[:2]] == ["map_unknown_header"] * 2
    assert layout.problems[0].message == (
        f'"Adress" = "{STREET}" in klant.toml names no column: row 1 has no header "Adress". '
        f'Did you mean "Adres" = "{STREET}" in klant.toml?'
    )
    assert '"Woonplaats" = "city" in klant.toml names no column' in layout.problems[1].message
    assert "Weg" not in "".join(problem.message for problem in layout.problems)


def test_a_column_that_is_missing_does_not_matter_where_the_command_line_names_another() -> None:
    assert laid_out(NAMES, "city=city", saved=saved_map(Woonplaats="city")).problems == ()


def test_contradictions_in_a_map_file_are_told_of_it() -> None:
    entries = (MapEntry(header="Adres", target=target, saved_in="klant.toml") for target in (STREET, ""))
    layout = laid_out([*NAMES, "Adres"], saved=SavedMap(name="klant.toml", entries=tuple(entries)))
    assert layout.problems[0].message.startswith('klant.toml both leaves out the column "Adres"')
    assert (
        laid_out(NAMES, saved=saved_map(city="town"))
        .problems[0]
        .message.startswith('"city" = "town" in klant.toml names no field: there is no "town".')
    )


# Sheets.


def sheets(*heads: tuple[str, Sequence[str]], saved: str, sheet: str | None = None) -> Layout:
    found = [SheetHead(name=name, rows=(SourceRow(number=1, cells=tuple(cells)),)) for name, cells in heads]
    return find_layout(found, SCHEMA, HINTS, sheet=sheet, saved=SavedMap(name="klant.toml", sheet=saved))


LINEAGE = ["flireo_row", "flireo_source", "flireo_status", "flireo_errors"]


def test_the_sheet_of_the_map_file_is_read() -> None:
    both = ("Noord", NAMES), ("Zuid", NAMES)
    assert sheets(*both, saved="zuid").sheet == "Zuid"
    assert sheets(*both, saved="Zuid", sheet="Noord").sheet == "Noord"


def test_a_sheet_that_is_missing_is_told_unless_the_file_is_a_failed_file_or_a_text_file() -> None:
    (problem,) = sheets(("Noord", NAMES), ("Oost", NAMES[1:]), saved="Zuid").problems
    assert problem.code == "unknown_sheet"
    assert problem.message.startswith('klant.toml names a sheet that is not there. There is no sheet "Zuid".')
    assert sheets(("To correct", [*NAMES, *LINEAGE]), ("How to", ["x"]), saved="Zuid").sheet == "To correct"
    assert sheets(("", NAMES), saved="Zuid").notices == ()


def test_the_mapping_of_all_sheets_is_saved_together(tmp_path: Path) -> None:
    layouts = [laid_out(NAMES), laid_out(["Woonplaats", *(name for name in NAMES if name != "city")])]
    saved = loaded(tmp_path, map_text(layouts, "klant.toml", all_sheets=True))
    assert saved.all_sheets
    assert {entry.header for entry in saved.entries} == {*NAMES, "Woonplaats"}
