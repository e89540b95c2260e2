"""`flireo-batch` alone: what to do next, by what is set up already."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from batch.errors import SettingsError
from batch.settings import Settings, load_settings


def welcome() -> None:
    """Prints the next steps; asks nobody and changes nothing."""
    console = Console(highlight=False)
    console.print("flireo-batch creates Flireo verification groups from a spreadsheet: never twice, never lost.\n")
    steps = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    steps.add_column(no_wrap=True)
    steps.add_column()
    for command, text in _steps():
        steps.add_row(f"[bold]{command}[/bold]", text)
    console.print(steps)
    console.print("\nEvery command: flireo-batch --help. One of them: flireo-batch run --help")


def _steps() -> Iterator[tuple[str, str]]:
    try:
        settings = load_settings()
    except SettingsError:
        yield "flireo-batch doctor", "something is wrong with the settings: says what"
        settings = None
    if settings is not None and not _set_up(settings):
        yield "flireo-batch init", "set it up once: base URL, account and key"
    yield "flireo-batch template", "write an empty workbook to fill in"
    yield "flireo-batch check customers.xlsx", "read and validate a file; nothing is sent"
    yield "flireo-batch run customers.xlsx --sandbox", "practise; nothing leaves this machine"
    yield "flireo-batch run customers.xlsx", "create the groups, write results and failed rows"


def _set_up(settings: Settings) -> bool:
    has_key = settings.api_key is not None or settings.api_key_file is not None or settings.keyring
    return settings.base_url is not None and has_key
