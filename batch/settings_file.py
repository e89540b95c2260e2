"""Writes settings into a TOML file and leaves whatever else stands there as it is. Sole owner of tomlkit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from batch.errors import SettingsError

_HEAD = (
    "Settings of flireo-batch; the environment (FLIREO_...) wins over them.",
    "The API key must not stand here: see api_key_file and keyring.",
)


def write_settings(path: Path, values: Mapping[str, str | bool | None]) -> None:
    """Sets the values (None: takes the name out) in the file, made if it is missing. Raises SettingsError."""
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else _new()
        for name, value in values.items():
            if value is None:
                document.pop(name, None)
            else:
                document[name] = value
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        partial.write_text(tomlkit.dumps(document), encoding="utf-8")
        partial.replace(path)
    except TOMLKitError as error:
        raise SettingsError(
            "settings_file", f"The settings file {path} is no valid TOML ({error}). Correct it, or take it away."
        ) from None
    except OSError as error:
        raise SettingsError("settings_file", f"The settings file {path} cannot be written: {error.strerror}.") from None


def _new() -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    return document
