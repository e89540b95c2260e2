"""Group commit: what the workers of a run have to write at about the same time goes to disk in one transaction.

One thread owns the ledger's writes, so that the event loop never waits for a disk, and a worker is told to go on only
once its intent is durable.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Self

from batch.errors import BatchError, LedgerError
from batch.ledger.store import Ledger
from batch.ledger.values import Answers, Entries, Scope
from batch.rate import RateLimit

_MOST = 512  # entries in one transaction


@dataclass(slots=True, kw_only=True)
class _Waiting:
    entries: Entries
    answer: asyncio.Future[Answers] = field(repr=False)


class Journal:
    """The writing side of one run; an async context manager. Safe for any number of tasks of one event loop."""

    def __init__(self, ledger: Ledger, scope: Scope, run_id: str, limit: RateLimit) -> None:
        self._commit: Callable[[Entries], Answers] = lambda entries: ledger.commit(scope, run_id, limit, entries)
        self._queue: queue.SimpleQueue[list[_Waiting] | None] = queue.SimpleQueue()
        self._gathered: list[_Waiting] = []
        self._thread = threading.Thread(target=self._work, name="ledger", daemon=True)
        self._loop = asyncio.get_running_loop()

    async def __aenter__(self) -> Self:
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hand_over()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def write(self, entries: Entries) -> Answers:
        """Returns once the entries are durable, with the answers to all that were written together; see `shares`.
        Raises LedgerError when they are not; then none of them is.

        A cancelled caller does not undo its entries: what was begun is written to its end.
        """
        return await self.post(entries)

    def post(self, entries: Entries) -> asyncio.Future[Answers]:
        """The same without waiting; they are written before the journal ends, whether anybody waits or not."""
        waiting = _Waiting(entries=entries, answer=self._loop.create_future())
        if not self._gathered:
            # After whatever else is ready now, so that its entries come along: waking the other thread takes its time.
            self._loop.call_soon(self._hand_over)
        self._gathered.append(waiting)
        return waiting.answer

    def _hand_over(self) -> None:
        if self._gathered:
            self._queue.put(self._gathered)
            self._gathered = []

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            together = first
            ended = False
            while len(together) < _MOST and not ended:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    ended = True
                else:
                    together += more
            self._write(together)
            if ended:
                return

    def _write(self, together: list[_Waiting]) -> None:
        try:
            answers = self._commit(_merged([waiting.entries for waiting in together]))
        except BatchError as error:
            self._tell(together, error)
        except Exception as error:  # noqa: BLE001 -- a worker that is never answered would hang the run
            self._tell(together, LedgerError("ledger_failed", f"The ledger could not be written: {error!r}."))
        else:
            self._tell(together, answers)

    def _tell(self, together: list[_Waiting], answer: Answers | BatchError) -> None:
        def tell() -> None:
            heard = [waiting for waiting in together if not waiting.answer.done()]
            if isinstance(answer, BatchError):
                for waiting in heard:
                    waiting.answer.set_exception(answer)
                return
            for waiting, share in zip(heard, shares(answer, [waiting.entries for waiting in heard]), strict=True):
                waiting.answer.set_result(share)

        self._loop.call_soon_threadsafe(tell)


def _merged(together: list[Entries]) -> Entries:
    pauses = [entries.pause_until for entries in together if entries.pause_until is not None]
    return Entries(
        claims=tuple(claim for entries in together for claim in entries.claims),
        settlements=tuple(item for entries in together for item in entries.settlements),
        finished=tuple(item for entries in together for item in entries.finished),
        pause_until=max(pauses, default=None),
        requests=sum(entries.requests for entries in together),
    )


def shares(answers: Answers, together: Iterable[Entries]) -> Iterator[Answers]:
    """What each of those that were written together is told: everything, but of plain requests only its own."""
    left = answers.requests
    for entries in together:
        if entries.requests:
            own = min(entries.requests, left)
            left -= own
            yield replace(answers, requests=own)
        else:
            yield answers
