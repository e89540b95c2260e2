"""A fault of this program that one file brought out while it was read, as the refusal of that file."""

from __future__ import annotations

from pathlib import Path

from batch.error_log import unexpected
from batch.errors import InputError
from batch.model import sentence
from batch.progress import Observer

_ADVICE = sentence("Nothing of the file was sent. Tell whoever maintains the program.")


def refused_for_fault(path: Path, error: Exception, observer: Observer) -> InputError:
    """Where it happened is noted, and the observer told."""
    observer.crashed(error)
    cause = unexpected(error, _ADVICE)
    refusal = InputError(cause.code, sentence("{file}: {what}", file=path.name, what=cause.said))
    observer.refused(path, refusal)
    return refusal
