"""A dry run of a night: what would be taken, and what would be sent of it; nothing in the folder is touched."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from batch.inbox.arrivals import look
from batch.inbox.values import Handled, InboxOptions, NightResult, Place
from batch.pipeline.values import BatchResult


def rehearse(
    night_id: str,
    options: InboxOptions,
    process: Callable[[Path], BatchResult],
    signalled: Callable[[], int | None],
) -> NightResult:
    """Every spreadsheet in turn, where it lies. Results are kept only where `options.out` says so."""
    clock = time.monotonic()
    arrivals = look(options.folders.root)
    handled: list[Handled] = []
    result: BatchResult | None = None
    requests = retries = 0
    for path in arrivals.spreadsheets:
        if signalled() is not None or (result is not None and result.stopped is not None):
            break
        result = process(path)
        requests, retries = requests + result.requests, retries + result.retries
        (file,) = result.files
        kept = file if options.out is not None else replace(file, results_file=None, failed_file=None)
        handled.append(Handled(night_id=night_id, run_id=result.run_id, result=kept, place=Place.INBOX, stands_at=path))
    return NightResult(
        night_id=night_id,
        handled=tuple(handled),
        left=arrivals.left,
        requests=requests,
        retries=retries,
        seconds=time.monotonic() - clock,
        stopped=result.stopped if result is not None else None,
        signal=signalled(),
    )
