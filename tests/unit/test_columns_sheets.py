"""Which sheet of a workbook is read, and what is said when it is not clear."""

from collections.abc import Sequence

import pytest

from batch.columns import Layout, SheetHead, find_layout
from batch.hints import load_hints
from batch.model import Notice, SourceRow
from batch.schema import load_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
NAMES = [field.name for field in SCHEMA.fields]


def sheet(name: str, *rows: Sequence[str], visible: bool = True) -> SheetHead:
    numbered = tuple(SourceRow(number=at, cells=tuple(row)) for at, row in enumerate(rows, 1))
    return SheetHead(name=name, rows=numbered, visible=visible)


def found(*heads: SheetHead, sheet: str | None = None) -> Layout:
    return find_layout(heads, SCHEMA, HINTS, sheet=sheet)


def only_problem(layout: Layout) -> Notice:
    (problem,) = layout.problems
    return problem


NOTES = sheet("Notities", ["bel Jan terug"])
EMPTY = sheet("Blad3")


def test_the_only_sheet_is_read() -> None:
    layout = found(sheet("Klanten", NAMES))
    assert (layout.sheet, layout.problems, layout.notices) == ("Klanten", (), ())


def test_the_one_sheet_that_matches_is_read_and_said() -> None:
    layout = found(NOTES, sheet("Klanten", NAMES), EMPTY)
    assert (layout.sheet, layout.problems) == ("Klanten", ())
    assert [(notice.code, notice.message) for notice in layout.notices] == [
        ("sheet_chosen", 'Sheet "Klanten" is read, because its headers match. Not read: "Notities".')
    ]


def test_sheets_without_rows_are_not_worth_a_word() -> None:
    assert found(sheet("Klanten", NAMES), EMPTY).notices == ()


def test_a_sheet_that_lacks_a_column_is_told_when_another_is_read() -> None:
    layout = found(sheet("Klanten", NAMES), sheet("Oud", NAMES[1:]))
    assert layout.sheet == "Klanten"
    assert [notice.code for notice in layout.notices] == ["sheet_chosen", "sheet_incomplete"]
    assert layout.notices[1].message == (
        'Sheet "Oud" has some of the columns too, but none for Phone number type. '
        'To read it instead, add --sheet "Oud".'
    )


def test_several_sheets_that_match_are_asked_about() -> None:
    layout = found(sheet("Noord", NAMES), NOTES, sheet("Zuid", NAMES))
    assert (layout.sheet, layout.header_row) == (None, None)
    problem = only_problem(layout)
    assert problem.code == "several_sheets"
    assert problem.message == (
        'More than one sheet can be meant: "Noord", "Zuid". Say which one to read, for example --sheet "Noord", or '
        "read them all: --all-sheets."
    )


def test_several_sheets_that_nearly_match_are_asked_about_with_what_they_lack() -> None:
    problem = only_problem(found(sheet("Noord", NAMES[1:]), sheet("Zuid", NAMES[:9])))
    assert problem.code == "several_sheets"
    assert '"Noord" has no column for Phone number type. "Zuid" has no column for City, Province.' in problem.message


def test_the_one_sheet_that_nearly_matches_is_read_and_its_problem_told() -> None:
    layout = found(NOTES, sheet("Klanten", NAMES[1:]))
    assert layout.sheet == "Klanten"
    assert only_problem(layout).message.startswith('Sheet "Klanten", row 1: no column was found for Phone number type.')


def test_sheets_of_which_none_matches_are_named() -> None:
    problem = only_problem(found(NOTES, sheet("Blad2", ["x"])))
    assert problem.code == "no_sheet_matches"
    assert '"Notities", "Blad2"' in problem.message
    assert "Phone number type, Name," in problem.message


def test_of_sheets_of_which_none_matches_the_likely_headers_are_named() -> None:
    other = sheet("Blad2", ["Relatie", "Belnummer"], ["Bakker", "0592-123456"])
    assert only_problem(found(NOTES, other)).message.endswith(
        'Sheet "Blad2", row 1 looks like one: "Relatie", "Belnummer".'
    )


def test_the_only_sheet_with_rows_that_does_not_match_tells_why() -> None:
    problem = only_problem(found(NOTES, EMPTY))
    assert problem.code == "no_header_row"
    assert problem.message.startswith('Sheet "Notities", row 1: no header row was found')


def test_a_workbook_without_rows_is_said_to_be_so() -> None:
    problem = only_problem(found(EMPTY, sheet("Blad4")))
    assert (problem.code, problem.message) == ("no_rows", 'None of the sheets has any rows: "Blad3", "Blad4".')
    assert only_problem(found(EMPTY)).message == 'Sheet "Blad3" has no rows.'


