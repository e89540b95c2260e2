"""The log file: where something went wrong that should not, without a word of what a customer wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path


def note_error(what: str, frames: str) -> Path | None:
    """Writes the kind of an error and the places in the code where it happened; None if that cannot be written.

    Neither may hold an error's own message: that could hold a customer's values.
    """
    import platformdirs  # noqa: PLC0415 -- only when something is badly wrong

    when = datetime.now(UTC)
    folder = Path(platformdirs.user_log_dir("flireo-batch", appauthor=False))
    log = folder / f"error-{when:%Y%m%dT%H%M%S.%fZ}.log"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        log.write_text(f"{when.isoformat()}\n{what}\n{frames}", encoding="utf-8")
    except OSError:
        return None
    return log
