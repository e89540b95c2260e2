"""What the system says of processes (Linux)."""

from __future__ import annotations

import os
from pathlib import Path


def children(pid: int | None = None) -> set[int]:
    """The processes that `pid` (this one, if not said) has started and that live."""
    parent = os.getpid() if pid is None else pid
    every = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return {other for other in every if _parent(other) == parent}


def lives(pid: int) -> bool:
    return _parent(pid) is not None


def environment(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_bytes().decode("utf-8", "replace")


def _parent(pid: int) -> int | None:
    """None for one that does not exist, or has ended and only waits to be noticed."""
    try:
        state, parent, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else int(parent)
