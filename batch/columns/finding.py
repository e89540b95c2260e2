"""From the heads of the sheets, and what the user and a map file say, to the layout of what is read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from batch.columns.all_sheets import Tables, joined_tables, one_table
from batch.columns.headers import vocabulary
from batch.columns.layout import Layout
from batch.columns.mapping import Sought, lay_out
from batch.columns.orders import read_options, read_orders
from batch.columns.saved_map import SavedMap
from batch.columns.sayings import quoted
from batch.columns.sheets import SheetHead, all_laid_out, left_out, matching, named, preferred
from batch.columns.splitting import Splitters
from batch.hints import Hints
from batch.model import Notice, sentence
from batch.schema import Schema

_SEVERAL: Final = 2


def find_layout(
    heads: Sequence[SheetHead],
    schema: Schema,
    hints: Hints,
    *,
    sheet: str | None = None,
    mapping: Sequence[str] = (),
    saved: SavedMap | None = None,
) -> Layout:
    """The layout of the sheet that holds the rows to send; whatever is wrong is among its `problems`.

    `sheet` is the name from --sheet, without regard to case; a text file has no sheets, so there it only draws a
    notice. `mapping` are the texts of --map, `saved` is what a map file says where they say nothing. A sheet that is
    hidden is only taken when named.
    """
    sought, wrong = _sought(schema, hints, mapping, saved)
    if sheet is not None:
        layout = named(heads, sheet, sought)
    elif saved and saved.sheet is not None:
        layout = preferred(heads, saved.sheet, saved.name, sought)
    else:
        layout = matching(heads, sought)
    return replace(layout, problems=(*wrong, *layout.problems))


def find_tables(
    heads: Sequence[SheetHead],
    schema: Schema,
    hints: Hints,
    *,
    mapping: Sequence[str] = (),
    saved: SavedMap | None = None,
) -> Tables:
    """The visible sheets that hold rows to send, to be read as one table; the rest as with `find_layout`.

    A sheet that has half of the required columns or more must have them all. An order that means a column of one of
    the sheets need not mean one of each.
    """
    sought, wrong = _sought(schema, hints, mapping, saved)
    layouts = {head.name: lay_out(head.name, head.rows, sought) for head in heads if head.visible and head.rows}
    meant = [layout for layout in layouts.values() if _is_meant(layout, schema)]
    if len(meant) < _SEVERAL:
        layout = meant[0] if meant else matching(heads, sought)
        others = left_out(layout, heads, all_laid_out(heads, sought), schema) if meant and len(heads) > 1 else ()
        return one_table(replace(layout, problems=(*wrong, *layout.problems), notices=(*others, *layout.notices)))
    tables = joined_tables(meant, sought)
    problems = [problem for layout in meant for problem in _own_problems(layout, meant)]
    disagreements = () if problems else tables.whole.problems
    notices = (
        *_read_together(meant, heads),
        *(_of_sheet(notice, layout) for layout in meant for notice in layout.notices),
    )
    whole = replace(tables.whole, problems=(*wrong, *problems, *disagreements), notices=notices)
    return replace(tables, whole=whole)


def wrong_orders(
    schema: Schema, hints: Hints, *, mapping: Sequence[str] = (), saved: SavedMap | None = None
) -> tuple[Notice, ...]:
    """What is wrong with orders whatever the file is: no "=", no such field, no rule to split by."""
    return _sought(schema, hints, mapping, saved)[1]


def _sought(
    schema: Schema, hints: Hints, mapping: Sequence[str], saved: SavedMap | None
) -> tuple[Sought, tuple[Notice, ...]]:
    """What is looked for, and the problems of orders that nobody can carry out."""
    splitters = Splitters(schema, hints)
    entries, malformed = read_options(mapping)
    orders, refused = read_orders((*entries, *(saved.entries if saved else ())), schema, splitters)
    sought = Sought(schema=schema, vocabulary=vocabulary(schema, hints, splitters), orders=orders)
    return sought, (*malformed, *refused)


def _is_meant(layout: Layout, schema: Schema) -> bool:
    required = sum(field.required for field in schema.fields)
    return layout.header_row is not None and len(layout.missing) * 2 <= required


def _own_problems(layout: Layout, layouts: Sequence[Layout]) -> Iterator[Notice]:
    """Without orders that mean a column of another sheet."""
    for problem in layout.problems:
        everywhere = all(_has_alike(problem, other) for other in layouts)
        if problem.code != "map_unknown_header" or (everywhere and layout is layouts[0]):
            yield _of_sheet(problem, layout)


def _has_alike(problem: Notice, layout: Layout) -> bool:
    return any((other.code, other.column) == (problem.code, problem.column) for other in layout.problems)


def _of_sheet(notice: Notice, layout: Layout) -> Notice:
    return replace(notice, sheet=layout.sheet)


def _read_together(meant: Sequence[Layout], heads: Sequence[SheetHead]) -> Iterator[Notice]:
    names = [layout.sheet or "" for layout in meant]
    others = [head.name for head in heads if head.rows and head.name not in names]
    said = sentence("The sheets {sheets} are read as one table.", sheets=quoted(names))
    if others:
        said = sentence("{said} Not read: {others}.", said=said, others=quoted(others))
    yield Notice(code="sheets_chosen", sentence=said)
