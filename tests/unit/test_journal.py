"""journal: group commit, and nobody is told to go on before the disk has it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from batch.errors import LedgerError
from batch.ledger import Claim, Journal, Scope
from batch.ledger.values import Answers, Entries
from batch.rate import RateLimit

pytestmark = pytest.mark.anyio

SCOPE = Scope(id=1, key="k", secret=b"", key_hash="h", surveyed_at=None)
LIMIT = RateLimit(requests=100, seconds=60.0)


class Disk:
    """Stands where the ledger does; commits wait until they are let through."""

    def __init__(self) -> None:
        self.commits: list[Entries] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.requests = 10

    def commit(self, scope: Scope, run_id: str, limit: RateLimit, entries: Entries) -> Answers:
        self.gate.wait()
        self.commits.append(entries)
        if self.error is not None:
            raise self.error
        return Answers(
            granted=frozenset(claim.fingerprint for claim in entries.claims),
            blocked={},
            requests=min(entries.requests, self.requests),
            bucket=7,
            wait_seconds=0.0,
            paused=False,
        )


def journal(disk: Disk) -> Journal:
    return Journal(disk, SCOPE, "run-1", LIMIT)  # type: ignore[arg-type]


def claims(name: str) -> Entries:
    return Entries(claims=(Claim(fingerprint=name, group_key=name, source="a.csv", row=2),))


async def test_what_comes_together_is_written_together() -> None:
    disk = Disk()
    disk.gate.clear()
    async with journal(disk) as writing:
        first = asyncio.create_task(writing.write(claims("a")))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(writing.write(claims(name))) for name in "bcd"]
        await asyncio.sleep(0.05)
        assert not first.done()
        disk.gate.set()
        answers = await asyncio.gather(first, *others)
    assert [len(entries.claims) for entries in disk.commits] == [1, 3]
    assert [set(answer.granted) for answer in answers] == [{"a"}, *[{"b", "c", "d"}] * 3]


async def test_what_is_ready_at_one_moment_is_written_together() -> None:
    disk = Disk()
    async with journal(disk) as writing:
        answers = await asyncio.gather(*(writing.write(claims(name)) for name in "abc"))
    assert [len(entries.claims) for entries in disk.commits] == [3]
    assert [set(answer.granted) for answer in answers] == [{"a", "b", "c"}] * 3


async def test_what_was_handed_in_at_the_very_last_is_still_written() -> None:
    disk = Disk()
    async with journal(disk) as writing:
        last = writing.post(claims("a"))
    assert (await last).granted == {"a"}
    assert len(disk.commits) == 1


async def test_each_gets_its_own_share_of_the_requests() -> None:
    disk = Disk()
    disk.requests = 3
    disk.gate.clear()
    async with journal(disk) as writing:
        blocker = asyncio.create_task(writing.write(claims("x")))
        await asyncio.sleep(0.05)
        tasks = [asyncio.create_task(writing.write(Entries(requests=1, pause_until=float(n)))) for n in range(5)]
        await asyncio.sleep(0.05)
        disk.gate.set()
        await blocker
        answers = await asyncio.gather(*tasks)
    assert [answer.requests for answer in answers] == [1, 1, 1, 0, 0]
    assert disk.commits[1].pause_until == 4.0


async def test_an_error_reaches_everyone_who_waits() -> None:
    disk = Disk()
    disk.error = LedgerError("ledger_unusable", "The disk is full.")
    async with journal(disk) as writing:
        results = await asyncio.gather(*(writing.write(claims(n)) for n in "abc"), return_exceptions=True)
    assert {str(result) for result in results} == {"The disk is full."}


async def test_nobody_waits_for_ever_whatever_goes_wrong() -> None:
    disk = Disk()
    disk.error = ZeroDivisionError("odd")
    async with journal(disk) as writing:
        with pytest.raises(LedgerError, match="ZeroDivisionError"):
            await writing.write(claims("a"))
        with pytest.raises(LedgerError, match="ZeroDivisionError"):
            await writing.write(claims("b"))


async def test_what_was_begun_is_written_to_its_end_when_its_writer_is_cancelled() -> None:
    disk = Disk()
    disk.gate.clear()
    async with journal(disk) as writing:
        task = asyncio.create_task(writing.write(claims("a")))
        await asyncio.sleep(0.05)
        task.cancel()
        disk.gate.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert len(disk.commits) == 1


async def test_what_waits_when_the_journal_closes_is_still_written() -> None:
    disk = Disk()
    disk.gate.clear()
    async with journal(disk) as writing:
        tasks = [asyncio.create_task(writing.write(claims(name))) for name in "ab"]
        await asyncio.sleep(0.05)
        threading.Timer(0.1, disk.gate.set).start()
    assert [set((await task).granted) for task in tasks] == [{"a", "b"}] * 2