def test_a_hidden_sheet_is_not_read_unasked() -> None:
    hidden = sheet("Archief", NAMES, visible=False)
    problem = only_problem(found(NOTES, hidden))
    assert (problem.code, problem.message) == (
        "hidden_sheet",
        'Only a hidden sheet has the columns. To read it, add --sheet "Archief".',
    )
    assert found(NOTES, hidden, sheet="Archief").problems == ()


def test_a_hidden_sheet_is_not_read_unasked_either_if_it_is_the_only_one() -> None:
    hidden = sheet("Archief", NAMES, visible=False)
    assert only_problem(found(hidden)).code == "hidden_sheet"
    assert found(hidden, sheet="Archief").problems == ()
    assert only_problem(found(sheet("Archief", visible=False))).message == 'Sheet "Archief" has no rows.'


def test_a_sheet_whose_values_are_all_in_one_cell_tells_what_to_do() -> None:
    rows = [["Relaties"], [";".join(NAMES)], *[[";".join("x" * len(NAMES))]] * 3]
    for problem in (only_problem(found(sheet("Blad1", *rows))), only_problem(found(NOTES, sheet("Blad1", *rows)))):
        assert (problem.code, problem.row) == ("values_in_one_cell", 2)
        assert problem.message == (
            'Sheet "Blad1", row 2: this row and those below hold all their values in one cell, with ";" between them. '
            "Split that column with Text to Columns in the spreadsheet program, or send the CSV file that it was made "
            "from."
        )


def test_a_text_file_whose_values_are_all_in_one_tells_what_to_do() -> None:
    rows = [["\t".join(NAMES)], *[["\t".join("x" * len(NAMES))]] * 3]
    assert only_problem(found(sheet("", *rows))).message == (
        "Row 1: this line and those below are read as one value each, with a tab between what are probably the values. "
        'Try --delimiter "tab", which overrules a sep= line at the top too. If that does not help, each line stands in '
        "quotation marks as a whole: save the original as CSV again."
    )


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["a;b;c"], ["1;2;3"], ["4;5;6"]], "values_in_one_cell"),  # headers that nobody knows
        ([["a;b;c"], ["1;2"], ["4;5;6;7"]], "no_header_row"),
        ([["a;b;c"]], "no_header_row"),
        ([["a;b;c", "d"], ["1;2;3", "4"], ["4;5;6", "7"]], "no_header_row"),
        ([["Naam, plaats"], ["bel Jan"], ["bel Piet, Klaas"]], "no_header_row"),
    ],
)
def test_values_are_in_one_cell_if_the_rows_are_alike(rows: list[list[str]], code: str) -> None:
    assert only_problem(found(sheet("Blad1", *rows))).code == code


def test_a_hidden_sheet_that_matches_too_is_told() -> None:
    layout = found(sheet("Klanten", NAMES), sheet("Archief", NAMES, visible=False))
    assert layout.sheet == "Klanten"
    assert [notice.code for notice in layout.notices] == ["sheet_chosen", "hidden_sheet_matches"]


def test_the_named_sheet_is_read() -> None:
    layout = found(sheet("Noord", NAMES), sheet("Zuid", NAMES), sheet="Zuid")
    assert (layout.sheet, layout.problems, layout.notices) == ("Zuid", (), ())


def test_the_name_of_a_sheet_may_be_written_loosely_unless_that_is_ambiguous() -> None:
    assert found(sheet("Klanten 2026", NAMES), NOTES, sheet="klanten-2026").sheet == "Klanten 2026"
    assert found(sheet("A-1", NAMES), sheet("A 1", NAMES), sheet="A 1").sheet == "A 1"
    assert only_problem(found(sheet("A-1", NAMES), sheet("A 1", NAMES), sheet="a1")).code == "unknown_sheet"
    assert only_problem(found(sheet("--", NAMES), NOTES, sheet="")).code == "unknown_sheet"


def test_an_unknown_sheet_is_a_problem_with_a_suggestion() -> None:
    problem = only_problem(found(sheet("Klanten", NAMES), NOTES, sheet="Klant"))
    assert problem.message == 'There is no sheet "Klant". Did you mean --sheet "Klanten"?'
    problem = only_problem(found(sheet("Klanten", NAMES), NOTES, sheet="xyz"))
    assert (problem.code, problem.message) == (
        "unknown_sheet",
        'There is no sheet "xyz". The sheets are: "Klanten", "Notities".',
    )


def test_a_named_sheet_that_does_not_match_tells_why() -> None:
    assert only_problem(found(sheet("Klanten", NAMES), NOTES, sheet="Notities")).code == "no_header_row"


def test_a_text_file_has_no_sheet_to_name() -> None:
    layout = found(sheet("", NAMES), sheet="Klanten")
    assert (layout.sheet, layout.problems) == ("", ())
    assert [notice.code for notice in layout.notices] == ["sheet_ignored"]
