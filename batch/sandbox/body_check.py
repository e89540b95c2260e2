"""Holds a request against the request schema file, and says for each field what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from batch.sandbox.answers import NO_FIELDS
from batch.schema import Field, Schema, load_schema, schemas_folder
from batch.schema.scalars import broken_rules, is_type

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "verification-group.request.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """What is wrong with a body: a sentence, and one for each field at fault."""

    message: str
    fields: Mapping[str, str] = field(default_factory=lambda: NO_FIELDS)


class BodyCheck:
    """The request schema, as a server applies it."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._fields = {field.name: field for field in schema.fields}

    def faulty(self, body: object) -> Faulty | None:
        """What is wrong with a decoded body, None if nothing is. Fields are named in the order of the schema."""
        if not isinstance(body, dict):
            return Faulty(message="The body is not a JSON object")
        fields = {name: f"{name} is required" for name in self._schema.required if name not in body}
        for name, value in body.items():
            problem = self._problem(name, value)
            if problem is not None:
                fields[name] = problem
        if not fields:
            return None
        ordered = {name: fields[name] for name in sorted(fields, key=self._position)}
        return Faulty(message="Missing or invalid fields", fields=ordered)

    def field_problem(self, name: str, value: object) -> str | None:
        """What is wrong with one field's value, None if nothing is or the schema does not describe the field."""
        field = self._fields.get(name)
        return None if field is None else _problem(name, value, field)

    def _problem(self, name: str, value: object) -> str | None:
        if name in self._fields:
            return _problem(name, value, self._fields[name])
        match self._schema.additional:
            case Field() as like:
                return _problem(name, value, like)
            case True:
                return None
            case False:  # pragma: no branch - there is nothing else that it can be
                return f"{name} is not allowed"

    def _position(self, name: str) -> int:
        names = self._schema.names
        return names.index(name) if name in names else len(names)


def _problem(name: str, value: object, field: Field) -> str | None:
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    if not is_type(exact, field.type):
        return f"{name} must be of type {field.type}"
    broken = broken_rules(exact, field.rules)
    if not broken:
        return None
    limit = field.rules[broken[0]]
    expected = ", ".join(field.enum) if broken[0] == "enum" else limit
    return f"{name} breaks {broken[0]}: {expected}"


def load_body_check(folder: Path | None) -> BodyCheck:
    """From a folder of schema files, by default the program's own. Raises SettingsError."""
    return BodyCheck(load_schema((folder or schemas_folder()) / FILE_NAME))
