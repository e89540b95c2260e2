"""What the writers are given: a `Heading` first, one `ResultRow` for each data row, a `Report` at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from batch.model import Origin, RowError, Sentence, Status
from batch.notices import Notices
from batch.results.told import Told

if TYPE_CHECKING:
    from datetime import datetime

WOULD_SEND = "would_send"  # the code on a row that waits for nothing but a run without --dry-run

# How a sentence is put into a person's language; `str` leaves it in English.
Say = Callable[[object], str]


class Form(StrEnum):
    """The kind of file that is written, by its extension."""

    XLSX = "xlsx"
    CSV = "csv"


class Mode(StrEnum):
    """What the run was asked to do."""

    RUN = "run"
    CHECK = "check"
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """How one data row ended. `cells` are the input's own text, one for each label (more if the row was longer).

    `row` is the number in this input, `origin` the file and row that the customer first sent. `extras` are the values
    of the heading's extras.
    """

    row: int
    status: Status
    requirement_group_id: str | None
    errors: tuple[RowError, ...]
    cells: tuple[str, ...]
    origin: Origin
    extras: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """Figures of the run for this input. `started_at` has a time zone; `settings` are names and values to show."""

    run_id: str
    started_at: datetime
    seconds: float
    requests: int
    retries: int
    rate_limit: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What is known of an input's answer before its first row.

    `labels` are what errors call the input's columns, in its order, without the four flireo_ columns; `headers` are
    the same as the input spells them (white space, blanks), if it differs. `reasons` says what each code of a `Change`
    means. `shows_origin`: the input had the flireo_ columns, or has several sheets, so the file (and sheet) is shown
    that a row number is of. `extras` names the columns that were added to the answer later (see `extras`).
    """

    input_name: str
    labels: tuple[str, ...]
    mode: Mode
    headers: tuple[str, ...] = ()
    reasons: Mapping[str, Sentence] = field(default_factory=dict)
    shows_origin: bool = False
    extras: tuple[str, ...] = ()

    @property
    def written_headers(self) -> tuple[str, ...]:
        """The headers of the columns that are given back."""
        return self.headers or self.labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of an input's answer after its last row.

    `counts` has all seven outcomes or only those above 0. `ready` counts the rows that would be sent (`check`,
    `--dry-run`). `stopped` says why the run ended early. `notices` are about the file, `warnings` about its rows.
    `failed_name` is the failed file's name, None if there is none; `follow_up` is the command to run it with. `told`
    stands in for the words that would follow from a run.
    """

    heading: Heading
    counts: Mapping[Status, int]
    facts: RunFacts | None = None
    ready: int = 0
    stopped: Sentence | None = None
    notices: Notices = field(default_factory=Notices)
    warnings: Notices = field(default_factory=Notices)
    failed_name: str | None = None
    follow_up: str = "run"
    told: Told | None = None

    @property
    def input_name(self) -> str:
        return self.heading.input_name

    @property
    def mode(self) -> Mode:
        return self.heading.mode

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Rows whose group exists."""
        return self.count(Status.CREATED) + self.count(Status.ALREADY_CREATED)

    @property
    def need_someone(self) -> int:
        """Rows that wait for a person. One that is only waiting to be sent does not."""
        return self.rows - self.done - self.ready

    def count(self, status: Status) -> int:
        return self.counts.get(status, 0)
