"""`status`: from flags to what is known of groups, and its exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from batch.approval import Approvals
from batch.cli.approval_reports import print_status, print_status_json
from batch.cli.batches import distinct, warn_of_unknown_variables
from batch.cli.durations import patience
from batch.cli.exits import exit_code_of, status_exit_code
from batch.cli.limits import limits_of
from batch.cli.observers import make_observer
from batch.cli.signals import Conductor
from batch.cli.targets import target
from batch.errors import BatchError, SettingsError
from batch.halt import Halt
from batch.languages import say_in
from batch.pipeline.rules import load_rules
from batch.settings import Settings, load_settings
from batch.status import StatusOptions, StatusResult, status
from batch.status.values import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """The flags of `status`, as given."""

    files: list[Path]
    run_id: str | None
    watch: bool
    wait_at_most: str
    out: Path | None
    overwrite: bool
    as_json: bool
    log_format: str
    log_file: Path | None
    quiet: bool
    config: Path | None
    lang: str | None

    def options(self, settings: Settings) -> StatusOptions:
        if self.files and self.run_id is not None:
            raise SettingsError("status", "Name either results files or a run (--run), not both.")
        return StatusOptions(
            files=distinct(self.files),
            run_id=self.run_id,
            patience=patience(settings, wait_at_most=self.wait_at_most if self.watch else None),
            out=self.out,
            overwrite=self.overwrite,
            limits=limits_of(settings),
            language=settings.language,
        )


def show_status(request: StatusRequest) -> None:
    """Exits with the command's code. Raises SettingsError before anything is asked."""
    with _told_as_json(request):
        result, settings = _ask(request)
    code = status_exit_code(result)
    if request.as_json:
        print_status_json(result, code)
    elif not request.quiet:
        print_status(result, settings, say_in(settings.language))
    sys.stdout.flush()
    raise typer.Exit(code)


def _ask(request: StatusRequest) -> tuple[StatusResult, Settings]:
    settings = load_settings(config=request.config, flags={"lang": request.lang, "log_file": request.log_file})
    options = request.options(settings)
    halt = Halt()
    with (
        make_observer(
            request.log_format, quiet=request.quiet, say=say_in(settings.language), log_path=settings.log_file
        ) as observer,
        target(settings, sandbox=False, config=request.config, flags={}) as goal,
    ):
        warn_of_unknown_variables(observer)
        tools = goal.tools(load_rules(settings.schemas, settings.region), observer, halt)
        return status(options, tools, Conductor(halt)), settings


@contextmanager
def _told_as_json(request: StatusRequest) -> Iterator[None]:
    """With --json a program gets its document also when the command could not begin."""
    try:
        yield
    except BatchError as error:
        if request.as_json:
            result = StatusResult(asked=Asked(), approvals=Approvals(()), stopped=error)
            print_status_json(result, exit_code_of(error))
        raise
