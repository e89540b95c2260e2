"""Which key was seen before, and where first: exact, in memory that does not grow with the number of keys."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from batch.scratch.refusals import scratch_errors

Keys: TypeAlias = NDArray[np.uint64]
"""128 bits each, as two numbers: of shape (keys, 2)."""
Numbers: TypeAlias = NDArray[np.int64]

_IN_MEMORY_KEYS = 1_000_000
_LONGEST_RUN = 250_000
_CACHE_KIB = 16 << 10
_BEGINNING_BITS = 22
_REST_BITS = np.uint64(64 - _BEGINNING_BITS)


class SeenKeys:
    """At which number each key came first. To be closed.

    Keys are the same only if all of their bits are. They may end up in a file without a name, so they must be hashes
    that say nothing to who does not know the caller's secret. Raises OutputError where the disk refuses.
    """

    def __init__(self, in_memory_keys: int = _IN_MEMORY_KEYS, cache_kib: int = _CACHE_KIB) -> None:
        self._most = in_memory_keys
        self._cache_kib = cache_kib
        self._known: _Runs | _Table = _Runs()

    def first(self, keys: Keys, numbers: Numbers) -> Numbers:
        """For each key the number at which it came first: its own, if it is new. Numbers ascend, over all calls."""
        high, low = (np.ascontiguousarray(half) for half in keys.T)
        order = _order(high, low)
        high, low = high[order], low[order]
        begins = np.ones(len(keys), np.bool_)
        begins[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
        firsts = self._settled(_Run(high[begins], low[begins], numbers[order][begins]))
        found = np.empty(len(keys), np.int64)
        found[order] = firsts[np.cumsum(begins) - 1]
        return found

    def close(self) -> None:
        self._known.close()

    def _settled(self, run: _Run) -> Numbers:
        if isinstance(self._known, _Runs) and len(self._known) + len(run.numbers) > self._most:
            runs, self._known = self._known.runs, _Table(self._cache_kib)
            for known in runs:
                self._known.first(known)
        return self._known.first(run)


class _Run(NamedTuple):
    """Different keys, in the order of their higher halves at least, and their numbers."""

    high: NDArray[np.uint64]
    low: NDArray[np.uint64]
    numbers: Numbers


class _Runs:
    """In memory: runs of keys, each at least twice as long as the next, but none longer than is quickly made."""

    def __init__(self) -> None:
        self.runs: list[_Run] = []
        self._begun = np.zeros(1 << _BEGINNING_BITS, np.bool_)  # how some key begins: most new keys begin otherwise

    def __len__(self) -> int:
        return sum(len(run.numbers) for run in self.runs)

    def first(self, run: _Run) -> Numbers:
        """The same as of SeenKeys, for keys that are all different."""
        found = run.numbers.copy()
        new = np.ones(len(found), np.bool_)
        beginnings = run.high >> _REST_BITS
        perhaps = np.flatnonzero(self._begun.take(beginnings))
        self._begun[beginnings] = True
        for known in self.runs if len(perhaps) else ():
            at, places = _same(known, _Run(run.high[perhaps], run.low[perhaps], run.numbers[perhaps]))
            found[perhaps[at]], new[perhaps[at]] = known.numbers[places], False
        if new.any():
            self._add(_Run(run.high[new], run.low[new], run.numbers[new]))
        return found

    def close(self) -> None:
        self.runs.clear()

    def _add(self, run: _Run) -> None:
        self.runs.append(run)
        while len(self.runs) > 1 and _are_to_be_merged(*self.runs[-2:]):
            self.runs[-2:] = [_merged(self.runs[-2:])]


class _Table:
    """In SQLite's own temporary database: in its cache, and beyond that in a file that has no name."""

    def __init__(self, cache_kib: int) -> None:
        with scratch_errors():
            self._database = sqlite3.connect("", isolation_level=None)
            # There is nothing to recover: without the process the table means nothing.
            for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{cache_kib}"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID")

    def first(self, run: _Run) -> Numbers:
        """The same as of SeenKeys, for keys that are all different."""
        keys = np.column_stack((run.high, run.low)).view("V16").ravel().tolist()
        with scratch_errors():
            before = self._database.total_changes
            self._database.execute("BEGIN")
            pairs = zip(keys, run.numbers.tolist(), strict=True)
            self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", pairs)
            self._database.execute("COMMIT")
            if self._database.total_changes - before == len(keys):
                return run.numbers
            return np.array([self._number(key) for key in keys], np.int64)

    def close(self) -> None:
        self._database.close()

    def _number(self, key: bytes) -> int:
        row: tuple[int] = self._database.execute("SELECT number FROM seen WHERE key = ?", (key,)).fetchone()
        return row[0]


def _order(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> NDArray[np.intp]:
    """The order of the keys, equal ones in theirs. Where no two begin alike, which is usual, half of each tells it."""
    order = np.argsort(high)
    in_order = high[order]
    return np.lexsort((low, high)) if (in_order[1:] == in_order[:-1]).any() else order


def _same(known: _Run, run: _Run) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places in `run`, and the places in `known` of the same keys."""
    at = np.arange(len(run.numbers))
    places = np.searchsorted(known.high, run.high)
    found: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    while True:
        here = places < len(known.numbers)
        here[here] = known.high[places[here]] == run.high[at[here]]
        at, places = at[here], places[here]
        same = known.low[places] == run.low[at]
        found.append((at[same], places[same]))
        if same.all():
            return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])
        at, places = at[~same], places[~same] + 1  # as good as never: half of two keys is the same


def _are_to_be_merged(one: _Run, other: _Run) -> bool:
    return len(one.numbers) < 2 * len(other.numbers) and len(one.numbers) + len(other.numbers) <= _LONGEST_RUN


def _merged(runs: list[_Run]) -> _Run:
    high = np.concatenate([run.high for run in runs])
    order = np.argsort(high, kind="stable")  # which finds runs that are in order already, and merges them
    low = np.concatenate([run.low for run in runs])
    return _Run(high[order], low[order], np.concatenate([run.numbers for run in runs])[order])
