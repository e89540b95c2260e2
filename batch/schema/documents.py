"""Schema files as JSON documents: where they lie, reading them without loss, and saying where one is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Never, TypeAlias

from batch.errors import SettingsError

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | Decimal | bool | None"

_PACKAGE = Path(__file__).resolve().parents[1]
_LARGEST_EXPONENT = 300  # what a double, so any receiver, can still tell from zero and from infinity
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a schema file: the file's name and the keys that lead there."""

    source: str
    keys: tuple[str, ...] = ()

    def __truediv__(self, key: str) -> Place:
        return Place(source=self.source, keys=(*self.keys, key))

    def __str__(self) -> str:
        return "/".join(self.keys) or "the top level"

    def error(self, code: str, why: str) -> SettingsError:
        """The error for something wrong here; `why` is a sentence, without this place in it."""
        return SettingsError(code, f"Schema file {self.source}, at {self}: {why}")


def schemas_folder() -> Path:
    """Where the schema files are: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / "schemas"
    return inside if inside.is_dir() else _PACKAGE.parent / "schemas"


def read_document(path: Path) -> Json:
    """The JSON of a schema file. Raises SettingsError if it cannot be read, or as `parse_document` does."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as cause:
        raise SettingsError("schema_unreadable", f"The schema file {path} cannot be read: {cause}.") from cause
    return parse_document(text, source=str(path))


def parse_document(text: str, *, source: str) -> Json:
    """JSON with exact fractions; a number without one is an int, however it is spelled.

    Raises SettingsError if it is no JSON, or says one thing twice (the last would win in silence).
    """
    try:
        document: Json = json.loads(
            text, parse_float=_fraction, parse_int=_whole, parse_constant=_no_number, object_pairs_hook=_no_twins
        )
    except (ValueError, RecursionError) as cause:
        raise Place(source=source).error(
            "schema_not_json", f"this is not JSON that can be trusted: {cause}."
        ) from cause
    return document


def shown(value: object) -> str:
    """A value of a schema file as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=float)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _fraction(text: str) -> Decimal | int:
    number = Decimal(text)
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"the number {text[:_LONGEST_SHOWN]} is too large or too small")
    return int(number) if number == int(number) else number  # JSON has one number 1, written 1, 1.0 or 1e0


def _whole(text: str) -> int:
    if len(text) > _LARGEST_EXPONENT:
        raise ValueError(f"the number {text[:_LONGEST_SHOWN]}… is too large")
    return int(text)


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is no number in JSON")


def _no_twins(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'"{twin}" stands twice in one object')
    return found
