"""Which exit code a finished batch has: the gravest of what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch.errors import ApiStop, BatchError, InputError, LedgerError, SettingsError
from batch.model import Status

if TYPE_CHECKING:  # the way in must not load what only a finished batch needs
    from batch.pipeline.values import BatchResult, FileResult

DONE, NEEDS_SOMEONE, WRONG_SETTINGS, UNREADABLE, STOPPED = 0, 1, 2, 3, 4
_SIGNALLED = 128


def exit_code(result: BatchResult, *, checked: bool) -> int:
    """The contract's exit code; `checked` for `check`, where a valid row needs nobody."""
    if result.signal is not None:
        return _SIGNALLED + result.signal
    errors = [file.error for file in result.files if file.error is not None]
    if result.stopped is not None or any(not isinstance(error, InputError) for error in errors):
        return STOPPED
    if errors:
        return UNREADABLE
    return NEEDS_SOMEONE if any(_needs_someone(file, checked=checked) for file in result.files) else DONE


def _needs_someone(file: FileResult, *, checked: bool) -> bool:
    return any(
        count > 0 and status.needs_someone and not (checked and status is Status.NOT_SENT)
        for status, count in file.counts.items()
    )


def exit_code_of(error: BatchError) -> int:
    """The exit code for an error that ended a command before it could do its work."""
    match error:
        case SettingsError():
            return WRONG_SETTINGS
        case InputError():
            return UNREADABLE
        case ApiStop() | LedgerError() | _:
            return STOPPED
