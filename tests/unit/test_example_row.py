import pandas as pd

from batch.example_row import EXAMPLE_MARK, example_row, is_example_row
from batch.formula_guard import guard
from batch.hints import FieldHints, Hints, Kind, load_hints
from batch.schema import Field, JsonType, Schema, load_schema, schemas_folder

REQUEST = schemas_folder() / "verification-group.request.json"


def field(name: str, *, type_: JsonType = JsonType.STRING, default: object = None, **rules: object) -> Field:
    return Field(name=name, label=name.title(), type=type_, required=True, rules=rules, default=default)


def test_the_example_of_the_real_schema_has_a_cell_for_each_field_and_is_recognised() -> None:
    schema = load_schema(REQUEST)
    cells = example_row(schema, Hints())
    assert cells is not None
    assert len(cells) == len(schema.fields)
    assert cells.count(EXAMPLE_MARK) == 1
    frame = pd.DataFrame([cells, ["x"] * len(cells)], dtype="str")
    positions = {each.name: position for position, each in enumerate(schema.fields)}
    assert is_example_row(frame, positions).tolist() == [True, False]


def test_no_cell_of_the_example_looks_like_a_formula() -> None:
    hints = Hints(fields={"contact_person_phone": FieldHints(kind=Kind.PHONE)})
    cells = example_row(load_schema(REQUEST), hints)
    assert cells is not None
    assert all(guard(cell) == cell for cell in cells)
    assert "020 123 4567" in cells


def test_only_mapped_columns_are_looked_at() -> None:
    frame = pd.DataFrame([[EXAMPLE_MARK, "x"]], dtype="str")
    assert is_example_row(frame, {"b": 1}).tolist() == [False]
    assert is_example_row(frame, {}).tolist() == [False]


def test_examples_keep_to_what_the_schema_says_of_a_field() -> None:
    schema = Schema(
        fields=(
            field("title", minLength=1),
            field("kind", enum=("a", "b")),
            field("born", format="date"),
            field("count", type_=JsonType.INTEGER),
            field("open", type_=JsonType.BOOLEAN),
            field("lang", default="nl"),
            Field(name="code", label="Code", type=JsonType.STRING, required=False, rules={}, examples=("A-1",)),
            field("city"),
        )
    )
    assert example_row(schema, Hints()) == (
        EXAMPLE_MARK, "a", "2026-01-31", "1", "true", "nl", "A-1", "Example city"
    )  # fmt: skip


def test_a_schema_without_free_text_has_no_example_because_it_could_not_be_told() -> None:
    assert example_row(Schema(fields=(field("kind", enum=("a", "b")),)), Hints()) is None


def test_the_example_shows_what_a_value_of_its_kind_looks_like() -> None:
    cells = example_row(load_schema(REQUEST), load_hints(schemas_folder() / "hints.json"))
    assert cells == (
        *("local", EXAMPLE_MARK, "Voorbeeld B.V.", "Anna", "de Vries", "020 123 4567"),
        *("Keizersgracht", "12-A", "1015 CJ", "Amsterdam", "Noord-Holland", "Example description"),
    )
