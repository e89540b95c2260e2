"""`sandbox`: a local server that behaves as the API does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import typer

from batch.errors import SettingsError
from batch.rate import RateLimit, parse_rate_limit
from batch.sandbox.faults import Endpoint
from batch.sandbox.options import DEFAULT_ACCOUNT, DEFAULT_KEYS, ListOrder, SandboxOptions
from batch.sandbox.plans import DEFAULT_WEIGHTS, FaultPlan
from batch.sandbox.serving import serve
from batch.sandbox.windows import WindowKind

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRequest:
    """The flags of `sandbox`, as given."""

    host: str
    port: int
    keys: list[str]
    rate_limit: str
    window: str
    latency: float
    order: str
    list_lag: float
    clock_skew: float
    foreign_every: int
    faults: float
    kinds: list[str]
    list_faults: float
    slow: float
    approve_after: float | None
    reject: float
    seed: int
    state: Path | None

    @property
    def options(self) -> SandboxOptions:
        """Raises SettingsError for a flag that makes no sense."""
        if self.reject and self.approve_after is None:
            raise SettingsError("sandbox_option", "--reject needs --approve-after, or every group stays pending.")
        return SandboxOptions(
            keys=dict(_key(text) for text in self.keys) or DEFAULT_KEYS,
            rate_limit=_rate_limit(self.rate_limit),
            window=_choice("--window", WindowKind, self.window),
            latency_seconds=self.latency,
            list_order=_choice("--order", ListOrder, self.order),
            list_lag_seconds=self.list_lag,
            clock_skew_seconds=self.clock_skew,
            foreign_every=self.foreign_every,
            plans=dict(self._plans()),
            slow_seconds=self.slow,
            approval_seconds=self.approve_after,
            rejected_fraction=self.reject,
            seed=self.seed,
            state_file=self.state,
        )

    def _plans(self) -> list[tuple[Endpoint, FaultPlan]]:
        fractions = ((Endpoint.CREATE, self.faults), (Endpoint.LIST, self.list_faults))
        try:
            weights = dict(_weight(text) for text in self.kinds) or DEFAULT_WEIGHTS
            return [
                (endpoint, FaultPlan(fraction=fraction, weights=weights, seed=self.seed))
                for endpoint, fraction in fractions
                if fraction > 0
            ]
        except ValueError as error:
            raise SettingsError("sandbox_option", f"--fault: {error}") from error


def serve_sandbox(request: SandboxRequest) -> None:
    """Serves until Ctrl-C. Says first how to reach it, in lines that can be pasted into a shell."""
    options = request.options

    def ready(url: str) -> None:
        typer.echo(f"Sandbox at {url}; Ctrl-C ends it. In another terminal:")
        typer.echo(f"  export FLIREO_BASE_URL={url}")
        typer.echo(f"  export FLIREO_API_KEY={next(iter(options.keys))}")

    serve(options, host=request.host, port=request.port, on_ready=ready)


def _key(text: str) -> tuple[str, str]:
    key, _, account = text.partition("=")
    return key, account or DEFAULT_ACCOUNT


def _weight(text: str) -> tuple[str, float]:
    name, _, weight = text.partition("=")
    return name, float(weight or 1)


def _rate_limit(text: str) -> RateLimit | None:
    if text == "none":
        return None
    try:
        return parse_rate_limit(text)
    except ValueError as error:
        raise SettingsError("sandbox_option", f"--rate-limit: {error}") from error


def _choice(flag: str, kind: type[Choice], text: str) -> Choice:
    try:
        return kind(text)
    except ValueError as error:
        message = f"{flag} is '{text}'; expected one of {', '.join(kind)}."
        raise SettingsError("sandbox_option", message) from error
