"""The log file: where something went wrong that should not, without a word of what a customer wrote."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from pathlib import Path

from batch.errors import BatchError
from batch.model import Sentence, sentence

UNEXPECTED = "unexpected"


def unexpected(error: Exception, advice: Sentence) -> BatchError:
    """An error that nobody expected, as one with a sentence; `advice` says what to do. Where it happened is noted."""
    return BatchError(UNEXPECTED, sentence("{what} {advice}", what=_noted(error), advice=advice))


def _noted(error: Exception) -> Sentence:
    log = note_error(type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    kind = type(error).__name__
    if log is None:
        return sentence("Something went wrong that should not ({kind}).", kind=kind)
    return sentence("Something went wrong that should not ({kind}); where is noted in {log}.", kind=kind, log=log)


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
