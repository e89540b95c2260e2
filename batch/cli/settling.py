"""`settle`: a person's word on a row that the list could not settle."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from uuid import UUID

import typer

from batch.errors import SettingsError
from batch.ledger import Known, Ledger, open_ledger
from batch.settings import load_settings

_LEAST = 6  # characters of a fingerprint that a person types; fewer could mean too many rows


def settle_row(fingerprint: str, *, created: str | None, absent: bool, config: Path | None) -> None:
    """Books the decision in the ledger, as a person's. Raises SettingsError for a row or an ID that makes no sense."""
    if (created is None) is not absent:
        raise SettingsError("settle", "Say either --created ID, if the group exists, or --absent, if it does not.")
    group_id = None if created is None else _uuid(created)
    settings = load_settings(config=config)
    with closing(open_ledger(settings.ledger_location)) as ledger:
        row = _the_row(ledger, fingerprint.strip().lower())
        ledger.settle_by_hand(row, group_id)
    said = f"created as {group_id}" if group_id else "not created; the next run of its file sends it again"
    typer.echo(f"Row {row.row} of {row.source} counts as {said}.")


def _the_row(ledger: Ledger, start: str) -> Known:
    if len(start) < _LEAST:
        raise SettingsError("settle", f"Give at least {_LEAST} characters of the fingerprint, from history --in-doubt.")
    found = [row for row in ledger.all_open_rows() if row.fingerprint.startswith(start)]
    if len(found) != 1:
        what = "no row in doubt begins" if not found else f"{len(found)} rows in doubt begin"
        raise SettingsError("settle", f"In the ledger {what} with '{start}'. See: flireo-batch history --in-doubt")
    if ledger.alive(found[0].run_id):
        raise SettingsError("settle", "A run is at work on this row at this moment. Wait until it has ended.")
    return found[0]


def _uuid(text: str) -> str:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        raise SettingsError("settle", f"'{text}' is no requirement_group_id; expected a UUID.") from None
