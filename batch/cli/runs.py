"""`run`: from flags to a finished batch and its exit code."""

from __future__ import annotations

from batch.bulletin import of_run
from batch.cli.batches import Request, finish, told_as_json, warn_of_unknown_variables
from batch.cli.exits import exit_code
from batch.cli.map_files import save_map_of
from batch.cli.observers import make_observer
from batch.cli.signals import Conductor
from batch.cli.telling import telling
from batch.halt import Halt
from batch.languages import say_in
from batch.pipeline.rules import load_rules
from batch.pipeline.run import run
from batch.settings import load_settings


def run_files(request: Request) -> None:
    """Exits with the command's code. Raises SettingsError before anything is read."""
    with told_as_json(request):
        _run_files(request)


def _run_files(request: Request) -> None:
    settings = load_settings(config=request.config, flags=request.flags)
    options = request.options(settings)
    rules = load_rules(settings.schemas, settings.region)
    save_map_of(options, request.save_map, rules)
    halt = Halt()
    with (
        make_observer(
            request.log_format, quiet=request.quiet, say=say_in(settings.language), log_path=settings.log_file
        ) as observer,
        telling(settings, observer.warned, silent=request.dry_run) as teller,
        request.target(settings) as goal,
    ):
        warn_of_unknown_variables(observer)
        teller.began()
        result = run(options, goal.tools(rules, observer, halt), Conductor(halt))
        code = exit_code(result, checked=False)
        teller.ended(of_run(result, code, teller.host), code)
    finish(request, result, checked=False)
