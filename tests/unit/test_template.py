import csv
from pathlib import Path

import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from batch.columns import SheetHead, find_layout
from batch.errors import OutputError
from batch.hints import Hints, load_hints
from batch.model import SourceRow
from batch.pipeline.mapped import FileOptions
from batch.pipeline.prepare import PreparedFile
from batch.pipeline.rules import load_rules
from batch.schema import Schema, load_schema, parse_schema, schemas_folder
from batch.template import is_example_row, write_template
from tests.support.answers import opened, part, seen, typed

DATA, INSTRUCTIONS = "Groups", "Instructions - Uitleg"


@pytest.fixture(scope="module")
def schema() -> Schema:
    return load_schema(schemas_folder() / "verification-group.request.json")


@pytest.fixture(scope="module")
def hints() -> Hints:
    return load_hints(schemas_folder() / "hints.json")


@pytest.fixture
def workbook(tmp_path: Path, schema: Schema, hints: Hints) -> Path:
    write_template(tmp_path / "t.xlsx", schema, hints)
    return tmp_path / "t.xlsx"


def head(name: str, cells: list[list[str]]) -> SheetHead:
    rows = tuple(SourceRow(number=number, cells=tuple(line)) for number, line in enumerate(cells, 1) if any(line))
    return SheetHead(name=name, rows=rows, visible=True)


def test_the_headers_are_the_labels_and_the_mapping_recognises_every_one(
    workbook: Path, schema: Schema, hints: Hints
) -> None:
    sheets = [head(name, seen(workbook, name)) for name in (DATA, INSTRUCTIONS)]
    layout = find_layout(sheets, schema, hints, sheet=None, mapping=())
    assert (layout.sheet, layout.header_row, layout.problems, layout.missing) == (DATA, 1, (), ())
    assert set(layout.positions) == set(schema.names)


def test_the_example_row_is_recognised_where_it_is_read_back(workbook: Path, schema: Schema) -> None:
    cells = seen(workbook, DATA)[1:]
    assert len(cells) == 1
    positions = {name: position for position, name in enumerate(schema.names)}
    assert is_example_row(pd.DataFrame(cells, dtype="str"), positions).tolist() == [True]


def test_what_is_typed_stays_text_in_every_row(workbook: Path, schema: Schema) -> None:
    sheet = opened(workbook)[DATA]
    letters = [get_column_letter(position) for position in range(1, len(schema.fields) + 1)]
    assert {sheet.column_dimensions[letter].number_format for letter in letters} == {"@"}


def test_values_from_a_list_are_offered_and_nothing_else_is_taken(workbook: Path) -> None:
    (rule,) = opened(workbook)[DATA].data_validations.dataValidation
    assert (rule.formula1, rule.errorStyle, str(rule.sqref)) == ('"local,mobile,national"', "stop", "A2:A1048576")


def test_each_header_has_a_note_from_the_schema_and_required_ones_are_marked(
    workbook: Path, schema: Schema, hints: Hints
) -> None:
    header = dict(zip(schema.names, opened(workbook)[DATA][1], strict=True))
    for field in schema.fields:
        note = header[field.name].comment
        assert note is not None
        assert field.description in note.text
        assert ("Required / Verplicht" in note.text) is field.required
        assert f"Nederlands: {hints.of(field.name).called['nl']}." in note.text
    colours = {field.required: header[field.name].fill.fgColor.rgb for field in schema.fields}
    assert colours[True] != colours[False]


def test_the_sheet_to_fill_in_is_shown_and_instructions_follow_in_two_languages(workbook: Path, schema: Schema) -> None:
    book = opened(workbook)
    assert book.sheetnames == [DATA, INSTRUCTIONS]
    assert book.active is not None
    assert book.active.title == DATA
    told = [str(cell) for line in book[INSTRUCTIONS].iter_rows(values_only=True) for cell in line if cell]
    assert any("Fill in one row for each group on the sheet Groups" in text for text in told)
    assert any("Vul op het blad Groups per groep een regel in" in text for text in told)
    for field in schema.fields:
        assert field.label in told
    assert "one of local, mobile, national" in told
    assert {"yes / ja", "no / nee"} <= set(told)


