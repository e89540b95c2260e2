"""`settle`: a person's word on a row that the list could not settle."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from uuid import UUID

import typer

from batch.errors import SettingsError
from batch.languages import say_in
from batch.ledger import Known, Ledger, open_ledger
from batch.model import Sentence, sentence
from batch.settings import load_settings

_LEAST = 6  # characters of a fingerprint that a person types; fewer could mean too many rows


def settle_row(fingerprint: str, *, created: str | None, absent: bool, config: Path | None, lang: str | None) -> None:
    """Books the decision in the ledger, as a person's. Raises SettingsError for a row or an ID that makes no sense."""
    if (created is None) is not absent:
        said = sentence("Say either --created ID, if the group exists, or --absent, if it does not.")
        raise SettingsError("settle", said)
    group_id = None if created is None else _uuid(created)
    settings = load_settings(config=config, flags={"lang": lang})
    with closing(open_ledger(settings.ledger_location)) as ledger:
        row = _the_row(ledger, fingerprint.strip().lower())
        ledger.settle_by_hand(row, group_id)
    if group_id:
        said = sentence(
            "Row {row} of {source} counts as created, as {group}.", row=row.row, source=row.source, group=group_id
        )
    else:
        said = sentence(
            "Row {row} of {source} counts as not created; the next run of its file sends it again.",
            row=row.row,
            source=row.source,
        )
    typer.echo(say_in(settings.language)(said))


def _the_row(ledger: Ledger, start: str) -> Known:
    if len(start) < _LEAST:
        raise SettingsError(
            "settle",
            sentence("Give at least {least} characters of the fingerprint, from history --in-doubt.", least=_LEAST),
        )
    found = [row for row in ledger.all_open_rows() if row.fingerprint.startswith(start)]
    if len(found) != 1:
        raise SettingsError("settle", _not_one(len(found), start))
    if ledger.alive(found[0].run_id):
        raise SettingsError("settle", sentence("A run is at work on this row at this moment. Wait until it has ended."))
    return found[0]


def _not_one(count: int, start: str) -> Sentence:
    if not count:
        return sentence(
            "In the ledger no row in doubt begins with '{start}'. See: flireo-batch history --in-doubt", start=start
        )
    return sentence(
        "In the ledger {count} rows in doubt begin with '{start}'. See: flireo-batch history --in-doubt",
        count=count,
        start=start,
    )


def _uuid(text: str) -> str:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        said = sentence("'{text}' is no requirement_group_id; expected a UUID.", text=text)
        raise SettingsError("settle", said) from None
