"""`run`: from flags to a finished batch and its exit code, and to the approval of its groups if that is waited for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batch.cli.batches import Addendum, Request, finish, told_as_json, warn_of_unknown_variables
from batch.cli.exits import exit_code, with_approval
from batch.cli.limits import limits_of
from batch.cli.map_files import refuse_wrong_orders, save_map_of
from batch.cli.observers import make_observer
from batch.cli.signals import Conductor
from batch.cli.telling import telling
from batch.errors import SettingsError
from batch.halt import Halt
from batch.languages import Say, say_in
from batch.model import sentence
from batch.pipeline.rules import load_rules
from batch.pipeline.run import run
from batch.pipeline.tools import Tools
from batch.pipeline.values import BatchResult
from batch.settings import Settings, load_settings

if TYPE_CHECKING:  # nothing of approval is loaded where nobody waits for it: every run begins with these imports
    from batch.approval.watch import Patience


def run_files(request: Request) -> None:
    """Exits with the command's code. Raises SettingsError before anything is read."""
    with told_as_json(request):
        result, say, addendum = _ran(request)
    finish(request, result, say, checked=False, addendum=addendum)


def _ran(request: Request) -> tuple[BatchResult, Say, Addendum | None]:
    settings = load_settings(config=request.config, flags=request.flags)
    options = request.options(settings)
    waiting = _patience(request, settings)
    rules = load_rules(settings.schemas, settings.region)
    refuse_wrong_orders(options.file, rules)
    save_map_of(options, request.save_map, rules)
    halt, addendum = Halt(), None
    say = say_in(settings.language)
    with (
        make_observer(request.log_format, quiet=request.quiet, say=say, log_path=settings.log_file) as observer,
        telling(settings, observer.warned, silent=request.dry_run) as teller,
        request.target(settings) as goal,
    ):
        warn_of_unknown_variables(observer)
        teller.began()
        tools = goal.tools(rules, observer, halt)
        conductor = Conductor(halt)
        conductor.listen()
        result = run(options, tools, conductor)
        if waiting is not None and not halt.asked:
            addendum = _wait(result, waiting, tools)
        code = exit_code(result, checked=False) if addendum is None else addendum.code
        from batch.bulletin import of_run  # noqa: PLC0415 -- not before the first row is sent

        teller.ended(of_run(result, code, teller.host, () if addendum is None else addendum.bands), code)
    return result, say, addendum


def _patience(request: Request, settings: Settings) -> Patience | None:
    """How long to wait for approval; None: not at all."""
    if not request.wait_approval:
        return None
    if request.dry_run:
        said = sentence("--wait-approval makes no sense with --dry-run: nothing is created.")
        raise SettingsError("wait_approval", said)
    from batch.cli.durations import patience  # noqa: PLC0415 -- as above

    return patience(settings, wait_at_most=request.wait_at_most)


def _wait(result: BatchResult, waiting: Patience, tools: Tools) -> Addendum | None:
    """The results are written by now, so that nothing can be lost; what is learned is put into them."""
    written = [file.results_file for file in result.files if file.results_file is not None]
    if not written:
        return None
    from batch.approval.words import bands  # noqa: PLC0415 -- as above
    from batch.cli.approval_reports import print_waited, status_document, why_stopped  # noqa: PLC0415 -- as above
    from batch.status import StatusOptions, wait_for_approval  # noqa: PLC0415 -- as above

    settings = tools.settings
    options = StatusOptions(
        files=tuple(written), patience=waiting, limits=limits_of(settings), language=settings.language
    )
    waited = wait_for_approval(options, tools, Conductor(tools.halt))
    return Addendum(
        code=with_approval(exit_code(result, checked=False), waited),
        document={"stopped": why_stopped(waited), "approval": status_document(waited)},
        show=partial(print_waited, waited, say_in(settings.language)),
        bands=bands(waited.approvals),
    )
