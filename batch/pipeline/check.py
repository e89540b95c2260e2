"""`check`: reads, maps and validates, and writes what needs someone; no network, no key, no ledger."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from batch.errors import BatchError, InputError, OutputError
from batch.interrupts import INTERRUPTS
from batch.model import sentence
from batch.notices import NoticeBook
from batch.pipeline.answer import answer_to
from batch.pipeline.endings import Ending
from batch.pipeline.facts import Facts, Totals, claim, refuse_too_wide_for, report_on
from batch.pipeline.fault import refused_for_fault
from batch.pipeline.head import NO_ROWS, head_of
from batch.pipeline.interruption import INTERRUPTED, interruption
from batch.pipeline.prepare import Part, PreparedFile
from batch.pipeline.register import Register
from batch.pipeline.row_ends import ends_of_part
from batch.pipeline.rules import Rules
from batch.pipeline.run_id import new_run_id
from batch.pipeline.twins import twin_finder
from batch.pipeline.values import BatchResult, FileResult, RunOptions
from batch.plan import duplicate_in_file
from batch.progress import Observer
from batch.results import WOULD_SEND, Mode
from batch.settings import Settings

_VALID = Ending(code=WOULD_SEND, sentence=sentence("Valid; run would send it."))


def check(options: RunOptions, settings: Settings, rules: Rules, observer: Observer) -> BatchResult:
    """Every file by itself: rows are valid, invalid, or duplicates of an earlier row of the same file."""
    clock, began_at = time.monotonic(), datetime.now(UTC)
    work = _Check(
        options=options,
        settings=settings,
        rules=rules,
        observer=observer,
        run_id=new_run_id(began_at),
        began_at=began_at,
    )
    observer.began(work.run_id, options.files)
    results: list[FileResult] = []
    for path in options.files:
        try:
            results.append(work.file(path))
        except (InputError, OutputError) as error:
            if error.code != INTERRUPTED:
                observer.refused(path, error)
            results.append(FileResult(path=path, error=error))
        except BatchError:
            raise
        except Exception as error:  # noqa: BLE001 -- one file that brings out a fault here must not cost all others
            results.append(FileResult(path=path, error=refused_for_fault(path, error, observer)))
    if INTERRUPTS.number is not None:
        observer.stopped(interruption(results, sent=False))
    return BatchResult(
        run_id=work.run_id, files=tuple(results), seconds=time.monotonic() - clock, signal=INTERRUPTS.number
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    options: RunOptions
    settings: Settings
    rules: Rules
    observer: Observer
    run_id: str
    began_at: datetime

    def file(self, path: Path) -> FileResult:
        """Checks one file in one pass, in memory that does not grow with it."""
        started = time.monotonic()
        notices, warnings, totals = NoticeBook(), NoticeBook(), Totals()
        with ExitStack() as opened:
            prepared = opened.enter_context(PreparedFile(path, self.rules, self.options.file))
            finder = opened.enter_context(twin_finder())
            outputs = opened.enter_context(claim(path, self.options.output))
            head = head_of(prepared)
            answer = opened.enter_context(answer_to(head, outputs, self.options.output, self.rules.schema, Mode.CHECK))
            notices.add(prepared.notices)
            for part in finder.with_twins(prepared.parts()):
                refuse_too_wide_for(self.options.output, part.cells.shape[1])
                notices.add(part.notices)
                warnings.add(part.warnings)
                with closing(_decided(part, head.field_labels)) as register:
                    answer.add(part, register)
                    self.observer.rows_ended(path, ends_of_part(part, register, {}, {}))
                    totals = totals.and_of(register)
                self.observer.reading(path, totals.rows, part.share)
            notices.add(() if totals.rows else (NO_ROWS,))
            self.observer.noticed(path, notices.notices)
            self.observer.odd(path, warnings.notices)
            facts = self._facts(time.monotonic() - started)
            result = answer.publish(report_on(head, totals, notices.notices, warnings.notices, outputs, facts))
            self.observer.file_ended(path, result.counts)
            return result

    def _facts(self, seconds: float) -> Facts:
        return Facts(
            run_id=self.run_id, started_at=self.began_at, seconds=seconds, settings=self.settings, mode=Mode.CHECK
        )


def _decided(part: Part, labels: Mapping[str, str]) -> Register:
    register = Register(part.first)
    register.grow(part.valid)
    for position, twin in part.twins.items():
        register.give(position, duplicate_in_file(part.origins.rows[position - part.first], twin, labels))
    register.end(register.open, _VALID)
    return register
