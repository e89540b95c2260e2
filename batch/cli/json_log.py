"""What a run does, for machines: JSON Lines, one event each, on standard error or in the log file.

No event holds what a customer wrote, a key or an address: rows are told by file and number, errors by their codes.
Sole owner of structlog.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import structlog

from batch.cli.pace import Pace
from batch.errors import BatchError
from batch.model import ApprovalState, Sentence, Status
from batch.notices import Notices
from batch.progress import Forecast, RowEnd

if TYPE_CHECKING:  # `check` sends nothing, and need not load what can
    from batch.submit import Event

# By the name of what the answer was decided to mean: how the row stands after it.
_STATUSES = {
    "Created": Status.CREATED,
    "Rejected": Status.REJECTED,
    "Conflict": Status.IN_DOUBT,
    "InDoubt": Status.IN_DOUBT,
    "Again": Status.NOT_SENT,
    "Stop": Status.NOT_SENT,
}


_STAMPS = (structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True))
_ROWS_AT_ONCE = 500  # written together, with one time: what each line costs by itself is much for millions of rows


class Lines(Protocol):
    """Where lines go; a text may be several."""

    def info(self, text: str) -> object: ...
    def warning(self, text: str) -> object: ...
    def error(self, text: str) -> object: ...


class JsonObserver:
    """One JSON object on each line, with the event's name in `event` and the run's in `run`."""

    def __init__(self, lines: Lines | None = None) -> None:
        self._lines = structlog.PrintLogger(sys.stderr) if lines is None else lines
        self._unbound = self._log = structlog.wrap_logger(
            self._lines,
            processors=[*_STAMPS, structlog.processors.JSONRenderer(ensure_ascii=False)],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )
        self._encode = json.JSONEncoder(ensure_ascii=False).encode
        self._run_id = self._file = ""
        self._pace = Pace()

    def began(self, run_id: str, paths: Sequence[Path]) -> None:
        self._run_id = run_id
        self._log = self._unbound.bind(run=run_id)
        self._log.info("began", files=[path.name for path in paths])

    def reading(self, path: Path, rows: int, share: float | None) -> None:
        if self._pace.line_is_due():
            self._log.info("reading", file=path.name, rows=rows, share=None if share is None else round(share, 3))

    def writing(self, path: Path, rows: int, share: float) -> None:
        if self._pace.line_is_due():
            self._log.info("writing", file=path.name, rows=rows, share=round(share, 3))

    def noticed(self, path: Path, notices: Notices) -> None:
        for notice in notices.first:
            of_sheet = {} if notice.sheet is None else {"sheet": notice.sheet}
            self._log.info("notice", file=path.name, row=notice.row, code=notice.code, **of_sheet)
        for (code, *_), count in notices.more.items():
            self._log.info("notices_left_out", file=path.name, code=code, count=count)

    def odd(self, path: Path, warnings: Notices) -> None:
        for code, count in warnings.counts.items():
            self._log.warning("odd", file=path.name, code=code, count=count)

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
            held_by=list(forecast.held_by),
        )

    def sending(self, path: Path, rows: int) -> None:
        # Not where a row says that it first came from: a failed file's column for that is the customer's to edit.
        self._file = path.name
        self._log.info("sending", file=path.name, rows=rows)

    def sent(self, event: Event) -> None:
        decision = type(event.decision).__name__
        self._log.info(
            "row_sent",
            file=self._file,
            row=event.record.row,
            position=event.record.position,
            fingerprint=event.record.fingerprint,
            status=_STATUSES[decision].value,
            attempt=event.attempt,
            http_status=event.reply.http_status,
            latency_seconds=round(event.reply.latency_seconds, 4),
            decision=decision,
        )

    def rows_ended(self, path: Path, rows: Iterable[RowEnd]) -> None:
        left = iter(rows)
        while some := tuple(islice(left, _ROWS_AT_ONCE)):
            stamps: structlog.typing.EventDict = {"event": "row_ended"}
            for stamp in _STAMPS:
                stamps = stamp(None, "info", stamps)
            first = {"run": self._run_id, "file": path.name}
            self._lines.info("\n".join(self._encode({**first, **_ended(row), **stamps}) for row in some))

    def file_ended(self, path: Path, counts: Mapping[Status, int]) -> None:
        self._log.info("file_ended", file=path.name, counts={status.value: count for status, count in counts.items()})

    def settling(self, rows: int) -> None:
        self._log.info("reconciling", rows=rows)

    def approvals(self, counts: Mapping[ApprovalState, int], next_look_seconds: float | None) -> None:
        found = {state.value: count for state, count in counts.items()}
        self._log.info("approvals", **found, next_look_seconds=next_look_seconds)

    def waiting(self, reason: Sentence, seconds: float) -> None:
        self._log.info("waiting", reason=str(reason), seconds=round(seconds, 3))

    def stopped(self, cause: BatchError) -> None:
        self._log.error("stopped", code=cause.code)

    def crashed(self, error: Exception) -> None:
        """Where it happened, and what kind of error it was; its text could hold what a customer wrote."""
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        self._log.error("crashed", error=type(error).__name__, frames=frames)


def _ended(row: RowEnd) -> dict[str, object]:
    return {
        "row": row.row,
        "position": row.position,
        "fingerprint": row.fingerprint,
        "status": row.status.value,
        "attempts": row.attempts,
        "codes": row.codes,
        "requirement_group_id": row.requirement_group_id,
    }
