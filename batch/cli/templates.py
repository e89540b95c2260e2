"""`template`: an empty workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import typer

from batch.errors import OutputError
from batch.pipeline.rules import load_rules
from batch.settings import load_settings
from batch.template import write_template


def write(path: Path, *, overwrite: bool, config: Path | None) -> None:
    """Writes the template; .xlsx or .csv by the path's ending. Raises OutputError where it may not."""
    settings = load_settings(config=config)
    rules = load_rules(settings.schemas, settings.region)
    if path.exists() and not overwrite:
        raise OutputError(
            "exists",
            f"{path} exists already. Give another name, or add --overwrite to replace it. Nothing was written.",
        )
    write_template(path, rules.schema, rules.hints)
    typer.echo(f"Wrote {path}. Fill in one row for each verification group, then: flireo-batch check {path}")
