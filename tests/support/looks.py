"""By what a terminal, or a service that runs tests, asks for colours and widths."""

from __future__ import annotations

_NAMES = frozenset({"CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "PY_COLORS"})
_STARTS = ("TTY_", "TERMINAL_WIDTH", "GITHUB_ACTIONS")


def is_look(variable: str) -> bool:
    """Whether rich or Typer would heed it."""
    return variable in _NAMES or variable.startswith(_STARTS)
