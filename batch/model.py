"""The frozen values that travel between the rooms; no behaviour beyond what their own fields decide.

Large tables travel as `Chunk`s: columns of text in a pandas frame, so that no room has to hold a Python object for
each cell. Whatever is rare (an error, a change, a flag) is an object of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pandas costs 0.4 s to import; `--help` must answer before that
    import pandas as pd


class Status(StrEnum):
    """How a data row ended. Every row of an input ends in exactly one; the order is that of the contract."""

    CREATED = "created"
    ALREADY_CREATED = "already_created"
    INVALID = "invalid"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    IN_DOUBT = "in_doubt"
    NOT_SENT = "not_sent"

    @property
    def needs_someone(self) -> bool:
        """Whether the row belongs in the failed file."""
        return self not in (Status.CREATED, Status.ALREADY_CREATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence for a person, kept apart from its values so that it can be translated.

    `template` is English with `{names}` in it, in the syntax of `str.format`; `values` fills them.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format_map(self.values)


def template(text: str) -> str:
    """Marks a text as the template of a sentence where that is not written as one, so that translators get it."""
    return text


def words(text: str) -> Sentence:
    """A text that translators have too, such as a field's label; braces in it stand for themselves."""
    return Sentence(template=text.replace("{", "{{").replace("}", "}}"))


def sentence(template: str, /, **values: object) -> Sentence:
    """A `Sentence` from its template and values."""
    return Sentence(template=template, values=values)


def counted(count: int, one: str, many: str, /, **values: object) -> Sentence:
    """The template for one thing or for several; both may use `{count}`."""
    return sentence(one if count == 1 else many, count=count, **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a person should know that blocks nothing by itself. One of a row is a warning.

    `row` is the row number that Excel shows and `column` the header label, where the notice has one; `field` and
    `value` are what the column feeds and the cell's text, for one about a cell. `sheet` is said where several are read;
    `source` is what the row number is of, then and for a failed file.
    """

    code: str
    sentence: Sentence
    row: int | None = None
    column: str | None = None
    field: str | None = None
    value: str = ""
    sheet: str | None = None
    source: str = ""

    @property
    def message(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFlag:
    """What the reader noticed about one cell (or, with `column` None, about one row).

    `column` is the position from 0. `blocks` says that the text cannot be trusted as what a person meant: if the
    column feeds a field, the row is invalid. `likely` is what the person probably typed, if that can be told.
    """

    row: int
    column: int | None
    code: str
    sentence: Sentence
    blocks: bool
    likely: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One row as text: `number` is what Excel shows (CSV: the line on which the record starts)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A run of data rows in file order, as columns of text.

    `rows` are the row numbers, one for each frame row. `cells` has one column for each position, named 0, 1, 2, ...,
    of dtype `str`; an empty cell is the empty string, never missing. `flags` is in row order. `share` is how far into
    the file they reach, from 0 to 1, if that is known.
    """

    rows: Sequence[int]
    cells: pd.DataFrame
    flags: tuple[CellFlag, ...] = ()
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value that the program altered, from the cell's text to what is validated and sent. `source` is the file, and
    the sheet if several are read, that the row number is of; "" where that is the input.
    """

    row: int
    column: str
    field: str
    before: str
    after: str
    code: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """Why one row needs someone: a problem in one cell (`column` is its label), or in the row as a whole.

    `code` is stable: the JSON Schema keyword that failed (`minLength`, `enum`, ...), a reader's flag, an API code or
    one of the program's own. `retype`: the cell's text cannot be trusted as what a person meant, so it must not come
    back unchanged.
    """

    row: int
    column: str | None
    field: str | None
    value: str
    code: str
    sentence: Sentence
    retype: bool = False

    @property
    def message(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a row first came from: the file name and row number that a person can look up."""

    source: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One valid row, ready to send: `body` is the exact JSON, `fingerprint` and `group_key` are keyed hashes (hex).

    `position` counts the data rows of the input from 0 and is the row's identity within its file.
    """

    position: int
    row: int
    origin: Origin
    body: bytes = field(repr=False)
    fingerprint: str
    group_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one row ended, with its ID or the reasons why it has none."""

    status: Status
    requirement_group_id: str | None = None
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One verification group as the list endpoint shows it. `created_at` is in Unix seconds, None if unreadable."""

    id: str
    name: str | None = field(repr=False)
    business_name: str | None = field(repr=False)
    phone_number_type: str | None
    city: str | None = field(repr=False)
    status: str | None
    created_at: float | None


class ApprovalState(StrEnum):
    """How a group stands. `unknown`: the API uses a word that this program does not know."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELETED = "deleted"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"

    @property
    def needs_someone(self) -> bool:
        """Whether a person has to look, since waiting will not help."""
        return self not in (ApprovalState.PENDING, ApprovalState.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that a group was handed in with; both words are the API's own."""

    type: str
    status: str


class Delivery(StrEnum):
    """How far a request got."""

    NEVER_SENT = "never_sent"  # no connection was made: the API cannot have seen it
    PERHAPS_SENT = "perhaps_sent"  # it may have arrived; no whole answer came back
    ANSWERED = "answered"  # an HTTP answer was read


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitHeaders:
    """What the rate-limit headers of an answer said. `reset_in_seconds` is corrected for the server's clock."""

    limit: int | None
    remaining: int | None
    reset_in_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiError:
    """An error as the API put it, whichever of its shapes it came in; empty strings where it said nothing."""

    code: str = ""
    message: str = field(default="", repr=False)
    param: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One exchange with the API, whatever came of it. Times in seconds; `server_time` is Unix seconds by its clock.

    `problem` says, for the log and the operator, why an answer could not be used or why none came; it holds no
    customer data. `groups` and `total` are set by a good list reply, `group` and `documents` by a good reply
    on one group, `requirement_group_id` by a good create reply.
    """

    delivery: Delivery
    http_status: int | None = None
    problem: str | None = None
    error: ApiError | None = None
    requirement_group_id: str | None = None
    groups: tuple[Group, ...] | None = None
    total: int | None = None
    group: Group | None = None
    documents: tuple[Document, ...] = ()
    retry_after_seconds: float | None = None
    limits: LimitHeaders | None = None
    server_time: float | None = None
    latency_seconds: float = 0.0
