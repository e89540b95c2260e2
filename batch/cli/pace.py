"""How many rows are done, how fast, and whether it is time for another line about it."""

from __future__ import annotations

import time

from batch.model import Sentence, sentence

_LINE_EVERY_SECONDS = 10.0
# What goes out at once in the beginning says nothing of the pace: the window of the rate limit is still empty.
_TELLING_SECONDS = 5.0


class Pace:
    """Counts the rows of one file from the moment at which it is made."""

    def __init__(self, name: str = "", total: int = 0) -> None:
        self.name = name
        self.total = total
        self.done = 0
        self._began = self._said = time.monotonic()

    def count(self) -> None:
        self.done += 1

    @property
    def said(self) -> Sentence | str:
        """Nothing at first."""
        seconds = time.monotonic() - self._began
        if seconds < _TELLING_SECONDS:
            return ""
        return sentence("{rows:,.0f} rows a minute", rows=self.done / seconds * 60)

    def line_is_due(self) -> bool:
        now = time.monotonic()
        due = now - self._said >= _LINE_EVERY_SECONDS
        if due:
            self._said = now
        return due
