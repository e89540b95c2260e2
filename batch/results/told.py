"""A summary in words of its own: of an answer that was read back, or of several that were brought together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from batch.model import Sentence, Status


class Tone(StrEnum):
    """How a sentence is to be taken: all is well, somebody should look, or it is bad."""

    WELL = "well"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A sentence that must be seen first."""

    sentence: Sentence
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark: what it is about, and what is to be known. `code` is for programs."""

    code: str
    where: Sentence
    what: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """More counts: `section` is what programs call the table; a line is a value of the extra column `of`, how often it
    stands there, and what it means. `notes` stand below.
    """

    section: str
    title: Sentence
    header: Sentence
    of: str
    lines: tuple[tuple[str, int, Sentence], ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the summary says; its counts of rows and errors are still made from the rows.

    `headline` empty: as of a run with these counts. `bands` stand below it. `meanings` are of outcomes that mean
    something else here. `figures_title` None: those of a run.
    """

    title: Sentence | None = None
    headline: tuple[Sentence, ...] = ()
    tone: Tone = Tone.WELL
    bands: tuple[Band, ...] = ()
    advice: tuple[Sentence, ...] = ()
    meanings: Mapping[Status, Sentence] = field(default_factory=dict)
    tables: tuple[CountTable, ...] = ()
    figures_title: Sentence | None = None
    figures: tuple[tuple[Sentence, Sentence | str], ...] = ()
    notes: tuple[Note, ...] = ()
