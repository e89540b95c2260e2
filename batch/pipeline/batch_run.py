"""One run over the files that could be read: learn what is known, plan, send, and leave no row without an outcome."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from batch.errors import ApiStop, LedgerError
from batch.halt import Halted
from batch.ledger import Ledger, Scope
from batch.matching import Verdict
from batch.model import Status, sentence
from batch.pipeline.endings import Ending
from batch.pipeline.job import Job
from batch.pipeline.outcomes import outcome_of
from batch.pipeline.planning import plan_job
from batch.pipeline.register import Positions
from batch.pipeline.sending import Sending, why_stopped
from batch.pipeline.sends import Sends
from batch.pipeline.session import Session, open_session, record_details
from batch.pipeline.survey import survey
from batch.pipeline.tools import Tools
from batch.pipeline.values import RunOptions
from batch.plan import Naming
from batch.progress import Forecast, least_seconds
from batch.results import WOULD_SEND, load_writers

_UNDER_WAY_SECONDS = 0.2
_WOULD_SEND = Ending(code=WOULD_SEND, sentence=sentence("Valid; a run without --dry-run would send it."))


@dataclass(slots=True, kw_only=True)
class BatchRun:
    """The jobs' outcomes are complete when `work` returns. `begun` tells whether a row may have been sent."""

    options: RunOptions
    tools: Tools
    jobs: Sequence[Job]
    run_id: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    requests: int = 0
    retries: int = 0
    sent: int = 0
    begun: bool = False
    scope: Scope | None = None

    async def work(self) -> None:
        """Gives every row of every job its outcome, whatever happens on the way. Raises SettingsError for a key that
        is not the account's; then nothing was sent.
        """
        try:
            with closing(self.tools.open_ledger()) as ledger:
                await self._with_ledger(ledger)
        except Halted:
            pass  # asked for by a signal; what is not sent says so below
        except asyncio.CancelledError:
            # A second signal. What was under way is marked; the person still gets the results of what is known.
            own = asyncio.current_task()
            if own is not None:
                own.uncancel()
        except (ApiStop, LedgerError) as error:
            self.tools.halt.by_error(error)
        for job in self.jobs:
            self._give_up_the_rest(job)
        if self.tools.halt.cause is not None:
            self.tools.observer.stopped(self.tools.halt.cause)

    async def _with_ledger(self, ledger: Ledger) -> None:
        scope = ledger.scope(
            self.tools.settings.account,
            self.tools.scope_url,
            self.tools.api_key.get_secret_value(),
            accept_key=self.options.accept_new_key,
        )
        self.scope = scope
        command = "run --dry-run" if self.options.dry_run else "run"
        with ledger.running(self.run_id, scope, command, [job.path.name for job in self.jobs]) as facts:
            try:
                await self._in_session(ledger, scope)
            finally:
                with suppress(LedgerError):  # what it has to say is known already, from whatever ended the session
                    self._name_doubtful(ledger, scope)
                facts.counts = self._counts()
                facts.stopped = self.tools.halt.cause.code if self.tools.halt.cause else None

    def _name_doubtful(self, ledger: Ledger, scope: Scope) -> None:
        """Rows that were sent before and whose fate is open are in doubt, also where this run did not get to them."""
        if not any(len(job.register.open) for job in self.jobs):
            return
        doubtful = {known.fingerprint: known for known in ledger.open_rows(scope)}
        for job in self.jobs if doubtful else ():
            naming = Naming(labels=job.field_labels, details=partial(record_details, scope.secret))
            for record in job.records(scope, job.register.open):
                known = doubtful.get(record.fingerprint)
                if known is not None:
                    outcome = outcome_of(record, known, self.verdicts.get(record.fingerprint), naming)
                    job.register.give(record.position, outcome)

    async def _in_session(self, ledger: Ledger, scope: Scope) -> None:
        async with open_session(self.run_id, tools=self.tools, ledger=ledger, scope=scope) as session:
            try:
                await self._with_session(session)
            except (ApiStop, LedgerError) as error:
                self.tools.halt.by_error(error)
            finally:
                self.requests = session.pacer.requests
                self.retries = session.submitter.repeats

    async def _with_session(self, session: Session) -> None:
        await self._settle_plan(session)
        self.tools.halt.check()
        held_by = tuple(dict.fromkeys(flag for job in self.jobs for flag in self._hold_back(job)))
        self._announce(held_by)
        if self.options.dry_run:
            for job in self.jobs:
                job.register.end(job.register.open, _WOULD_SEND)
            return
        with _writers_loaded_meanwhile():
            for job in self.jobs:
                if len(sends := job.register.open):
                    await self._send(session, job, sends)

    async def _settle_plan(self, session: Session) -> None:
        """Decides every row that can be, by all that is known; what is not known the API is asked for first."""
        new_here = session.scope.surveyed_at is None or self.options.check_existing
        if not new_here:
            self._plan(session)
            if not (self._left_open(session) or any(len(job.register.open) for job in self.jobs)):
                return
        learned = False
        try:
            await session.greet()
            learned = await self._learn(session, new_here=new_here)
        finally:
            if learned or new_here:  # also where the API could not be asked: the file and the ledger decide some rows
                self._plan(session)

    def _left_open(self, session: Session) -> int:
        """How many rows dead runs have left without a clear outcome."""
        doubtful, _ = session.reconciler.open_rows(self.run_id)
        return len(doubtful)

    async def _learn(self, session: Session, *, new_here: bool) -> bool:
        """What other runs left unsettled, and what an account that is new here has; whether there was any of it."""
        open_rows = self._left_open(session)
        if open_rows:
            self.tools.observer.settling(open_rows)
            self.verdicts.update((await session.reconciler.reconcile(self.run_id)).verdicts)
        if new_here:
            told = await survey(session)
            if told is not None:
                self.tools.observer.warned(told)
        return new_here or open_rows > 0

    def _plan(self, session: Session) -> None:
        for job in self.jobs:  # also what was planned before: what was learned since may decide it otherwise
            plan_job(job, session.ledger, session.scope, self._naming(session, job))

    def _naming(self, session: Session, job: Job) -> Naming:
        return Naming(labels=job.field_labels, details=session.details)

    def _announce(self, held_by: tuple[str, ...]) -> None:
        limit = self.tools.settings.rate_limit
        self.tools.observer.forecast(
            Forecast(
                rows=sum(job.rows for job in self.jobs),
                to_send=self.sent,
                rate_limit=limit,
                seconds=least_seconds(self.sent, limit),
                dry_run=self.options.dry_run,
                held_by=held_by,
            )
        )

    def _hold_back(self, job: Job) -> Iterator[str]:
        """Ends the open rows of a job that may not be sent; the flags that say so. Those that may stay open."""
        register, sends = job.register, job.register.open
        most = self.options.max_errors
        invalid = register.counts()[Status.INVALID]
        if len(sends) and most is not None and most.exceeded(invalid, job.rows):
            text = sentence(
                "Not sent: {invalid} of {rows} rows are invalid, more than --max-errors {most} allows. Correct them"
                " first, or raise the limit.",
                invalid=invalid,
                rows=job.rows,
                most=str(most),
            )
            register.end(sends, Ending(code="too_many_errors", sentence=text))
            yield "--max-errors"
            return
        left = len(sends) if self.options.limit is None else max(0, self.options.limit - self.sent)
        if left < len(sends):
            text = sentence("Not sent: the run was told to send no more than {limit} rows.", limit=self.options.limit)
            register.end(sends[left:], Ending(code="limit", sentence=text))
            yield "--limit"
        self.sent += len(sends[:left])

    async def _send(self, session: Session, job: Job, positions: Positions) -> None:
        self.begun = True
        self.tools.observer.sending(job.path, len(positions))
        sending = Sending(
            session=session,
            observer=self.tools.observer,
            naming=self._naming(session, job),
            max_wait_seconds=self.tools.settings.max_wait_seconds,
            earlier_verdicts=self.verdicts,
        )
        sends = Sends(job=job, scope=session.scope, positions=positions)
        try:
            await sending.send(sends)
        finally:
            job.attempts.update(sending.course.attempts)
            for position, outcome in sending.created():
                job.register.give(position, outcome)
            for record in sends.only(lambda position: not sending.is_created(position)):
                job.register.give(record.position, sending.outcome(record))

    def _give_up_the_rest(self, job: Job) -> None:
        code, text = why_stopped(self.tools.halt)
        job.register.end(job.register.open, Ending(code=code, sentence=text))

    def _counts(self) -> dict[str, int]:
        counted: Counter[Status] = Counter()
        for job in self.jobs:
            counted.update(job.register.counts())
            counted[Status.NOT_SENT] += len(job.register.open)
        return {status.value: counted[status] for status in Status}


@contextmanager
def _writers_loaded_meanwhile() -> Iterator[None]:
    """What writes workbooks is loaded once sending is well under way: first of all it would only hold that up. Where
    all is sent sooner, whoever writes loads it.
    """
    loop = asyncio.get_running_loop()
    ahead = loop.call_later(_UNDER_WAY_SECONDS, loop.run_in_executor, None, load_writers)
    try:
        yield
    finally:
        ahead.cancel()
