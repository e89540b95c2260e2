"""Waits until nothing is pending: one look after the other, with pauses that grow while nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from batch.approval.asking import Asker
from batch.approval.states import Approvals
from batch.halt import Halt
from batch.model import ApprovalState

_GROWTH = 1.5
_LONGEST = 20  # times the first pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait: `seconds` in all (0: one look), and the first pause between two looks. In the first
    `settle_seconds` a group that is not found may just have been created, and is asked for again.
    """

    seconds: float
    pause_seconds: float
    settle_seconds: float = 0.0


class Watcher(Protocol):
    """Told of every look, by whoever shows it."""

    def approvals(self, counts: Mapping[ApprovalState, int], next_look_seconds: float | None) -> None: ...


async def watch(
    approvals: Approvals,
    asker: Asker,
    patience: Patience,
    *,
    halt: Halt,
    watcher: Watcher,
    clock: Callable[[], float],
) -> None:
    """Looks until no group is pending or the patience is at its end. Raises ApiStop, and Halted where the run is asked
    to stop; what was heard until then is in `approvals`.
    """
    began = clock()
    end, settled_at = began + patience.seconds, began + min(patience.settle_seconds, patience.seconds)
    pause = patience.pause_seconds
    counts: Mapping[ApprovalState, int] = {}
    believed = False
    while True:
        wanted, believed = approvals.open(missing_too=not believed), clock() >= settled_at
        await asker.ask(wanted, approvals)
        before, counts = counts, approvals.counts()
        left = end - clock()
        if not approvals.open(missing_too=not believed) or left <= 0:
            break
        grown = min(pause * _GROWTH, patience.pause_seconds * _LONGEST)
        pause = grown if before == counts else patience.pause_seconds
        watcher.approvals(counts, min(pause, left))
        await halt.sleep(min(pause, left))
    await asker.detail(approvals)
    watcher.approvals(approvals.counts(), None)
