"""A whole line to a sandbox for tests: real HTTP on loopback, a real SQLite ledger, no sleeping longer than needed."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from pydantic import SecretStr

from batch.errors import BatchError
from batch.halt import Halt
from batch.identity import fingerprint, group_key
from batch.ledger import Ledger, Scope, open_ledger
from batch.model import ApprovalState, Notice, Origin, Record, Sentence, Status
from batch.notices import Notices
from batch.pipeline.rules import load_reply_check, load_rules
from batch.pipeline.session import Session, open_session
from batch.pipeline.tools import Tools
from batch.progress import Forecast, RowEnd
from batch.rate import RateLimit
from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import Embedded
from batch.settings import Settings
from batch.submit import Event

FIELDS = {
    "phone_number_type": "local",
    "name": "Depot",
    "business_name": "Voorbeeld Fietsen BV",
    "contact_person_first_name": "Test",
    "contact_person_last_name": "Persoon",
    "contact_person_phone": "+31201234567",
    "street_name": "Voorbeeldstraat",
    "house_number": "12",
    "postal_code": "1234 AB",
    "city": "Utrecht",
    "province": "Utrecht",
}


_RUN_NUMBERS = itertools.count(1)


@dataclass(slots=True)
class Heard:
    """An observer that remembers."""

    events: list[Event] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    ends: list[RowEnd] = field(default_factory=list)
    looks: list[dict[ApprovalState, int]] = field(default_factory=list)

    def began(self, run_id: str, paths: Sequence[Path]) -> None: ...
    def reading(self, path: Path, rows: int, share: float | None) -> None: ...
    def writing(self, path: Path, rows: int, share: float) -> None: ...
    def rows_ended(self, path: Path, rows: Iterable[RowEnd]) -> None:
        self.ends.extend(rows)

    def file_ended(self, path: Path, counts: Mapping[Status, int]) -> None: ...
    def crashed(self, error: Exception) -> None: ...
    def noticed(self, path: Path, notices: Notices) -> None:
        self.notices.extend(notices.first)

    def odd(self, path: Path, warnings: Notices) -> None:
        self.notices.extend(warnings.first)

    def refused(self, path: Path, error: BatchError) -> None:
        self.said.append(error.message)

    def warned(self, text: str) -> None:
        self.said.append(text)

    def forecast(self, forecast: Forecast) -> None:
        self.said.append(f"forecast {forecast.to_send}")

    def sending(self, path: Path, rows: int) -> None: ...
    def sent(self, event: Event) -> None:
        self.events.append(event)

    def settling(self, rows: int) -> None:
        self.said.append(f"settling {rows}")

    def approvals(self, counts: Mapping[ApprovalState, int], next_look_seconds: float | None) -> None:
        self.looks.append(dict(counts))

    def waiting(self, reason: Sentence, seconds: float) -> None: ...
    def stopped(self, cause: BatchError) -> None:
        self.said.append(cause.message)


class Api:
    """A sandbox and what it saw."""

    def __init__(self, embedded: Embedded) -> None:
        self.url = embedded.base_url
        self.key = embedded.api_key
        self._control = httpx.Client(base_url=embedded.base_url + "/_sandbox", trust_env=False)

    def close(self) -> None:
        self._control.close()

    def next(self, *kinds: str | None, endpoint: str = "create") -> None:
        """The faults that the next requests meet, one each."""
        answer = self._control.post("/faults", json={"next": {endpoint: list(kinds)}})
        assert answer.status_code == 200, answer.text

    def plan(self, endpoint: str = "create", **plan: object) -> None:
        answer = self._control.post("/faults", json={"plans": {endpoint: plan or None}})
        assert answer.status_code == 200, answer.text

    def place(self, *bodies: dict[str, str], created_at_seconds: float | None = None) -> list[str]:
        """Groups that somebody else made."""
        more = {} if created_at_seconds is None else {"created_at_seconds": created_at_seconds}
        ids: list[str] = self._control.post("/groups", json={"groups": list(bodies), **more}).json()["ids"]
        return ids

    def decide(self, group_id: str, status: str) -> None:
        self._control.post("/status", json={"id": group_id, "status": status})

    def groups(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self._control.get("/groups").json()["groups"]
        return found

    def bodies(self) -> list[dict[str, str]]:
        return [group["body"] for group in self.groups()]  # type: ignore[misc]

    def ids(self) -> set[str]:
        """Of all groups, and in no order: rows go side by side, and any of them may arrive first."""
        return {str(group["id"]) for group in self.groups()}

    def id_of(self, name: str) -> str:
        """Of the one group with this name."""
        (group_id,) = (str(group["id"]) for group in self.groups() if group["body"]["name"] == name)  # type: ignore[index]
        return group_id

    @property
    def posts(self) -> int:
        return int(self._control.get("/groups").json()["posts"])

    def requests(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self._control.get("/requests").json()["requests"]
        return found


@contextmanager
def sandbox(**options: object) -> Iterator[Api]:
    """A sandbox without a rate limit, unless the options say otherwise."""
    with Embedded(SandboxOptions(**{"rate_limit": None, **options})) as embedded, closing(Api(embedded)) as api:  # type: ignore[arg-type]
        yield api


@dataclass(slots=True, kw_only=True)
class Line:
    """One account's ledger and settings; sessions may be opened one after the other."""

    base_url: str
    key: str
    location: str
    settings: Settings
    heard: Heard = field(default_factory=Heard)
    clock: Callable[[], float] = time.time
    halt: Halt = field(default_factory=Halt)

    @asynccontextmanager
    async def session(self, run_id: str | None = None, *, ledger: Ledger | None = None) -> AsyncIterator[Session]:
        name = run_id or f"run-{next(_RUN_NUMBERS)}"
        with closing(open_ledger(self.location, clock=self.clock)) if ledger is None else _kept(ledger) as own:
            scope = own.scope("default", self.base_url, self.key)
            with own.running(name, scope, "run", ["customers.csv"]):
                async with open_session(name, tools=self.tools(lambda: own), ledger=own, scope=scope) as session:
                    yield session

    def tools(self, opened: Callable[[], Ledger] | None = None) -> Tools:
        """As the command line hands them in; `opened` gives the ledger, by default one of its own each time."""
        return Tools(
            settings=self.settings,
            base_url=self.base_url,
            scope_url=self.base_url,
            api_key=SecretStr(self.key),
            rules=load_rules(None, "NL"),
            reply_check=load_reply_check(None),
            open_ledger=opened or (lambda: open_ledger(self.location)),
            observer=self.heard,
            halt=self.halt,
            user_agent="flireo-batch/test",
        )

    def scope(self) -> Scope:
        with closing(open_ledger(self.location, clock=self.clock)) as ledger:
            return ledger.scope("default", self.base_url, self.key)

    def records(self, *names: str, **changed: str) -> list[Record]:
        """A valid record for each name, in order."""
        scope = self.scope()
        return [_record(scope, at, {**FIELDS, **changed, "name": name}) for at, name in enumerate(names)]


