"""`template`: an empty workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import typer

from batch.errors import SettingsError
from batch.model import sentence
from batch.pipeline.rules import load_rules
from batch.settings import load_settings
from batch.template import ENDINGS, write_template


def write(path: Path, *, overwrite: bool, config: Path | None) -> None:
    """Writes the template; .xlsx or .csv by the path's ending. Raises SettingsError where it may not, OutputError where
    the disk refuses.
    """
    settings = load_settings(config=config)
    _refuse(path, overwrite=overwrite)
    rules = load_rules(settings.schemas, settings.region)
    write_template(path, rules.schema, rules.hints)
    typer.echo(f"Wrote {path}. Fill in one row for each verification group, then: flireo-batch check {path}")


def _refuse(path: Path, *, overwrite: bool) -> None:
    if path.suffix.lower() not in ENDINGS:
        said = sentence(
            "The name of a template ends in one of {known}; {path} does not. Nothing was written.",
            known=", ".join(ENDINGS),
            path=path,
        )
        raise SettingsError("template_ending", said)
    if path.exists() and not overwrite:
        said = sentence(
            "{path} exists already. Give another name, or add --overwrite to replace it. Nothing was written.",
            path=path,
        )
        raise SettingsError("exists", said)
    if not path.parent.is_dir():
        said = sentence(
            "There is no folder {folder}. Make it, or name another one. Nothing was written.", folder=path.parent
        )
        raise SettingsError("no_folder", said)
