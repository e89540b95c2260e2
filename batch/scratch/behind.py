"""Pieces put away by another thread, so that the work that makes them goes on meanwhile."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from batch.scratch.pieces import Pieces


class PutBehind:
    """The same as the pieces that it takes over, but `put` comes back at once. To be closed; for one thread.

    At most one piece is under way. What the disk refuses is said by the next `put` or `get`: nothing can be read that
    was not put away.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scratch")
        self._under_way: Future[None] | None = None

    def put(self, piece: bytes) -> None:
        self._wait()
        self._under_way = self._thread.submit(self._pieces.put, piece)

    def get(self, number: int) -> bytes:
        self._wait()
        return self._pieces.get(number)

    def close(self) -> None:
        self._thread.shutdown()
        self._pieces.close()

    def _wait(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()
