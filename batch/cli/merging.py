"""`merge`: from flags to one answer for a whole batch."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from batch.cli.exits import exit_code_of, merge_exit_code
from batch.cli.limits import limits_of
from batch.cli.reports import MERGED, STATUS_LOOKS, STATUS_WORDS, numbers, print_place
from batch.errors import BatchError
from batch.languages import Say, say_in
from batch.merge import MergeOptions, MergeResult, merge
from batch.model import Sentence, Status, sentence, template
from batch.settings import load_settings


def merge_rounds(
    files: list[Path],
    *,
    out: Path | None,
    overwrite: bool,
    form: str | None,
    as_json: bool,
    quiet: bool,
    config: Path | None,
    lang: str | None,
) -> None:
    """Exits with the command's code."""
    try:
        settings = load_settings(config=config, flags={"lang": lang})
        result = merge(
            MergeOptions(
                files=tuple(files),
                folder=Path(),
                out=out,
                overwrite=overwrite,
                form=form,
                limits=limits_of(settings),
                language=settings.language,
            )
        )
    except BatchError as error:
        if as_json:
            _print_json(MergeResult(rounds=()), exit_code_of(error), error)
        raise
    code = merge_exit_code(result)
    if as_json:
        _print_json(result, code, None)
    elif not quiet:
        _print_report(result, say_in(settings.language))
    sys.stdout.flush()
    raise typer.Exit(code)


def _print_report(result: MergeResult, say: Say) -> None:
    console = Console(highlight=False, soft_wrap=True)
    shown = [
        status for status in Status if result.counts[status] or any(one.counts.get(status) for one in result.rounds)
    ]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say(sentence("round")), no_wrap=True)
    table.add_column(say(sentence("rows")), justify="right")
    for status in shown:
        table.add_column(STATUS_WORDS[status], justify="right", style=STATUS_LOOKS[status])
    for one in result.rounds:
        counts = (one.counts.get(status, 0) for status in shown)
        table.add_row(f"{one.number}  {one.path.name}", *numbers(say, one.rows, *counts))
    table.add_row(say(sentence("all")), *numbers(say, result.rows, *(result.counts[status] for status in shown)))
    console.print(table)
    for text in _remarks(result):
        console.print(say(text), markup=False)
    print_place(console, say, MERGED, result.merged_file)


def _remarks(result: MergeResult) -> list[Sentence]:
    remarks = []
    if result.left_out:
        names = ", ".join(path.name for path in result.left_out)
        remarks.append(sentence("Not rounds of their own: {names}.", names=names))
    if result.conflicts:
        text = template("Rows for which more than one group was created: {count:,}. See their errors.")
        remarks.append(sentence(text, count=result.conflicts))
    if result.changed:
        text = template("Rows that were changed after their group was created: {count:,}. See their errors.")
        remarks.append(sentence(text, count=result.changed))
    return remarks


def _print_json(result: MergeResult, code: int, error: BatchError | None) -> None:
    document = {
        "exit_code": code,
        "error": None if error is None else {"code": error.code, "message": error.message},
        "rows": result.rows,
        "counts": {status.value: result.counts.get(status, 0) for status in Status},
        "conflicts": result.conflicts,
        "changed_after_created": result.changed,
        "rounds": [
            {
                "round": one.number,
                "results_file": str(one.path),
                "input": one.input_name,
                "run_id": one.run_id or None,
                "started": one.started or None,
                "rows": one.rows,
                "counts": {status.value: one.counts.get(status, 0) for status in Status},
            }
            for one in result.rounds
        ],
        "left_out": [str(path) for path in result.left_out],
        "merged_file": None if result.merged_file is None else str(result.merged_file),
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
