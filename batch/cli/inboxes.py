"""`inbox`: the nightly job, from flags to its exit code."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import typer

from batch.cli.batches import Request, parse_error_limit, told_as_json, warn_of_unknown_variables
from batch.cli.exits import exit_code_of, night_exit_code
from batch.cli.map_files import refuse_wrong_orders
from batch.cli.night_reports import print_night, print_night_json
from batch.cli.observers import make_observer
from batch.cli.signals import NightWatch
from batch.cli.targets import Target
from batch.cli.telling import telling
from batch.error_log import unexpected
from batch.errors import BatchError, BusyError, InputError, SettingsError
from batch.halt import Halt
from batch.inbox import Folders, InboxOptions, Night, NightResult, Stillness, rehearse
from batch.inbox.bulletin import of_night
from batch.languages import say_in
from batch.model import sentence
from batch.pipeline.map_file import folder_map
from batch.pipeline.rules import Rules, load_rules
from batch.pipeline.run import run
from batch.pipeline.run_id import new_run_id
from batch.pipeline.values import BatchResult, FileResult, RunOptions
from batch.progress import Observer
from batch.settings import Settings, load_settings

_BY_HAND = sentence(
    "What was created is in the ledger. Run the file by hand, or put it back into the inbox: nothing is created twice."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRequest:
    """The flags of `inbox`, as given; those that it shares with `run` are in `batch`."""

    folder: Path
    batch: Request
    unchanged_for: float
    keep_days: int | None

    @property
    def options(self) -> InboxOptions:
        """Raises SettingsError for a folder that is none, or one that results must not go to."""
        if not self.folder.is_dir():
            raise SettingsError(
                "no_inbox", f"There is no folder {self.folder}. Check the path, and that it is mounted."
            )
        if self.batch.map_file is None and not self.batch.no_map_file:
            folder_map(self.folder)  # refused now: it would make every file one that cannot be used
        out = self.batch.out
        if out is not None and out.resolve() == self.folder.resolve():
            raise SettingsError(
                "out_is_inbox",
                "--out is the inbox itself: the failed rows written there would be taken as new files. Give another"
                " folder, or leave --out away.",
            )
        return InboxOptions(
            folders=Folders(root=self.folder.resolve(), trial=self.batch.sandbox),
            out=None if out is None else out.resolve(),
            overwrite=self.batch.overwrite,
            limit=self.batch.limit,
            max_errors=parse_error_limit(self.batch.max_errors),
            quiet_seconds=self.unchanged_for,
            keep_days=self.keep_days,
        )


def run_inbox(request: InboxRequest) -> None:
    """Exits with the night's code. Raises BusyError, SettingsError or OutputError before anything is taken."""
    with told_as_json(request.batch), _quietly_if_busy(request.batch):
        settings = load_settings(config=request.batch.config, flags=request.batch.flags)
        result = _run_inbox(request, settings)
    code = night_exit_code(result)
    if request.batch.as_json:
        print_night_json(result, code)
    elif not request.batch.quiet:
        print_night(result, say_in(settings.language), dry_run=request.batch.dry_run)
    sys.stdout.flush()
    raise typer.Exit(code)


@contextmanager
def _quietly_if_busy(batch: Request) -> Iterator[None]:
    """That another night is still at work is nothing to wake anybody up for."""
    try:
        yield
    except BusyError as error:
        if not batch.as_json and batch.quiet:
            raise typer.Exit(exit_code_of(error)) from error
        raise


def _run_inbox(request: InboxRequest, settings: Settings) -> NightResult:
    batch, options = request.batch, request.options
    rules = load_rules(settings.schemas, settings.region)
    watch = NightWatch()
    with ExitStack() as open_:
        observer = open_.enter_context(
            make_observer(
                batch.log_format, quiet=batch.quiet, say=say_in(settings.language), log_path=settings.log_file
            )
        )
        warn_of_unknown_variables(observer)
        teller = open_.enter_context(telling(settings, observer.warned, silent=batch.dry_run))
        goal = open_.enter_context(batch.target(settings))
        watch.listen()
        run_options = batch.options(settings)
        saved = run_options.file.saved or (None if batch.no_map_file else folder_map(request.folder))
        refuse_wrong_orders(replace(run_options.file, saved=saved), rules)  # it would make every file one to look at
        one = _OneFile(options=run_options, target=goal, rules=rules, observer=observer, watch=watch)
        if batch.dry_run:
            nowhere = Path(open_.enter_context(tempfile.TemporaryDirectory()))
            return _rehearse(options, one, nowhere)
        result = Night(
            options=options,
            begins=teller.began,
            process=one.beside,
            exit_code=night_exit_code,
            warn=observer.warned,
            now=_now,
            stillness=Stillness(quiet_seconds=options.quiet_seconds, sleep=watch.sleep),
            signalled=lambda: watch.number,
        ).work()
        code = night_exit_code(result)
        teller.ended(of_night(result, code, teller.host, options.folders.root), code)
        return result


def _rehearse(options: InboxOptions, one: _OneFile, nowhere: Path) -> NightResult:
    def process(path: Path, *, limit: int | None, first: bool) -> BatchResult:
        return one.run(path, out=options.out or nowhere, limit=limit, first=first)

    return rehearse(new_run_id(_now()), options, process, lambda: one.watch.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneFile:
    """Runs one file of the night, as `run` would."""

    options: RunOptions
    target: Target
    rules: Rules
    observer: Observer
    watch: NightWatch

    def beside(self, path: Path, *, limit: int | None, first: bool) -> BatchResult:
        """With its results beside it."""
        return self.run(path, out=None, limit=limit, first=first)

    def run(self, path: Path, *, out: Path | None, limit: int | None, first: bool) -> BatchResult:
        halt = Halt()
        options = replace(
            self.options,
            files=(path,),
            output=replace(self.options.output, out=out, overwrite=self.options.output.overwrite and out is not None),
            limit=limit,
            check_existing=self.options.check_existing and first,
        )
        try:
            return run(options, self.target.tools(self.rules, self.observer, halt), self.watch.conductor(halt))
        except BatchError:
            raise
        except Exception as error:  # noqa: BLE001 -- one file that brings out a fault here must not cost all others
            self.observer.crashed(error)
            return _unexpected(path, error)
        finally:
            self.watch.listen_again(halt)


def _unexpected(path: Path, error: Exception) -> BatchResult:
    cause = unexpected(error, _BY_HAND)
    refusal = InputError(cause.code, sentence("{file}: {what}", file=path.name, what=cause.said))
    return BatchResult(run_id="", files=(FileResult(path=path, error=refusal),))


def _now() -> datetime:
    return datetime.now().astimezone()
