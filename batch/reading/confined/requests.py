"""What the parent may ask of the child; the answers come in the same order, one for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from batch.reading.options import ReadOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Comes first, and once. The answer is the `Survey`."""

    path: Path
    options: ReadOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The answer is the first `count` rows that hold something."""

    sheet: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Begins a pass over the rows of a sheet, known from then on by its `number`. The answer holds nothing."""

    number: int
    sheet: str
    after: int
    width: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """The answer is the next rows of pass `number`, or that there are no more, also after they ended in a refusal."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Nobody wants the rest of pass `number`. The answer holds nothing."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The answer is the `Extent` of the sheet."""

    sheet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """The answer is what a person should know of the sheet as a whole."""

    sheet: str


Request = Open | Head | Begin | GoOn | Leave | Measure | Remarks
