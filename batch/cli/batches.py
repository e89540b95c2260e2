"""What `check` and `run` have in common: their flags, and how a finished batch is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from batch.cli.exits import exit_code, exit_code_of
from batch.cli.limits import limits_of
from batch.cli.map_files import given_map, wants_all_sheets
from batch.cli.reports import print_json, print_report
from batch.error_log import unexpected
from batch.errors import BatchError, SettingsError
from batch.interrupts import INTERRUPTS
from batch.languages import Say
from batch.model import Sentence, sentence
from batch.pipeline.mapped import FileOptions
from batch.pipeline.values import BatchResult, ErrorLimit, OutputOptions, RunOptions
from batch.progress import Observer
from batch.settings import Settings, unknown_variables

if TYPE_CHECKING:
    from batch.cli.targets import Target
    from batch.results.told import Band

_SANDBOX_APPROVAL_SECONDS = 5.0
_SENT = sentence("What was created is in the ledger: run the same file again, nothing is created twice.")
NOTHING_SENT = sentence("Nothing was sent. Tell whoever maintains the program.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The flags of `check` and `run`, as given."""

    files: list[Path]
    sheet: str | None
    mapping: list[str] | None
    delimiter: str | None
    encoding: str | None
    out: Path | None
    overwrite: bool
    format: str
    failed_format: str
    as_json: bool
    log_format: str
    quiet: bool
    config: Path | None
    map_file: Path | None = None
    no_map_file: bool = False
    all_sheets: bool = False
    map_folder: Path | None = None
    save_map: Path | None = None
    strict: bool = False
    results: bool = True
    dry_run: bool = False
    limit: int | None = None
    sandbox: bool = False
    check_existing: bool = False
    max_errors: str | None = None
    accept_new_key: bool = False
    lang: str | None = None
    wait_approval: bool = False
    wait_at_most: str = "24h"
    settings_flags: dict[str, object] = field(default_factory=dict)

    @property
    def flags(self) -> dict[str, object]:
        """The flags that are settings too."""
        return {**self.settings_flags, "lang": self.lang}

    def options(self, settings: Settings) -> RunOptions:
        return RunOptions(
            files=distinct(self.files),
            file=FileOptions(
                sheet=self.sheet,
                all_sheets=wants_all_sheets(self.sheet, all_sheets=self.all_sheets),
                mapping=tuple(self.mapping or ()),
                delimiter=self.delimiter,
                encoding=self.encoding,
                limits=limits_of(settings),
                strict=self.strict,
                saved=given_map(self.map_file, without=self.no_map_file),
                folder_map=not self.no_map_file,
                map_folder=self.map_folder,
            ),
            output=OutputOptions(
                out=self.out,
                overwrite=self.overwrite,
                format=self.format,
                failed_format=self.failed_format,
                results=self.results,
                language=settings.language,
                follow_up=self._follow_up,
            ),
            dry_run=self.dry_run,
            limit=self.limit,
            check_existing=self.check_existing,
            max_errors=parse_error_limit(self.max_errors),
            accept_new_key=self.accept_new_key,
        )

    @property
    def _follow_up(self) -> str:
        """What was tried out is not to be sent to the API because somebody copies a command."""
        return "run --sandbox" if self.sandbox else "run"

    def show(self, result: BatchResult, say: Say, *, checked: bool) -> None:
        """For a person."""
        tried = checked or self.dry_run
        print_report(result, say, checked=checked, follow_up=None if tried else self._follow_up)

    def target(self, settings: Settings) -> AbstractContextManager[Target]:
        from batch.cli.targets import target  # noqa: PLC0415 -- `check` needs nothing of that

        return target(
            settings,
            sandbox=self.sandbox,
            config=self.config,
            flags=self.flags,
            approval_seconds=_SANDBOX_APPROVAL_SECONDS if self.wait_approval else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """What a command has to tell beyond its batch: its final exit code, more of its document, how it is shown, and what
    people are told.
    """

    code: int
    document: Mapping[str, object]
    show: Callable[[], None]
    bands: tuple[Band, ...]


@contextmanager
def told_as_json(request: Request, advice: Sentence = _SENT) -> Iterator[None]:
    """With --json a program gets its document also when the command could not begin, or came to an end that nobody
    expected; `advice` is for that one, which leaves as a BatchError too.
    """
    try:
        yield
    except BatchError as error:
        _print_end(request, error)
        raise
    except typer.Exit:
        raise
    except Exception as error:  # of any kind: it goes on its way, and a program has its document
        if INTERRUPTS.number is not None:  # what some library made of a signal
            raise
        cause = unexpected(error, advice)
        _print_end(request, cause)
        raise cause from error


def _print_end(request: Request, error: BatchError) -> None:
    if request.as_json:
        print_json(BatchResult(run_id="", files=(), stopped=error), exit_code_of(error))


def parse_error_limit(text: str | None) -> ErrorLimit | None:
    """`10` or `2.5%`. Raises SettingsError for anything else."""
    if text is None:
        return None
    number = text.strip().removesuffix("%")
    try:
        value = float(number) if text.strip().endswith("%") else int(number)
    except ValueError:
        value = -1
    if value < 0 or value != value:  # noqa: PLR0124 -- NaN is the one number that differs from itself
        raise SettingsError(
            "max_errors", f"--max-errors is '{text}'; expected a number of rows such as 10, or a share such as 5%."
        )
    return ErrorLimit(share=value / 100) if text.strip().endswith("%") else ErrorLimit(rows=int(value))


def distinct(files: list[Path]) -> tuple[Path, ...]:
    """A file named twice is one file."""
    seen: dict[Path, Path] = {}
    for path in files:
        seen.setdefault(path.resolve(), path)
    return tuple(seen.values())


def warn_of_unknown_variables(observer: Observer) -> None:
    for text in unknown_variables():
        observer.warned(text)


def finish(request: Request, result: BatchResult, say: Say, *, checked: bool, addendum: Addendum | None = None) -> None:
    """Says what came of it, and exits with the command's code."""
    code = exit_code(result, checked=checked) if addendum is None else addendum.code
    if request.as_json:
        print_json(result, code, {} if addendum is None else addendum.document)
    elif not request.quiet:
        request.show(result, say, checked=checked)
        if addendum is not None:
            addendum.show()
    sys.stdout.flush()
    raise typer.Exit(code)
