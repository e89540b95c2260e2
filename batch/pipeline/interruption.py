"""What is said when a signal has ended a command over files."""

from __future__ import annotations

from collections.abc import Iterable

from batch.errors import BatchError
from batch.model import Status, counted, sentence
from batch.pipeline.values import FileResult

INTERRUPTED = "interrupted"
"""The code of a signal's end, of a command, of a file that was not read to its end, and of rows not sent."""


def interruption(files: Iterable[FileResult], *, sent: bool) -> BatchError:
    """Whether anything was sent and how much is known to be created, and of how many files there is no answer."""
    found = list(files)
    unread = sum(file.error is not None and file.error.code == INTERRUPTED for file in found)
    created = sum(file.counts.get(Status.CREATED, 0) for file in found)
    if sent:
        said = counted(
            created,
            "Interrupted: 1 row was created by this run.",
            "Interrupted: {count:,} rows were created by this run.",
        )
    else:
        said = counted(
            len(found),
            "Interrupted: nothing of {file} was sent.",
            "Interrupted: nothing of these {count:,} files was sent.",
            file=found[0].path.name,
        )
    if unread:
        rest = counted(unread, "1 file was not read to its end", "{count:,} files were not read to their end")
        said = sentence("{said} {rest}.", said=said, rest=rest)
    return BatchError(INTERRUPTED, said)
