"""`check`: from flags to a finished batch and its exit code; what only `run` needs is not even loaded."""

from __future__ import annotations

from batch.cli.batches import NOTHING_SENT, Request, finish, told_as_json, warn_of_unknown_variables
from batch.cli.map_files import refuse_wrong_orders, save_map_of
from batch.cli.observers import make_observer
from batch.interrupts import INTERRUPTS
from batch.languages import Say, say_in
from batch.pipeline.check import check
from batch.pipeline.rules import load_rules
from batch.pipeline.values import BatchResult
from batch.settings import load_settings


def check_files(request: Request) -> None:
    """Exits with the command's code."""
    with told_as_json(request, NOTHING_SENT):
        result, say = _checked(request)
    finish(request, result, say, checked=True)


def _checked(request: Request) -> tuple[BatchResult, Say]:
    settings = load_settings(config=request.config, flags=request.flags)
    options = request.options(settings)
    rules = load_rules(settings.schemas, settings.region)
    refuse_wrong_orders(options.file, rules)
    save_map_of(options, request.save_map, rules)
    say = say_in(settings.language)
    with make_observer(request.log_format, quiet=request.quiet, say=say, log_path=settings.log_file) as observer:
        warn_of_unknown_variables(observer)
        with INTERRUPTS.noted():
            result = check(options, settings, rules, observer)
    return result, say
