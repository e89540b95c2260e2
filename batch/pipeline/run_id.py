"""What a command is known by, in its answers and in the ledger."""

from __future__ import annotations

import secrets
from datetime import datetime


def new_run_id(now: datetime) -> str:
    """Sortable by time, and unlike any other's."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
