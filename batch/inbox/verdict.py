"""Where a file goes by what became of it; pure."""

from __future__ import annotations

from batch.errors import InputError, OutputError
from batch.inbox.values import InboxOptions, Place
from batch.model import Status
from batch.pipeline.values import BatchResult, FileResult

_UNUSABLE_NAMES = frozenset({"name_too_long"})


def place_of(result: BatchResult, options: InboxOptions) -> Place:
    """Where the only file of a run goes. It stays in the inbox where the next night, by itself, can get further."""
    (file,) = result.files
    if result.signal is not None and file.error is not None:
        return Place.INBOX
    match file.error:
        case InputError():
            return Place.ATTENTION
        case OutputError(code=code) if code in _UNUSABLE_NAMES:
            return Place.ATTENTION
        case None:
            return _place_by_rows(result, file, options)
        case _:
            return Place.INBOX


def _place_by_rows(result: BatchResult, file: FileResult, options: InboxOptions) -> Place:
    not_sent, in_doubt = file.counts[Status.NOT_SENT], file.counts[Status.IN_DOUBT]
    if (result.stopped is not None or result.signal is not None) and (not_sent or in_doubt):
        return Place.INBOX
    if options.limit is not None and not_sent and not _too_many_errors(file, options):
        return Place.INBOX
    # A file without rows is nobody's wish: somebody should look whether it is the right one.
    needs_someone = not file.rows or any(count and status.needs_someone for status, count in file.counts.items())
    return Place.ATTENTION if needs_someone else Place.DONE


def _too_many_errors(file: FileResult, options: InboxOptions) -> bool:
    most = options.max_errors
    return most is not None and most.exceeded(file.counts[Status.INVALID], file.rows)
