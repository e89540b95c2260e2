"""What `merge` is asked for, what it works with, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from batch.languages import Language
from batch.model import Origin, RowError, Status
from batch.reading import Limits

Heard: TypeAlias = tuple[str, str]
"""What was heard of a group's approval, and when; times sort as text. Empty where nothing was."""

CREATED = frozenset({Status.CREATED, Status.ALREADY_CREATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOptions:
    """`files`: one stands for its whole batch in its folder, several for themselves, none for the batch in `folder`.

    `form` None: that of the first round.
    """

    files: tuple[Path, ...] = ()
    folder: Path
    out: Path | None = None
    overwrite: bool = False
    form: str | None = None
    limits: Limits = field(default_factory=Limits)
    language: Language = Language.EN


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A row as one round left it. `cells` are in the order of the merged columns; `place` counts the round's rows.

    `origin` is where the row came from by the round's own account. `approval` is a word and a time, empty if unknown.
    """

    round: int
    place: int
    origin: Origin
    status: Status
    requirement_group_id: str | None
    errors: tuple[RowError, ...]
    cells: tuple[str, ...]
    approval: Heard = ("", "")

    @property
    def own_id(self) -> str | None:
        """The ID of the row's own group; that of a duplicate belongs to another row."""
        return self.requirement_group_id if self.status in CREATED else None


@dataclass(slots=True, kw_only=True)
class Line:
    """One row of the batch through all rounds: when it was seen last, and each time that it claimed a group.

    `drafts` are what it held before it had any.
    """

    origin: Origin
    last: Seen
    claims: list[Seen] = field(default_factory=list)
    drafts: tuple[tuple[str, ...], ...] = ()

    def add(self, seen: Seen) -> None:
        if seen.cells == self.last.cells:
            seen = replace(seen, cells=self.last.cells)  # kept once, however many rounds there are
        self.last = seen
        if seen.own_id is not None:
            self.claims.append(seen)
        elif not self.claims and seen.cells not in self.drafts:
            self.drafts = (*self.drafts, seen.cells)

    @property
    def own_id(self) -> str | None:
        return self.claims[-1].own_id if self.claims else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: its results file, the file that was run, and how many rows of it ended how."""

    number: int
    path: Path
    input_name: str
    run_id: str
    started: str
    counts: Mapping[Status, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """`counts` are of the merged rows; `conflicts` and `changed` are rows that somebody should look at."""

    rounds: tuple[Round, ...]
    left_out: tuple[Path, ...] = ()
    counts: Mapping[Status, int] = field(default_factory=dict)
    conflicts: int = 0
    changed: int = 0
    merged_file: Path | None = None

    @property
    def rows(self) -> int:
        return sum(self.counts.values())
