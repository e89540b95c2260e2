"""The outcomes that say no more than why a row was not sent."""

from __future__ import annotations

from dataclasses import dataclass

from batch.model import Outcome, RowError, Sentence, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why rows were not sent, where no more can be said of each."""

    code: str
    sentence: Sentence

    def outcome(self, row: int) -> Outcome:
        """The outcome of the row with this number."""
        return not_sent(row, self.code, self.sentence)


def not_sent(row: int, code: str, text: Sentence) -> Outcome:
    """A row that was not sent, or certainly left no trace, and why."""
    return Outcome(status=Status.NOT_SENT, errors=(row_error(row, code, text),))


def row_error(row: int, code: str, text: Sentence) -> RowError:
    """What is wrong with a row as a whole."""
    return RowError(row=row, column=None, field=None, value="", code=code, sentence=text)
