"""What is said when a batch is over: a short table for a person, one JSON document for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from batch.languages import Say
from batch.model import Sentence, Status, counted, sentence
from batch.pipeline.documents import full_document
from batch.pipeline.values import BatchResult, FileResult

if TYPE_CHECKING:  # takes long to load, and a program that reads the document needs none of it
    from rich.console import Console
    from rich.table import Table

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
RESULTS, MERGED, _FAILED_ROWS = sentence("Results"), sentence("Merged"), sentence("Failed rows")
_TO_CORRECT = (Status.INVALID, Status.DUPLICATE, Status.REJECTED)
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


def print_report(result: BatchResult, say: Say, *, checked: bool, follow_up: str | None) -> None:
    """A table of what happened and where the answers are, on standard output; `say` in a person's language.

    How rows ended is called as in the column `status` of the results, in every language. `follow_up` is the command
    for corrected rows; None: not to be told.
    """
    from rich.console import Console  # noqa: PLC0415 -- takes long, and `--json` needs none of it

    console = Console(highlight=False, soft_wrap=True)
    read = [file for file in result.files if file.counts]
    if read:
        console.print(table_of(read, say, checked=checked))
    for file in read:
        print_place(console, say, RESULTS, file.results_file)
        print_place(console, say, _FAILED_ROWS, file.failed_file)
    if not checked and read:
        if follow_up is not None:
            for file in read:
                _print_next_step(console, say, file, follow_up)
        console.print(say(_figures(result)), markup=False)


def table_of(files: list[FileResult], say: Say, *, checked: bool) -> Table:
    """How many rows of each file ended how."""
    from rich.table import Table  # noqa: PLC0415 -- takes long, and `--json` needs none of it

    shown = [(word, status, counts) for word, status, counts in _columns(files, checked=checked) if any(counts)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say(sentence("file")), no_wrap=True)
    table.add_column(say(sentence("rows")), justify="right")
    for word, status, _ in shown:
        table.add_column(word, justify="right", style=STATUS_LOOKS[status])
    for at, file in enumerate(files):
        table.add_row(file.path.name, *numbers(say, file.rows, *(counts[at] for _, _, counts in shown)))
    return table


def print_place(console: Console, say: Say, what: Sentence, path: Path | None) -> None:
    """Where the answer is that is called so, if there is one; all such lines are aligned."""
    if path is not None:
        width = 2 + max(len(say(each)) for each in (RESULTS, MERGED, _FAILED_ROWS))
        console.print(f"{say(what) + ':':<{width}}{path}", markup=False)


def _print_next_step(console: Console, say: Say, file: FileResult, follow_up: str) -> None:
    """As the summary in the results has it: rows that need someone are corrected in the failed file."""
    if file.failed_file is None or not any(file.counts[status] for status in _TO_CORRECT):
        return
    from batch.results.summary import command  # noqa: PLC0415 -- `check` need not load what writes results

    next_command = command(follow_up, str(file.failed_file))
    console.print(say(sentence("Next: correct the failed rows, save, then: {it}", it=next_command)), markup=False)


def numbers(say: Say, *counts: int) -> Iterator[str]:
    """Written as a person writes numbers."""
    return (say(Sentence(template="{count:,}", values={"count": count})) for count in counts)


def _columns(files: Sequence[FileResult], *, checked: bool) -> Iterator[tuple[str, Status, list[int]]]:
    """What each column is called, and how many rows of each file are in it."""
    for status in Status:
        ready = [file.ready if status is Status.NOT_SENT else 0 for file in files]
        yield "valid" if checked else "would be sent", status, ready
        rest = [file.counts[status] - less for file, less in zip(files, ready, strict=True)]
        yield STATUS_WORDS[status], status, rest


def requests_said(count: int) -> Sentence:
    return counted(count, "1 request", "{count:,} requests")


def _figures(result: BatchResult) -> Sentence:
    requests = requests_said(result.requests)
    if result.retries:
        more = counted(result.retries, "1 of them sent again", "{count:,} of them sent again")
        requests = sentence("{requests}, {more}", requests=requests, more=more)
    return sentence(
        "{requests}, {seconds:.1f} s. Run {run}.", requests=requests, seconds=result.seconds, run=result.run_id
    )


def _stopped(result: BatchResult) -> str | None:
    if result.stopped is not None:
        return result.stopped.code
    return "interrupted" if result.signal is not None else None
