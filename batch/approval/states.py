"""The approval of groups as it is known: states, when each was heard, and what is still to be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from batch.model import ApprovalState, Document

_SAID = {state.value: state for state in ApprovalState if state not in (ApprovalState.NOT_FOUND, ApprovalState.UNKNOWN)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How one group stood at `checked_at` (Unix seconds). `word` is the API's own, or `not_found`.

    `documents` are filled in where one group was asked for by itself.
    """

    state: ApprovalState
    word: str
    checked_at: float
    documents: tuple[Document, ...] = ()


def approval(word: str | None, checked_at: float, documents: tuple[Document, ...] = ()) -> Approval:
    """The approval that the API's `word` stands for; None: it does not know the group."""
    if word is None:
        state = ApprovalState.NOT_FOUND
        return Approval(state=state, word=state.value, checked_at=checked_at)
    state = _SAID.get(word.strip().casefold(), ApprovalState.UNKNOWN)
    shown = word if state is ApprovalState.UNKNOWN and word.strip() else state.value
    return Approval(state=state, word=shown, checked_at=checked_at, documents=documents)


def same_id(group_id: str) -> str:
    """The key under which a group's ID is the same however it is written."""
    return group_id.strip().casefold()


class Approvals:
    """What is known of a fixed set of groups, by ID; grows while one asks, so that a stop loses nothing."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._written: Mapping[str, str] = {same_id(group_id): group_id for group_id in ids}
        self._known: dict[str, Approval] = {}

    def __len__(self) -> int:
        return len(self._written)

    def __iter__(self) -> Iterator[tuple[str, Approval]]:
        """The groups of which something is known, in the order in which they were asked for."""
        return ((written, self._known[key]) for key, written in self._written.items() if key in self._known)

    def __contains__(self, group_id: object) -> bool:
        return isinstance(group_id, str) and same_id(group_id) in self._written

    def get(self, group_id: str | None) -> Approval | None:
        return None if group_id is None else self._known.get(same_id(group_id))

    def note(self, group_id: str, found: Approval) -> None:
        """What was heard last counts; documents that were heard before are kept while the state is the same."""
        before = self.get(group_id)
        if before is not None and before.state is found.state and not found.documents:
            found = replace(found, documents=before.documents)
        self._known[same_id(group_id)] = found

    def among(self, ids: Iterable[str]) -> Approvals:
        """What is known of some of the groups."""
        some = Approvals(ids)
        some._known = {key: self._known[key] for key in some._written if key in self._known}
        return some

    def open(self, *, missing_too: bool = False) -> tuple[str, ...]:
        """The groups that were not heard of yet, or are pending; or were not found, if that is not believed yet."""
        waiting = (ApprovalState.PENDING, *((ApprovalState.NOT_FOUND,) if missing_too else ()))
        return tuple(
            written
            for key, written in self._written.items()
            if key not in self._known or self._known[key].state in waiting
        )

    def counts(self) -> Mapping[ApprovalState, int]:
        """How many groups stand how; those that were never heard of are in none."""
        counted = Counter(found.state for found in self._known.values())
        return {state: counted[state] for state in ApprovalState}

    @property
    def unheard(self) -> int:
        """How many groups nothing is known of."""
        return len(self._written) - len(self._known)

    @property
    def pending(self) -> int:
        return self.counts()[ApprovalState.PENDING]

    @property
    def need_someone(self) -> int:
        return sum(count for state, count in self.counts().items() if state.needs_someone)
