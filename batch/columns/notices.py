"""What a person should know about a header row that can be used: what is not read as data and what is not sent."""

from collections.abc import Iterator, Sequence

from batch.columns.advice import COMPARED, address, combined_fields, near_advice, split_advice, unmapped
from batch.columns.beside import tables_beside
from batch.columns.headers import Vocabulary
from batch.columns.layout import Layout, column_label
from batch.columns.sayings import field_label, field_labels, map_option, shown
from batch.columns.ties import Tied
from batch.likeness import trimmed
from batch.model import Notice, Sentence, SourceRow, sentence, template
from batch.schema import Schema


def notices(
    layout: Layout, rows: Sequence[SourceRow], tied: Tied, vocabulary: Vocabulary, schema: Schema
) -> tuple[Notice, ...]:
    """Rows above the header row, columns without a header, columns that are split, columns that are not sent (unless
    so ordered).
    """
    positions = [position for position in unmapped(layout) if position not in tied.fields]
    return (
        *_rows_above(layout, rows),
        *_headless(layout, rows, tied),
        *tables_beside(layout),
        *(_split(layout, position, schema) for position in layout.splits),
        *(_not_sent(layout, position, vocabulary, schema) for position in positions[:COMPARED]),
        *_many_more(layout, len(positions) - COMPARED),
    )


def _rows_above(layout: Layout, rows: Sequence[SourceRow]) -> Iterator[Notice]:
    above = [row.number for row in rows if layout.header_row is not None and row.number < layout.header_row]
    if above:
        one = template("Row {first} stands above the header row (row {header_row}) and is not read as data.")
        more = template(
            "Rows {first} to {last} stand above the header row (row {header_row}) and are not read as data."
        )
        said = sentence(one if len(above) == 1 else more, first=above[0], last=above[-1], header_row=layout.header_row)
        yield Notice(code="rows_above_header", sentence=said, row=above[0])


def _headless(layout: Layout, rows: Sequence[SourceRow], tied: Tied) -> Iterator[Notice]:
    below = [row.cells for row in rows if layout.header_row is not None and row.number > layout.header_row]
    for position, text in enumerate(layout.headers):
        filled = any(trimmed(cells[position]) for cells in below if position < len(cells))
        if filled and not trimmed(text) and position not in tied.fields:
            label = column_label(position)
            said = sentence(
                "There is text under {column}, which has no header, and it is not sent. If it belongs to a field, "
                "give it a header or add {option}.",
                column=label,
                option=map_option(label, "field"),
            )
            yield Notice(code="column_without_header", sentence=said, row=layout.header_row, column=label)


def _split(layout: Layout, position: int, schema: Schema) -> Notice:
    said = sentence(
        'The column "{header}" is split into {labels}, as the mapping says; a cell that can be read in more than one '
        "way makes its row invalid.",
        header=shown(layout.labels[position]),
        labels=field_labels(layout.splits[position].fields, schema),
    )
    return Notice(code="column_split", sentence=said, row=layout.header_row, column=layout.labels[position])


def _not_sent(layout: Layout, position: int, vocabulary: Vocabulary, schema: Schema) -> Notice:
    code, why = _why(layout, position, vocabulary, schema)
    said = sentence('The column "{header}" is not sent. {why}', header=shown(layout.labels[position]), why=why)
    return Notice(code=code, sentence=said, row=layout.header_row, column=layout.labels[position])


def _why(layout: Layout, position: int, vocabulary: Vocabulary, schema: Schema) -> tuple[str, Sentence]:
    label = layout.labels[position]
    meant, whole = vocabulary.field_of(label), vocabulary.part_of(label)
    unfed = [field.name for field in schema.fields if field.name not in layout.positions]
    if meant:
        taken = address(layout, layout.positions[meant])
        said = sentence(
            'The mapping takes {label} from "{taken}".', label=field_label(meant, schema), taken=shown(taken)
        )
        return "column_overruled", said
    if held := combined_fields(layout, position, unfed, vocabulary):
        return "column_combined", split_advice(layout, position, held, vocabulary, schema)
    if whole and whole in layout.field_labels:
        return "column_part_of_field", _part(layout.field_labels[whole], field_label(whole, schema))
    if vocabulary.is_country(label):
        return "column_not_sent", sentence("It says in which country the row's address and phone number are.")
    if near := vocabulary.near(label, unfed):
        return "column_near_miss", near_advice(map_option(address(layout, position), near), near, schema)
    return "column_not_sent", sentence("It matches no field.")


def _part(taken: str, label: str) -> Sentence:
    return sentence(
        'What it holds usually belongs to {label}: if so, put it into the column "{taken}".',
        label=label,
        taken=shown(taken),
    )


def _many_more(layout: Layout, count: int) -> Iterator[Notice]:
    if count > 0:
        one, more = template("One more column is not sent."), template("{count} more columns are not sent.")
        said = sentence(one if count == 1 else more, count=count)
        yield Notice(code="column_not_sent", sentence=said, row=layout.header_row)
