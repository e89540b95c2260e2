"""What is said when groups were asked about: a short table for a person, one JSON document for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from batch.approval import Approval
from batch.approval.words import blamed
from batch.cli.reports import RESULTS, numbers, print_place, requests_said
from batch.languages import Say
from batch.model import ApprovalState, Sentence, sentence, template
from batch.settings import Settings
from batch.status import StatusFile, StatusResult
from batch.status.values import STILL_PENDING

_MOST_SHOWN = 50
_WIDEST = 1_000
_ORDER = (*(state for state in ApprovalState if state.needs_someone), ApprovalState.PENDING, ApprovalState.APPROVED)
_STYLES = {
    ApprovalState.APPROVED: "green",
    ApprovalState.PENDING: "",
    ApprovalState.REJECTED: "red",
    ApprovalState.DELETED: "red",
    ApprovalState.NOT_FOUND: "yellow",
    ApprovalState.UNKNOWN: "yellow",
}


def print_status(result: StatusResult, settings: Settings, say: Say) -> None:
    """Counts, then the groups by row and ID, then where the answers are; on standard output."""
    console = Console(highlight=False, soft_wrap=True)
    if result.asked.run_id is not None:
        console.print(say(sentence("Run {run}", run=result.asked.run_id)), markup=False)
    _print_known(console, result, _remarks(result, settings), say)
    for file in result.files:
        print_place(console, say, RESULTS, file.results_file)
    if not (len(result.approvals) or result.requests):
        return
    requests = requests_said(result.requests)
    figures = sentence("{requests}, {seconds:.1f} s.", requests=requests, seconds=result.seconds)
    console.print(say(figures), markup=False)


def print_waited(result: StatusResult, say: Say) -> None:
    """What a run learned of approvals, below its own report."""
    _print_known(Console(highlight=False, soft_wrap=True), result, _waiting_remarks(result), say)


def _print_known(console: Console, result: StatusResult, remarks: Iterator[Sentence], say: Say) -> None:
    read = [file for file in result.files if file.error is None or file.groups]
    if len(result.approvals):
        console.print(_table(result, read, say))
        _print_groups(console, result, say)
    for text in remarks:
        console.print(say(text), markup=False)


def print_status_json(result: StatusResult, code: int) -> None:
    """The contract's document, on standard output."""
    document = {"exit_code": code, **status_document(result)}
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def status_document(result: StatusResult) -> dict[str, object]:
    """Everything that is known, as JSON."""
    return {
        "run_id": result.asked.run_id,
        "stopped": why_stopped(result),
        "requests": result.requests,
        "seconds": round(result.seconds, 3),
        "counts": _counts(result.approvals.counts()),
        "not_asked": result.approvals.unheard,
        "groups": list(_groups(result)),
        "files": [
            {
                "input": str(file.path),
                "groups": file.groups,
                "counts": _counts(file.counts),
                "error": None if file.error is None else {"code": file.error.code, "message": file.error.message},
                "results_file": None if file.results_file is None else str(file.results_file),
            }
            for file in result.files
        ],
    }


def _groups(result: StatusResult) -> Iterator[dict[str, object]]:
    for group_id, known in result.approvals:
        yield {
            "requirement_group_id": group_id,
            "approval": known.word,
            "checked_at": round(known.checked_at, 3),
            "rows": [{"source": origin.source, "row": origin.row} for origin in result.asked.rows[group_id]],
            "documents": [{"type": document.type, "status": document.status} for document in known.documents],
        }


def _counts(counts: Mapping[ApprovalState, int]) -> dict[str, int]:
    return {state.value: counts.get(state, 0) for state in ApprovalState}


def why_stopped(result: StatusResult) -> str | None:
    """The code of what ended it early, if anything did."""
    if result.signal is not None:
        return "interrupted"
    if result.stopped is not None:
        return result.stopped.code
    return STILL_PENDING if result.still_pending else None


def _table(result: StatusResult, files: list[StatusFile], say: Say) -> Table:
    whole = result.approvals.counts()
    shown = [state for state in ApprovalState if whole[state]]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    if files:
        table.add_column(say(sentence("file")), no_wrap=True)
    table.add_column(say(sentence("groups")), justify="right")
    for state in shown:
        table.add_column(state.value.replace("_", " "), justify="right", style=_STYLES[state])
    for file in files:
        table.add_row(file.path.name, *numbers(say, file.groups, *(file.counts.get(state, 0) for state in shown)))
    if not files:
        table.add_row(*numbers(say, len(result.approvals), *(whole[state] for state in shown)))
    return table


def _print_groups(console: Console, result: StatusResult, say: Say) -> None:
    """Every group with its rows, those that need someone first; of many groups only those."""
    known = sorted(result.approvals, key=lambda each: _ORDER.index(each[1].state))
    shown = known if len(known) <= _MOST_SHOWN else [each for each in known if each[1].state.needs_someone]
    shown = shown[:_MOST_SHOWN]
    if shown:
        console.print()
        # As wide as it needs to be: IDs are there to be copied, and must not be folded.
        Console(highlight=False, soft_wrap=True, width=_WIDEST).print(_groups_table(result, shown, say))
    if len(known) > len(shown):
        in_files = template("{count:,} groups more; all are in the results, column approval.")
        elsewhere = template("{count:,} groups more; all are in the document of --json.")
        text = sentence(in_files if result.files else elsewhere, count=len(known) - len(shown))
        console.print(say(text), markup=False)
    if shown:
        console.print()


def _groups_table(result: StatusResult, shown: Sequence[tuple[str, Approval]], say: Say) -> Table:
    several = len({origin.source for group_id, _ in shown for origin in result.asked.rows[group_id]}) > 1
    documented = any(blamed(known) for _, known in shown)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    if several:
        table.add_column(say(sentence("file")), no_wrap=True)
    table.add_column(say(sentence("row")), justify="right", no_wrap=True)
    for name in ("requirement_group_id", "approval"):  # as in the results
        table.add_column(name, no_wrap=True)
    if documented:
        table.add_column(say(sentence("documents")), no_wrap=True)
    for group_id, known in shown:
        rows = result.asked.rows[group_id]
        cells = (", ".join(str(origin.row) for origin in rows), group_id, Text(known.word, _STYLES[known.state]))
        table.add_row(*((rows[0].source,) if several else ()), *cells, ", ".join(blamed(known)) if documented else None)
    return table


def _remarks(result: StatusResult, settings: Settings) -> Iterator[Sentence]:
    if result.approvals.counts()[ApprovalState.NOT_FOUND]:
        yield sentence(
            "Not found: the account '{account}' at {url} does not have these groups. Probably they belong to another"
            " account: check FLIREO_ACCOUNT, FLIREO_BASE_URL and the key.",
            account=settings.account,
            url=settings.base_url,
        )
    for file in result.files:
        name = file.path.name
        if file.made_at not in ("", settings.base_url or ""):
            yield sentence("{name} says that its groups were created at {url}.", name=name, url=file.made_at)
        if file.error is None and not file.groups:
            yield sentence("{name} holds no group: no row of it is created yet.", name=name)
    yield from _waiting_remarks(result)


def _waiting_remarks(result: StatusResult) -> Iterator[Sentence]:
    if result.approvals.unheard:
        of, unheard = len(result.approvals), result.approvals.unheard
        yield sentence("{unheard:,} of {count:,} could not be asked about.", unheard=unheard, count=of)
    if result.still_pending:
        text = template("{count:,} still pending at the end of the wait. Ask again later.")
        yield sentence(text, count=result.still_pending)
