"""The line to the API for one run: client, journal, pacing, outage and reconcile, built once and handed on."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from batch import identity
from batch.client import ApiClient
from batch.halt import Halt
from batch.ledger import Journal, Ledger, Scope
from batch.listing import Listing
from batch.model import Record, Sentence
from batch.outage import Outage
from batch.pacing import Pacer
from batch.pipeline.tools import Tools
from batch.reconcile import Reconciler
from batch.retry import REST_NOT_SENT, RetryPolicy
from batch.submit import Submitter, rows_in_hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Everything one run needs to talk to the API and to remember it."""

    run_id: str
    scope: Scope
    ledger: Ledger
    halt: Halt
    pacer: Pacer
    outage: Outage
    listing: Listing
    submitter: Submitter
    reconciler: Reconciler

    def details(self, record: Record) -> Mapping[str, str]:
        """Short hashes of a row's fields, by which the ledger can say later what differs."""
        return record_details(self.scope.secret, record)

    async def greet(self) -> None:
        """The first request of a run: proves address, key and way before any row is spent.

        Sits out an outage. Raises ApiStop where the key is refused or the API stays away.
        """
        if await self.listing.answers():
            return
        self.outage.declare("it does not answer")
        async with self.outage.passage():
            self.outage.succeeded()


def record_details(secret: bytes, record: Record) -> Mapping[str, str]:
    return identity.detail_hashes(secret[:32], json.loads(record.body))


@asynccontextmanager
async def open_session(
    run_id: str, *, tools: Tools, ledger: Ledger, scope: Scope, rest: Sentence = REST_NOT_SENT
) -> AsyncIterator[Session]:
    """A session for a run that the ledger knows as started, or for one that only reads.

    `rest` is what a stop says of what was still to be done.
    """
    settings = tools.settings
    async with (
        ApiClient(
            tools.base_url,
            tools.api_key,
            check=tools.reply_check,
            timeout_seconds=settings.timeout_seconds,
            user_agent=tools.user_agent,
        ) as client,
        Journal(ledger, scope, run_id, settings.rate_limit) as journal,
    ):
        yield _session(run_id, tools, ledger, scope, client, journal, rest)


def _session(
    run_id: str,
    tools: Tools,
    ledger: Ledger,
    scope: Scope,
    client: ApiClient,
    journal: Journal,
    rest: Sentence = REST_NOT_SENT,
) -> Session:
    settings, halt, clock = tools.settings, tools.halt, ledger.clock
    pacer = Pacer(
        journal,
        halt=halt,
        max_wait_seconds=settings.max_wait_seconds,
        retry_base_seconds=settings.retry_base_seconds,
        limit=settings.rate_limit,
        clock=clock,
        rest=rest,
    )
    policy = RetryPolicy(max_attempts=settings.max_attempts, base_seconds=settings.retry_base_seconds, sleep=halt.sleep)
    listing = Listing(client=client, pacer=pacer, policy=policy, clock=clock, rest=rest)
    outage = Outage(
        policy=policy,
        max_wait_seconds=settings.max_wait_seconds,
        probe=listing.answers,
        clock=time.monotonic,
        rest=rest,
    )
    submitter = Submitter(
        run_id=run_id,
        client=client,
        pacer=pacer,
        outage=outage,
        policy=policy,
        halt=halt,
        concurrency=settings.concurrency,
        in_hand=rows_in_hand(settings.concurrency, settings.rate_limit),
        clock=clock,
        details=lambda record: record_details(scope.secret, record),
        on_event=tools.observer.sent,
    )
    reconciler = Reconciler(
        ledger=ledger,
        scope=scope,
        listing=listing,
        halt=halt,
        settle_seconds=settings.settle_seconds,
        timeout_seconds=settings.timeout_seconds,
        clock=clock,
    )
    return Session(
        run_id=run_id,
        scope=scope,
        ledger=ledger,
        halt=halt,
        pacer=pacer,
        outage=outage,
        listing=listing,
        submitter=submitter,
        reconciler=reconciler,
    )
