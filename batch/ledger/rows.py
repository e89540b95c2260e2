"""The life of rows inside the ledger's transactions: looked up, begun, settled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from batch.ledger import budget
from batch.ledger.prepared import PreparedSearch, PreparedSets, insert_of, update_from
from batch.ledger.tables import listed, rows
from batch.ledger.values import Answers, Claim, Entries, Known, LedgerState, Listed, Scope, SettledBy, Settlement

_MAY_BE_SENT = frozenset({LedgerState.PLANNED, LedgerState.REJECTED})
_STANDS_IN_THE_WAY = frozenset({LedgerState.SENDING, LedgerState.IN_DOUBT, LedgerState.CREATED})


def _by(column: sa.Column[str]) -> PreparedSearch:
    return PreparedSearch(
        lambda places: sa.select(rows).where(rows.c.scope_id == sa.bindparam("scope"), column.in_(places))
    )


_BY_FINGERPRINT, _BY_GROUP_KEY = _by(rows.c.fingerprint), _by(rows.c.group_key)
_BY_ID = PreparedSearch(
    lambda places: sa.select(rows.c.requirement_group_id).where(
        rows.c.scope_id == sa.bindparam("scope"), rows.c.requirement_group_id.in_(places)
    )
)
_IS_OWN = sa.exists().where(rows.c.scope_id == listed.c.scope_id, rows.c.requirement_group_id == listed.c.id)
_LISTED_BY_GROUP_KEY = PreparedSearch(
    lambda places: sa.select(listed).where(
        listed.c.scope_id == sa.bindparam("scope"), listed.c.group_key.in_(places), ~_IS_OWN
    )
)
_OF_SETTLEMENT: Mapping[str, sa.types.TypeEngine[Any]] = {
    "scope": sa.Integer(),
    "of": sa.Text(),
    "run": sa.Text(),
    "to": sa.Text(),
    "by": sa.Text(),
    "at": sa.Float(53),
    "id": sa.Text(),
    "why": sa.Text(),
    "perhaps": sa.Text(),
}


def _settlement(dialect: str, new: sa.Subquery) -> sa.Insert:
    conditions = (
        rows.c.scope_id == new.c.scope,
        rows.c.fingerprint == new.c.of,
        # Another run may have settled it meanwhile, and even be sending it again: that must stand.
        rows.c.run_id == new.c.run,
        sa.or_(rows.c.state == LedgerState.SENDING.value, rows.c.state == LedgerState.IN_DOUBT.value),
    )
    values = {
        "state": new.c.to,
        "settled_by": new.c.by,
        "settled_at": new.c.at,
        "requirement_group_id": new.c.id,
        "code": new.c.why,
        "candidates": new.c.perhaps,
    }
    return update_from(rows, dialect, conditions, values)


_SETTLE = PreparedSets(_OF_SETTLEMENT, _settlement)
_OF_INTENTION: Mapping[str, sa.types.TypeEngine[Any]] = {
    "scope_id": sa.Integer(),
    "fingerprint": sa.Text(),
    "group_key": sa.Text(),
    "state": sa.Text(),
    "run_id": sa.Text(),
    "source": sa.Text(),
    "row": sa.Integer(),
    "attempts": sa.Integer(),
    "sent_at": sa.Float(53),
    "settled_by": sa.Text(),
    "details": sa.Text(),
}


def _intention(dialect: str, new: sa.Subquery) -> sa.Insert:
    insert = insert_of(rows, dialect).from_select(
        [*_OF_INTENTION], sa.select(new).where(new.c.fingerprint.is_not(None))
    )
    again = {name: insert.excluded[name] for name in ("state", "run_id", "source", "row", "sent_at", "settled_by")}
    return insert.on_conflict_do_update(
        index_elements=[rows.c.scope_id, rows.c.fingerprint],
        set_=again | {"attempts": rows.c.attempts + 1, "requirement_group_id": None, "code": None, "settled_at": None},
    )


_INTEND = PreparedSets(_OF_INTENTION, _intention)


def select(connection: sa.Connection, *conditions: sa.ColumnElement[bool] | sa.TextClause) -> tuple[Known, ...]:
    return _known(connection.execute(sa.select(rows).where(*conditions)))


def latest_created(connection: sa.Connection, scope: Scope, count: int) -> tuple[Known, ...]:
    created = (rows.c.state == LedgerState.CREATED, rows.c.settled_by == SettledBy.REPLY)
    statement = sa.select(rows).where(rows.c.scope_id == scope.id, *created).order_by(rows.c.settled_at.desc())
    return _known(connection.execute(statement.limit(count)))


def _known(found: Iterable[sa.Row[Any]]) -> tuple[Known, ...]:
    return tuple(
        Known(
            fingerprint=row.fingerprint,
            group_key=row.group_key,
            state=LedgerState(row.state),
            run_id=row.run_id,
            source=row.source,
            row=row.row,
            attempts=row.attempts,
            requirement_group_id=row.requirement_group_id,
            code=row.code,
            sent_at=row.sent_at,
            settled_at=row.settled_at,
            settled_by=SettledBy(row.settled_by),
            details=json.loads(row.details),
            candidates=tuple(json.loads(row.candidates)),
        )
        for row in found
    )


def find(
    connection: sa.Connection, scope: Scope, fingerprints: Iterable[str], group_keys: Iterable[str]
) -> tuple[Known, ...]:
    """Rows known by one of the fingerprints or one of the group keys; each once."""
    found: dict[str, Known] = {}
    for search, values in ((_BY_FINGERPRINT, fingerprints), (_BY_GROUP_KEY, group_keys)):
        for known in _known(search.rows(connection, {"scope": scope.id}, values)):
            found[known.fingerprint] = known
    return tuple(found.values())


def none_of(connection: sa.Connection, scope: Scope) -> bool:
    first = (sa.select(table.c.scope_id).where(table.c.scope_id == scope.id).limit(1) for table in (rows, listed))
    return all(connection.execute(statement).first() is None for statement in first)


def known_ids(connection: sa.Connection, scope: Scope, ids: Iterable[str]) -> frozenset[str]:
    return frozenset(row.requirement_group_id for row in _BY_ID.rows(connection, {"scope": scope.id}, ids))


def find_listed(connection: sa.Connection, scope: Scope, group_keys: Iterable[str]) -> tuple[Listed, ...]:
    return tuple(
        Listed(id=row.id, group_key=row.group_key, created_at=row.created_at)
        for row in _LISTED_BY_GROUP_KEY.rows(connection, {"scope": scope.id}, group_keys)
    )


def settle(connection: sa.Connection, scope: Scope, settlements: Sequence[Settlement]) -> None:
    """In their order, of which the later ones of a row must find what the earlier ones have made of it."""
    together: dict[str, Settlement] = {}
    for item in settlements:
        if item.fingerprint in together:
            _settle(connection, scope, together.values())
            together = {}
        together[item.fingerprint] = item
    _settle(connection, scope, together.values())


def _settle(connection: sa.Connection, scope: Scope, settlements: Iterable[Settlement]) -> None:
    _SETTLE.all(
        connection,
        [
            (
                scope.id,
                item.fingerprint,
                item.run_id,
                item.state,
                item.settled_by,
                item.at,
                item.requirement_group_id,
                item.code,
                json.dumps(item.candidates) if item.candidates else "[]",
            )
            for item in settlements
        ],
    )


def owner_of(connection: sa.Connection, group_id: str) -> Known | None:
    """The row that has this group, if one has."""
    return next(iter(select(connection, sa.func.lower(rows.c.requirement_group_id) == group_id.lower())), None)


def settle_by_hand(connection: sa.Connection, row: Known, group_id: str | None, at: float) -> bool:
    """Changes the row only if it is still as the person saw it; whether it was."""
    changed = connection.execute(
        rows.update()
        .where(
            rows.c.fingerprint == row.fingerprint,
            rows.c.run_id == row.run_id,
            rows.c.state == row.state,
            rows.c.attempts == row.attempts,
        )
        .values(
            state=LedgerState.PLANNED if group_id is None else LedgerState.CREATED,
            settled_by=SettledBy.PERSON,
            settled_at=at,
            requirement_group_id=group_id,
        )
    )
    return changed.rowcount == 1


def begin(connection: sa.Connection, scope: Scope, run_id: str, window: budget.Window, entries: Entries) -> Answers:
    """Takes leave to send for plain requests first, then for as many claims as nothing stands in the way of."""
    blocked = dict(_blocked(connection, scope, window, entries.claims))
    free = tuple(claim for claim in entries.claims if claim.fingerprint not in blocked)
    want = entries.requests + len(free)
    grant = budget.take(connection, scope.key_hash, window, want) if want else budget.Grant(count=0, bucket=0)
    requests = min(grant.count, entries.requests)
    granted = free[: grant.count - requests]
    _write_intents(connection, scope, run_id, window.now, granted)
    return Answers(
        granted=frozenset(claim.fingerprint for claim in granted),
        blocked=blocked,
        requests=requests,
        bucket=grant.bucket,
        wait_seconds=grant.wait_seconds,
        paused=grant.paused,
    )


def _blocked(
    connection: sa.Connection, scope: Scope, window: budget.Window, claims: Sequence[Claim]
) -> Iterator[tuple[str, Known]]:
    known = find(connection, scope, (claim.fingerprint for claim in claims), (claim.group_key for claim in claims))
    same = {row.fingerprint: row for row in known if row.state not in _MAY_BE_SENT}
    group = {row.group_key: row for row in known if row.state in _STANDS_IN_THE_WAY}
    for claim in claims:
        obstacle = same.get(claim.fingerprint) or group.get(claim.group_key)
        if obstacle is not None:
            yield claim.fingerprint, obstacle
        group.setdefault(claim.group_key, _as_sending(claim, window.now))


def _as_sending(claim: Claim, now: float) -> Known:
    """A claim of this very transaction, as the next one with the same group key finds it."""
    return Known(
        fingerprint=claim.fingerprint,
        group_key=claim.group_key,
        state=LedgerState.SENDING,
        run_id="",
        source=claim.source,
        row=claim.row,
        attempts=1,
        requirement_group_id=None,
        code=None,
        sent_at=now,
        settled_at=None,
        settled_by=SettledBy.CLAIM,
        details=claim.details,
    )


def _write_intents(connection: sa.Connection, scope: Scope, run_id: str, now: float, claims: Sequence[Claim]) -> None:
    _INTEND.all(
        connection,
        [
            (
                scope.id,
                claim.fingerprint,
                claim.group_key,
                LedgerState.SENDING,
                run_id,
                claim.source,
                claim.row,
                1,
                now,
                SettledBy.CLAIM,
                json.dumps(dict(claim.details)),
            )
            for claim in claims
        ],
    )
