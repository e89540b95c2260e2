"""The fields of the request schema as documentation, made from the schema file so that it can never lag behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from batch.schema import Field, JsonType, Schema, spelled

if TYPE_CHECKING:
    from batch.hints import Hints

_TITLES = ("Field", "Label", "Required", "Rule", "Description")
_KINDS = {
    JsonType.STRING: "text",
    JsonType.INTEGER: "whole number",
    JsonType.NUMBER: "number, with a point before decimals",
    JsonType.BOOLEAN: "true or false",
}
_FORMATS = {
    "uuid": "UUID",
    "email": "e-mail address",
    "uri": "web address",
    "date": "date, written as 2025-01-31",
    "date-time": "date and time with time zone, written as 2025-01-31T09:30:00Z",
}
_NUMBERS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


def fields_markdown(schema: Schema, hints: Hints | None = None) -> str:
    """A Markdown table of all fields in the schema's order, and a sentence on other columns.

    With hints, a list follows of the other headers under which each field is recognised.
    """
    table = [_line(_TITLES), _line(["---"] * len(_TITLES)), *(_line(_cells(field)) for field in schema.fields)]
    parts = ["\n".join(table), _others(schema.additional), *([_synonyms(schema, hints)] if hints else [])]
    return "\n\n".join(parts) + "\n"


def rule_words(field: Field) -> str:
    """What a value of the field must be, in words: "one of local, mobile, national"."""
    choices = field.enum
    parts = [f"one of {', '.join(choices)}" if len(choices) > 1 else choices[0]] if choices else [_kind(field)]
    parts += [words for keyword, limit in field.rules.items() if (words := _words(keyword, limit))]
    if field.default is not None:
        parts.append(f"{spelled(field.default)} if left empty")
    return "; ".join(parts)


def _kind(field: Field) -> str:
    form = field.rules.get("format")
    return _FORMATS[form] if isinstance(form, str) else _KINDS[field.type]


def _words(keyword: str, limit: object) -> str:
    match keyword, limit:
        case "minLength", 0:
            return ""
        case "minLength", 1:
            return "not empty"
        case "minLength", _:
            return f"at least {limit} characters"
        case "maxLength", _:
            return f"at most {limit} {'character' if limit == 1 else 'characters'}"
        case "pattern", _:
            return f"by the pattern {limit}"
        case _:
            return _NUMBERS[keyword].format(spelled(limit)) if keyword in _NUMBERS else ""


def _cells(field: Field) -> list[str]:
    required = "yes" if field.required else "no"
    name = field.name.replace("|", r"\|")
    return [f"`{name}`", *map(_escaped, (field.label, required, rule_words(field), field.description))]


def _others(additional: bool | Field) -> str:
    if isinstance(additional, Field):
        return f"Any other column: {_escaped(rule_words(additional))}."
    if additional:
        return "Other columns may be sent along by mapping them; they are sent as text."
    return "No other column may be sent."


def _synonyms(schema: Schema, hints: Hints) -> str:
    lines = ["Headers that are recognised beside the field and its label:", ""]
    for field in schema.fields:
        headers = dict.fromkeys(hints.of(field.name).headers)
        if headers:
            lines.append(f"- {_escaped(field.label)}: {_escaped(', '.join(headers))}")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
