"""Two who watch at the same time: the screen and the log file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from batch.errors import BatchError
from batch.model import ApprovalState, Sentence, Status
from batch.notices import Notices
from batch.progress import Forecast, Observer, RowEnd

if TYPE_CHECKING:  # `check` sends nothing, and need not load what can
    from batch.submit import Event

_ROWS_AT_ONCE = 500


class Both:
    """Tells two observers everything."""

    def __init__(self, shown: Observer, logged: Observer) -> None:
        self._two = (shown, logged)

    def began(self, run_id: str, paths: Sequence[Path]) -> None:
        for one in self._two:
            one.began(run_id, paths)

    def reading(self, path: Path, rows: int, share: float | None) -> None:
        for one in self._two:
            one.reading(path, rows, share)

    def writing(self, path: Path, rows: int, share: float) -> None:
        for one in self._two:
            one.writing(path, rows, share)

    def noticed(self, path: Path, notices: Notices) -> None:
        for one in self._two:
            one.noticed(path, notices)

    def odd(self, path: Path, warnings: Notices) -> None:
        for one in self._two:
            one.odd(path, warnings)

    def refused(self, path: Path, error: BatchError) -> None:
        for one in self._two:
            one.refused(path, error)

    def warned(self, text: str) -> None:
        for one in self._two:
            one.warned(text)

    def forecast(self, forecast: Forecast) -> None:
        for one in self._two:
            one.forecast(forecast)

    def sending(self, path: Path, rows: int) -> None:
        for one in self._two:
            one.sending(path, rows)

    def sent(self, event: Event) -> None:
        for one in self._two:
            one.sent(event)

    def settling(self, rows: int) -> None:
        for one in self._two:
            one.settling(rows)

    def approvals(self, counts: Mapping[ApprovalState, int], next_look_seconds: float | None) -> None:
        for one in self._two:
            one.approvals(counts, next_look_seconds)

    def waiting(self, reason: Sentence, seconds: float) -> None:
        for one in self._two:
            one.waiting(reason, seconds)

    def stopped(self, cause: BatchError) -> None:
        for one in self._two:
            one.stopped(cause)

    def rows_ended(self, path: Path, rows: Iterable[RowEnd]) -> None:
        left = iter(rows)  # each row is made once, for both; a few at a time, as a file may have millions
        while some := tuple(islice(left, _ROWS_AT_ONCE)):
            for one in self._two:
                one.rows_ended(path, some)

    def file_ended(self, path: Path, counts: Mapping[Status, int]) -> None:
        for one in self._two:
            one.file_ended(path, counts)

    def crashed(self, error: Exception) -> None:
        for one in self._two:
            one.crashed(error)
