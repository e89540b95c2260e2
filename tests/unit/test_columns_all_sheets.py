"""Several sheets read as one table: which, under what headers, and when that cannot be."""

from collections.abc import Sequence

from batch.columns import LINEAGE, SavedMap, SheetHead, Tables, find_layout, find_tables
from batch.columns.orders import MapEntry
from batch.hints import load_hints
from batch.model import Notice, SourceRow
from batch.schema import load_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
NAMES = [field.name for field in SCHEMA.fields]
NO_CITY = [name for name in NAMES if name != "city"]
COMBINED = [name for name in NAMES if name not in ("street_name", "house_number")]
STREET = "street_name+house_number"


def head(name: str, *rows: Sequence[str], visible: bool = True) -> SheetHead:
    numbered = tuple(SourceRow(number=at, cells=tuple(row)) for at, row in enumerate(rows, 1))
    return SheetHead(name=name, rows=numbered, visible=visible)


def found(*heads: SheetHead, mapping: Sequence[str] = (), saved: SavedMap | None = None) -> Tables:
    return find_tables(heads, SCHEMA, HINTS, mapping=mapping, saved=saved)


def only_problem(tables: Tables) -> Notice:
    (problem,) = tables.whole.problems
    return problem


def read_back(tables: Tables, *mapping: str) -> tuple[tuple[str, ...], ...]:
    """What the columns feed in a failed file, which has the headers of the whole."""
    layout = find_layout([head("To correct", [*tables.whole.headers, *LINEAGE])], SCHEMA, HINTS, mapping=mapping)
    assert layout.problems == ()
    return layout.fields[: -len(LINEAGE)]


def test_sheets_with_the_same_columns_are_one_table() -> None:
    tables = found(head("Noord", NAMES), head("Zuid", ["Titel"], NAMES), head("Uitleg", ["bel Jan"]))
    assert [(table.layout.sheet, table.layout.header_row) for table in tables.tables] == [("Noord", 1), ("Zuid", 2)]
    assert tables.several
    assert (tables.whole.sheet, tables.whole.labels, tables.whole.problems) == (None, tuple(NAMES), ())
    assert tables.whole.notices[0].message == 'The sheets "Noord", "Zuid" are read as one table. Not read: "Uitleg".'
    assert [(notice.code, notice.sheet) for notice in tables.whole.notices[1:]] == [("rows_above_header", "Zuid")]


def test_every_sheet_may_have_its_own_order_headers_and_extra_columns() -> None:
    tables = found(
        head("Noord", [*NAMES, "Opmerking", "Opmerking"]),
        head("Zuid", ["Klantnr", "Woonplaats", "Opmerking", *reversed(NO_CITY)]),
    )
    assert tables.whole.problems == ()
    assert tables.whole.labels == (*NAMES, "Opmerking", "Opmerking", "Klantnr")
    south = tables.tables[1]
    assert south.layout.labels[:3] == ("Klantnr", "city", "Opmerking")
    assert south.places[:3] == (14, NAMES.index("city"), 12)
    assert [tables.whole.labels[place] for place in south.places] == list(south.layout.labels)
    assert tables.found[1].labels[1] == "Woonplaats"
    assert read_back(tables) == tables.whole.fields


def test_hidden_sheets_and_sheets_that_are_something_else_are_not_read() -> None:
    tables = found(
        head("Noord", NAMES),
        head("Zuid", NAMES),
        head("Oud", NAMES, visible=False),
        head("Lijst", NAMES[:3]),
        head("Leeg"),
    )
    assert [table.layout.sheet for table in tables.tables] == ["Noord", "Zuid"]
    assert tables.whole.notices[0].message.endswith('Not read: "Oud", "Lijst".')


def test_a_sheet_that_lacks_a_column_is_a_problem_of_the_whole() -> None:
    problem = only_problem(found(head("Noord", NAMES), head("Zuid", NO_CITY)))
    assert (problem.code, problem.sheet) == ("missing_column", "Zuid")
    assert problem.message.startswith('Sheet "Zuid", row 1: no column was found for City.')


def test_one_sheet_or_none_is_as_without_asking_for_all() -> None:
    one = found(head("Noord", NAMES), head("Uitleg", ["bel Jan"]))
    assert not one.several
    assert (one.whole.sheet, one.tables[0].places) == ("Noord", tuple(range(12)))
    assert [notice.code for notice in one.whole.notices] == ["sheet_chosen"]
    assert found(head("", NAMES)).whole.sheet == ""
    assert only_problem(found(head("A", ["x"]), head("B", ["y"]))).code == "no_sheet_matches"
    assert only_problem(found(head("Noord", NAMES), mapping=["x"])).code == "map_malformed"


def test_an_order_may_mean_a_column_of_one_sheet_only() -> None:
    sheets = head("Noord", [*NO_CITY, "Ubicaci\u00f3n"]), head("Zuid", [*NO_CITY, "Lugar"])
    orders = ("Ubicaci\u00f3n=city", "Lugar=city")
    tables = found(*sheets, mapping=orders)
    assert tables.whole.problems == ()
    assert tables.whole.labels[-1] == "Ubicaci\u00f3n"
    assert read_back(tables, *orders) == tables.whole.fields
    problems = found(*sheets, mapping=(*orders, "Elders=description")).whole.problems
    assert [(problem.code, problem.column) for problem in problems] == [("map_unknown_header", "Elders")]


def test_a_map_file_serves_all_sheets() -> None:
    entries = tuple(MapEntry(header=header, target="city", saved_in="k.toml") for header in ("Sitio", "Lugar"))
    sheets = head("Noord", [*NO_CITY, "Sitio"]), head("Zuid", [*NO_CITY, "Lugar"])
    assert found(*sheets, saved=SavedMap(name="k.toml", entries=entries)).whole.problems == ()


def test_a_combined_column_is_split_on_all_sheets() -> None:
    sheets = head("Noord", [*COMBINED, "Adres"]), head("Zuid", ["Adres", *COMBINED])
    tables = found(*sheets, mapping=[f"Adres={STREET}"])
    assert tables.whole.problems == ()
    assert tables.whole.splits.keys() == {len(COMBINED)}
    assert read_back(tables, f"Adres={STREET}") == tables.whole.fields


def test_sheets_that_do_not_hold_a_field_in_the_same_way_cannot_be_read_together() -> None:
    sheets = head("Noord", [*COMBINED, "Adres"]), head("Zuid", NAMES)
    problem = only_problem(found(*sheets, mapping=[f"Adres={STREET}"]))
    assert problem.code == "sheets_differ"
    assert problem.message.startswith(
        'The sheets "Noord", "Zuid" cannot be read together, because their columns for Street name, House number are'
    )
    sheets = head("Noord", NAMES), head("Zuid", [*NAMES, "Plaats", "Sitio"])
    assert only_problem(found(*sheets, mapping=["Sitio=city"])).code == "sheets_differ"


def test_failed_files_as_sheets_keep_their_lineage() -> None:
    tables = found(head("Noord", [*NAMES, *LINEAGE]), head("Zuid", [*LINEAGE, *NAMES]))
    assert tables.whole.problems == ()
    assert tables.whole.lineage == {name: len(NAMES) + at for at, name in enumerate(LINEAGE)}
    assert tables.tables[1].layout.lineage == {name: at for at, name in enumerate(LINEAGE)}
