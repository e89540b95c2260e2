"""What a sender of rows is; this program, the ceilings, and loops of our own."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from batch.rate import RateLimit
from batch.settings import Settings
from tests.benchmarks.environments import environment
from tests.benchmarks.servers import ROOT

CONNECTIONS = int(Settings.model_fields["concurrency"].default)
OWN = "flireo-batch"
_PATH = "/v1/verification-groups"
_DRIVERS = ROOT / "tests" / "benchmarks" / "drivers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to be sent. `folder` is where everything that is written goes; `pace` is the limit that is known of.

    `python` is what this program and whatever has no environment of its own run on.
    """

    python: str
    file: Path
    folder: Path
    url: str
    key: str
    timeout_seconds: float = 30.0
    pace: RateLimit | None = None
    ledger: Path | None = None

    @property
    def endpoint(self) -> str:
        return self.url + _PATH

    @property
    def pause_seconds(self) -> float:
        """Between two requests of a sender that has nothing better than to wait the same time after each."""
        return self.pace.seconds / self.pace.requests if self.pace else 0.0

    @property
    def as_json(self) -> str:
        return json.dumps(
            {
                "file": str(self.file),
                "url": self.endpoint,
                "key": self.key,
                "connections": CONNECTIONS,
                "timeout_seconds": self.timeout_seconds,
                "pause_seconds": self.pause_seconds,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One way to send. `home` is the environment that it runs in, None for the project's own.

    `finish` is the command that its documentation advises for what a run that ended with this exit code left undone,
    None if there is no such thing.
    """

    name: str
    command: Callable[[Job], Sequence[str]]
    home: str | None = None
    prepare: Callable[[Job], None] = lambda _job: None
    variables: Callable[[Job], Mapping[str, str]] = lambda _job: {}
    package: str | None = None
    finish: Callable[[Job, int], Sequence[str] | None] = lambda _job, _exit_code: None
    sequential: bool = True
    durability: str = ""
    advice: str = ""

    def environment(self, job: Job) -> dict[str, str]:
        """The variables that it runs with."""
        return {**plain_environment(job.folder), **self.variables(job)}


def plain_environment(folder: Path) -> dict[str, str]:
    """Nothing of the user's own settings; whatever belongs in a home goes to the folder."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder)}


def script(name: str, home: str | None) -> Callable[[Job], Sequence[str]]:
    def command(job: Job) -> Sequence[str]:
        python = job.python if home is None else environment(home).python
        return [python, str(_DRIVERS / f"{name}.py"), job.as_json]

    return command


def _own_command(job: Job) -> Sequence[str]:
    return [job.python, "-m", "batch", "run", str(job.file), "--out", str(job.folder), "--json", "--quiet"]


def _own_variables(job: Job) -> Mapping[str, str]:
    return {
        "FLIREO_BASE_URL": job.url,
        "FLIREO_API_KEY": job.key,
        "FLIREO_LEDGER": str(job.ledger or job.folder / "ledger.sqlite3"),
        "FLIREO_RATE_LIMIT": str(job.pace or "1000000/second"),
        "FLIREO_TIMEOUT_SECONDS": str(job.timeout_seconds),
    }


OWN_SENDER = Sender(
    name=OWN,
    command=_own_command,
    variables=_own_variables,
    finish=lambda job, _exit_code: _own_command(job),
    sequential=False,
    durability="intent and answer of every row on disk (fsync), the intent before the row is sent",
    advice="its defaults",
)
BARE_HTTPX = Sender(
    name="bare httpx",
    command=script("bare_httpx", None),
    package="httpx",
    sequential=False,
    durability="none; a ceiling, not a tool",
    advice="one AsyncClient, as many connections",
)
BARE_AIOHTTP = Sender(
    name="bare aiohttp",
    command=script("bare_aiohttp", "loops"),
    home="loops",
    package="aiohttp",
    sequential=False,
    durability="none; a ceiling, not a tool",
    advice="one ClientSession, as many connections",
)
LOOP_HTTPX = Sender(
    name="httpx loop",
    command=script("loop_httpx", None),
    package="httpx",
    durability="a line with the ID after each answer, not flushed",
    advice="one Client; stops at the first error",
)
VENDOR_POLICY = Sender(
    name="vendor SDK's policy",
    command=script("vendor_policy", None),
    package="httpx",
    durability="none",
    advice="again after any timeout, network error, 5xx or 429, twice at most",
)
