"""The keywords that give an object its shape, read from a schema document: `properties` and `required`."""

from __future__ import annotations

from collections.abc import Mapping

from batch.schema.documents import Json, Place, shown


def properties_of(document: Mapping[str, Json], place: Place) -> dict[str, Json]:
    """The schemas of the properties by name, in the order of the file. Raises SettingsError."""
    properties = document.get("properties", {})
    if not isinstance(properties, dict) or "" in properties:
        raise (place / "properties").error(
            "schema_value", f"an object of named properties was expected; found {shown(properties)}."
        )
    return properties


def required_of(document: Mapping[str, Json], place: Place) -> tuple[str, ...]:
    """The names of the properties that must be there, in the order of the file. Raises SettingsError."""
    given = document.get("required", [])
    names = tuple(name for name in given if isinstance(name, str)) if isinstance(given, list) else ()
    if not isinstance(given, list) or len(names) < len(given):
        raise (place / "required").error("schema_value", f"a list of names was expected; found {shown(given)}.")
    if len(set(names)) < len(names):
        raise (place / "required").error("schema_value", f"a name stands twice in {shown(given)}.")
    return names
