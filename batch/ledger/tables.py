"""The ledger's tables and the steps that bring an older ledger up to them."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import sqlalchemy as sa

from batch.errors import LedgerError

VERSION = 1

metadata = sa.MetaData()

meta = sa.Table(
    "flireo_meta",
    metadata,
    sa.Column("only", sa.Integer, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
)

scopes = sa.Table(
    "flireo_scopes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("base_url", sa.Text, nullable=False),
    sa.Column("key_hash", sa.Text, nullable=False),
    sa.Column("surveyed_at", sa.Float(53)),
    sa.UniqueConstraint("account", "base_url"),
)

runs = sa.Table(
    "flireo_runs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("scope_id", sa.ForeignKey("flireo_scopes.id"), nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("files", sa.Text, nullable=False),
    sa.Column("started_at", sa.Float(53), nullable=False),
    sa.Column("ended_at", sa.Float(53)),
    sa.Column("counts", sa.Text, nullable=False),
    sa.Column("stopped", sa.Text),
)

rows = sa.Table(
    "flireo_rows",
    metadata,
    sa.Column("scope_id", sa.ForeignKey("flireo_scopes.id"), primary_key=True, autoincrement=False),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("group_key", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("row", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("requirement_group_id", sa.Text),
    sa.Column("code", sa.Text),
    sa.Column("sent_at", sa.Float(53), nullable=False),
    sa.Column("settled_at", sa.Float(53)),
    sa.Column("settled_by", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("candidates", sa.Text, nullable=False, server_default="[]"),
    sa.Index("flireo_rows_group", "scope_id", "group_key"),
    sa.Index("flireo_rows_id", "scope_id", "requirement_group_id"),
    sa.Index("flireo_rows_settled", "scope_id", "settled_at"),
)

_OPEN = "state IN ('sending', 'in_doubt')"
# Word for word the condition of the index: with values that are bound later no database could know that it fits.
OPEN = sa.text(_OPEN)

# Few rows are ever open; a partial index finds them at once in a ledger of millions. As a statement of its own, which
# both databases understand: as an `Index` it would have SQLAlchemy load what it knows of PostgreSQL, which takes long.
sa.event.listen(
    rows,
    "after_create",
    sa.DDL(  # type: ignore[no-untyped-call]
        f"CREATE INDEX flireo_rows_open ON flireo_rows (scope_id) WHERE {_OPEN}"
    ),
)

listed = sa.Table(
    "flireo_listed",
    metadata,
    sa.Column("scope_id", sa.ForeignKey("flireo_scopes.id"), primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("group_key", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float(53)),
    sa.Index("flireo_listed_group", "scope_id", "group_key"),
)

budget = sa.Table(
    "flireo_budget",
    metadata,
    sa.Column("key_hash", sa.Text, primary_key=True),
    sa.Column("bucket", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("used", sa.Integer, nullable=False),
)

pauses = sa.Table(
    "flireo_pauses",
    metadata,
    sa.Column("key_hash", sa.Text, primary_key=True),
    sa.Column("until", sa.Float(53), nullable=False),
)

# Step N brings a ledger of version N to N + 1. Version 1 is the first that was ever released.
MIGRATIONS: dict[int, Callable[[sa.Connection], None]] = {}


def bring_up_to_date(connection: sa.Connection, where: str) -> bytes:
    """Makes or migrates the tables inside the caller's transaction; returns the ledger's secret.

    Raises LedgerError for a ledger that a newer version of the program has written.
    """
    if not sa.inspect(connection).has_table(meta.name):
        metadata.create_all(connection)
        connection.execute(meta.insert().values(only=1, version=VERSION, secret=secrets.token_bytes(32)))
    version, secret = connection.execute(sa.select(meta.c.version, meta.c.secret)).one()
    if version > VERSION:
        raise LedgerError(
            "ledger_newer",
            f"The ledger {where} was written by a newer version of flireo-batch (ledger version {version}, this program"
            f" knows {VERSION}). Install the newer version; using the old one could send rows twice.",
        )
    for step in range(version, VERSION):
        MIGRATIONS[step](connection)
        connection.execute(meta.update().values(version=step + 1))
    return bytes(secret)
