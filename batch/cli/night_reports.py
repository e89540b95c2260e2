"""What is said when a night is over: a short table for a person, one JSON document for a program."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from rich.console import Console

from batch.cli.reports import table_of
from batch.inbox import Handled, NightResult, Place
from batch.inbox.diary import stopped_by
from batch.languages import Say
from batch.model import Sentence, sentence
from batch.pipeline.documents import full_document


def print_night_json(result: NightResult, code: int) -> None:
    """The contract's document, with where each file stands and what was left alone, on standard output."""
    document = {
        "run_id": result.night_id,
        "exit_code": code,
        "stopped": stopped_by(result),
        "requests": result.requests,
        "retries": result.retries,
        "seconds": round(result.seconds, 3),
        "files": [
            {
                **full_document(handled.result),
                "run_id": handled.run_id,
                "place": handled.place.value,
                "stands_at": str(handled.stands_at),
            }
            for handled in result.handled
        ],
        "left": [{"name": left.name, "code": left.code, "message": str(left.sentence)} for left in result.left],
        "removed": [str(path) for path in result.removed],
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_night(result: NightResult, say: Say, *, dry_run: bool) -> None:
    """A table of what happened, where each file is, and what was left alone, on standard output."""
    console = Console(highlight=False, soft_wrap=True)
    read = [handled.result for handled in result.handled if handled.result.counts]
    if read:
        console.print(table_of(read, say, checked=False))
    if not result.handled and not result.left:
        console.print(say(sentence("The inbox is empty.")))
    for handled in result.handled if not dry_run else ():
        console.print(f"{handled.result.path.name}: {say(_where(handled))}", markup=False)
        if handled.result.error is not None:
            console.print(f"    {say(handled.result.error.said)}", markup=False)
        for path in (handled.result.results_file, handled.result.failed_file):
            if path is not None:
                console.print(f"    {_short(path)}", markup=False)
    for left in result.left:
        text = sentence("{name}: left where it is. {why}", name=left.name, why=left.sentence)
        console.print(say(text), markup=False)
    for path in result.removed:
        console.print(say(sentence("Removed, because it is old: {path}", path=_short(path))), markup=False)


def _where(handled: Handled) -> Sentence:
    path = _short(handled.stands_at)
    match handled.place:
        case Place.DONE:
            return sentence("done, now {path}", path=path)
        case Place.ATTENTION:
            return sentence("needs someone, now {path}", path=path)
        case Place.INBOX:
            return sentence("not finished, the next night goes on with {path}", path=path)


def _short(path: Path) -> str:
    """The path as it is easiest to type from here."""
    short = os.path.relpath(path)
    return short if not short.startswith("..") else str(path)
