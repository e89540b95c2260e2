"""The parent's side of an open file: a `survey.Reader` whose file another process holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

from batch.model import Notice, SourceRow
from batch.reading.confined import values
from batch.reading.confined.frames import Frame
from batch.reading.confined.mishaps import Mishap, MishapError, refusal_of
from batch.reading.confined.requests import Begin, GoOn, Head, Leave, Measure, Open, Remarks, Request
from batch.reading.confined.spare import SPARES
from batch.reading.confined.worker import Pending, Worker
from batch.reading.options import Limits, ReadOptions
from batch.reading.readrows import ReadRows
from batch.reading.survey import Extent, Survey

_AHEAD = 2  # so many pieces are asked for before they are wanted: the child parses while the parent validates
Value = TypeVar("Value")


def open_confined(path: Path, options: ReadOptions) -> ConfinedReader:
    """The file at `path`, parsed by a child; InputError and SettingsError as `opening.open_reader` raises them.

    InputError also where the child comes to grief, now or later.
    """
    talk = _Talk(file=path.name, limits=options.limits, worker=SPARES.take())
    try:
        survey = talk.asked(Open(path=path, options=options), lambda frame: values.survey_of(frame.head))
    except BaseException:
        talk.worker.close()
        raise
    return ConfinedReader(survey=survey, talk=talk)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfinedReader:
    """See `survey.Reader`. Passes over the rows may be under way side by side, and other questions in between."""

    survey: Survey
    talk: _Talk
    _numbers: Iterator[int] = field(default_factory=count)

    def head(self, sheet: str, count: int) -> tuple[SourceRow, ...]:
        return self.talk.asked(Head(sheet=sheet, count=count), lambda frame: values.source_rows_of(frame.head))

    def chunks(self, sheet: str, *, after: int, width: int, size: int) -> Iterator[ReadRows]:
        number = next(self._numbers)
        self.talk.ask(Begin(number=number, sheet=sheet, after=after, width=width, size=size))
        ahead = deque(self.talk.ask(GoOn(number=number)) for _ in range(_AHEAD))
        try:
            while (found := self.talk.answer(ahead.popleft(), _rows_of)) is not None:
                ahead.append(self.talk.ask(GoOn(number=number)))
                yield found
        finally:
            self.talk.ask(Leave(number=number))

    def measure(self, sheet: str) -> Extent:
        return self.talk.asked(Measure(sheet=sheet), lambda frame: values.extent_of(frame.head))

    def sheet_notices(self, sheet: str) -> tuple[Notice, ...]:
        return self.talk.asked(Remarks(sheet=sheet), lambda frame: values.notices_of(frame.head))

    def close(self) -> None:
        self.talk.worker.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    """Questions to the child about one file; its mishaps become refusals of that file."""

    file: str
    limits: Limits
    worker: Worker

    def ask(self, request: Request) -> Pending:
        return self.worker.ask(request)

    def answer(self, pending: Pending, make: Callable[[Frame], Value]) -> Value:
        try:
            return _made(make, self.worker.answer(pending, self.limits))
        except MishapError as error:
            raise refusal_of(error, self.file, self.limits) from error

    def asked(self, request: Request, make: Callable[[Frame], Value]) -> Value:
        return self.answer(self.ask(request), make)


def _made(make: Callable[[Frame], Value], frame: Frame) -> Value:
    try:
        return make(frame)
    except values.UNMAKEABLE as error:
        raise MishapError(Mishap.BROKEN, "an answer that is none") from error


def _rows_of(frame: Frame) -> ReadRows | None:
    return None if frame.head is None else values.rows_of(frame.head, frame.body)
