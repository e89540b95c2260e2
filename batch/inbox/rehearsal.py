"""A dry run of a night: what would be taken, and what would be sent of it; nothing in the folder is touched."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from batch.inbox.arrivals import Kind, left, look
from batch.inbox.handling import Process
from batch.inbox.values import Handled, InboxOptions, Left, NightResult, Place
from batch.pipeline.values import BatchResult


def rehearse(
    night_id: str,
    options: InboxOptions,
    process: Process,
    signalled: Callable[[], int | None],
) -> NightResult:
    """Every spreadsheet in turn, where it lies, until the night would end. Results are kept only where `options.out`
    says so.
    """
    clock = time.monotonic()
    arrivals, limit_left = look(options.folders.root), options.limit
    handled: list[Handled] = []
    waiting: list[Left] = []
    result: BatchResult | None = None
    requests = retries = 0
    for path in arrivals.spreadsheets:
        if signalled() is not None or limit_left == 0 or (result is not None and result.stopped is not None):
            waiting.append(left(path.name, Kind.WAITING))
            continue
        result = process(path, limit=limit_left, first=result is None)
        limit_left = None if limit_left is None else max(0, limit_left - result.sent)
        requests, retries = requests + result.requests, retries + result.retries
        (file,) = result.files
        kept = file if options.out is not None else replace(file, results_file=None, failed_file=None)
        handled.append(Handled(night_id=night_id, run_id=result.run_id, result=kept, place=Place.INBOX, stands_at=path))
    return NightResult(
        night_id=night_id,
        handled=tuple(handled),
        left=(*arrivals.left, *waiting),
        requests=requests,
        retries=retries,
        seconds=time.monotonic() - clock,
        stopped=result.stopped if result is not None else None,
        signal=signalled(),
    )
