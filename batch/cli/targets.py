"""Where the rows of a command go: the API of the settings, or a sandbox on this machine made for the command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from batch.halt import Halt
from batch.ledger import check_location, open_ledger
from batch.pipeline.rules import Rules, load_reply_check
from batch.pipeline.tools import Tools
from batch.progress import Observer
from batch.settings import Settings, load_settings
from batch.version import version

SANDBOX_SCOPE = "sandbox:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where rows go. The embedded sandbox has a scope of its own, whatever port it got this time."""

    settings: Settings
    base_url: str
    scope_url: str

    def tools(self, rules: Rules, observer: Observer, halt: Halt) -> Tools:
        """What one run works with."""
        settings = self.settings
        return Tools(
            settings=settings,
            base_url=self.base_url,
            scope_url=self.scope_url,
            api_key=settings.key,
            rules=rules,
            reply_check=load_reply_check(settings.schemas),
            open_ledger=lambda: open_ledger(settings.ledger_location),
            observer=observer,
            halt=halt,
            user_agent=f"flireo-batch/{version()}",
        )


@contextmanager
def target(
    settings: Settings,
    *,
    sandbox: bool,
    config: Path | None,
    flags: Mapping[str, object],
    approval_seconds: float | None = None,
) -> Iterator[Target]:
    """Raises SettingsError without an address, a key or a place for a ledger: now, before a large file is read.

    `approval_seconds` is how long the sandbox takes to approve a group; None: for ever.
    """
    check_location(settings.ledger_location)
    if not sandbox:
        base_url = settings.required_base_url
        settings.key  # noqa: B018 -- refuses
        yield Target(settings=settings, base_url=base_url, scope_url=base_url)
        return
    from batch.sandbox.options import SandboxOptions  # noqa: PLC0415 -- only where it is asked for
    from batch.sandbox.serving import Embedded  # noqa: PLC0415 -- only where it is asked for

    with Embedded(SandboxOptions(rate_limit=settings.rate_limit, approval_seconds=approval_seconds)) as embedded:
        tried = load_settings(
            config=config, flags={**flags, "base_url": embedded.base_url, "api_key": embedded.api_key}
        )
        yield Target(settings=tried, base_url=embedded.base_url, scope_url=SANDBOX_SCOPE)
