"""The ledger itself: one transaction for each step, on SQLite or PostgreSQL. This package alone uses SQLAlchemy.

The statements are in `rows` and `budget`, what is particular to a database in `engines`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import sqlalchemy as sa

from batch import identity
from batch.errors import LedgerError, SettingsError
from batch.ledger import budget, past_runs, rows
from batch.ledger.engines import postgres_engine, postgres_url, sqlite_engine, sqlite_path, without_password
from batch.ledger.liveness import AdvisoryLiveness, FileLiveness, Liveness
from batch.ledger.tables import OPEN, bring_up_to_date, listed, runs, scopes
from batch.ledger.tables import rows as rows_table
from batch.ledger.values import Answers, Entries, Known, LedgerState, Listed, RunEnd, RunFacts, Scope, Settlement
from batch.rate import RateLimit

_WRITERS_TURN = 0x666C69726571  # PostgreSQL: writers queue on this advisory lock, as they do by nature on SQLite


def check_location(location: str) -> None:
    """Raises SettingsError for what can be no ledger: neither a file path nor a PostgreSQL address. Opens nothing."""
    if "://" in location:
        postgres_url(location)
    else:
        sqlite_path(location)


def open_ledger(location: str, *, clock: Callable[[], float] = time.time) -> Ledger:
    """The ledger at a file path (SQLite, made if missing) or a `postgresql://` URL.

    Raises SettingsError as `check_location`; LedgerError, with what to do, when it cannot be opened or was written by a
    newer version.
    """
    if "://" in location:
        return Ledger(postgres_engine(location), without_password(location), AdvisoryLiveness, clock)
    path = sqlite_path(location)
    folder = path.with_name(path.name + ".runs")
    return Ledger(sqlite_engine(path), str(path), lambda _: FileLiveness(folder), clock)


class Ledger:
    """What was intended, sent and answered. Every method is one transaction, durable when it returns."""

    def __init__(
        self, engine: sa.Engine, where: str, liveness: Callable[[sa.Engine], Liveness], clock: Callable[[], float]
    ) -> None:
        self._engine = engine
        self.where = where
        self.clock = clock
        try:
            with self._writing() as connection:
                self._secret = bring_up_to_date(connection, where)
            with self._explained():
                self._liveness = liveness(engine)
        except BaseException:
            engine.dispose()
            raise

    def close(self) -> None:
        self._liveness.close()
        self._engine.dispose()

    def scope(self, account: str, base_url: str, api_key: str, *, accept_key: bool = False) -> Scope:
        """The account at the base URL, made if new. Raises SettingsError (`key_changed`) when the key is another one
        than this account had before, unless `accept_key`: "already created" would be a lie under another account.
        A key under which nothing was ever sent or listed was perhaps mistyped; it gives way to the next.
        """
        seen = identity.key_hash(self._secret, api_key)
        match = (scopes.c.account == account, scopes.c.base_url == base_url)
        with self._writing() as connection:
            found = connection.execute(sa.select(scopes).where(*match)).one_or_none()
            if found is None:
                connection.execute(scopes.insert().values(account=account, base_url=base_url, key_hash=seen))
            elif found.key_hash != seen:
                if not accept_key and _was_used(connection, found):
                    raise SettingsError("key_changed", _key_changed(account, base_url))
                connection.execute(scopes.update().where(*match).values(key_hash=seen))
            row = connection.execute(sa.select(scopes).where(*match)).one()
        return Scope(
            id=row.id,
            key=json.dumps([account, base_url]),
            secret=self._secret,
            key_hash=seen,
            surveyed_at=row.surveyed_at,
        )

    @property
    def secret(self) -> bytes:
        """The secret under which rows and groups are hashed."""
        return self._secret

    # Runs

    @contextmanager
    def running(self, run_id: str, scope: Scope, command: str, files: Sequence[str]) -> Iterator[RunEnd]:
        """Notes the run and marks it alive while the context lasts; whatever it leaves open is in doubt afterwards."""
        with self._explained():
            self._liveness.hold(run_id)
        try:
            with self._writing() as connection:
                connection.execute(
                    runs.insert().values(
                        id=run_id,
                        scope_id=scope.id,
                        command=command,
                        files=json.dumps(list(files)),
                        started_at=self.clock(),
                        counts="{}",
                    )
                )
            end = RunEnd()
            try:
                yield end
            finally:
                with self._writing() as connection:
                    connection.execute(
                        runs.update()
                        .where(runs.c.id == run_id)
                        .values(ended_at=self.clock(), counts=json.dumps(end.counts), stopped=end.stopped)
                    )
        finally:
            with self._explained():
                self._liveness.release(run_id)

    def alive(self, run_id: str) -> bool:
        with self._explained():
            return self._liveness.alive(run_id)

    def history(self, limit: int) -> tuple[RunFacts, ...]:
        """The newest runs first."""
        with self._reading() as connection:
            found = past_runs.newest(connection, limit)
        return tuple(past_runs.facts(row, self.alive) for row in found)

    def run_facts(self, run_id: str) -> RunFacts | None:
        """One run, if the ledger knows it."""
        with self._reading() as connection:
            found = past_runs.one(connection, run_id)
        return past_runs.facts(found[0], self.alive) if found else None

    def last_run_with_groups(self, scope: Scope) -> str | None:
        """The newest run of the scope that created a group."""
        with self._reading() as connection:
            return past_runs.last_with_groups(connection, scope)

    # Rows

    def created_by(self, run_id: str) -> tuple[Known, ...]:
        """The rows that this run created, as they stand in its files."""
        with self._reading() as connection:
            found = rows.select(
                connection, rows_table.c.run_id == run_id, rows_table.c.state == LedgerState.CREATED.value
            )
        return tuple(sorted(found, key=lambda known: (known.source, known.row)))

    def lookup(self, scope: Scope, *, fingerprints: Iterable[str], group_keys: Iterable[str]) -> tuple[Known, ...]:
        """Every row known by one of the fingerprints or group keys."""
        with self._reading() as connection:
            return rows.find(connection, scope, fingerprints, group_keys)

    def knows_nothing_of(self, scope: Scope) -> bool:
        """Whether there is no row of the scope, and no group of its account."""
        with self._reading() as connection:
            return rows.none_of(connection, scope)

    def open_rows(self, scope: Scope) -> tuple[Known, ...]:
        """Rows that are `sending` or `in_doubt`, by any run."""
        with self._reading() as connection:
            return rows.select(connection, rows_table.c.scope_id == scope.id, OPEN)

    def all_open_rows(self) -> tuple[Known, ...]:
        """Rows that are `sending` or `in_doubt`, of every scope."""
        with self._reading() as connection:
            return rows.select(connection, OPEN)

    def known_ids(self, scope: Scope, ids: Iterable[str]) -> frozenset[str]:
        """Which of these group IDs belong to rows of the ledger."""
        with self._reading() as connection:
            return rows.known_ids(connection, scope, ids)

    def witnesses(self, scope: Scope, count: int) -> tuple[Known, ...]:
        """The rows that the API most lately said it created: a list that is to be believed shows their groups."""
        with self._reading() as connection:
            return rows.latest_created(connection, scope, count)

    def settle(self, scope: Scope, settlements: Iterable[Settlement]) -> None:
        with self._writing() as connection:
            rows.settle(connection, scope, tuple(settlements))

    def settle_by_hand(self, row: Known, group_id: str | None) -> None:
        """A person's decision on an open row: created with this ID, or absent. The list no longer overrules it.

        Raises SettingsError when another row has that group, or when the row is no longer as the person saw it.
        """
        with self._writing() as connection:
            owner = None if group_id is None else rows.owner_of(connection, group_id)
            if owner is not None:
                where = f"row {owner.row} of {owner.source}"
                raise SettingsError("settle", f"The group {group_id} belongs to {where} already. Nothing was changed.")
            if not rows.settle_by_hand(connection, row, group_id, self.clock()):
                raise SettingsError(
                    "settle",
                    f"Row {row.row} of {row.source} has changed in the meantime; nothing was changed by you."
                    " See: flireo-batch history --in-doubt",
                )

    def commit(self, scope: Scope, run_id: str, limit: RateLimit, entries: Entries) -> Answers:
        """Everything that a moment of a run has to write, in one transaction: requests that ended, pauses, settled
        rows, and the intents and requests that may begin now.

        An intent is taken only together with leave to send, so that no row waits as `sending`.
        """
        with self._explained():
            self._liveness.confirm()
        with self._writing() as connection:
            window = budget.Window(limit=limit, now=self.clock())
            if entries.pause_until is not None:
                budget.pause(connection, scope.key_hash, entries.pause_until)
            rows.settle(connection, scope, entries.settlements)
            shared = budget.finish(connection, scope.key_hash, window, entries.finished) if entries.finished else False
            return replace(rows.begin(connection, scope, run_id, window, entries), shared=shared)

    # Groups of the account that no row of this ledger made

    def note_listed(self, scope: Scope, groups: Sequence[Listed]) -> None:
        """Replaces what is known of the account's other groups, as of now."""
        with self._writing() as connection:
            connection.execute(listed.delete().where(listed.c.scope_id == scope.id))
            if groups:
                connection.execute(
                    listed.insert(),
                    [
                        {"scope_id": scope.id, "id": g.id, "group_key": g.group_key, "created_at": g.created_at}
                        for g in groups
                    ],
                )
            connection.execute(scopes.update().where(scopes.c.id == scope.id).values(surveyed_at=self.clock()))

    def listed(self, scope: Scope, group_keys: Iterable[str]) -> tuple[Listed, ...]:
        """Groups seen in the list, by group key, without those that a row of this ledger has by now."""
        with self._reading() as connection:
            return rows.find_listed(connection, scope, group_keys)

    # Transactions

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._explained(), self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS_TURN)))
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._explained(), self._engine.connect().execution_options(flireo_reading=True) as connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.SQLAlchemyError, OSError) as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise LedgerError(
                "ledger_unusable",
                f"The ledger {self.where} cannot be used: {reason}. Nothing more is sent, because without the ledger"
                " a row could be sent twice. Check that the place exists, that there is room, and that you may write"
                " there (setting FLIREO_LEDGER); then run the same file again.",
            ) from error


def _was_used(connection: sa.Connection, scope: sa.Row[tuple[object, ...]]) -> bool:
    """Whether the ledger knows anything of the account that rests on its key."""
    own = sa.select(rows_table.c.fingerprint).where(rows_table.c.scope_id == scope.id).limit(1)
    return scope.surveyed_at is not None or connection.execute(own).first() is not None


def _key_changed(account: str, base_url: str) -> str:
    return (
        f"The API key is not the one that account '{account}' at {base_url} had before. If it belongs to another"
        " account, give that account a name of its own (FLIREO_ACCOUNT): what was created under one account is not"
        " created under the other. If it is a new key of the same account, run once with --accept-new-key."
        " Nothing was sent."
    )
