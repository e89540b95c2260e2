"""`--map "Header=field"`: what it does, and what is said when it cannot be done."""

from collections.abc import Sequence

import pytest

from batch.columns import Layout, SheetHead, find_layout
from batch.hints import load_hints
from batch.model import Notice, SourceRow
from batch.schema import load_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
NAMES = [field.name for field in SCHEMA.fields]


def laid_out(headers: Sequence[str], *mapping: str) -> Layout:
    rows = (SourceRow(number=1, cells=tuple(headers)),)
    return find_layout([SheetHead(name="", rows=rows)], SCHEMA, HINTS, mapping=mapping)


def fed(layout: Layout) -> dict[str, int]:
    return dict(layout.positions)


def only_problem(layout: Layout) -> Notice:
    (problem,) = layout.problems
    return problem


def renamed(**headers: str) -> list[str]:
    return [headers.get(name, name) for name in NAMES]


def test_a_header_feeds_the_field_that_it_is_mapped_to() -> None:
    layout = laid_out(renamed(city="Ort", province="Bundesland"), "Ort=city", "Bundesland=province")
    assert layout.problems == ()
    assert fed(layout)["city"] == NAMES.index("city")
    assert fed(layout)["province"] == NAMES.index("province")


@pytest.mark.parametrize("written", ["ort des firmensitzes", "ORT-DES-FIRMENSITZES", " Ort des Firmensitzes "])
def test_the_header_may_be_written_loosely(written: str) -> None:
    assert laid_out(renamed(city="Ort des\nFirmensitzes"), f"{written}=city").problems == ()


def test_the_header_as_written_wins_over_one_that_is_loosely_the_same() -> None:
    layout = laid_out([*renamed(city="ORT"), "Ort"], "Ort=city")
    assert layout.problems == ()
    assert fed(layout)["city"] == len(NAMES)


def test_the_field_may_be_written_like_its_label() -> None:
    assert laid_out(renamed(postal_code="PLZ"), "PLZ = Postal code").problems == ()


def test_a_header_may_hold_an_equals_sign() -> None:
    assert laid_out(renamed(city="a=b"), "a=b=city").problems == ()


def test_a_mapping_wins_over_the_header_that_would_be_taken() -> None:
    layout = laid_out([*NAMES, "Ort"], "Ort=city")
    assert layout.problems == ()
    assert fed(layout)["city"] == len(NAMES)
    assert [(notice.code, notice.column) for notice in layout.notices] == [("column_overruled", "city")]
    assert layout.notices[0].message == 'The column "city" is not sent. The mapping takes City from "Ort".'


def test_a_mapping_chooses_between_two_headers_for_one_field() -> None:
    layout = laid_out([*renamed(city="Plaats"), "Woonplaats"], "Woonplaats=city")
    assert layout.problems == ()
    assert fed(layout)["city"] == len(NAMES)


def test_a_mapping_takes_a_column_away_from_the_field_that_its_header_names() -> None:
    layout = laid_out([name for name in NAMES if name != "name"], "business_name=name")
    assert layout.missing == ("business_name",)
    said = '--map "business_name=name" --map "business_name=business_name".'
    assert only_problem(layout).message.endswith(f'If "business_name" is the Business name too, add {said}')


def test_one_column_feeds_two_fields_if_it_is_mapped_to_both() -> None:
    headers = [name for name in renamed(business_name="Bedrijfsnaam") if name != "name"]
    layout = laid_out(headers, "Bedrijfsnaam=name", "Bedrijfsnaam=business_name")
    assert (layout.problems, layout.missing) == ((), ())
    assert layout.fields[1] == ("name", "business_name")
    assert layout.field_labels["name"] == layout.field_labels["business_name"] == "Bedrijfsnaam"


def test_the_same_mapping_twice_is_one() -> None:
    assert laid_out(renamed(city="Ort"), "Ort=city", "Ort=city").fields[NAMES.index("city")] == ("city",)
    assert laid_out(renamed(city="Ort"), "Ort=city", "ort=City").fields[NAMES.index("city")] == ("city",)


def test_a_column_is_left_out_without_a_field() -> None:
    layout = laid_out([*NAMES, "Opmerking"], "description=", "Opmerking=")
    assert (layout.problems, layout.notices) == ((), ())
    assert "description" not in fed(layout)


def test_all_columns_of_the_same_header_are_left_out_together() -> None:
    assert laid_out([*NAMES, "Opmerking", "Opmerking"], "Opmerking=").notices == ()


def test_leaving_a_needed_column_out_leaves_it_missing() -> None:
    assert laid_out(NAMES, "city=").missing == ("city",)


def test_columns_of_the_same_header_are_told_apart_by_their_place() -> None:
    headers = [*renamed(city="Plaats"), "Plaats"]
    assert fed(laid_out(headers, "column M=city"))["city"] == 12
    assert fed(laid_out(headers, "Column J=city"))["city"] == 9
    for mapping in ("column M=city", "column M="):
        assert laid_out(headers, mapping).problems == ()
    assert only_problem(laid_out(headers)).code == "duplicate_header"


