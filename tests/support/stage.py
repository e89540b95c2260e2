"""A stage on which whole runs are played step by step: the real program, but every write, request and wait is a step
that somebody else lets happen, in whatever order; with a simulated API that knows the truth.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast
from uuid import UUID

import numpy as np
import pandas as pd
import sqlalchemy as sa
from pydantic import SecretStr

from batch.client import ApiClient
from batch.errors import LedgerError
from batch.halt import Halt
from batch.ledger import Journal, Ledger, Scope
from batch.ledger.engines import sqlite_engine
from batch.ledger.journal import _merged, shares
from batch.ledger.liveness import Liveness
from batch.ledger.tables import VERSION, budget, listed, meta, metadata, pauses, rows, runs, scopes
from batch.ledger.values import Answers, Entries
from batch.model import Delivery, Group, Outcome, Reply
from batch.pipeline.batch_run import BatchRun
from batch.pipeline.head import Head
from batch.pipeline.job import Job
from batch.pipeline.origins import Origins
from batch.pipeline.prepare import Part
from batch.pipeline.rules import Rules, load_rules
from batch.pipeline.session import _session
from batch.pipeline.tools import Tools
from batch.pipeline.twins import twin_finder
from batch.pipeline.values import RunOptions
from batch.rate import RateLimit
from tests.support.line import Heard, quick_settings

URL = "https://api.example.com"
SETTLE_SECONDS = 10.0
LATE_SECONDS = 4.0  # after it was given up, a request takes effect within this or never
LAG_SECONDS = 5.0  # and the list shows it within this; together less than the settle time


@dataclass(slots=True, kw_only=True)
class Made:
    """A group on the server."""

    id: str
    body: bytes
    fields: dict[str, str]
    at: float
    shows_at: float


@dataclass(slots=True, eq=False, kw_only=True)
class Request:
    """One request on the way; `reply` is None once nobody waits for an answer."""

    run_id: str
    body: bytes | None
    limit: int = 0
    offset: int = 0
    reply: asyncio.Future[Reply] | None
    given_up_at: float | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Wait:
    """A sleeper, and when it wakes."""

    run_id: str
    until: float
    over: asyncio.Future[None]


@dataclass(slots=True, eq=False, kw_only=True)
class Write:
    """What a run has handed to its journal and not yet got an answer to."""

    run: Player
    entries: Entries
    answer: asyncio.Future[Answers]


@dataclass(slots=True)
class Pulse:
    """Which runs live; the system drops the mark of a run with its process."""

    living: set[str]

    def hold(self, run_id: str) -> None:
        self.living.add(run_id)

    def release(self, run_id: str) -> None:
        self.living.discard(run_id)

    def alive(self, run_id: str) -> bool:
        return run_id in self.living

    def confirm(self) -> None: ...
    def close(self) -> None: ...


class StageHalt(Halt):
    """Sleeps by the stage's clock."""

    def __init__(self, stage: Stage, run_id: str) -> None:
        super().__init__()
        self._stage, self._run_id = stage, run_id

    async def sleep(self, seconds: float) -> None:
        over = self._stage.loop.create_future()
        self._stage.waits.append(Wait(run_id=self._run_id, until=self._stage.now + max(seconds, 0.0), over=over))
        await over
        self.check()


@dataclass(slots=True)
class StageClient:
    """The client's side of the simulated API."""

    stage: Stage
    run_id: str

    async def create(self, body: bytes) -> Reply:
        self.stage.sent(body)
        return await self._answered(Request(run_id=self.run_id, body=body, reply=self.stage.loop.create_future()))

    async def list_groups(self, *, limit: int, offset: int) -> Reply:
        reply = self.stage.loop.create_future()
        return await self._answered(Request(run_id=self.run_id, body=None, limit=limit, offset=offset, reply=reply))

    async def _answered(self, request: Request) -> Reply:
        assert request.reply is not None
        self.stage.requests.append(request)
        return await request.reply


@dataclass(slots=True)
class StageJournal:
    """Writes wait until the stage commits them."""

    run: Player

    async def write(self, entries: Entries) -> Answers:
        return await self.post(entries)

    def post(self, entries: Entries) -> asyncio.Future[Answers]:
        write = Write(run=self.run, entries=entries, answer=self.run.stage.loop.create_future())
        self.run.stage.writes.append(write)
        return write.answer


def stage_job(bodies: Sequence[dict[str, str]]) -> Job:
    """A job of rows that were read already, in one part."""
    path = Path("customers.csv")
    head = Head(path=path, labels=(), headers=(), kept=(), field_labels={})
    job = Job(head, _rules().schema)
    with twin_finder() as finder:
        for part in finder.with_twins([stage_part(bodies)]):
            job.add(part)
    return job


def stage_part(bodies: Sequence[dict[str, str]]) -> Part:
    return Part(
        first=0,
        width=0,
        cells=pd.DataFrame(index=range(len(bodies))),
        origins=Origins(name="customers.csv", rows=range(2, len(bodies) + 2)),
        valid=np.ones(len(bodies), np.bool_),
        fields=pd.DataFrame(bodies, dtype="str"),
        errors={},
        changes=(),
        notices=(),
        warnings=(),
    )


