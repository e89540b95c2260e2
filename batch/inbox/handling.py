"""One file in hand: processed, judged, and let go of; whatever goes wrong with it costs only itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from batch.errors import BatchError, InputError, OutputError, SettingsError
from batch.inbox.claims import Claim
from batch.inbox.closing import close
from batch.inbox.diary import Diary
from batch.inbox.values import Handled, InboxOptions, Place
from batch.inbox.verdict import place_of
from batch.pipeline.values import BatchResult, FileResult

_MOST_TRIES = 3


class Process(Protocol):
    """Runs one file with its results beside it. Raises SettingsError where no file could be run.

    At most `limit` rows are sent; `first` for the first file of the night.
    """

    def __call__(self, path: Path, *, limit: int | None, first: bool) -> BatchResult: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What is done with each file of a night."""

    night_id: str
    options: InboxOptions
    process: Process
    diary: Diary
    now: Callable[[], datetime]

    def run(self, claim: Claim, *, limit: int | None, first: bool) -> BatchResult:
        """Runs the file, unless that ended the program too often; what the disk refuses is in the result.

        Raises SettingsError; the file is then back in the inbox.
        """
        try:
            if claim.tries >= _MOST_TRIES:
                return _failed(claim, _given_up(claim))
            begun = claim.begun()
            begun.clear()
            return self.process(begun.file, limit=limit, first=first)
        except OutputError as error:
            return _failed(claim, error)
        except SettingsError as error:
            self.let_go(claim, _failed(claim, error))
            raise

    def let_go(self, claim: Claim, result: BatchResult) -> Handled:
        """Moves the file and its results to where they belong, and notes it in the summary.

        Where the disk refuses, the file stays in hand with what is known of it, and a later night goes on from there.
        """
        (file,) = result.files
        found = replace(file, path=self.options.folders.root / claim.name)
        place = place_of(result, self.options)
        handled = Handled(night_id=self.night_id, run_id=result.run_id, result=found, place=place, stands_at=claim.file)
        if place is Place.ATTENTION and file.error is not None:
            _write_reason(claim, file.error)
        try:
            closing = close(claim, handled, self.options)
            closing.note()
            return closing.carry_out(self.diary, self.now())
        except OutputError as error:
            return replace(handled, place=Place.INBOX, result=replace(found, error=found.error or error))


def _failed(claim: Claim, error: BatchError) -> BatchResult:
    return BatchResult(run_id="", files=(FileResult(path=claim.file, error=error),))


def _given_up(claim: Claim) -> InputError:
    return InputError(
        "given_up",
        f"{claim.name}: the program was ended {claim.tries} times while it worked on this file, so it is not tried"
        " again by itself. Look into the log and at the file; then run it by hand, or put it back into the inbox. What"
        " was created is in the ledger, and nothing is created twice.",
    )


def _write_reason(claim: Claim, error: BatchError) -> None:
    """Says beside a file that has no results why it has none."""
    with suppress(OSError):  # the summary says it too
        (claim.folder / f"{claim.file.stem}.error.txt").write_text(f"{error.message}\n", encoding="utf-8")
