"""The asynchronous middle of `status`: a line to the API, and looks until there is nothing left to see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from batch.approval import Approvals
from batch.approval.asking import Asker
from batch.approval.watch import Patience, watch
from batch.errors import ApiStop, LedgerError
from batch.halt import Halted
from batch.ledger import Ledger, Scope
from batch.model import sentence
from batch.pipeline.session import open_session
from batch.pipeline.tools import Tools
from batch.status.values import Asked

_REST = sentence("What was learned until then is kept. Ask again later: flireo-batch status.")
_SESSION = "status"


@dataclass(slots=True, kw_only=True)
class StatusWork:
    """`find` says which groups are meant, once the ledger is open; `approvals` is what is known when `work` returns."""

    tools: Tools
    patience: Patience
    find: Callable[[Ledger, Scope], Asked]
    asked: Asked = field(default_factory=Asked)
    approvals: Approvals = field(default_factory=lambda: Approvals(()))
    requests: int = 0

    async def work(self) -> None:
        """Whatever ends it early is in the tools' halt. Raises SettingsError for a key that is not the account's, or a
        run that is not there; then nothing was asked.
        """
        try:
            with closing(self.tools.open_ledger()) as ledger:
                await self._with_ledger(ledger)
        except Halted:
            pass  # asked for by a signal
        except asyncio.CancelledError:
            own = asyncio.current_task()  # a second signal; what is known is still written
            if own is not None:
                own.uncancel()
        except (ApiStop, LedgerError) as error:
            self.tools.halt.by_error(error)
        if self.tools.halt.cause is not None:
            self.tools.observer.stopped(self.tools.halt.cause)

    async def _with_ledger(self, ledger: Ledger) -> None:
        scope = ledger.scope(self.tools.settings.account, self.tools.scope_url, self.tools.api_key.get_secret_value())
        self.asked = self.find(ledger, scope)
        self.approvals = Approvals(self.asked.rows)
        if not self.asked.rows:
            return
        async with open_session(_SESSION, tools=self.tools, ledger=ledger, scope=scope, rest=_REST) as session:
            try:
                await watch(
                    self.approvals,
                    Asker(listing=session.listing, outage=session.outage, clock=ledger.clock),
                    self.patience,
                    halt=self.tools.halt,
                    watcher=self.tools.observer,
                    clock=ledger.clock,
                )
            finally:
                self.requests = session.pacer.requests
