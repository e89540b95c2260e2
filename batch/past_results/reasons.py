"""The errors of an earlier answer, led back to their rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from batch.cut_marker import fit, is_cut_marker
from batch.model import RowError, sentence


class Reasons:
    """Errors in the order in which they were written, handed out row by row.

    Normally that is the order of the rows, and nothing is held; a person may have sorted the rows since.
    """

    def __init__(self, errors: Iterator[RowError]) -> None:
        self._errors = errors
        self._waiting: dict[int, deque[RowError]] = {}

    def of(self, row: int, told: str) -> tuple[RowError, ...]:
        """The errors of a row whose reasons are `told` in one text; several rows may have the same number.

        Where the two do not agree (the sheet Errors is gone, or was changed), the text itself is the error.
        """
        if not told:
            return ()
        found: list[RowError] = []
        while _joined(found) != told and fit(_joined(found)) != told:
            error = self._next(row)
            if error is None or not _agree(_joined([*found, error]), told):
                self._waiting[row] = deque([*found, *([error] if error else []), *self._waiting.get(row, ())])
                return (_only_told(row, told),)
            found.append(error)
        return tuple(found)

    def _next(self, row: int) -> RowError | None:
        waiting = self._waiting.get(row)
        if waiting:
            return waiting.popleft()
        for error in self._errors:
            if error.row == row:
                return error
            self._waiting.setdefault(error.row, deque()).append(error)
        return None


def _agree(joined: str, told: str) -> bool:
    return told.startswith(joined) or is_cut_marker(told)


def _joined(errors: list[RowError]) -> str:
    return " ".join(error.message for error in errors)


def _only_told(row: int, told: str) -> RowError:
    return RowError(row=row, column=None, field=None, value="", code="", sentence=sentence("{text}", text=told))
