"""`history`: earlier runs from the ledger, and what is still in doubt."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from pathlib import Path

from rich.console import Console

from batch.cli.reports import STATUS_WORDS, numbers
from batch.languages import Say, say_in
from batch.ledger import Known, Ledger, RunFacts, open_ledger
from batch.model import Sentence, Status, counted, sentence
from batch.settings import load_settings


def show_history(limit: int, *, in_doubt: bool, as_json: bool, config: Path | None, lang: str | None) -> None:
    """The newest runs first; with `in_doubt` the rows that are still open instead."""
    settings = load_settings(config=config, flags={"lang": lang})
    say = say_in(settings.language)
    with closing(open_ledger(settings.ledger_location)) as ledger:
        runs = ledger.history(limit)
        doubtful = ledger.all_open_rows()
        if as_json:
            _print_json(runs, doubtful)
        elif in_doubt:
            _print_doubtful(doubtful, say)
        else:
            _print_runs(runs, doubtful, ledger, say)


def _print_json(runs: tuple[RunFacts, ...], doubtful: tuple[Known, ...]) -> None:
    document = {
        "runs": [
            {
                "run_id": run.id,
                "command": run.command,
                "account": run.account,
                "base_url": run.base_url,
                "files": list(run.files),
                "started_at": run.started_at,
                "ended_at": run.ended_at,
                "state": str(_state(run)),
                "counts": run.counts,
                "stopped": run.stopped,
            }
            for run in runs
        ],
        "in_doubt": [
            {
                "source": row.source,
                "row": row.row,
                "fingerprint": row.fingerprint,
                "state": row.state.value,
                "code": row.code,
                "candidates": list(row.candidates),
                "sent_at": row.sent_at,
                "run_id": row.run_id,
            }
            for row in doubtful
        ],
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _print_runs(runs: tuple[RunFacts, ...], doubtful: tuple[Known, ...], ledger: Ledger, say: Say) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if not runs:
        console.print(say(sentence("No run is in the ledger {where} yet.", where=ledger.where)), markup=False)
        return
    for run in runs:
        for line in _lines_of(run, say):
            console.print(line, markup=False)
    if doubtful:
        text = counted(
            len(doubtful),
            "1 row is in doubt: {sources}. The next run asks the API's list again before it sends anything. For the"
            " row: history --in-doubt",
            "{count:,} rows are in doubt: {sources}. The next run asks the API's list again before it sends anything."
            " For the rows: history --in-doubt",
            sources=", ".join(sorted({row.source for row in doubtful})),
        )
        console.print(say(text), markup=False)


def _lines_of(run: RunFacts, say: Say) -> tuple[str, str]:
    """When, which and how; then of what. No table: an ID that is cut could not be given to `status --run`."""
    started = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.started_at))
    account = run.account if run.base_url != "sandbox:" else f"{run.account} (sandbox)"
    ended = [(run.counts.get(status.value, 0), STATUS_WORDS[status]) for status in Status]
    rows = ", ".join(f"{next(numbers(say, count))} {word}" for count, word in ended if count)
    files = ", ".join(run.files)
    return f"{started}  {run.id}  {account}, {say(_state(run))}", f"    {files}{f': {rows}' if rows else ''}"


def _print_doubtful(doubtful: tuple[Known, ...], say: Say) -> None:
    # Lines, not a table: fingerprints and IDs are there to be copied, and must not be folded.
    console = Console(highlight=False, soft_wrap=True)
    if not doubtful:
        console.print(say(sentence("No row is in doubt.")))
        return
    for row in doubtful:
        sent = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(row.sent_at))
        line = sentence(
            "{source}, row {row}: {fingerprint}, sent {sent} ({why})",
            source=row.source,
            row=row.row,
            fingerprint=row.fingerprint[:12],
            sent=sent,
            why=row.code or sentence("the run that sent it ended"),
        )
        console.print(say(line), markup=False)
        for candidate in row.candidates:
            console.print(say(sentence("    perhaps {group}", group=candidate)), markup=False)
    next_step = sentence(
        "The next run asks the API's list again. If that cannot settle a row, look at Flireo whether its group exists,"
        " then: flireo-batch settle FINGERPRINT --created ID, or --absent"
    )
    console.print(say(next_step), markup=False)


def _state(run: RunFacts) -> Sentence:
    if run.alive:
        return sentence("running")
    if run.ended_at is None:
        return sentence("died")
    return sentence("stopped: {code}", code=run.stopped) if run.stopped else sentence("finished")
