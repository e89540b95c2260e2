"""One list request with the settings at hand, for `doctor` and `init`."""

from __future__ import annotations

import asyncio

from batch.cli.observers import make_observer
from batch.halt import Halt
from batch.ledger import Ledger, open_ledger
from batch.pipeline.rules import load_reply_check, load_rules
from batch.pipeline.tools import Tools
from batch.probe import Probe, probe
from batch.settings import Settings
from batch.version import version


def ask_once(settings: Settings, ledger: Ledger, *, accept_key: bool = False) -> Probe:
    """Raises SettingsError, LedgerError or ApiStop as `probe` does; the answer may still be a refusal."""
    with make_observer("text", quiet=True) as observer:
        tools = Tools(
            settings=settings,
            base_url=settings.required_base_url,
            scope_url=settings.required_base_url,
            api_key=settings.key,
            rules=load_rules(settings.schemas, settings.region),
            reply_check=load_reply_check(settings.schemas),
            open_ledger=lambda: open_ledger(settings.ledger_location),
            observer=observer,
            halt=Halt(),
            user_agent=f"flireo-batch/{version()}",
        )
        return asyncio.run(probe(tools, ledger, accept_key=accept_key))
