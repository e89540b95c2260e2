"""Modules that a process does without, although they may be installed: libraries import them only if they are there."""

from __future__ import annotations

import sys


class _Absent:
    """A finder; its base class would load more than is saved."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Raises ModuleNotFoundError for these; of anything else it knows nothing."""
        del path, target
        if fullname in self._names:
            msg = f"No module named {fullname!r}"
            raise ModuleNotFoundError(msg, name=fullname)


def do_without(*names: str) -> None:
    """From now on these are not found; those that are imported already stay.

    Not None in `sys.modules`, where some libraries look too, and take that for the module.
    """
    sys.meta_path.insert(0, _Absent(frozenset(names)))
