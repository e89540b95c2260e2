"""Which exit code a finished batch has: the gravest of what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch.errors import ApiStop, BatchError, BusyError, InputError, LedgerError, SettingsError
from batch.model import Status

if TYPE_CHECKING:  # the way in must not load what only a finished batch needs
    from batch.inbox import NightResult
    from batch.merge import MergeResult
    from batch.pipeline.values import BatchResult, FileResult
    from batch.status import StatusResult

DONE, NEEDS_SOMEONE, WRONG_SETTINGS, UNREADABLE, STOPPED, BUSY = 0, 1, 2, 3, 4, 5
_SIGNALLED = 128


def exit_code(result: BatchResult, *, checked: bool) -> int:
    """The contract's exit code; `checked` for `check`, where a valid row needs nobody."""
    code = _cut_short(result)
    if code is not None:
        return code
    return NEEDS_SOMEONE if any(_needs_someone(file, checked=checked) for file in result.files) else DONE


def _cut_short(result: BatchResult | StatusResult) -> int | None:
    """The code of what kept it from its end, in whole or in part."""
    if result.signal is not None:
        return _SIGNALLED + result.signal
    errors = [file.error for file in result.files if file.error is not None]
    if result.stopped is not None or any(not isinstance(error, InputError) for error in errors):
        return STOPPED
    return UNREADABLE if errors else None


def night_exit_code(night: NightResult) -> int:
    """The gravest of what happened to any file of the night."""
    from batch.inbox import Place  # noqa: PLC0415 -- as above
    from batch.pipeline.values import BatchResult  # noqa: PLC0415 -- as above

    files = tuple(handled.result for handled in night.handled)
    code = exit_code(
        BatchResult(run_id=night.night_id, files=files, stopped=night.stopped, signal=night.signal), checked=False
    )
    open_ = any(handled.place is not Place.DONE for handled in night.handled)
    return NEEDS_SOMEONE if code == DONE and open_ else code


def status_exit_code(result: StatusResult) -> int:
    """Whether any group needs someone is told before whether any is still pending at the end of the wait."""
    code = _cut_short(result)
    if code is not None:
        return code
    if result.approvals.need_someone:
        return NEEDS_SOMEONE
    return STOPPED if result.still_pending else DONE


def with_approval(code: int, waited: StatusResult) -> int:
    """The code of a run that then waited for approval; what the rows came to goes before what was waited for."""
    own = status_exit_code(waited)
    if code == DONE:
        return own
    return own if code == NEEDS_SOMEONE and (waited.signal is not None or waited.stopped is not None) else code


def merge_exit_code(result: MergeResult) -> int:
    """Whether any row of the batch needs someone."""
    waiting = any(count and status.needs_someone for status, count in result.counts.items())
    return NEEDS_SOMEONE if waiting or result.conflicts or result.changed else DONE


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
        case BusyError():
            return BUSY
        case ApiStop() | LedgerError() | _:
            return STOPPED
