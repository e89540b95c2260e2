"""`doctor`: the findings as a table for a person or one JSON document for a program."""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from batch.cli.exits import DONE, exit_code_of
from batch.cli.probing import ask_once
from batch.doctor import Finding, Health, Surgery, examine
from batch.languages import Say, say_in
from batch.ledger import open_ledger
from batch.model import counted, sentence
from batch.settings import load_settings, settings_file, unknown_variables
from batch.version import version

_STYLES = {Health.WELL: "green", Health.WARNING: "yellow", Health.ILL: "bold red"}
_HEALTH = {Health.WELL: sentence("ok"), Health.WARNING: sentence("warning"), Health.ILL: sentence("problem")}


def see_doctor(*, as_json: bool, config: Path | None, lang: str | None) -> None:
    """Exits with 0 when nothing is ill, else with the code that a run would end with. Raises SettingsError for settings
    that cannot be read at all.
    """
    settings = load_settings(config=config, flags={"lang": lang})
    surgery = Surgery(
        settings=settings,
        file=settings_file(config),
        unknown=unknown_variables(),
        folder=Path.cwd(),
        open_ledger=lambda: open_ledger(settings.ledger_location),
        probe=lambda ledger: ask_once(settings, ledger),
    )
    findings = list(examine(surgery))
    causes = [finding.cause for finding in findings if finding.cause is not None]
    code = exit_code_of(causes[0]) if causes else DONE
    _print_json(findings, code) if as_json else _print_table(findings, say_in(settings.language))
    raise typer.Exit(code)


def _print_json(findings: list[Finding], code: int) -> None:
    document = {
        "exit_code": code,
        "version": version(),
        "python": platform.python_version(),
        "findings": [
            {
                "subject": str(finding.subject),
                "health": finding.health.value,
                "code": None if finding.cause is None else finding.cause.code,
                "message": finding.message,
            }
            for finding in findings
        ],
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _print_table(findings: list[Finding], say: Say) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for finding in findings:
        style = _STYLES[finding.health]
        health = say(_HEALTH[finding.health])
        table.add_row(say(finding.subject), f"[{style}]{health}[/{style}]", _plain(say(finding.sentence)))
    console.print(f"flireo-batch {version()}, Python {platform.python_version()}")
    console.print(table)
    ill = sum(finding.health is Health.ILL for finding in findings)
    warnings = sum(finding.health is Health.WARNING for finding in findings)
    if ill:
        said = counted(
            ill,
            "A run would not get far: 1 problem, see above.",
            "A run would not get far: {count} problems, see above.",
        )
    elif warnings:
        said = counted(warnings, "Ready to run, with 1 warning.", "Ready to run, with {count} warnings.")
    else:
        said = sentence("All is well. Next: flireo-batch check customers.xlsx")
    console.print(say(said))


def _plain(text: str) -> str:
    """Square brackets in a path or a reply are no markup."""
    return text.replace("[", r"\[")
