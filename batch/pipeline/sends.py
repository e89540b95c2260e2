"""The rows of one file that are to be sent: their positions, and the records when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from batch.ledger import Scope
from batch.model import Record
from batch.pipeline.job import Job
from batch.pipeline.register import Positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Sends:
    """Some of the valid rows of a job, in file order. Going through the records reads them anew each time."""

    job: Job
    scope: Scope
    positions: Positions

    def __len__(self) -> int:
        return len(self.positions)

    def __iter__(self) -> Iterator[Record]:
        return self.job.records(self.scope, self.positions)

    def only(self, wanted: Callable[[int], bool]) -> Sends:
        """Those at the positions that are wanted; each is asked for once."""
        kept = np.fromiter(map(wanted, self.positions.tolist()), np.bool_, len(self.positions))
        return replace(self, positions=self.positions[kept])
