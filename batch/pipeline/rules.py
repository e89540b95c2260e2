"""What the rows of a run are held against: the schema, the hints beside it, and the country of bare phone numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from batch.errors import SettingsError
from batch.hints import Hints, load_hints
from batch.phones import is_region
from batch.reply_schema import load_reply_schema, reply_problem
from batch.schema import Schema, load_schema, schemas_folder

REQUEST = "verification-group.request.json"
HINTS = "hints.json"
_REPLIES = {
    "create": "verification-group.response.json",
    "list": "verification-group-list.response.json",
    "one": "verification-group-one.response.json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Loaded once for a command; the same for all of its files."""

    schema: Schema
    hints: Hints
    region: str


def load_rules(folder: Path | None, region: str) -> Rules:
    """From a folder of schema files, by default the program's own. Raises SettingsError, naming file and keyword, or
    for a region that is no country.
    """
    if not is_region(region):
        raise SettingsError("unknown_region", f'There is no country with the code "{region}"; expected one such as NL.')
    where = folder or schemas_folder()
    return Rules(schema=load_schema(where / REQUEST), hints=load_hints(where / HINTS), region=region)


def load_reply_check(folder: Path | None) -> Callable[[str, object], str | None]:
    """(kind of reply, decoded body) -> what is wrong with it by the response schema files, or None."""
    where = folder or schemas_folder()
    schemas = {kind: load_reply_schema(where / name) for kind, name in _REPLIES.items()}
    return lambda kind, value: reply_problem(schemas[kind], value)
