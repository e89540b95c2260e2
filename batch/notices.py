"""Many notices in little room: of each kind the first few, and how many more there were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from batch.model import Notice

Kind: TypeAlias = tuple[str, str | None, str | None]
"""The code of a notice, the label of its column, and its sheet."""

NOTICES_OF_A_KIND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """`first` are those that are kept, in their order; `more` says of how many of each kind nothing else is known."""

    first: tuple[Notice, ...] = ()
    more: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def kinds(self) -> Mapping[Kind, tuple[Notice, ...]]:
        """The kept ones by their kind, in the order in which the kinds came up."""
        found: dict[Kind, list[Notice]] = {}
        for notice in self.first:
            found.setdefault(kind_of(notice), []).append(notice)
        return {kind: tuple(alike) for kind, alike in found.items()}

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there were of each code, kept or not."""
        counted = Counter(notice.code for notice in self.first)
        for (code, *_), more in self.more.items():
            counted[code] += more
        return counted


class NoticeBook:
    """Takes any number of notices, and keeps at most `most` of a kind. What concerns the whole file is always kept."""

    def __init__(self, most: int = NOTICES_OF_A_KIND) -> None:
        self._most = most
        self._first: list[Notice] = []
        self._counts: Counter[Kind] = Counter()

    def add(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            if notice.row is None:
                self._first.append(notice)
                continue
            self._counts[kind_of(notice)] += 1
            if self._counts[kind_of(notice)] <= self._most:
                self._first.append(notice)

    @property
    def notices(self) -> Notices:
        """What was taken so far."""
        more = {kind: count - self._most for kind, count in self._counts.items() if count > self._most}
        return Notices(first=tuple(self._first), more=more)


def kind_of(notice: Notice) -> Kind:
    return notice.code, notice.column, notice.sheet
