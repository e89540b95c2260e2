"""The databases that a ledger can be in, and what is particular to each."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import sqlalchemy as sa
import tenacity

from batch.errors import LedgerError, SettingsError
from batch.model import sentence

_BUSY_SECONDS = 60.0


def _is_busy(error: BaseException) -> bool:
    # The lower byte is the kind of error, of whatever sub-kind.
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


# For what SQLite refuses at once, whatever its own timeout, while another process makes the same ledger.
_IN_TURN = tenacity.Retrying(
    retry=tenacity.retry_if_exception(_is_busy),
    wait=tenacity.wait_random(0.005, 0.05),
    stop=tenacity.stop_after_delay(_BUSY_SECONDS),
    reraise=True,
)


def sqlite_engine(path: Path) -> sa.Engine:
    """For the file at `path`, made if missing. Raises LedgerError where it cannot be."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise LedgerError(
            "ledger_unusable",
            f"The ledger {path} cannot be opened: {error.strerror}. Set FLIREO_LEDGER to a file in a folder where you"
            " may write. Nothing was sent.",
        ) from error
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    _IN_TURN(cursor.execute, "PRAGMA journal_mode=WAL")
    # FULL: a commit is on the disk when it returns, also after a power cut (NORMAL is not enough under WAL).
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What a statement of many rows keeps in order to undo itself would else go to a file of its own.
    cursor.execute("PRAGMA temp_store=MEMORY")
    # 16 MB: a page that many rows have changed is brought into the database's file the more seldom.
    cursor.execute("PRAGMA wal_autocheckpoint=4000")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # IMMEDIATE: a transaction that first reads and then writes would fail at once when another writer came between.
    reading = connection.get_execution_options().get("flireo_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def postgres_engine(url: str) -> sa.Engine:
    """For a `postgresql://` address. Raises SettingsError for one that is none, LedgerError without the driver."""
    try:
        return sa.create_engine(postgres_url(url).set(drivername="postgresql+psycopg"))
    except ImportError as error:
        raise LedgerError(
            "ledger_driver",
            "A ledger on PostgreSQL needs the driver psycopg, which is not installed."
            " Install the program with it: pip install 'flireo-batch[postgres]'.",
        ) from error


def postgres_url(url: str) -> sa.URL:
    """The parts of a `postgresql://` address. Raises SettingsError for one that is none."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise _bad_location(without_password(url)) from error
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise _bad_location(without_password(url))
    return parsed


def sqlite_path(location: str) -> Path:
    """The file at a path. Raises SettingsError where that can be none: a folder, or one of an unknown user (`~me`)."""
    try:
        path = Path(location).expanduser()
    except RuntimeError as error:
        raise _bad_location(location) from error
    if path.name in ("", "..") or path.is_dir():
        raise SettingsError(
            "ledger_folder",
            sentence(
                "FLIREO_LEDGER is '{location}', which is a folder. Name a file in it, such as {example}. Nothing was"
                " sent.",
                location=location,
                example=path / "ledger.sqlite3",
            ),
        )
    return path


def _bad_location(shown: str) -> SettingsError:
    return SettingsError(
        "ledger_url",
        sentence(
            "FLIREO_LEDGER is '{location}', which is neither a file path nor a PostgreSQL address such as"
            " postgresql://user@host/database. Correct the setting; nothing was sent.",
            location=shown,
        ),
    )


def without_password(url: str) -> str:
    """The address as it may be shown."""
    head, _, rest = url.partition("://")
    login, at, place = rest.rpartition("@")
    return f"{head}://{login.partition(':')[0]}{at}{place.partition('?')[0]}"
