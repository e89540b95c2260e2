"""Tables that stand side by side in one sheet, with an empty column between them."""

from collections.abc import Iterator, Sequence

from batch.columns.layout import Layout, column_label
from batch.columns.sayings import field_labels
from batch.likeness import trimmed
from batch.model import Notice, sentence
from batch.schema import Schema

_FEWEST = 2  # one column alone is no table, and one field that two tables have is a header that stands twice


def blocks(layout: Layout) -> list[range]:
    """The runs of columns that have a header, in order."""
    found: list[range] = []
    for position, text in enumerate(layout.headers):
        if not trimmed(text):
            continue
        start = found.pop().start if found and found[-1].stop == position else position
        found.append(range(start, position + 1))
    return found


def side_by_side(layout: Layout, rivals: Sequence[str], schema: Schema) -> Notice | None:
    """The problem of two tables that both feed `rivals`, which are the fields that more than one column feeds."""
    runs = blocks(layout)
    shared = [name for name in rivals if _apart(layout, name, runs)]
    if len(shared) < _FEWEST:
        return None
    said = sentence(
        "{place}: tables stand side by side ({tables}), with an empty column between them, and more than one of them "
        "has {labels}. Put them below one another under the same headers, or each into a file of its own.",
        place=layout.place,
        tables=", ".join(map(_named, runs)),
        labels=field_labels(shared, schema),
    )
    return Notice(code="tables_side_by_side", sentence=said, row=layout.header_row)


def tables_beside(layout: Layout) -> Iterator[Notice]:
    """A notice for each run of columns beside the table of which none feeds anything."""
    runs = [run for run in blocks(layout) if not set(run) & set(layout.lineage.values())]
    for run in runs if len(runs) > 1 else ():
        if len(run) >= _FEWEST and not any(layout.fields[position] for position in run):
            said = sentence(
                "The {columns} stand apart, behind an empty column: nothing of them is sent. If that is another table, "
                "put it into a file of its own.",
                columns=_named(run),
            )
            yield Notice(code="table_beside", sentence=said, row=layout.header_row)


def _apart(layout: Layout, name: str, runs: Sequence[range]) -> bool:
    """Whether the columns that feed the field stand in different runs."""
    places = [position for position, names in enumerate(layout.fields) if name in names]
    return len({run for run in runs for position in places if position in run}) == len(places)


def _named(run: range) -> str:
    first, last = (column_label(position).removeprefix("column ") for position in (run.start, run.stop - 1))
    return f"columns {first} to {last}" if first != last else f"column {first}"
