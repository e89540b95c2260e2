"""`status` from end to end: which groups, how they stand, and the answers written anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from batch.errors import InputError, OutputError, SettingsError
from batch.languages import say_in
from batch.ledger import Ledger, Scope
from batch.model import Origin, sentence
from batch.past_results import open_past_results
from batch.pipeline.tools import Tools
from batch.reading import Limits
from batch.results import Form, Outputs, claim_again, claim_results
from batch.status.rewriting import Scan, scan, write_again
from batch.status.values import Asked, StatusFile, StatusOptions, StatusResult
from batch.status.work import StatusWork

Drive = Callable[[StatusWork], None]
"""Runs the asynchronous middle to its end, with whatever signal handling the caller wants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A results file that could be read; `stamp` tells later whether somebody has changed it since.

    It is not held open: a watch may last for days, and people work with their files.
    """

    path: Path
    form: Form
    made_at: str
    scanned: Scan
    stamp: tuple[int, int, int]


def status(options: StatusOptions, tools: Tools, drive: Drive) -> StatusResult:
    """How the groups of the files, or of a run, stand.

    Raises SettingsError before anything was asked; whatever else stops it is in the result, with what is known.
    """
    return _status(options, tools, drive, partial(_claim_new, options))


def wait_for_approval(options: StatusOptions, tools: Tools, drive: Drive) -> StatusResult:
    """The same for results that a run has just written: they are replaced by results that tell more.

    One that somebody has changed since is left alone, and the new one gets a name of its own.
    """
    return _status(options, tools, drive, _claim_own)


Claim = Callable[[_Counted], AbstractContextManager[Outputs]]


def _status(options: StatusOptions, tools: Tools, drive: Drive, claim: Claim) -> StatusResult:
    began = time.monotonic()
    counted, files = _count_all(options, tools)
    find = partial(_of_files, counted) if options.files else partial(_of_run, options.run_id, tools)
    work = StatusWork(tools=tools, patience=options.patience, find=find)
    if counted or not options.files:
        drive(work)
    for number, one in counted.items():
        files[number] = _written(one, work, claim, options)
    return StatusResult(
        asked=work.asked,
        approvals=work.approvals,
        files=tuple(files[number] for number in sorted(files)),
        waited=options.patience.seconds > 0,
        requests=work.requests,
        seconds=time.monotonic() - began,
        stopped=tools.halt.cause,
        signal=tools.halt.signal,
    )


def _count_all(options: StatusOptions, tools: Tools) -> tuple[dict[int, _Counted], dict[int, StatusFile]]:
    """Every results file by its place on the command line: counted through, or refused."""
    counted: dict[int, _Counted] = {}
    refused: dict[int, StatusFile] = {}
    for number, path in enumerate(options.files):
        try:
            counted[number] = _count(path, options.limits)
        except InputError as error:
            tools.observer.refused(path, error)
            refused[number] = StatusFile(path=path, error=error)
    return counted, refused


def _count(path: Path, limits: Limits) -> _Counted:
    stamp = _stamp(path)
    with open_past_results(path, limits) as past:
        made_at = past.summary.setting("base_url")
        return _Counted(path=path, form=past.form, made_at=made_at, scanned=scan(past), stamp=stamp)


def _of_files(counted: dict[int, _Counted], _ledger: Ledger, _scope: Scope) -> Asked:
    rows: dict[str, tuple[Origin, ...]] = {}
    for one in counted.values():
        for group_id, origins in one.scanned.groups.items():
            rows[group_id] = tuple(dict.fromkeys((*rows.get(group_id, ()), *origins)))  # of several rounds, once
    return Asked(rows=rows)


def _of_run(wanted: str | None, tools: Tools, ledger: Ledger, scope: Scope) -> Asked:
    run_id = wanted or ledger.last_run_with_groups(scope)
    if run_id is None:
        said = sentence(
            "The ledger {where} knows of no run that created groups for this account. Name the results file that you"
            " mean: flireo-batch status customers.results.xlsx",
            where=ledger.where,
        )
        raise SettingsError("no_run", said)
    _refuse_other_scope(run_id, ledger, tools)
    rows: dict[str, tuple[Origin, ...]] = {}
    for known in ledger.created_by(run_id):
        if known.requirement_group_id is not None:
            origin = Origin(source=known.source, row=known.row)
            rows[known.requirement_group_id] = (*rows.get(known.requirement_group_id, ()), origin)
    return Asked(rows=rows, run_id=run_id)


def _refuse_other_scope(run_id: str, ledger: Ledger, tools: Tools) -> None:
    facts = ledger.run_facts(run_id)
    if facts is None:
        said = sentence(
            "The ledger {where} does not know the run {run}. See: flireo-batch history", where=ledger.where, run=run_id
        )
        raise SettingsError("no_run", said)
    if (facts.account, facts.base_url) != (tools.settings.account, tools.scope_url):
        sandbox = facts.base_url.startswith("sandbox:")
        said = sentence(
            "The run {run} was made {where} for the account '{account}', and the settings name the account '{own}' at"
            " {base_url} (FLIREO_ACCOUNT, FLIREO_BASE_URL). Nothing was asked.",
            run=run_id,
            where=sentence("in a sandbox") if sandbox else sentence("at {base_url}", base_url=facts.base_url),
            account=facts.account,
            own=tools.settings.account,
            base_url=tools.base_url,
        )
        raise SettingsError("other_account", said)


def _written(one: _Counted, work: StatusWork, claim: Claim, options: StatusOptions) -> StatusFile:
    """The answer anew, if anything was learned. Where the file or the disk refuses, the result says so."""
    own = work.approvals.among(one.scanned.groups)
    file = StatusFile(path=one.path, groups=len(own), counts=own.counts(), made_at=one.made_at)
    if own.unheard == len(own):
        return file
    try:
        with open_past_results(one.path, options.limits) as past, claim(one) as outputs:
            return replace(
                file, results_file=write_again(past, scan(past), outputs, work.approvals, say_in(options.language))
            )
    except (InputError, OutputError) as error:
        work.tools.observer.refused(one.path, error)
        return replace(file, error=error)


def _claim_new(options: StatusOptions, one: _Counted) -> AbstractContextManager[Outputs]:
    same_kind = one.path.suffix.lower() == f".{one.form}"  # a workbook saved as .ods stays what it is
    if options.overwrite and options.out is None and same_kind:
        return claim_again(one.path)
    return claim_results(one.path, options.out, form=one.form)


def _claim_own(one: _Counted) -> AbstractContextManager[Outputs]:
    changed = _stamp(one.path) != one.stamp
    return claim_results(one.path, None, form=one.form) if changed else claim_again(one.path)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns
