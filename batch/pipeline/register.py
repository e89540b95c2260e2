"""How each row of a file ended, as far as is known: two bytes for a row, and more only where there is more to say."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from batch.model import Outcome, Status
from batch.pipeline.endings import Ending
from batch.pipeline.prepare import Part
from batch.scratch import Pieces

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]

_STATUSES = tuple(Status)
_OPEN = 0  # any other number is 1 + the place of the status among all
_NUMBERS = {status: number for number, status in enumerate(_STATUSES, 1)}
_NEED_SOMEONE = [number for status, number in _NUMBERS.items() if status.needs_someone]
# Where the outcome of a row is: with the others at hand, with the part that it came in, with what was planned.
# Any higher number is that of an ending.
_AT_HAND, _IN_PART, _PLANNED, _FIRST_ENDING = range(4)


class Register:
    """The outcomes of the rows from position `first` on. To be closed, as it may hold files."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self._numbers = bytearray()
        self._places = bytearray()
        self._endings: list[Ending] = []
        self._at_hand: dict[int, Outcome] = {}
        self._planned = Pieces()
        self._sections: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def close(self) -> None:
        self._planned.close()

    def grow(self, valid: Mask) -> None:
        """The next rows: those that are not valid are invalid, for the errors of their part; the others are open."""
        self._numbers += np.where(valid, _OPEN, _NUMBERS[Status.INVALID]).astype(np.uint8).tobytes()
        self._places += np.where(valid, _AT_HAND, _IN_PART).astype(np.uint8).tobytes()

    @property
    def open(self) -> Positions:
        """The rows whose outcome is not known, in order."""
        return self.first + np.flatnonzero(_view(self._numbers) == _OPEN)

    def counts(self) -> dict[Status, int]:
        """How many rows ended how."""
        counted = np.bincount(_view(self._numbers), minlength=1 + len(_STATUSES)).tolist()
        return dict(zip(_STATUSES, counted[1:], strict=True))

    def count_ended(self, code: str) -> int:
        """How many rows have the ending with this code."""
        return int(self._ended(code, _view(self._places)).sum())

    def give(self, position: int, outcome: Outcome) -> None:
        self._at_hand[position] = outcome
        self._note(position, outcome, _AT_HAND)

    def end(self, positions: Positions, ending: Ending) -> None:
        """The rows at `positions` were not sent, for this reason."""
        if ending not in self._endings:
            self._endings.append(ending)
        _view(self._numbers)[positions - self.first] = _NUMBERS[Status.NOT_SENT]
        _view(self._places)[positions - self.first] = _FIRST_ENDING + self._endings.index(ending)

    def plan(self, section: int, outcomes: Mapping[int, Outcome]) -> None:
        """What a plan came to for rows of the part whose first row is at position `section`; once for each part."""
        if outcomes:
            self._sections[section] = len(self._planned)
            self._planned.put(pickle.dumps(outcomes))
        for position, outcome in outcomes.items():
            self._note(position, outcome, _PLANNED)

    def forget_plan(self) -> None:
        """What was planned is open again."""
        planned = _view(self._places) == _PLANNED
        _view(self._numbers)[planned] = _OPEN
        _view(self._places)[planned] = _AT_HAND
        self._planned.close()
        self._planned = Pieces()
        self._sections.clear()

    def needing_someone(self, part: Part, *, unless: str | None = None) -> Sequence[int]:
        """The places in the part of rows that need someone; those with the ending `unless` do not."""
        at = part.first - self.first
        span = slice(at, at + len(part.valid))
        needing = np.isin(_view(self._numbers)[span], _NEED_SOMEONE)
        if unless is not None:
            needing &= ~self._ended(unless, _view(self._places)[span])
        found: list[int] = np.flatnonzero(needing).tolist()
        return found

    def outcomes(self, part: Part, places: Sequence[int]) -> Iterator[Outcome]:
        """The outcomes of rows of the part. Raises RuntimeError if one has none: then nothing may be written."""
        planned = self._planned_of(part)
        for place in places:
            position = part.first + place
            number, where = self._numbers[position - self.first], self._places[position - self.first]
            if number == _OPEN:
                msg = f"the row at position {position} was read but has no outcome"
                raise RuntimeError(msg)
            if where == _AT_HAND:
                yield self._at_hand[position]
            elif where == _IN_PART:
                yield Outcome(status=Status.INVALID, errors=part.errors[position])
            elif where == _PLANNED:
                yield planned[position]
            else:
                yield self._endings[where - _FIRST_ENDING].outcome(part.origins.rows[place])

    def _note(self, position: int, outcome: Outcome, where: int) -> None:
        self._numbers[position - self.first] = _NUMBERS[outcome.status]
        self._places[position - self.first] = where

    def _ended(self, code: str, places: Bytes) -> Mask:
        alike = [number for number, ending in enumerate(self._endings, _FIRST_ENDING) if ending.code == code]
        return np.isin(places, alike)

    def _planned_of(self, part: Part) -> Mapping[int, Outcome]:
        if part.first not in self._sections:
            return {}
        outcomes: Mapping[int, Outcome] = pickle.loads(self._planned.get(self._sections[part.first]))  # noqa: S301  our own
        return outcomes


def _view(numbers: bytearray) -> Bytes:
    """The same bytes as an array, to be let go of before they grow."""
    return np.frombuffer(numbers, np.uint8)
