"""Earlier runs as they are read back: all of an account's, one, or the last that made something."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from batch.ledger.tables import rows, runs, scopes
from batch.ledger.values import LedgerState, RunFacts, Scope

Alive = Callable[[str], bool]
_KNOWN = sa.select(runs, scopes.c.account, scopes.c.base_url).join(scopes)


def newest(connection: sa.Connection, limit: int) -> list[sa.Row[Any]]:
    """The newest runs first, whatever their account."""
    return list(connection.execute(_KNOWN.order_by(runs.c.started_at.desc()).limit(limit)))


def one(connection: sa.Connection, run_id: str) -> list[sa.Row[Any]]:
    return list(connection.execute(_KNOWN.where(runs.c.id == run_id)))


def last_with_groups(connection: sa.Connection, scope: Scope) -> str | None:
    """The newest run of the scope that created a group."""
    created = sa.exists().where(
        rows.c.scope_id == scope.id, rows.c.run_id == runs.c.id, rows.c.state == LedgerState.CREATED.value
    )
    statement = sa.select(runs.c.id).where(runs.c.scope_id == scope.id, created).order_by(runs.c.started_at.desc())
    found: str | None = connection.execute(statement.limit(1)).scalar_one_or_none()
    return found


def facts(row: sa.Row[Any], alive: Alive) -> RunFacts:
    return RunFacts(
        id=row.id,
        account=row.account,
        base_url=row.base_url,
        command=row.command,
        files=tuple(json.loads(row.files)),
        started_at=row.started_at,
        ended_at=row.ended_at,
        counts=json.loads(row.counts),
        stopped=row.stopped,
        alive=row.ended_at is None and alive(row.id),
    )
