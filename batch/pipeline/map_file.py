"""Map files on disk: found, read with every mistake named, and written without replacing one unasked."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from batch.columns import FOLDER_MAP, MapEntry, SavedMap
from batch.errors import SettingsError

_KNOWN: Final = ("sheet", "all_sheets", "delimiter", "encoding", "columns")
_LARGEST: Final = 1 << 20


def load_map(path: Path) -> SavedMap:
    """The mapping in the file at `path`. Raises SettingsError if it is missing, is no TOML or says what is unknown."""
    document = _document(path)
    _refuse_unknown(path, document)
    return SavedMap(
        name=path.name,
        sheet=_text(path, document, "sheet"),
        all_sheets=_flag(path, document, "all_sheets"),
        delimiter=_text(path, document, "delimiter"),
        encoding=_encoding(path, document),
        entries=tuple(_entries(path, document.get("columns", {}))),
    )


def folder_map(folder: Path) -> SavedMap | None:
    """The mapping that stands in a folder of inputs, if one does. Raises SettingsError as `load_map`."""
    found = folder / FOLDER_MAP
    return load_map(found) if found.is_file() else None


def write_map(path: Path, text: str, *, overwrite: bool) -> None:
    """Writes a map file. Raises SettingsError where one stands already, unless `overwrite`, or none can be written."""
    try:
        with path.open("w" if overwrite else "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise SettingsError(
            "map_file_exists", f"--save-map: {path} is there already. Name another file, or add --overwrite."
        ) from None
    except OSError as cause:
        raise SettingsError(
            "map_file_unwritable", f"--save-map: {path} cannot be written: {cause.strerror}. Name another file."
        ) from cause


def _document(path: Path) -> Mapping[str, object]:
    try:
        if path.stat().st_size > _LARGEST:
            raise SettingsError("map_file_malformed", f"{path.name} is too large to be a map file.")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as cause:
        raise SettingsError("map_file_unreadable", f"{path} cannot be read as a map file: {cause.strerror}.") from cause
    except ValueError as cause:  # text that is not UTF-8, or no TOML
        raise SettingsError(
            "map_file_malformed",
            f'{path.name} is no map file: {cause}. Every line is to be like: "Header" = "field".',
        ) from cause


def _refuse_unknown(path: Path, document: Mapping[str, object]) -> None:
    unknown = next((key for key in document if key not in _KNOWN), None)
    if unknown is not None:
        raise SettingsError(
            "map_file_malformed",
            f'{path.name} holds "{unknown}", which means nothing there; it may hold {", ".join(_KNOWN)}. '
            "Headers belong below [columns].",
        )


def _text(path: Path, document: Mapping[str, object], key: str) -> str | None:
    value = document.get(key)
    if value is None or isinstance(value, str):
        return value
    raise SettingsError(
        "map_file_malformed", f"{path.name}: {key} should be a text in quotation marks; found {value!r}."
    )


def _flag(path: Path, document: Mapping[str, object], key: str) -> bool:
    value = document.get(key, False)
    if isinstance(value, bool):
        return value
    raise SettingsError("map_file_malformed", f"{path.name}: {key} should be true or false; found {value!r}.")


def _encoding(path: Path, document: Mapping[str, object]) -> str | None:
    name = _text(path, document, "encoding")
    try:
        return name if name is None else codecs.lookup(name).name
    except LookupError:
        raise SettingsError("map_file_malformed", f"{path.name}: there is no encoding {name!r}.") from None


def _entries(path: Path, columns: object) -> Iterator[MapEntry]:
    if not isinstance(columns, dict):
        raise SettingsError("map_file_malformed", f"{path.name}: columns should be a table, below a line [columns].")
    for header, value in columns.items():
        targets = value if isinstance(value, list) else [value]
        if not header.strip() or not targets or not all(isinstance(target, str) for target in targets):
            raise SettingsError(
                "map_file_malformed",
                f'{path.name}: "{header}" should feed a field, as in "Plaats" = "city", or several; found {value!r}.',
            )
        yield from (MapEntry(header=header, target=target, saved_in=path.name) for target in targets)
