"""What a run works with, handed in by the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import SecretStr

from batch.client import ReplyCheck
from batch.halt import Halt
from batch.ledger import Ledger
from batch.pipeline.rules import Rules
from batch.progress import Observer
from batch.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """`base_url` is where requests go; `scope_url` is what the ledger files the account's rows under: the same, but
    for the embedded sandbox, which has another port each time.
    """

    settings: Settings
    base_url: str
    scope_url: str
    api_key: SecretStr
    rules: Rules
    reply_check: ReplyCheck
    open_ledger: Callable[[], Ledger]
    observer: Observer
    halt: Halt
    user_agent: str
