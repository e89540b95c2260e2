"""What is said when a batch is over: a short table for a person, one JSON document for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from types import MappingProxyType

from rich.console import Console
from rich.table import Table

from batch.model import Status
from batch.pipeline.documents import full_document
from batch.pipeline.values import BatchResult, FileResult

_NOTHING: Mapping[str, object] = MappingProxyType({})
STATUS_LOOKS = {
    Status.CREATED: "green",
    Status.ALREADY_CREATED: "green",
    Status.INVALID: "red",
    Status.DUPLICATE: "yellow",
    Status.REJECTED: "red",
    Status.IN_DOUBT: "magenta",
    Status.NOT_SENT: "yellow",
}
STATUS_WORDS = {status: status.value.replace("_", " ") for status in Status}


def print_json(result: BatchResult, code: int, more: Mapping[str, object] = _NOTHING) -> None:
    """The contract's document, on standard output; `more` overrules and follows it."""
    document = {
        "run_id": result.run_id,
        "exit_code": code,
        "stopped": _stopped(result),
        "requests": result.requests,
        "retries": result.retries,
        "seconds": round(result.seconds, 3),
        "files": [full_document(file) for file in result.files],
        **more,
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_report(result: BatchResult, *, checked: bool, dry_run: bool) -> None:
    """A table of what happened and where the answers are, on standard output."""
    console = Console(highlight=False, soft_wrap=True)
    read = [file for file in result.files if file.counts]
    if read:
        console.print(table_of(read, checked=checked, dry_run=dry_run))
    for file in read:
        for name, path in (("Results", file.results_file), ("Failed rows", file.failed_file)):
            if path is not None:
                console.print(f"{name + ':':<13}{path}", markup=False)
    if not checked and read:
        console.print(_figures(result), markup=False)


def table_of(files: list[FileResult], *, checked: bool, dry_run: bool) -> Table:
    """How many rows of each file ended how."""
    shown = [status for status in Status if any(file.counts[status] for file in files)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("file", no_wrap=True)
    table.add_column("rows", justify="right")
    for status in shown:
        table.add_column(_word(status, checked=checked, dry_run=dry_run), justify="right", style=STATUS_LOOKS[status])
    for file in files:
        table.add_row(file.path.name, f"{file.rows:,}", *(f"{file.counts[status]:,}" for status in shown))
    return table


def _word(status: Status, *, checked: bool, dry_run: bool) -> str:
    if status is Status.NOT_SENT and checked:
        return "valid"
    return "would be sent" if status is Status.NOT_SENT and dry_run else STATUS_WORDS[status]


def _figures(result: BatchResult) -> str:
    requests = f"{result.requests:,} request{'' if result.requests == 1 else 's'}"
    retries = f", {result.retries:,} of them sent again" if result.retries else ""
    return f"{requests}{retries}, {result.seconds:.1f} s. Run {result.run_id}."


def _stopped(result: BatchResult) -> str | None:
    if result.stopped is not None:
        return result.stopped.code
    return "interrupted" if result.signal is not None else None
