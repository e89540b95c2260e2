"""What is said while a batch is under way: a progress bar for a person who watches, plain lines for nobody in
particular, JSON Lines for machines, or nothing. All on standard error; never a customer's value, never the key.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import structlog
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from batch.errors import BatchError
from batch.languages import Say
from batch.model import Notice, Sentence, sentence
from batch.progress import Forecast, Observer
from batch.submit import Event

_LINE_EVERY_SECONDS = 10.0
_READING_LINE_EVERY_ROWS = 100_000
_MOST_ROW_NOTICES = 5


@contextmanager
def make_observer(log_format: str, *, quiet: bool, say: Say = str) -> Iterator[Observer]:
    """The observer for `--log-format` and `--quiet`; `say` puts what concerns a file into a person's language."""
    if log_format == "json":
        yield JsonObserver()
        return
    with TextObserver(quiet=quiet, say=say) as observer:
        yield observer


class TextObserver:
    """For a person: a bar on a terminal, now and then a line elsewhere; with `quiet` only what went wrong."""

    def __init__(self, *, quiet: bool, say: Say = str) -> None:
        self._translated = say
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._quiet = quiet
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._counter = _Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_bar()

    def reading(self, path: Path, rows: int) -> None:
        if not self._quiet and rows >= _READING_LINE_EVERY_ROWS:
            self._say(f"{path.name}: {rows:,} rows read")

    def noticed(self, path: Path, notices: Sequence[Notice]) -> None:
        if self._quiet:
            return
        for text in told(notices, self._translated):
            self._say(f"{path.name}: {text}")

    def refused(self, path: Path, error: BatchError) -> None:
        text = self._translated(error.said)
        self._say(text if path.name in text else f"{path.name}: {text}")

    def warned(self, text: str) -> None:
        self._say(text)

    def forecast(self, forecast: Forecast) -> None:
        if not self._quiet:
            self._say(forecast_text(forecast))

    def sending(self, path: Path, rows: int) -> None:
        self._end_bar()
        self._counter = _Counter(total=rows)
        if self._quiet or not self._console.is_terminal:
            return
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._task = self._progress.add_task(path.name, total=rows, pace="")
        self._progress.start()

    def sent(self, event: Event) -> None:
        del event
        self._counter.count()
        if self._progress is not None and self._task is not None:
            self._progress.update(
                self._task, completed=min(self._counter.done, self._counter.total), pace=self._counter.pace
            )
        elif not self._quiet and self._counter.line_is_due():
            self._say(f"{self._counter.done:,} of {self._counter.total:,} rows sent, {self._counter.pace}")

    def settling(self, rows: int) -> None:
        if not self._quiet:
            who, them = ("1 row", "it") if rows == 1 else (f"{rows:,} rows", "them")
            self._say(f"{who} had no clear answer; asking the API's list what became of {them}")

    def waiting(self, reason: str, seconds: float) -> None:
        del seconds
        if not self._quiet and self._counter.line_is_due():
            self._say(f"waiting: {reason}")

    def stopped(self, cause: BatchError) -> None:
        self._end_bar()
        self._say(self._translated(cause.said))

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False)

    def _end_bar(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


class JsonObserver:
    """For machines: one JSON object on each line, with the event's name in `event`."""

    def __init__(self) -> None:
        self._log = structlog.wrap_logger(
            structlog.PrintLogger(sys.stderr),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )

    def reading(self, path: Path, rows: int) -> None:
        self._log.info("reading", file=path.name, rows=rows)

    def noticed(self, path: Path, notices: Sequence[Notice]) -> None:
        for notice in notices:
            self._log.info("notice", file=path.name, row=notice.row, code=notice.code)

    def refused(self, path: Path, error: BatchError) -> None:
        self._log.error("file_refused", file=path.name, code=error.code)

    def warned(self, text: str) -> None:
        self._log.warning("warning", message=text)

    def forecast(self, forecast: Forecast) -> None:
        self._log.info(
            "forecast",
            rows=forecast.rows,
            to_send=forecast.to_send,
            rate_limit=str(forecast.rate_limit),
            seconds=round(forecast.seconds, 1),
        )

    def sending(self, path: Path, rows: int) -> None:
        self._log.info("sending", file=path.name, rows=rows)

    def sent(self, event: Event) -> None:
        self._log.info(
            "row",
            file=event.record.origin.source,
            row=event.record.row,
            fingerprint=event.record.fingerprint,
            decision=type(event.decision).__name__,
            http_status=event.reply.http_status,
            latency_seconds=round(event.reply.latency_seconds, 4),
        )

    def settling(self, rows: int) -> None:
        self._log.info("reconciling", rows=rows)

    def waiting(self, reason: str, seconds: float) -> None:
        self._log.info("waiting", reason=reason, seconds=round(seconds, 3))

    def stopped(self, cause: BatchError) -> None:
        self._log.error("stopped", code=cause.code)


class _Counter:
    """How many rows were sent, how fast, and whether it is time for a line."""

    def __init__(self, total: int = 0) -> None:
        self.total = total
        self.done = 0
        self._began = self._said = time.monotonic()

    def count(self) -> None:
        self.done += 1

    @property
    def pace(self) -> str:
        seconds = max(time.monotonic() - self._began, 1e-3)
        return f"{self.done / seconds * 60:,.0f} rows a minute"

    def line_is_due(self) -> bool:
        now = time.monotonic()
        due = now - self._said >= _LINE_EVERY_SECONDS
        if due:
            self._said = now
        return due


def told(notices: Sequence[Notice], say: Say = str) -> Iterator[str]:
    """What to say of a file: what concerns it as a whole, and of each kind of remark on rows only the first few."""
    by_code: dict[str, list[Notice]] = {}
    for notice in notices:
        if notice.row is None:
            yield say(notice.sentence)
        else:
            by_code.setdefault(notice.code, []).append(notice)
    for found in by_code.values():
        for notice in found[:_MOST_ROW_NOTICES]:
            yield f"{say(_where(notice))}: {say(notice.sentence)}"
        if len(found) > _MOST_ROW_NOTICES:
            more = len(found) - _MOST_ROW_NOTICES
            yield say(sentence("... and {count:,} more rows of this kind (all are in the results)", count=more))


def _where(notice: Notice) -> Sentence:
    if notice.column:
        return sentence("row {row}, {column}", row=notice.row, column=notice.column)
    return sentence("row {row}", row=notice.row)


def forecast_text(forecast: Forecast) -> str:
    """How many rows, at what pace, and when it will be done."""
    rows = f"{forecast.to_send:,} of {forecast.rows:,} row{'' if forecast.rows == 1 else 's'}"
    if forecast.dry_run:
        return f"Would send {rows} (--dry-run: nothing is sent)."
    if not forecast.to_send:
        return f"Sending {rows}: everything is done or needs someone first."
    return f"Sending {rows}, at most {forecast.rate_limit}{_until(forecast.seconds)}."


def _until(seconds: float) -> str:
    if seconds < 1:
        return ""
    end = time.strftime("%H:%M", time.localtime(time.time() + seconds))
    length = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:,.0f} min"  # noqa: PLR2004
    return f"; done in about {length}, at {end}"
