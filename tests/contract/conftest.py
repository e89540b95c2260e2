"""A real SQLite file and a real PostgreSQL server for the ledger's one suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import fresh_database, running_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of the test's own."""
    with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a fresh ledger may be, on each of the two databases."""
    if request.param == "sqlite":
        return str(tmp_path / "data" / "ledger.sqlite3")
    url: str = request.getfixturevalue("postgres_url")
    return url
