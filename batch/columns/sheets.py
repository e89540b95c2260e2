"""Which sheet of a workbook is the table: the one that matches, or the one that the user or a map file names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from batch.columns.layout import Layout
from batch.columns.mapping import Sought, lay_out
from batch.columns.problems import ONE_CELL, likely_header
from batch.columns.sayings import field_labels, quoted, shown, together
from batch.likeness import loose, nearest
from batch.model import Notice, Sentence, SourceRow, sentence
from batch.schema import Schema

HEAD_ROWS: Final = 50
"""How many of a sheet's first rows that are not empty are worth handing to `find_layout`."""

_HEADERS_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetHead:
    """The first rows of one sheet that are not empty. `name` is "" for the only sheet of a text file."""

    name: str
    rows: tuple[SourceRow, ...]
    visible: bool = True


def all_laid_out(heads: Sequence[SheetHead], sought: Sought) -> Mapping[str, Layout]:
    """The layouts of all sheets that have rows, by name."""
    return {head.name: lay_out(head.name, head.rows, sought) for head in heads if head.rows}


def named(heads: Sequence[SheetHead], sheet: str, sought: Sought) -> Layout:
    """The sheet of that name, without regard to case and spacing."""
    if [head.name for head in heads] == [""]:
        layout = lay_out("", heads[0].rows, sought)
        said = sentence('A text file has no sheets; --sheet "{sheet}" does nothing here.', sheet=shown(sheet))
        return replace(layout, notices=(*layout.notices, Notice(code="sheet_ignored", sentence=said)))
    exactly = [head for head in heads if head.name == sheet]
    alike = exactly or [head for head in heads if loose(head.name) == loose(sheet) != ""]
    return lay_out(alike[0].name, alike[0].rows, sought) if len(alike) == 1 else _unknown(heads, sheet)


def preferred(heads: Sequence[SheetHead], sheet: str, saved_in: str, sought: Sought) -> Layout:
    """The sheet that a map file names. A failed file has a sheet of its own, and a text file has none."""
    layout = named(heads, sheet, sought)
    if [head.name for head in heads] == [""]:
        return lay_out("", heads[0].rows, sought)
    if layout.sheet is not None:
        return layout
    others = matching(heads, sought)
    if others.lineage:
        return others
    said = sentence(
        "{saved_in} names a sheet that is not there. {why}", saved_in=saved_in, why=layout.problems[0].sentence
    )
    return _undecided("unknown_sheet", said)


def matching(heads: Sequence[SheetHead], sought: Sought) -> Layout:
    """The one visible sheet that has the columns."""
    if len(heads) == 1 and (heads[0].visible or not heads[0].rows):
        return lay_out(heads[0].name, heads[0].rows, sought)
    layouts = all_laid_out(heads, sought)
    shown_heads = [head.name for head in heads if head.visible and head.rows]
    headed = [layouts[name] for name in shown_heads if layouts[name].header_row is not None]
    whole = [layout for layout in headed if not layout.missing]
    match whole or headed:
        case [layout]:
            return replace(layout, notices=(*left_out(layout, heads, layouts, sought.schema), *layout.notices))
        case []:
            return _none(heads, layouts, sought.schema)
        case several:
            return _several(several, sought.schema)


def _unknown(heads: Sequence[SheetHead], sheet: str) -> Layout:
    names = [head.name for head in heads]
    near = nearest(sheet, names)
    advice = (
        sentence('Did you mean --sheet "{near}"?', near=near)
        if near
        else sentence("The sheets are: {sheets}.", sheets=quoted(names))
    )
    said = sentence('There is no sheet "{sheet}". {advice}', sheet=shown(sheet), advice=advice)
    return _undecided("unknown_sheet", said)


def _several(layouts: Sequence[Layout], schema: Schema) -> Layout:
    names = [layout.sheet or "" for layout in layouts]
    said = sentence(
        'More than one sheet can be meant: {sheets}. Say which one to read, for example --sheet "{first}", or read '
        "them all: --all-sheets.",
        sheets=quoted(names),
        first=names[0],
    )
    lacking = [
        sentence(
            '"{sheet}" has no column for {labels}.', sheet=layout.sheet, labels=field_labels(layout.missing, schema)
        )
        for layout in layouts
        if layout.missing
    ]
    return _undecided("several_sheets", together([said, *lacking]))


def _none(heads: Sequence[SheetHead], layouts: Mapping[str, Layout], schema: Schema) -> Layout:
    hidden = [head.name for head in heads if head.name in layouts and layouts[head.name].header_row is not None]
    if hidden:
        said = sentence('Only a hidden sheet has the columns. To read it, add --sheet "{sheet}".', sheet=hidden[0])
        return _undecided("hidden_sheet", said)
    in_one_cell = [layout for layout in layouts.values() if layout.problems[0].code == ONE_CELL]
    if len(layouts) == 1 or len(in_one_cell) == 1:
        return next(iter(in_one_cell or layouts.values()))
    if not layouts:
        said = sentence("None of the sheets has any rows: {sheets}.", sheets=quoted(head.name for head in heads))
        return _undecided("no_rows", said)
    said = sentence(
        "None of the sheets has column names that are known: {sheets}. In the sheet to be read, one of the first rows "
        "must name the columns, and these must be there: {required}.",
        sheets=quoted(layouts),
        required=field_labels((field.name for field in schema.fields if field.required), schema),
    )
    looks = (each for head in heads if head.name in layouts for each in likely_header(head.name, head.rows))
    return _undecided("no_sheet_matches", together([said, *islice(looks, _HEADERS_NAMED)]))


def _undecided(code: str, said: Sentence) -> Layout:
    return Layout(sheet=None, problems=(Notice(code=code, sentence=said),))


def left_out(
    chosen: Layout, heads: Sequence[SheetHead], layouts: Mapping[str, Layout], schema: Schema
) -> Iterator[Notice]:
    others = [head for head in heads if head.rows and head.name != chosen.sheet]
    if not others:
        return
    said = sentence(
        'Sheet "{sheet}" is read, because its headers match. Not read: {others}.',
        sheet=chosen.sheet,
        others=quoted(head.name for head in others),
    )
    yield Notice(code="sheet_chosen", sentence=said)
    for head in others:
        if layouts[head.name].header_row is not None:
            yield _alike(head, layouts[head.name], schema)


def _alike(head: SheetHead, layout: Layout, schema: Schema) -> Notice:
    if layout.missing:
        said = sentence(
            'Sheet "{sheet}" has some of the columns too, but none for {missing}. To read it instead, '
            'add --sheet "{sheet}".',
            sheet=head.name,
            missing=field_labels(layout.missing, schema),
        )
        return Notice(code="sheet_incomplete", sentence=said)
    said = sentence(
        'The hidden sheet "{sheet}" has the columns too. To read it instead, add --sheet "{sheet}".', sheet=head.name
    )
    return Notice(code="hidden_sheet_matches", sentence=said)
