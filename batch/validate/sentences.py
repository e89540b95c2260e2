"""What is wrong with one cell, in a sentence that a customer understands and can act on."""

from __future__ import annotations

from collections.abc import Sequence

from batch.likeness import likeness
from batch.model import Sentence, sentence, template, words
from batch.schema.fields import Field, JsonType, spelled
from batch.visible import shown

_NEAR_ENOUGH = 65.0  # of 100: "lokaal" is 73 like "local"; among the few values of a list that is a good guess

_TYPES = {
    JsonType.INTEGER: template("{label} must be a whole number in digits only, such as 12; found '{value}'."),
    JsonType.NUMBER: template(
        "{label} must be a number in digits, with a point before any decimals, such as 12 or 12.5; found '{value}'."
    ),
    JsonType.BOOLEAN: template("{label} must be true or false; found '{value}'."),
}
_FORMATS = {
    "uuid": template("{label} must be a UUID, such as 0f8fad5b-d9cb-469f-a165-70867728950e; found '{value}'."),
    "email": template("{label} must be an e-mail address, with an @; found '{value}'."),
    "uri": template("{label} must be a whole web address, such as https://example.com/page; found '{value}'."),
    "date": template("{label} must be a date that exists, written as 2025-01-31 (year-month-day); found '{value}'."),
    "date-time": template(
        "{label} must be a date and time with a time zone, written as 2025-01-31T09:30:00Z; found '{value}'."
    ),
}
_NUMBERS = {
    "minimum": template("{label} must be {limit} or more; found {value}."),
    "exclusiveMinimum": template("{label} must be more than {limit}; found {value}."),
    "maximum": template("{label} must be {limit} or less; found {value}."),
    "exclusiveMaximum": template("{label} must be less than {limit}; found {value}."),
    "multipleOf": template("{label} must be a multiple of {limit}; found {value}."),
}


def empty_sentence(field: Field, *, has_column: bool) -> Sentence:
    """A required field without a value."""
    if has_column:
        return sentence("{label} is empty; it is required.", label=words(field.label))
    return sentence("{label} is required, but the file has no column for it.", label=words(field.label))


def unexpected_sentence(name: str, value: str) -> Sentence:
    """A value where the schema allows no further columns."""
    return sentence(
        "There is no field named {name}, so this cell must be empty; found '{value}'.", name=name, value=shown(value)
    )


def type_sentence(field: Field, value: str) -> Sentence:
    """A text that is no value of the field's type."""
    return _with_suggestion(_TYPES[field.type], field.enum, value, label=words(field.label))


def rule_sentence(field: Field, keyword: str, value: str) -> Sentence:
    """A text of the right type that breaks the keyword."""
    limit = field.rules[keyword]
    match keyword, limit:
        case "enum", tuple():
            return _choice_sentence(field, [spelled(member) for member in limit], value)
        case "const", _:
            return _choice_sentence(field, [spelled(limit)], value)
        case "minLength" | "maxLength", int():
            return _length_sentence(field, keyword, limit, value)
        case "pattern", str():
            return _pattern_sentence(field, limit, value)
        case "format", str():
            return sentence(_FORMATS[limit], label=words(field.label), value=shown(value))
        case _:
            return sentence(_NUMBERS[keyword], label=words(field.label), limit=spelled(limit), value=shown(value))


def _choice_sentence(field: Field, choices: Sequence[str], value: str) -> Sentence:
    if len(choices) == 1:
        saying = template("{label} must be {choices}; found '{value}'.")
    else:
        saying = template("{label} must be one of {choices}; found '{value}'.")
    return _with_suggestion(saying, choices, value, label=words(field.label), choices=", ".join(choices))


def _with_suggestion(saying: str, known: Sequence[str], value: str, **values: object) -> Sentence:
    meant = _nearest(value, known)
    said = sentence(saying, value=shown(value), **values)
    return said if meant is None else sentence("{what} Did you mean {suggestion}?", what=said, suggestion=meant)


def _nearest(value: str, choices: Sequence[str]) -> str | None:
    """The choice most like the value; None if none is near, or two are equally near."""
    scored = sorted(((likeness(value, choice), choice) for choice in choices), reverse=True)
    near = [choice for score, choice in scored if score >= _NEAR_ENOUGH and score == scored[0][0]]
    return near[0] if len(near) == 1 else None


def _length_sentence(field: Field, keyword: str, limit: int, value: str) -> Sentence:
    values = {"label": words(field.label), "limit": limit, "length": len(value), "value": shown(value)}
    match keyword, limit:
        case "minLength", _:  # an empty cell is absent, so a limit of 1 is never missed
            return sentence("{label} must have at least {limit} characters; '{value}' has {length}.", **values)
        case _, 0:
            return sentence("{label} must be empty; found '{value}'.", label=words(field.label), value=shown(value))
        case _, 1:
            return sentence("{label} must have at most 1 character; '{value}' has {length}.", **values)
        case _:
            return sentence("{label} must have at most {limit} characters; '{value}' has {length}.", **values)


def _pattern_sentence(field: Field, pattern: str, value: str) -> Sentence:
    if field.examples:
        return sentence(
            "{label} is not written as it should be; found '{value}'. A right one: {example}.",
            label=words(field.label),
            value=shown(value),
            example=field.examples[0],
        )
    return sentence(
        "{label} is not written as it should be (by the pattern {pattern}); found '{value}'.",
        label=words(field.label),
        pattern=pattern,
        value=shown(value),
    )
