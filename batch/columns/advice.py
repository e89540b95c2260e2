"""What a person can do about columns that feed no field: split them, map them, use one for two fields."""

from collections.abc import Iterable, Sequence
from itertools import chain

from batch.columns.headers import Vocabulary, lineage_of
from batch.columns.layout import SPLIT, Layout, column_label
from batch.columns.sayings import field_label, field_labels, map_option, shown
from batch.likeness import trimmed
from batch.model import Sentence, sentence
from batch.schema import Schema

_UNWRITABLE = frozenset('"$`\\!')  # what a shell makes something else of between quotation marks
COMPARED = 100
"""How many columns that feed nothing are compared with the fields; a sheet can have 16,384."""


def unmapped(layout: Layout) -> list[int]:
    """The positions of the columns that have a header and feed nothing, flireo_ columns left out."""
    return [
        position
        for position, text in enumerate(layout.headers)
        if trimmed(text) and not layout.fields[position] and not lineage_of(text)
    ]


def address(layout: Layout, position: int) -> str:
    """What to write in --map for the column: its header, or its place where that is easier or where another column has
    the same header.
    """
    label = layout.labels[position]
    writable = shown(label) == " ".join(label.split()) and not _UNWRITABLE.intersection(label)
    return label if writable and layout.labels.count(label) == 1 else column_label(position)


def advice_for_missing(layout: Layout, vocabulary: Vocabulary, schema: Schema) -> tuple[Sentence, ...]:
    """At least one sentence for each required field that no column feeds; a column to split may help several."""
    candidates = unmapped(layout)[:COMPARED]
    combined = {at: held for at in candidates if (held := combined_fields(layout, at, layout.missing, vocabulary))}
    helped = {name for held in combined.values() for name in held}
    free = [position for position in candidates if position not in combined]
    return (
        *(split_advice(layout, position, held, vocabulary, schema) for position, held in combined.items()),
        *(_for_one(layout, name, free, vocabulary, schema) for name in layout.missing if name not in helped),
    )


def combined_fields(layout: Layout, position: int, wanted: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The fields that the column seems to hold together, if it holds any of `wanted`."""
    held = vocabulary.combined_in(layout.labels[position])
    return held if set(held) & set(wanted) else ()


def split_advice(
    layout: Layout, position: int, held: Sequence[str], vocabulary: Vocabulary, schema: Schema
) -> Sentence:
    said = sentence(
        '"{header}" seems to hold {labels} in one cell.',
        header=shown(layout.labels[position]),
        labels=field_labels(held, schema),
    )
    if tuple(held) not in vocabulary.splittable:
        return sentence("{said} In the file, give each a column of its own.", said=said)
    option = map_option(address(layout, position), SPLIT.join(held))
    return sentence(
        "{said} To have it split, add {option}; or give each a column of its own in the file.", said=said, option=option
    )


def near_advice(option: str, field: str, schema: Schema) -> Sentence:
    return sentence("Did you mean {label}? Then add {option}.", label=field_label(field, schema), option=option)


def _for_one(layout: Layout, name: str, free: Sequence[int], vocabulary: Vocabulary, schema: Schema) -> Sentence:
    near = vocabulary.nearest_header(name, [layout.labels[position] for position in free])
    if near is not None:
        return _misspelt(layout, layout.labels.index(near), name, schema)
    shared = _shared(layout, name, vocabulary)
    return _absent(name, schema) if shared is None else _used_twice(layout, shared, name, schema)


def _misspelt(layout: Layout, position: int, name: str, schema: Schema) -> Sentence:
    return sentence(
        'Is "{header}" the {label}? Then add {option}.',
        header=shown(layout.labels[position]),
        label=field_label(name, schema),
        option=map_option(address(layout, position), name),
    )


def _used_twice(layout: Layout, position: int, name: str, schema: Schema) -> Sentence:
    return sentence(
        'If "{header}" is the {label} too, add {options}.',
        header=shown(layout.labels[position]),
        label=field_label(name, schema),
        options=" ".join(map_option(address(layout, position), field) for field in (*layout.fields[position], name)),
    )


def _absent(name: str, schema: Schema) -> Sentence:
    label, option = field_label(name, schema), map_option("Header", name)
    choices = ", ".join(choice for field in schema.fields if field.name == name for choice in field.enum)
    if not choices:
        return sentence("Add a column {label}, or say which one it is: {option}.", label=label, option=option)
    return sentence(
        "Add a column {label} (one of {choices}), or say which one it is: {option}.",
        label=label,
        choices=choices,
        option=option,
    )


def _shared(layout: Layout, name: str, vocabulary: Vocabulary) -> int | None:
    """The column that feeds another field, but by its header or by habit is meant for this one too."""
    fed = [position for position, fields in enumerate(layout.fields) if fields]
    by_header = (position for position in fed if vocabulary.field_of(layout.labels[position]) == name)
    by_habit = (position for position in fed if set(layout.fields[position]) & set(vocabulary.stand_ins[name]))
    return next(chain(by_header, by_habit), None)
