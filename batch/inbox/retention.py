"""Removing what is old, for those who must not keep customers' files for ever; only on request."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from batch.inbox.values import Folders, Place
from batch.results.disk import disk_errors


def expired(folders: Folders, today: date, keep_days: int) -> Iterator[Path]:
    """The dated folders that are older than so many days; nothing else that may lie beside them, and no links."""
    for place in (Place.DONE, Place.ATTENTION):
        parent = folders.base / place
        for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
            day = _day(folder.name)
            old = day is not None and today - day > timedelta(days=keep_days)
            if old and folder.is_dir() and not folder.is_symlink():
                yield folder


def remove_folder(folder: Path) -> None:
    """Removes a folder with all that is in it. Raises OutputError where the disk refuses."""
    with disk_errors(folder):
        shutil.rmtree(folder)


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    return day if day.isoformat() == name else None