def test_a_change_of_the_schema_changes_the_template(tmp_path: Path) -> None:
    schema = parse_schema(
        {
            "type": "object",
            "properties": {
                "shop_name": {"type": "string", "minLength": 1},
                "vat": {"type": "string", "pattern": "^NL", "description": "VAT number", "examples": ["NL001"]},
                "colour": {"type": "string", "enum": ["red", "green"]},
            },
            "required": ["vat"],
        },
        source="test",
    )
    write_template(tmp_path / "t.xlsx", schema, Hints())
    sheet = opened(tmp_path / "t.xlsx")[DATA]
    assert [cell.value for cell in sheet[1]] == ["Shop name", "Vat", "Colour"]
    assert [cell.value for cell in sheet[2]][1:] == ["NL001", "red"]
    assert "VAT number" in sheet["B1"].comment.text
    assert sheet.data_validations.dataValidation[0].formula1 == '"red,green"'


def test_without_a_field_for_the_mark_there_is_no_example_that_might_be_sent(tmp_path: Path) -> None:
    schema = parse_schema(
        {"type": "object", "properties": {"colour": {"type": "string", "enum": ["red"]}}}, source="test"
    )
    write_template(tmp_path / "t.xlsx", schema, Hints())
    write_template(tmp_path / "t.csv", schema, Hints())
    assert opened(tmp_path / "t.xlsx")[DATA].max_row == 1
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines() == ["Colour"]


@pytest.mark.parametrize("name", ["t.csv", "T.CSV"])
def test_a_csv_template_has_headers_and_example(tmp_path: Path, schema: Schema, hints: Hints, name: str) -> None:
    write_template(tmp_path / name, schema, hints)
    assert (tmp_path / name).read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
        header, example = csv.reader(file, delimiter=";")
    assert header == [field.label for field in schema.fields]
    positions = {each: position for position, each in enumerate(schema.names)}
    assert is_example_row(pd.DataFrame([example], dtype="str"), positions).all()


def test_an_existing_file_is_replaced_only_if_allowed(tmp_path: Path, schema: Schema, hints: Hints) -> None:
    path = tmp_path / "t.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="already exists"):
        write_template(path, schema, hints, overwrite=False)
    assert path.read_text(encoding="utf-8") == "mine"
    write_template(path, schema, hints)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text(encoding="utf-8-sig") != "mine"


def test_digits_in_the_example_get_no_green_triangles(workbook: Path) -> None:
    assert 'numberStoredAsText="1"' in part(workbook, "xl/worksheets/sheet1.xml")


TYPED = ("local", "0012", "1-2", "=1+1", "31-12-2025", "0612345678", "1E5", "1/2", "0123", "TRUE", "12:30", "1,50")
NO_COLUMN = len(TYPED) + 7


def test_what_is_typed_into_a_template_is_read_exactly_whatever_it_is_saved_as(
    workbook: Path, tmp_path: Path, schema: Schema
) -> None:
    """Typed by LibreOffice, at the top and far down; in a column that is not the template's the same is damaged."""
    rows = (2, 4999)
    cells = {(column, row): text for row in rows for column, text in enumerate(TYPED)}
    files = typed(tmp_path, workbook, DATA, {**cells, (NO_COLUMN, 2): "0012"})
    for form, path in files.items():
        with PreparedFile(path, load_rules(None, "NL"), FileOptions()) as file:
            (part,) = file.parts()
        assert list(part.cells.iloc[:, : len(TYPED)].itertuples(index=False, name=None)) == [TYPED, TYPED], form
        assert part.cells[NO_COLUMN].tolist() == ["12", ""], form
        # In text a value beyond the last header may be one that slipped: its row is held back.
        slipped = [[error.code for error in errors] for errors in part.errors.values()]
        assert list(part.origins.rows) == [3, 5000]
        assert slipped == ([["long_row"]] if form == "csv" else []), form
        assert [(notice.code, notice.row) for notice in part.notices] == [("example_row", 2)], form
    sheet = opened(files["xlsx"])[DATA]
    assert [cell.value for cell in sheet[1]][: len(TYPED)] == [field.label for field in schema.fields]
    assert sheet["A1"].comment is not None
    assert sheet.column_dimensions["B"].number_format == "@"
    assert sheet.data_validations.dataValidation[0].formula1 == '"local,mobile,national"'