@lru_cache
def _rules() -> Rules:
    return load_rules(None, "NL")


class _StageRun(BatchRun):
    """A run whose session stands on the stage."""

    player: Player

    async def _in_session(self, ledger: Ledger, scope: Scope) -> None:
        self.player.scope = scope
        await self._with_session(self.player.session(ledger, scope))


class Player:
    """One run of the program on the stage."""

    def __init__(self, stage: Stage, run_id: str, bodies: Sequence[dict[str, str]]) -> None:
        self.stage, self.run_id = stage, run_id
        self.job, self._part = stage_job(bodies), stage_part(bodies)
        self.ledger = stage.open_ledger()
        self.scope: Scope | None = None
        self.halt = StageHalt(stage, run_id)
        run = _StageRun(options=RunOptions(files=()), tools=self._tools(), jobs=(self.job,), run_id=run_id)
        run.player = self
        self.task = stage.loop.create_task(run.work())

    def outcome(self, at: int) -> Outcome:
        (outcome,) = self.job.register.outcomes(self._part, [at])
        return outcome

    def _tools(self) -> Tools:
        return Tools(
            settings=quick_settings(
                concurrency=2, settle_seconds=SETTLE_SECONDS, max_wait_seconds=86_400.0, retry_base_seconds=1.0
            ),
            base_url=URL,
            scope_url=URL,
            api_key=SecretStr("fl_test_stage"),
            rules=None,  # type: ignore[arg-type]  # nothing is read here
            reply_check=lambda _kind, _body: None,
            open_ledger=lambda: self.ledger,
            observer=Heard(),
            halt=self.halt,
            user_agent="flireo-batch/test",
        )

    def session(self, ledger: Ledger, scope: Scope):  # type: ignore[no-untyped-def]  # noqa: ANN201
        client = cast("ApiClient", StageClient(self.stage, self.run_id))
        return _session(self.run_id, self._tools(), ledger, scope, client, cast("Journal", StageJournal(self)))


