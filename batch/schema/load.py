"""The request schema: a JSON Schema file read into fields, refusing whatever would not be checked.

The file describes one flat JSON object, one property for each column: what a row of text cells can fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from batch.schema.documents import Json, Place, read_document, shown
from batch.schema.fields import Field, JsonType, Schema, label, spelled
from batch.schema.keywords import VALUE_KEYWORDS, covered_object, read_choices, read_rules
from batch.schema.scalars import broken_rules, is_type
from batch.schema.structure import properties_of, required_of

_OBJECT_KEYWORDS = ("type", "properties", "required", "additionalProperties")
_TYPES = ", ".join(JsonType)


def load_schema(path: Path) -> Schema:
    """The schema in this file. Raises SettingsError, naming file, place and keyword."""
    return parse_schema(read_document(path), source=str(path))


def parse_schema(document: Json, *, source: str) -> Schema:
    """The schema in a document, as `documents` reads it. Raises SettingsError."""
    top = Place(source=source)
    whole = covered_object(document, _OBJECT_KEYWORDS, top)
    if whole.get("type") != "object":
        raise top.error("schema_value", f"'type' must be \"object\" here; found {shown(whole.get('type'))}.")
    properties, required = properties_of(whole, top), required_of(whole, top)
    _refuse_undescribed(required, properties, top)
    return Schema(
        fields=tuple(
            replace(_field(name, each, top / "properties" / name), required=name in required)
            for name, each in properties.items()
        ),
        additional=_additional(whole.get("additionalProperties", True), top / "additionalProperties"),
    )


def _refuse_undescribed(required: Iterable[str], properties: Mapping[str, Json], top: Place) -> None:
    for name in required:
        if name not in properties:
            raise (top / "required").error(
                "schema_value", f"{shown(name)} is required, but 'properties' does not describe it."
            )


def _additional(document: Json, place: Place) -> bool | Field:
    if isinstance(document, bool):
        return document
    return True if document == {} else _field("", document, place)


def _field(name: str, document: Json, place: Place) -> Field:
    spec = covered_object(document, VALUE_KEYWORDS, place)
    kind = spec.get("type")
    if not isinstance(kind, str) or kind not in set(JsonType):
        raise place.error("schema_value", f"'type' must be one of {_TYPES}; found {shown(kind)}.")
    types = frozenset({kind})
    rules = MappingProxyType({**read_choices(spec, types, place), **read_rules(spec, types, place)})
    if "default" in spec:
        _check_default(spec["default"], kind, rules, place / "default")
    return Field(
        name=name,
        label=str(spec.get("title") or label(name)),
        type=JsonType(kind),
        required=False,
        description=str(spec.get("description", "")),
        rules=rules,
        default=spec.get("default"),
        examples=_examples(spec.get("examples", []), kind, rules),
    )


def _check_default(default: Json, kind: str, rules: Mapping[str, object], place: Place) -> None:
    """A default is filled in for a customer who left the cell empty, so it may not be what makes the row invalid."""
    broken = broken_rules(default, rules) if is_type(default, kind) else ("type",)
    if broken:
        raise place.error("schema_value", f"{shown(default)} breaks the rule '{broken[0]}' beside it.")


def _examples(examples: Json, kind: str, rules: Mapping[str, object]) -> tuple[str, ...]:
    """Those that keep the rules themselves: an example that is shown to a customer must be a right one."""
    return tuple(
        spelled(each)
        for each in (examples if isinstance(examples, list) else ())
        if is_type(each, kind) and not broken_rules(each, rules)
    )
