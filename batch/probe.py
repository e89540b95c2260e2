"""One cheap list request to the API, outside any run but within the request budget: to see that all is set up."""

from __future__ import annotations

import time
from dataclasses import dataclass

from batch.ledger import Ledger
from batch.model import Reply
from batch.pipeline.session import open_session
from batch.pipeline.tools import Tools
from batch.retry import stop_reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What the API answered. `ahead_seconds` is how far its clock is ahead of ours, as far as it said."""

    reply: Reply
    ahead_seconds: float | None

    @property
    def groups(self) -> int | None:
        """How many groups the account has, if the API gave a usable list."""
        return self.reply.total

    @property
    def answered(self) -> bool:
        return self.reply.groups is not None

    @property
    def refused(self) -> str | None:
        """The code of a refusal of the key."""
        stop = stop_reason(self.reply)
        return stop.code if stop else None


async def probe(tools: Tools, ledger: Ledger, *, accept_key: bool = False) -> Probe:
    """Raises SettingsError for a key that is not the account's (unless `accept_key`), LedgerError, or ApiStop where the
    API has asked for a pause that is too long.
    """
    scope = ledger.scope(
        tools.settings.account, tools.scope_url, tools.api_key.get_secret_value(), accept_key=accept_key
    )
    async with open_session("probe", tools=tools, ledger=ledger, scope=scope) as session:
        leave = await session.pacer.leave_to_ask()
        reply = await session.listing.client.list_groups(limit=1, offset=0)
        now = time.time()
        await session.pacer.finished(leave, reply)
    ahead = None if reply.server_time is None else reply.server_time - now
    return Probe(reply=reply, ahead_seconds=ahead)
