"""The request budget of one API key, counted so that every process on the ledger sees what the others have used.

Requests are counted in buckets of a thousandth of the window. A request counts from its start until one whole window
after its *end*: the server took note of it at some moment in between, so that no delay on the way can ever make it see
more than the limit within a window.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from batch.ledger.prepared import Prepared, PreparedSets, insert_of, update_from
from batch.ledger.tables import budget, pauses
from batch.rate import RateLimit

_OF_KEY = budget.c.key_hash == sa.bindparam("key")
_COUNTING = (_OF_KEY, budget.c.bucket >= sa.bindparam("oldest"))
_USED_SO_FAR = sa.select(sa.func.sum(budget.c.used)).where(*_COUNTING)
_UNTIL = sa.select(pauses.c.until).where(pauses.c.key_hash == sa.bindparam("key"))
_USED = Prepared(lambda _: _USED_SO_FAR)
_FIRST = Prepared(lambda _: sa.select(sa.func.min(budget.c.bucket)).where(*_COUNTING, budget.c.used > 0))
_FORGET = Prepared(lambda _: budget.delete().where(_OF_KEY, budget.c.bucket < sa.bindparam("oldest")))
# Never makes a bucket: one that a process with another clock has forgotten must not count as less than nothing.
_TAKE_BACK = PreparedSets(
    {"key": sa.Text(), "of": sa.BigInteger(), "count": sa.Integer()},
    lambda dialect, moved: update_from(
        budget,
        dialect,
        (budget.c.key_hash == moved.c.key, budget.c.bucket == moved.c.of),
        {"used": budget.c.used - moved.c.count},
    ),
)


def _counting(dialect: str) -> sa.Insert:
    insert = insert_of(budget, dialect)
    return insert.on_conflict_do_update(
        index_elements=[budget.c.key_hash, budget.c.bucket], set_={"used": budget.c.used + insert.excluded.used}
    )


_COUNT = Prepared(_counting, ("key_hash", "bucket", "used"))
_PAUSED_UNTIL = Prepared(lambda _: _UNTIL)
_STATE = Prepared(lambda _: sa.select(_UNTIL.scalar_subquery(), _USED_SO_FAR.scalar_subquery()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """How many requests a reply's rate-limit headers said were left.

    `in_flight` are this process's other requests at that moment, which the server may not have counted yet. `reserve`
    are places to leave to whoever else uses the key: what they took since is not known before the next reply.
    """

    remaining: int
    in_flight: int = 0
    reserve: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A request that is over: the bucket it was counted in, and what its reply told."""

    bucket: int
    observation: Observation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Leave to send `count` requests now, counted in `bucket`; with none, `wait_seconds` until it is worth asking."""

    count: int
    bucket: int
    wait_seconds: float = 0.0
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The arithmetic of one rate limit at one moment (Unix seconds)."""

    limit: RateLimit
    now: float

    @property
    def quantum(self) -> int:
        """A bucket's length in milliseconds."""
        return max(1, math.ceil(self.limit.seconds))

    @property
    def bucket(self) -> int:
        """The bucket of this moment: its start in Unix milliseconds."""
        return int(self.now * 1000) // self.quantum * self.quantum

    @property
    def oldest(self) -> int:
        """Buckets from here on still count."""
        return math.floor(self.now * 1000 - self.limit.seconds * 1000) - self.quantum + 1

    def expires_in(self, bucket: int) -> float:
        """Seconds until a bucket counts no longer."""
        return max(0.0, (bucket + self.quantum + self.limit.seconds * 1000) / 1000 - self.now)


def take(connection: sa.Connection, key_hash: str, window: Window, want: int) -> Grant:
    """Counts up to `want` requests as begun, if nothing pauses this key and the window has room."""
    until, used = tuple(_STATE.one(connection, {"key": key_hash, "oldest": window.oldest}).one())
    if until is not None and until > window.now:
        return Grant(count=0, bucket=window.bucket, wait_seconds=until - window.now, paused=True)
    free = window.limit.requests - int(used or 0)
    if free <= 0:
        oldest = _FIRST.one(connection, {"key": key_hash, "oldest": window.oldest}).scalar_one()
        return Grant(count=0, bucket=window.bucket, wait_seconds=window.expires_in(oldest))
    count = min(free, want)
    _add(connection, key_hash, window.bucket, count)
    return Grant(count=count, bucket=window.bucket)


def finish(connection: sa.Connection, key_hash: str, window: Window, finished: Iterable[Finished]) -> bool:
    """Moves requests from the bucket of their start to that of their end, and believes the server where it has
    counted more than we have: someone else uses the key. Returns whether that was so.
    """
    ended = tuple(finished)
    begun = Counter(item.bucket for item in ended if item.bucket != window.bucket)
    if begun:
        _TAKE_BACK.all(connection, [(key_hash, bucket, count) for bucket, count in begun.items()])
        _add(connection, key_hash, window.bucket, begun.total())
    _FORGET.one(connection, {"key": key_hash, "oldest": window.oldest})
    observations = [item.observation for item in ended if item.observation is not None]
    return bool(observations) and _believe(
        connection, key_hash, window, min(observations, key=lambda seen: seen.remaining)
    )


def pause(connection: sa.Connection, key_hash: str, until: float) -> None:
    """No request of this key before `until` (Unix seconds), by any process; a longer pause stays."""
    found = _PAUSED_UNTIL.one(connection, {"key": key_hash}).scalar_one_or_none()
    if found is None:
        connection.execute(pauses.insert().values(key_hash=key_hash, until=until))
    elif found < until:
        connection.execute(pauses.update().where(pauses.c.key_hash == key_hash).values(until=until))


def _believe(connection: sa.Connection, key_hash: str, window: Window, seen: Observation) -> bool:
    """Books what somebody else has used of the key, and the places left to them, as of now; whether there was any use.

    Not as of the time at which the server says that its window ends: in a sliding window each of the other's requests
    counts for a whole window, and which kind the server has it does not say.
    """
    missing = _free(connection, key_hash, window) - seen.remaining
    if missing + seen.reserve > 0:
        _add(connection, key_hash, window.bucket, missing + seen.reserve + (seen.in_flight if missing > 0 else 0))
    return missing > 0


def _free(connection: sa.Connection, key_hash: str, window: Window) -> int:
    used = _USED.one(connection, {"key": key_hash, "oldest": window.oldest}).scalar_one()
    return window.limit.requests - int(used or 0)


def _add(connection: sa.Connection, key_hash: str, bucket: int, count: int) -> None:
    _COUNT.one(connection, {"key_hash": key_hash, "bucket": bucket, "used": count})
