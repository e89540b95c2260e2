"""What `status` is asked for, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from batch.approval import Approvals
from batch.approval.watch import Patience
from batch.errors import BatchError
from batch.languages import Language
from batch.model import ApprovalState, Origin
from batch.reading import Limits

STILL_PENDING = "still_pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOptions:
    """`files` are results to ask about; without any, a run of the ledger is meant, by default the last one.

    `out` None: beside the results. `overwrite`: in the place of the results.
    """

    files: tuple[Path, ...] = ()
    run_id: str | None = None
    patience: Patience
    out: Path | None = None
    overwrite: bool = False
    limits: Limits = field(default_factory=Limits)
    language: Language = Language.EN


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The groups to ask about: for each ID the rows that have it."""

    rows: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    run_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFile:
    """What became of one results file: `groups` were asked about; `made_at` is the base URL that it names."""

    path: Path
    groups: int = 0
    counts: Mapping[ApprovalState, int] = field(default_factory=dict)
    made_at: str = ""
    error: BatchError | None = None
    results_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusResult:
    """What is known of all groups. `waited`: it was to wait until none is pending."""

    asked: Asked
    approvals: Approvals
    files: tuple[StatusFile, ...] = ()
    waited: bool = False
    requests: int = 0
    seconds: float = 0.0
    stopped: BatchError | None = None
    signal: int | None = None

    @property
    def still_pending(self) -> int:
        """Groups that were waited for in vain."""
        return self.approvals.pending if self.waited else 0
