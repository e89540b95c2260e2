"""What a command over files is asked for, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from batch.errors import BatchError
from batch.languages import Language
from batch.model import Status
from batch.notices import Notices
from batch.pipeline.mapped import FileOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLimit:
    """More invalid rows than this and nothing of a file is sent: a number, or a share of its rows."""

    rows: int | None = None
    share: float | None = None

    def exceeded(self, invalid: int, rows: int) -> bool:
        if self.rows is not None:
            return invalid > self.rows
        return self.share is not None and invalid > self.share * rows

    def __str__(self) -> str:
        return f"{self.rows}" if self.rows is not None else f"{(self.share or 0) * 100:g}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOptions:
    """Where and how results are written; `out` None: beside the input. `follow_up` is the command, with its flags,
    that a person runs corrected rows with.
    """

    out: Path | None = None
    overwrite: bool = False
    format: str = "xlsx"
    failed_format: str = "xlsx"
    results: bool = True
    language: Language = Language.EN
    follow_up: str = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What `run` is asked for beyond the settings."""

    files: tuple[Path, ...]
    file: FileOptions = field(default_factory=FileOptions)
    output: OutputOptions = field(default_factory=OutputOptions)
    dry_run: bool = False
    limit: int | None = None
    check_existing: bool = False
    max_errors: ErrorLimit | None = None
    accept_new_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of one input; `rows` is the sum of `counts`, always. `ready` counts those of the rows not sent that
    wait for nothing but to be sent (`check`, `--dry-run`). `warnings` are about rows of it.
    """

    path: Path
    rows: int = 0
    counts: Mapping[Status, int] = field(default_factory=dict)
    ready: int = 0
    error: BatchError | None = None
    warnings: Notices = field(default_factory=Notices)
    results_file: Path | None = None
    failed_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of a whole command. `sent` counts rows, in a dry run those that would be; `requests` also what was
    asked, and what was sent again. `stopped` is why it ended early, `signal` the signal that ended it.
    """

    run_id: str
    files: tuple[FileResult, ...]
    sent: int = 0
    requests: int = 0
    retries: int = 0
    seconds: float = 0.0
    stopped: BatchError | None = None
    signal: int | None = None
