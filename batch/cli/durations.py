"""Lengths of time as a person types them: `90s`, `45m`, `12h`, `3d`, or a bare number of seconds."""

from __future__ import annotations

import re

from batch.approval.watch import Patience
from batch.errors import SettingsError
from batch.settings import Settings

_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_FORM = re.compile(r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*([smhd]?)\s*", re.IGNORECASE)


def parse_duration(flag: str, text: str) -> float:
    """Seconds. Raises SettingsError, naming the flag, for anything else."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise SettingsError("duration", f"{flag} is '{text}'; expected a length of time such as 90s, 45m, 12h or 3d.")
    return float(found[1]) * _SECONDS[found[2].lower()]


def patience(settings: Settings, *, wait_at_most: str | None) -> Patience:
    """How long to wait for approval; None: one look. Raises SettingsError for a length of time that is none."""
    seconds = 0.0 if wait_at_most is None else parse_duration("--wait-at-most", wait_at_most)
    return Patience(seconds=seconds, pause_seconds=settings.poll_seconds, settle_seconds=settings.settle_seconds)
