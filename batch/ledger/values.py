"""What goes into the ledger and what comes out: hashes, states, IDs and times, never customer data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from batch.ledger.budget import Finished


class LedgerState(StrEnum):
    """Where a row stands between intent and certainty.

    planned -> sending -> created | rejected | in_doubt; in_doubt -> created | planned | in_doubt.
    `planned` in the ledger means: sent before and proven absent, so that it may be sent again.
    """

    PLANNED = "planned"
    SENDING = "sending"
    CREATED = "created"
    REJECTED = "rejected"
    IN_DOUBT = "in_doubt"


class SettledBy(StrEnum):
    """Whose word the present state rests on."""

    CLAIM = "claim"  # the intent alone; nothing has been heard yet
    REPLY = "reply"  # the API's answer to the POST, or the clear lack of one
    LIST = "list"  # the list endpoint
    PERSON = "person"  # someone looked and decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One account at one base URL: rows of different scopes never meet. `key` is the text that goes into hashes."""

    id: int
    key: str
    secret: bytes = field(repr=False)
    key_hash: str
    surveyed_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The intent to send one row, written before its first byte leaves; `details` are short hashes of its fields."""

    fingerprint: str
    group_key: str
    source: str
    row: int
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of one row that `run_id` left `sending` or `in_doubt`; if it is no longer so, nothing changes."""

    fingerprint: str
    run_id: str
    state: LedgerState
    settled_by: SettledBy
    at: float
    requirement_group_id: str | None = None
    code: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger holds on one row. Times in Unix seconds; `candidates` are the IDs that its group may have."""

    fingerprint: str
    group_key: str
    state: LedgerState
    run_id: str
    source: str
    row: int
    attempts: int
    requirement_group_id: str | None
    code: str | None
    sent_at: float
    settled_at: float | None
    settled_by: SettledBy
    details: Mapping[str, str]
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A group seen in the account's list that no row of the ledger made: its ID and what tells it apart."""

    id: str
    group_key: str
    created_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """One run, as `history` shows it."""

    id: str
    account: str
    base_url: str
    command: str
    files: tuple[str, ...]
    started_at: float
    ended_at: float | None
    counts: dict[str, int]
    stopped: str | None
    alive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What one moment of a run writes together: see `Ledger.commit`."""

    claims: tuple[Claim, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    finished: tuple[Finished, ...] = ()
    pause_until: float | None = None
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What `Ledger.commit` decided: by fingerprint the claims that may be sent now, the rows that stand in the way of
    others, and how many of the plain requests may be sent.

    Whatever is in neither waits `wait_seconds`; `paused` says that the API asked for the wait. `shared`: a reply among
    the entries has shown that someone else uses the key.
    """

    granted: frozenset[str]
    blocked: dict[str, Known]
    requests: int
    bucket: int
    wait_seconds: float
    paused: bool
    shared: bool = False


@dataclass(slots=True, kw_only=True)
class RunEnd:
    """How a run ended, filled in by the run while it is under way."""

    counts: dict[str, int] = field(default_factory=dict)
    stopped: str | None = None
