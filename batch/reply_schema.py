"""JSON replies held against a response schema file: objects, arrays, nulls and lists of types, nested as they come.

The library jsonschema is for development only; this covers the keywords of `schema.keywords` and `items`, refuses
every other when the file is loaded, and is tested against that library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from batch.schema.documents import Json, Place, read_document, shown
from batch.schema.keywords import VALUE_KEYWORDS, covered_object, read_choices, read_rules
from batch.schema.scalars import TYPE_NAMES, broken_rules, exact, is_type
from batch.schema.structure import properties_of, required_of

_OBJECT_KEYWORDS = ("properties", "required", "additionalProperties")
_WHOLE = "the reply"
_COVERED = (*VALUE_KEYWORDS, *_OBJECT_KEYWORDS, "items")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySchema:
    """What one value of a reply may be. `types` is empty, and `items` None, where the file says nothing of it."""

    types: tuple[str, ...]
    rules: Mapping[str, object]
    properties: Mapping[str, ReplySchema]
    required: tuple[str, ...]
    additional: bool | ReplySchema
    items: ReplySchema | None


def load_reply_schema(path: Path) -> ReplySchema:
    """The response schema in this file. Raises SettingsError, naming file, place and keyword."""
    return _read(read_document(path), Place(source=str(path)))


def reply_problem(schema: ReplySchema, value: object) -> str | None:
    """What is wrong with a decoded reply, in words that hold none of its values; None if nothing is.

    `value` is as `json.loads` gives it. Of several problems the first is told, outermost and in the schema's order.
    """
    return next(_problems(schema, exact(value), ""), None)


def _problems(schema: ReplySchema, value: object, place: str) -> Iterator[str]:
    if schema.types and not any(is_type(value, name) for name in schema.types):
        yield f"{place or _WHOLE} should be of type {' or '.join(schema.types)}, not {_type_name(value)}"
    else:
        yield from _content_problems(schema, value, place)


def _content_problems(schema: ReplySchema, value: object, place: str) -> Iterator[str]:
    for keyword in broken_rules(value, schema.rules):
        yield f"{place or _WHOLE} breaks the rule {keyword} {_limit(schema.rules[keyword])}"
    match value:
        case dict():
            yield from _object_problems(schema, value, place)
        case list() if schema.items is not None:
            for at, item in enumerate(value):
                yield from _problems(schema.items, exact(item), f"{place}[{at}]")


def _object_problems(schema: ReplySchema, value: Mapping[str, object], place: str) -> Iterator[str]:
    for name in schema.required:
        if name not in value:
            yield f"{_inside(place, name)} is missing"
    for name, member in value.items():
        match schema.properties.get(name, schema.additional):
            case ReplySchema() as inner:
                yield from _problems(inner, exact(member), _inside(place, name))
            case False:
                yield f"{place or _WHOLE} has a member that the schema does not allow"


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _type_name(value: object) -> str:
    return next((name for name in TYPE_NAMES if is_type(value, name)), "a number that JSON does not have")


def _limit(limit: object) -> str:
    return shown(list(limit) if isinstance(limit, tuple) else limit)


def _read(document: Json, place: Place) -> ReplySchema:
    spec = covered_object(document, _COVERED, place)
    types = _types(spec, place)
    for keyword, needed in (*((each, "object") for each in _OBJECT_KEYWORDS), ("items", "array")):
        if keyword in spec and types and needed not in types:
            raise place.error("schema_value", f"'{keyword}' is for an {needed}, but the type here is {shown(types)}.")
    kinds = frozenset(types)
    properties = properties_of(spec, place)
    return ReplySchema(
        types=types,
        rules=MappingProxyType({**read_choices(spec, kinds, place), **read_rules(spec, kinds, place)}),
        properties=MappingProxyType(
            {name: _read(each, place / "properties" / name) for name, each in properties.items()}
        ),
        required=required_of(spec, place),
        additional=_additional(spec.get("additionalProperties", True), place / "additionalProperties"),
        items=_read(spec["items"], place / "items") if "items" in spec else None,
    )


def _additional(document: Json, place: Place) -> bool | ReplySchema:
    return document if isinstance(document, bool) else _read(document, place)


def _types(spec: Mapping[str, Json], place: Place) -> tuple[str, ...]:
    if "type" not in spec:
        return ()
    given = spec["type"]
    names = given if isinstance(given, list) else [given]
    types = tuple(name for name in names if isinstance(name, str) and name in TYPE_NAMES)
    if not types or len(types) < len(names):
        raise (place / "type").error(
            "schema_value", f"types among {', '.join(TYPE_NAMES)} were expected; found {shown(given)}."
        )
    return types
