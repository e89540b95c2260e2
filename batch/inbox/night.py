"""One night: what was interrupted is finished first, then every spreadsheet is taken in turn, oldest first."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from batch.errors import BatchError, OutputError
from batch.inbox.arrivals import Kind, left, look
from batch.inbox.claims import Claim, claims_in, give_back, take, taken_families
from batch.inbox.closing import closing_in
from batch.inbox.diary import Diary
from batch.inbox.handling import Handling, Process
from batch.inbox.hold import held
from batch.inbox.retention import expired, remove_folder
from batch.inbox.stillness import Stillness, is_being_written
from batch.inbox.values import Handled, InboxOptions, Left, NightResult, Place
from batch.pipeline.run_id import new_run_id
from batch.pipeline.values import FileResult


@dataclass(slots=True, kw_only=True)
class Night:
    """`signalled` tells the signal that asks for an end, `exit_code` what a night's result means to the caller, and
    `warn` is told what nobody has to do anything about. `begins` is called once no other night is at work here.
    """

    options: InboxOptions
    process: Process
    exit_code: Callable[[NightResult], int]
    warn: Callable[[str], None]
    begins: Callable[[], None]
    now: Callable[[], datetime]
    stillness: Stillness
    signalled: Callable[[], int | None]
    _id: str = ""
    _handled: list[Handled] = field(default_factory=list)
    _left: dict[str, Left] = field(default_factory=dict)
    _put_back: set[Path] = field(default_factory=set)
    _requests: int = 0
    _retries: int = 0
    _sent: int = 0
    _runs: int = 0
    _stopped: BatchError | None = None

    def work(self) -> NightResult:
        """The whole night. Raises BusyError if another is at work here, OutputError if the inbox cannot be used at
        all, SettingsError if no file could be run.
        """
        folders, clock = self.options.folders, time.monotonic()
        with held(folders.lock):
            self.begins()
            self._id = new_run_id(self.now())
            self._finish_what_was_interrupted()
            self._take_all()
            with suppress(OSError):  # not empty, or not there
                folders.working.rmdir()
            result = NightResult(
                night_id=self._id,
                handled=tuple(self._handled),
                left=tuple(self._left.values()),
                removed=tuple(self._remove_old()),
                requests=self._requests,
                retries=self._retries,
                seconds=time.monotonic() - clock,
                stopped=self._stopped,
                signal=self.signalled(),
            )
            try:
                self._diary.note_night(result, self.exit_code(result), self.now())
            except OutputError as error:
                self.warn(error.message)
        return result

    @property
    def _diary(self) -> Diary:
        return Diary(path=self.options.folders.summary)

    @property
    def _goes_on(self) -> bool:
        return self._stopped is None and self.signalled() is None and self._limit_left != 0

    @property
    def _limit_left(self) -> int | None:
        return None if self.options.limit is None else max(0, self.options.limit - self._sent)

    def _finish_what_was_interrupted(self) -> None:
        """Moves first, whatever stops the night after them: they need no API."""
        for claim in tuple(claims_in(self.options.folders)):
            folder = claim if isinstance(claim, Path) else claim.folder
            try:
                closing = closing_in(folder)
                if closing is not None:
                    self._book_late(closing.carry_out(self._diary, self.now(), again=True))
                elif isinstance(claim, Path) or not claim.file.exists():
                    give_back(folder, self.options.folders)
            except OutputError as error:
                self.warn(error.message)
        for claim in tuple(claims_in(self.options.folders)):
            if isinstance(claim, Claim) and closing_in(claim.folder) is None:
                self._run(claim)

    def _take_all(self) -> None:
        """Until nothing that may be taken is left; what was still being copied is looked at again after the others."""
        took = True
        while took:
            took = False
            arrivals = look(self.options.folders.root)
            self._left.update({one.name: one for one in arrivals.left})
            fresh = [path for path in arrivals.spreadsheets if path not in self._put_back]
            still = self.stillness.still(fresh) if self._goes_on else frozenset(fresh)
            for path in fresh:
                took = self._take(path, still=path in still) or took

    def _take(self, path: Path, *, still: bool) -> bool:
        """Whether the file was taken; else it is noted why not."""
        why = self._not_now(path, still=still)
        if why is not None:
            self._left[path.name] = left(path.name, why)
            return False
        self._left.pop(path.name, None)
        folders = self.options.folders
        out = None if self.options.overwrite else self.options.out
        try:
            claim = take(path, folders, self.now(), taken_families(folders, out))
        except OutputError as error:
            self._not_taken(path, error)
            return False
        self._run(claim)
        return True

    def _not_now(self, path: Path, *, still: bool) -> Kind | None:
        if not self._goes_on:
            return Kind.WAITING
        if not still:
            return Kind.CHANGING
        if is_being_written(path):
            return Kind.WRITTEN
        return Kind.OPEN if self.stillness.is_open_elsewhere(path) else None

    def _not_taken(self, path: Path, error: OutputError) -> None:
        if not os.path.lexists(path):
            self._left[path.name] = left(path.name, Kind.GONE)
            return
        self._put_back.add(path)
        self._book(
            Handled(
                night_id=self._id,
                run_id="",
                result=FileResult(path=path, error=error),
                place=Place.INBOX,
                stands_at=path,
            )
        )

    def _run(self, claim: Claim) -> None:
        if not self._goes_on:
            self._left[claim.name] = left(claim.name, Kind.WAITING)
            return
        handling = Handling(
            night_id=self._id, options=self.options, process=self.process, diary=self._diary, now=self.now
        )
        result = handling.run(claim, limit=self._limit_left, first=not self._runs)
        self._runs += 1
        self._requests += result.requests
        self._retries += result.retries
        self._sent += result.sent
        self._stopped = result.stopped
        self._book(handling.let_go(claim, result))

    def _book(self, handled: Handled) -> None:
        self._handled.append(handled)
        if handled.place is Place.INBOX:
            self._put_back.add(handled.stands_at)

    def _book_late(self, handled: Handled) -> None:
        """What an earlier night did counts tonight, unless the file is to be taken again, which is tonight."""
        if handled.place is not Place.INBOX:
            self._book(handled)

    def _remove_old(self) -> Iterator[Path]:
        if self.options.keep_days is None or self.signalled() is not None:
            return
        for folder in tuple(expired(self.options.folders, self.now().date(), self.options.keep_days)):
            try:
                remove_folder(folder)
            except OutputError as error:
                self.warn(error.message)
            else:
                yield folder