def test_what_is_not_sent_of_two_columns_with_the_same_header_is_told_by_place() -> None:
    layout = laid_out([*renamed(city="Plaats"), "Plaats"], "column M=city")
    assert layout.notices[0].message == 'The column "Plaats" is not sent. The mapping takes City from "column M".'


def test_a_text_that_names_a_place_and_one_that_names_a_header_can_be_mixed() -> None:
    layout = laid_out([*renamed(city="Plaats"), "Plaats"], "column M=", "Plaats=city")
    assert layout.problems == ()
    assert fed(layout)["city"] == 9


def test_a_column_without_header_is_mapped_by_its_place() -> None:
    layout = laid_out(renamed(city=""), "column J=city")
    assert layout.problems == ()
    assert layout.field_labels["city"] == "column J"


def test_a_column_without_header_is_left_out_by_its_place() -> None:
    rows = (SourceRow(number=1, cells=(*NAMES, "")), SourceRow(number=2, cells=("x",) * 13))
    head = SheetHead(name="", rows=rows)
    assert [each.code for each in find_layout([head], SCHEMA, HINTS).notices] == ["column_without_header"]
    assert find_layout([head], SCHEMA, HINTS, mapping=["column M="]).notices == ()


def test_a_header_that_reads_like_a_place_is_a_header() -> None:
    layout = laid_out([*renamed(city="Column A")], "column a=city")
    assert layout.problems == ()
    assert fed(layout)["city"] == 9


def test_mapping_a_header_that_stands_twice_is_a_problem() -> None:
    assert only_problem(laid_out([*renamed(city="Ort"), "Ort"], "Ort=city")).code == "duplicate_header"


def test_two_columns_mapped_to_one_field_are_a_problem() -> None:
    problem = only_problem(laid_out([*renamed(city="Ort"), "Stadt"], "Ort=city", "Stadt=city"))
    assert problem.code == "map_field_twice"
    assert problem.message == (
        'Row 1: the mapping gives City to more than one column: "Ort", "Stadt". '
        'Keep only one of: --map "Ort=city", --map "Stadt=city".'
    )


def test_the_header_row_may_be_one_that_only_the_mapping_knows() -> None:
    headers = [f"Feld {at}" for at in range(len(NAMES))]
    layout = laid_out(headers, *(f"Feld {at}={name}" for at, name in enumerate(NAMES)))
    assert (layout.header_row, layout.problems) == (1, ())


@pytest.mark.parametrize("text", ["city", "", "=city", " = ", "="])
def test_a_mapping_that_is_none_is_a_problem(text: str) -> None:
    problem = only_problem(laid_out(NAMES, text))
    assert problem.code == "map_malformed"
    assert '--map "Bedrijfsnaam=business_name"' in problem.message
    assert f'--map "{" ".join(text.split())}"' in problem.message


def test_an_unknown_field_is_a_problem_with_a_suggestion() -> None:
    problem = only_problem(laid_out(NAMES, "city=cty"))
    assert (problem.code, problem.column) == ("map_unknown_field", "city")
    assert problem.message == '--map "city=cty" names no field: there is no "cty". Did you mean --map "city=city"?'


def test_an_unknown_field_that_is_near_none_is_a_problem_with_the_fields() -> None:
    message = only_problem(laid_out(NAMES, "city=xyz")).message
    assert message.endswith(f"The fields are: {', '.join(NAMES)}.")


def test_an_unknown_header_is_a_problem_with_a_suggestion() -> None:
    problem = only_problem(laid_out([*NAMES, "Opmerking"], "Opmerkng=description"))
    assert (problem.code, problem.column, problem.row) == ("map_unknown_header", "Opmerkng", 1)
    assert problem.message == (
        '--map "Opmerkng=description" names no column: row 1 has no header "Opmerkng". '
        'Did you mean --map "Opmerking=description"?'
    )


def test_an_unknown_header_is_a_problem_when_it_is_to_be_left_out_too() -> None:
    problem = only_problem(laid_out(NAMES, "xyz="))
    assert problem.code == "map_unknown_header"
    assert 'The headers are: "phone_number_type", ' in problem.message


def test_leaving_a_column_out_and_mapping_it_is_a_problem() -> None:
    for texts in (("city=", "city=city"), ("city=city", "city=")):
        layout = laid_out(NAMES, *texts)
        assert "map_contradiction" in [problem.code for problem in layout.problems]


def test_a_column_of_a_failed_file_cannot_be_mapped() -> None:
    layout = laid_out([*NAMES, "flireo_row"], "flireo_row=description")
    problem = only_problem(layout)
    assert (problem.code, problem.column) == ("map_reserved_column", "flireo_row")
    assert layout.lineage == {"flireo_row": 12}


def test_leaving_out_a_column_of_a_failed_file_changes_nothing() -> None:
    layout = laid_out([*NAMES, "flireo_row"], "flireo_row=")
    assert (layout.problems, layout.lineage) == ((), {"flireo_row": 12})


def test_all_wrong_mappings_are_told() -> None:
    layout = laid_out(NAMES, "nonsense", "city=xyz", "xyz=city")
    assert [problem.code for problem in layout.problems] == ["map_malformed", "map_unknown_field", "map_unknown_header"]
