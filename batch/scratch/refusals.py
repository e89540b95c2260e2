"""What the disk refuses to scratch space, as an OutputError."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from batch.errors import OutputError
from batch.model import sentence


@contextmanager
def scratch_errors() -> Iterator[None]:
    """Turn an error of the disk, or of SQLite about it, into an OutputError."""
    try:
        yield
    except (OSError, sqlite3.Error) as cause:
        reason = (cause.strerror if isinstance(cause, OSError) else None) or str(cause)
        raise OutputError(
            "no_scratch_space",
            sentence(
                "What has to be put aside of a large file cannot be written in {folder}: {reason}. Make room there, or"
                " name another folder in the environment variable TMPDIR.",
                folder=tempfile.gettempdir(),
                reason=reason,
            ),
        ) from cause