class Stage:
    """The world: its clock, the server's groups, and everything that could happen next."""

    def __init__(self, *, newest_first: bool, engine: sa.Engine | None = None) -> None:
        self.loop = asyncio.new_event_loop()
        self.engine = engine or _emptied_engine()
        self.newest_first = newest_first
        self.now = 1_700_000_000.0
        self.living: set[str] = set()
        self.players: list[Player] = []
        self.groups: list[Made] = []
        self.requests: list[Request] = []
        self.waits: list[Wait] = []
        self.writes: list[Write] = []
        self.posts = 0
        self._jobs = ExitStack()
        self._made = 0

    def open_ledger(self) -> Ledger:
        return Ledger(self.engine, "ledger", self._liveness, lambda: self.now)

    def _liveness(self, _: sa.Engine) -> Liveness:
        return Pulse(self.living)

    # What a run does

    def sent(self, body: bytes) -> None:
        """A POST goes on the wire. Never a second one while the first may still have made, or make, a group."""
        self.posts += 1
        assert not [made for made in self.groups if made.body == body], "sent again although its group exists"
        assert not [one for one in self.requests if one.body == body], "sent again while the first is on its way"

    # What happens next

    def settle_down(self) -> None:
        """Lets every run go on until each waits for something."""
        ready = self.loop._ready  # type: ignore[attr-defined]
        while ready:
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()
        for player in tuple(self.players):
            if player.task.done():
                self.players.remove(player)
                player.task.result()

    def start(self, run_id: str, bodies: Sequence[dict[str, str]]) -> Player:
        player = Player(self, run_id, bodies)
        self._jobs.callback(player.job.close)
        self.players.append(player)
        self.settle_down()
        return player

    def kill(self, player: Player) -> None:
        """Nothing that the run does from here on has any effect; what it sent may still arrive."""
        self.players.remove(player)
        self.living.discard(player.run_id)
        player.ledger._engine = cast("sa.Engine", _Dead())
        self.writes = [write for write in self.writes if write.run is not player]
        self.waits = [wait for wait in self.waits if wait.run_id != player.run_id]
        for request in [one for one in self.requests if one.run_id == player.run_id and one.reply is not None]:
            self._give_up(request)
        player.halt.by_error(LedgerError("dead", "dead"))
        player.task.cancel()
        living = list(self.requests)
        ready = self.loop._ready  # type: ignore[attr-defined]
        while ready:
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()
        self.requests = living

    def commit(self, write: Write) -> None:
        """All that this run has waiting goes to disk together, as the journal does it."""
        run = write.run
        together = [one for one in self.writes if one.run is run]
        self.writes = [one for one in self.writes if one.run is not run]
        limit = RateLimit(requests=100_000, seconds=60.0)
        assert run.scope is not None
        answer = run.ledger.commit(run.scope, run.run_id, limit, _merged([one.entries for one in together]))
        for one, share in zip(together, shares(answer, [one.entries for one in together]), strict=True):
            if not one.answer.done():
                one.answer.set_result(share)
        self.settle_down()

    def act(self, request: Request, late: float = 0.0) -> str:
        """The request takes effect; the list shows it after `late` seconds."""
        assert request.body is not None
        return self.arrive(request.body, late)

    def made_before(self, count: int) -> None:
        """So many groups were made before the stage was set: their IDs are taken."""
        self._made = count

    def arrive(self, body: bytes, late: float = 0.0) -> str:
        """A POST takes effect, whoever sent it."""
        self._made += 1
        made = Made(
            id=str(UUID(int=self._made * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)),
            body=body,
            fields=json.loads(body),
            at=self.now,
            shows_at=self.now + late,
        )
        self.groups.append(made)
        return made.id

    def answer(self, request: Request, reply: Reply) -> None:
        self.requests.remove(request)
        if request.reply is not None:
            request.reply.set_result(reply)
        self.settle_down()

    def lose(self, request: Request) -> None:
        """The client stops waiting; the request may still take effect, within LATE_SECONDS."""
        reply = request.reply
        self._give_up(request)
        if reply is not None:
            reply.set_result(Reply(delivery=Delivery.PERHAPS_SENT, problem="no answer"))
        self.settle_down()

    def _give_up(self, request: Request) -> None:
        request.reply, request.given_up_at = None, self.now
        if request.body is None:
            self.requests.remove(request)

    def page(self, request: Request) -> Reply:
        shown = [made for made in self.groups if made.shows_at <= self.now]
        if self.newest_first:
            shown.reverse()
        some = shown[request.offset : request.offset + request.limit]
        return Reply(
            delivery=Delivery.ANSWERED,
            http_status=200,
            groups=tuple(map(_shown, some)),
            total=len(shown),
            server_time=self.now,
        )

    def pass_time(self, seconds: float) -> None:
        """The clock goes on, to the next moment at which something must have happened at most."""
        self.now = min([self.now + seconds, *(self._last_moment(one) for one in self.requests if one.reply is None)])
        for request in [one for one in self.requests if one.reply is None and self._last_moment(one) <= self.now]:
            self.requests.remove(request)  # it never arrived
        for wait in [one for one in self.waits if one.until <= self.now]:
            self.waits.remove(wait)
            if not wait.over.done():
                wait.over.set_result(None)
        self.settle_down()

    def _last_moment(self, request: Request) -> float:
        assert request.given_up_at is not None
        return request.given_up_at + LATE_SECONDS

    def stranger(self, number: int) -> None:
        """Somebody else makes a group."""
        fields = {
            "name": f"Vreemd {number}",
            "business_name": "Ander BV",
            "phone_number_type": "local",
            "city": "Elders",
        }
        self._made += 1
        made_id = str(UUID(int=self._made * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128))
        self.groups.append(Made(id=made_id, body=b"", fields=fields, at=self.now, shows_at=self.now))

    def play_to_the_end(self) -> None:
        """From here on all goes well, until every run has ended."""
        for _ in range(5_000):
            if not self.players:
                return
            asked = [one for one in self.requests if one.body is None]
            posted = [one for one in self.requests if one.body is not None and one.reply is not None]
            if self.writes:
                self.commit(self.writes[0])
            elif asked:
                self.answer(asked[0], self.page(asked[0]))
            elif posted:
                made = self.act(posted[0])
                reply = Reply(delivery=Delivery.ANSWERED, http_status=201, requirement_group_id=made)
                self.answer(posted[0], reply)
            else:
                self.pass_time(1.0)
        raise AssertionError([player.run_id for player in self.players], "never ends")

    def close(self) -> None:
        for player in tuple(self.players):
            self.kill(player)
        self._jobs.close()
        self.loop.close()


@lru_cache(maxsize=1)
def _engine() -> sa.Engine:
    """One for all stages: SQLAlchemy compiles every statement anew for each engine."""
    folder = Path(tempfile.mkdtemp(prefix="stage-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return sqlite_engine(folder / "ledger.sqlite3")


def _emptied_engine() -> sa.Engine:
    engine = _engine()
    with engine.begin() as connection:
        metadata.create_all(connection)
        for table in (listed, rows, runs, budget, pauses, scopes):
            connection.execute(table.delete())
        if connection.execute(sa.select(meta.c.only)).first() is None:
            connection.execute(meta.insert().values(only=1, version=VERSION, secret=bytes(range(32))))
    return engine


class _Dead:
    """The database as a dead process reaches it."""

    def begin(self) -> None:
        raise sa.exc.DisconnectionError("dead")

    connect = begin

    def dispose(self) -> None: ...


def _shown(made: Made) -> Group:
    fields = made.fields
    return Group(
        id=made.id,
        name=fields["name"],
        business_name=fields["business_name"],
        phone_number_type=fields["phone_number_type"],
        city=fields["city"],
        status="pending",
        created_at=float(int(made.at)),
    )


__all__ = ["LAG_SECONDS", "LATE_SECONDS", "SETTLE_SECONDS", "Player", "Request", "Stage"]
