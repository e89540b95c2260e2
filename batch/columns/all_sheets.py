"""Several sheets read as one table: how their columns come to stand under one set of headers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from batch.columns.layout import LINEAGE, Layout
from batch.columns.mapping import Sought, lay_out
from batch.columns.sayings import field_labels, quoted
from batch.model import Notice, SourceRow, sentence

_Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet of a file: its layout, and by the position of each of its columns where that stands in the whole.

    Of several tables the labels are those of the whole, so that a row is spoken of as it is given back.
    """

    layout: Layout
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables of a file and the layout of the whole, which has the problems and notices of all of them.

    One table is the whole. Where there are several, the whole is of no sheet; `found` are their layouts as they stand.
    """

    whole: Layout
    tables: tuple[Table, ...]
    found: tuple[Layout, ...]

    @property
    def several(self) -> bool:
        return len(self.tables) > 1


def one_table(layout: Layout) -> Tables:
    """A file of which one sheet is read."""
    table = Table(layout=layout, places=tuple(range(len(layout.labels))))
    return Tables(whole=layout, tables=(table,), found=(layout,))


def joined_tables(found: Sequence[Layout], sought: Sought) -> Tables:
    """The sheets as one table: columns that feed the same stand under the header of the first of them, others under
    their own. That the whole can be read back in the same way (it is what a failed file looks like) is made sure of.
    """
    keys = [list(_keys(layout)) for layout in found]
    order = list(dict.fromkeys(key for each in keys for key in each))
    first = {
        key: (layout, at)
        for layout, each in reversed(list(zip(found, keys, strict=True)))
        for at, key in enumerate(each)
    }
    whole = _whole([first[key] for key in order], found)
    problems = _disagreement(whole, found, sought)
    tables = tuple(
        Table(
            layout=replace(layout, labels=tuple(whole.labels[order.index(key)] for key in each)),
            places=tuple(order.index(key) for key in each),
        )
        for layout, each in zip(found, keys, strict=True)
    )
    return Tables(whole=replace(whole, problems=problems), tables=tables, found=tuple(found))


def _keys(layout: Layout) -> Iterator[_Key]:
    """What makes a column the same as one of another sheet: what it feeds, else its header."""
    ours = {position: name for name, position in layout.lineage.items()}
    seen: Counter[str] = Counter()
    for position, label in enumerate(layout.labels):
        if position in ours:
            yield ("lineage", ours[position])
        elif targets := layout.targets(position):
            yield ("feeds", *targets)
        else:
            seen[label] += 1
            yield ("header", label, str(seen[label]))


def _whole(columns: Sequence[tuple[Layout, int]], found: Sequence[Layout]) -> Layout:
    """The layout of the whole from its columns, each as it stands in the first sheet that has it."""
    return Layout(
        sheet=None,
        header_row=found[0].header_row,
        headers=tuple(layout.headers[at] for layout, at in columns),
        labels=tuple(layout.labels[at] for layout, at in columns),
        fields=tuple(layout.fields[at] for layout, at in columns),
        splits=MappingProxyType(
            {place: layout.splits[at] for place, (layout, at) in enumerate(columns) if at in layout.splits}
        ),
        lineage=MappingProxyType(
            {
                name: place
                for place, (layout, at) in enumerate(columns)
                for name, position in layout.lineage.items()
                if position == at
            }
        ),
        ordered=frozenset(place for place, (layout, at) in enumerate(columns) if at in layout.ordered),
    )


def _disagreement(whole: Layout, found: Sequence[Layout], sought: Sought) -> tuple[Notice, ...]:
    """The problem of sheets whose columns cannot stand under one set of headers."""
    own = [at for at in range(len(whole.labels)) if at not in whole.lineage.values()]
    headers = (*(whole.headers[at] for at in own), *LINEAGE)
    back = lay_out("", [SourceRow(number=1, cells=headers)], sought)
    differing = {
        name
        for at, place in enumerate(own)
        if back.header_row and whole.fields[place] != back.fields[at]
        for name in {*whole.fields[place], *back.fields[at]}
    }
    if not differing and not back.problems:
        return ()
    said = sentence(
        "The sheets {sheets} cannot be read together, because their columns for {labels} are not alike: each field "
        "needs the same kind of column on every sheet. Read them one by one with --sheet.",
        sheets=quoted(layout.sheet or "" for layout in found),
        labels=field_labels([field.name for field in sought.schema.fields if field.name in differing], sought.schema),
    )
    return (Notice(code="sheets_differ", sentence=said),)