@contextmanager
def _kept(ledger: Ledger) -> Iterator[Ledger]:
    yield ledger


def _record(scope: Scope, position: int, fields: dict[str, str]) -> Record:
    body = json.dumps(fields).encode()
    return Record(
        position=position,
        row=position + 2,
        origin=Origin(source="customers.csv", row=position + 2),
        body=body,
        fingerprint=fingerprint(scope.secret, scope.key, body),
        group_key=group_key(scope.secret, scope.key, fields),
    )


def quick_settings(**changed: object) -> Settings:
    """Settings with no waits that a test would have to sit out."""
    quick: dict[str, object] = {
        "rate_limit": RateLimit(requests=100_000, seconds=60.0),
        "timeout_seconds": 5.0,
        "retry_base_seconds": 0.001,
        "settle_seconds": 0.0,
        "max_wait_seconds": 2.0,
    }
    return Settings(**{**quick, **changed})  # type: ignore[arg-type]


@contextmanager
def line_to(api: Api, tmp_path: Path, **changed: object) -> Iterator[Line]:
    yield Line(
        base_url=api.url, key=api.key, location=str(tmp_path / "ledger.sqlite3"), settings=quick_settings(**changed)
    )


def again(line: Line) -> Line:
    """The same account and ledger, as a later run finds them."""
    return replace(line, heard=Heard(), halt=Halt())
