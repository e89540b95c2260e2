"""Why a sheet cannot be read into the fields, each problem with what to do about it."""

from collections.abc import Iterator, Sequence

from batch.columns.advice import address, advice_for_missing
from batch.columns.beside import side_by_side
from batch.columns.header_row import likely_header_row
from batch.columns.headers import Vocabulary, lineage_of
from batch.columns.layout import SPLIT, Layout, column_label
from batch.columns.sayings import field_label, field_labels, map_option, quoted, shown, together
from batch.columns.ties import Tied
from batch.likeness import trimmed
from batch.model import Notice, Sentence, SourceRow, sentence, template
from batch.schema import Schema

ONE_CELL = "values_in_one_cell"


def problems(layout: Layout, tied: Tied, vocabulary: Vocabulary, schema: Schema) -> tuple[Notice, ...]:
    """Fields that several columns feed, flireo_ columns that occur twice, required fields that no column feeds."""
    missing = [_missing(layout, vocabulary, schema)] if layout.missing else []
    return (*_rivals(layout, tied, schema), *_double_lineage(layout), *missing)


def no_header_row(sheet: str, rows: Sequence[SourceRow], schema: Schema) -> Notice:
    """The problem of a sheet in whose first rows no header row was found."""
    if not rows:
        said = sentence('Sheet "{sheet}" has no rows.', sheet=sheet) if sheet else sentence("The file has no rows.")
        return Notice(code="no_rows", sentence=said)
    required = [field.name for field in schema.fields if field.required]
    said = sentence(
        "{place}: no header row was found here or in the next rows; none of them names the columns by names that are "
        "known. One of the first rows must do so, and these columns must be there: {required}. If the columns have "
        "names of their own, say what they are, for example {option}.",
        place=Layout(sheet=sheet, header_row=rows[0].number).place,
        required=field_labels(required, schema),
        option=map_option("Header", next(iter(required), "field")),
    )
    return Notice(code="no_header_row", sentence=together([said, *likely_header(sheet, rows)]), row=rows[0].number)


def values_in_one_cell(sheet: str, row: int, mark: str) -> Notice:
    """The problem of rows that are one cell each, with `mark` between their values; `row` is the first."""
    place = Layout(sheet=sheet, header_row=row).place
    between = sentence("a tab") if mark == "\t" else f'"{mark}"'
    if sheet:
        said = sentence(
            "{place}: this row and those below hold all their values in one cell, with {mark} between them. Split that "
            "column with Text to Columns in the spreadsheet program, or send the CSV file that it was made from.",
            place=place,
            mark=between,
        )
    else:
        said = sentence(
            "{place}: this line and those below are read as one value each, with {mark} between what are probably the "
            'values. Try --delimiter "{option}", which overrules a sep= line at the top too. If that does not help, '
            "each line stands in quotation marks as a whole: save the original as CSV again.",
            place=place,
            mark=between,
            option="tab" if mark == "\t" else mark,
        )
    return Notice(code=ONE_CELL, sentence=said, row=row)


def likely_header(sheet: str, rows: Sequence[SourceRow]) -> Iterator[Sentence]:
    """What looks like the header row where none is known, if anything does."""
    row = likely_header_row(rows)
    if row is not None:
        place = Layout(sheet=sheet, header_row=row.number).place
        names = quoted(text for cell in row.cells if (text := trimmed(cell)))
        yield sentence("{place} looks like one: {names}.", place=place, names=names)


def _rivals(layout: Layout, tied: Tied, schema: Schema) -> Iterator[Notice]:
    feeding = {
        field.name: [position for position, names in enumerate(layout.fields) if field.name in names]
        for field in schema.fields
    }
    rivals = {name: positions for name, positions in feeding.items() if len(positions) > 1}
    if beside := side_by_side(layout, tuple(rivals), schema):
        yield beside
        return
    for name, positions in rivals.items():
        yield _rivalry(layout, positions, name, schema, ordered=name in tied.fed)


def _rivalry(layout: Layout, positions: Sequence[int], field: str, schema: Schema, *, ordered: bool) -> Notice:
    labels = [layout.labels[position] for position in positions]
    code, words = _rivalry_words(same_header=len(set(labels)) == 1, ordered=ordered)
    said = sentence(
        words,
        place=layout.place,
        headers=quoted(labels),
        header=shown(labels[0]),
        columns=", ".join(column_label(position) for position in positions),
        label=field_label(field, schema),
        options=", ".join(
            map_option(address(layout, position), _target(layout, position, field)) for position in positions
        ),
    )
    return Notice(code=code, sentence=said, row=layout.header_row, column=labels[0])


def _target(layout: Layout, position: int, field: str) -> str:
    """What to write in --map so that the column feeds the field, as it does now."""
    splitter = layout.splits.get(position)
    return SPLIT.join(splitter.fields) if splitter and field in splitter.fields else field


def _rivalry_words(*, same_header: bool, ordered: bool) -> tuple[str, str]:
    if same_header:
        return "duplicate_header", template(
            '{place}: the header "{header}" stands more than once ({columns}), and only one column can be {label}. '
            "Rename or remove the others in the file, or choose one: {options}."
        )
    if ordered:
        return "map_field_twice", template(
            "{place}: the mapping gives {label} to more than one column: {headers}. Keep only one of: {options}."
        )
    return "columns_for_one_field", template(
        "{place}: {headers} can each be {label}, and only one column can. Choose one: {options}."
    )


def _double_lineage(layout: Layout) -> Iterator[Notice]:
    for name in layout.lineage:
        positions = [position for position, text in enumerate(layout.headers) if lineage_of(text) == name]
        if len(positions) > 1:
            said = sentence(
                '{place}: the header "{header}" stands more than once ({columns}), so where the rows come from cannot '
                "be told. Remove the column that was not there before.",
                place=layout.place,
                header=name,
                columns=", ".join(column_label(position) for position in positions),
            )
            yield Notice(code="duplicate_header", sentence=said, row=layout.header_row, column=name)


def _missing(layout: Layout, vocabulary: Vocabulary, schema: Schema) -> Notice:
    one = template("{place}: no column was found for {missing}. The headers are: {headers}. {advice}")
    more = template("{place}: no columns were found for {missing}. The headers are: {headers}. {advice}")
    said = sentence(
        one if len(layout.missing) == 1 else more,
        place=layout.place,
        missing=field_labels(layout.missing, schema),
        headers=quoted(text for text in layout.headers if trimmed(text)),
        advice=together(advice_for_missing(layout, vocabulary, schema)),
    )
    return Notice(code="missing_column", sentence=said, row=layout.header_row)
