"""For any table and any --map: an answer without an exception, and never a guess."""

import tomllib

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from batch.columns import LINEAGE, Layout, MapEntry, SavedMap, SheetHead, column_label, find_layout, map_text
from batch.hints import load_hints
from batch.likeness import loose
from batch.model import SourceRow
from batch.schema import load_schema, schemas_folder

SCHEMA = load_schema(schemas_folder() / "verification-group.request.json")
HINTS = load_hints(schemas_folder() / "hints.json")
NAMES = [field.name for field in SCHEMA.fields]
KNOWN = {
    name: [name, SCHEMA_LABEL, *HINTS.of(name).headers]
    for name, SCHEMA_LABEL in ((field.name, field.label) for field in SCHEMA.fields)
}
HEADERS = sorted({header for headers in KNOWN.values() for header in headers})
COMBINED = [header for combined in HINTS.combined for header in combined.headers]

# A busy machine, or the first run's table of all characters, is no failure.
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

header_texts = st.one_of(st.sampled_from([*HEADERS, *COMBINED, *LINEAGE, ""]), st.text(max_size=8))
cell_rows = st.lists(header_texts, max_size=15)
maps = st.one_of(
    st.text(max_size=12),
    st.builds("{}={}".format, header_texts, st.sampled_from([*NAMES, "", "cty"])),
    st.builds("{}=street_name+house_number".format, header_texts),
    st.builds("column {}={}".format, st.sampled_from("ABCDEFZ"), st.sampled_from(NAMES)),
)


@st.composite
def heads(draw: st.DrawFn) -> list[SheetHead]:
    names = draw(st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=3)) or [""]
    return [
        SheetHead(
            name=name,
            rows=tuple(
                SourceRow(number=at, cells=tuple(row))
                for at, row in enumerate(draw(st.lists(cell_rows, max_size=4)), 1)
            ),
            visible=draw(st.booleans()),
        )
        for name in names
    ]


def of_row(headers: list[str], *mapping: str) -> Layout:
    head = SheetHead(name="", rows=(SourceRow(number=1, cells=tuple(headers)),))
    return find_layout([head], SCHEMA, HINTS, mapping=mapping)


@RELAXED
@given(heads(), st.one_of(st.none(), st.text(max_size=5)), st.lists(maps, max_size=4))
def test_there_is_always_an_answer_and_it_holds_together(
    tables: list[SheetHead], sheet: str | None, mapping: list[str]
) -> None:
    layout = find_layout(tables, SCHEMA, HINTS, sheet=sheet, mapping=mapping)
    assert len(layout.headers) == len(layout.labels) == len(layout.fields)
    assert all(layout.labels)
    fed = [name for names in layout.fields for name in names]
    if layout.header_row is None or len(fed) != len(set(fed)) or layout.missing:
        assert layout.problems
    assert all(
        notice.message and "{" not in notice.sentence.template.format_map(_Blank()) for notice in layout.problems
    )
    for position in layout.lineage.values():
        assert layout.fields[position] == ()


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


@RELAXED
@given(st.data())
def test_known_headers_in_any_order_and_spelling_feed_their_fields(data: st.DataObject) -> None:
    order = data.draw(st.permutations(NAMES))
    headers = [data.draw(st.sampled_from(KNOWN[name])) for name in order]
    spelled = [
        data.draw(st.sampled_from([header, header.upper(), header.lower(), f" {header} *", header.replace(" ", "_")]))
        for header in headers
    ]
    layout = of_row(spelled)
    assert layout.fields == tuple((name,) for name in order)
    assert layout.problems == ()


@RELAXED
@given(st.sampled_from(HEADERS), st.integers(0, 40), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_a_misspelt_header_is_never_taken(header: str, at: int, letter: str) -> None:
    misspelt = header[:at] + letter + header[at + 1 :]
    known = {loose(each) for each in HEADERS}
    layout = of_row(["name", "business_name", misspelt])
    assert bool(layout.fields[2]) == (loose(misspelt) in known)


@RELAXED
@given(st.lists(header_texts, max_size=10), st.sampled_from(NAMES))
def test_a_mapping_by_place_always_wins(others: list[str], name: str) -> None:
    headers = ["Omschrijving", "Provincie", *others]
    layout = of_row(headers, f"column A={name}")
    assert layout.fields[0] == (name,)
    assert [at for at, fields in enumerate(layout.fields) if name in fields] == [0]


@settings(RELAXED, max_examples=40)
@given(st.lists(header_texts, max_size=6), st.lists(maps, max_size=3))
def test_a_mapping_that_is_saved_says_the_same_when_it_is_read_back(others: list[str], mapping: list[str]) -> None:
    headers = ["Omschrijving", "Provincie", *others]
    first = of_row(headers, *mapping)
    places = {loose(column_label(at)) for at in range(len(headers))}
    wrong = {problem.code for problem in first.problems} - {"missing_column"}
    assume(not wrong and not places & set(map(loose, headers)))  # a header that reads like a place is not told from it
    columns = tomllib.loads(map_text([first], "x.toml"))["columns"]
    entries = tuple(
        MapEntry(header=header, target=target, saved_in="x.toml")
        for header, value in columns.items()
        for target in (value if isinstance(value, list) else [value])
    )
    rows = (SourceRow(number=1, cells=tuple(headers)),)
    saved = SavedMap(name="x.toml", entries=entries)
    again = find_layout([SheetHead(name="", rows=rows)], SCHEMA, HINTS, saved=saved)
    assert (again.fields, again.missing) == (first.fields, first.missing)
    assert [problem.code for problem in again.problems] == [problem.code for problem in first.problems]
