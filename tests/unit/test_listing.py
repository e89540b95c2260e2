"""listing: sweeps of lists that an API gives as none should."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from pydantic import SecretStr

from batch.client import ApiClient
from batch.listing import Listing
from batch.pipeline.rules import load_reply_check
from batch.retry import RetryPolicy

pytestmark = pytest.mark.anyio
Pages = Callable[[int], tuple[list[int], int]]
"""From an offset to the groups of the page, by number, and the total that is told."""


@asynccontextmanager
async def listing_of(pages: Pages) -> AsyncIterator[tuple[Listing, list[int]]]:
    """The list of a server with these pages, and the offsets that it was asked for."""
    asked: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(int(parse_qs(urlsplit(self.path).query)["offset"][0]))
            numbers, total = pages(asked[-1])
            groups = [
                {
                    "id": str(UUID(int=number)),
                    "name": f"n{number}",
                    "phone_number_type": "local",
                    "status": "pending",
                    "locality": "Ede",
                    "business_name": "Depot",
                    "created_at": "2026-01-10T08:00:00Z",
                }
                for number in numbers
            ]
            content = json.dumps({"data": groups, "meta": {"total": total, "limit": 100, "offset": asked[-1]}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            async with ApiClient(
                f"http://127.0.0.1:{server.server_address[1]}",
                SecretStr("fl_test_key"),
                check=load_reply_check(None),
                timeout_seconds=5.0,
                user_agent="flireo-batch/test",
            ) as client:
                yield _listing(client), asked
        finally:
            server.shutdown()
            thread.join()


def _listing(client: ApiClient) -> Listing:
    async def leave() -> None: ...
    async def finished(_leave: object, _reply: object) -> None: ...

    pacer = SimpleNamespace(leave_to_ask=leave, finished=finished)
    policy = RetryPolicy(max_attempts=2, base_seconds=0.001, sleep=asyncio.sleep)
    return Listing(client=client, pacer=pacer, policy=policy, clock=time.time)  # type: ignore[arg-type]


def of(count: int, offset: int) -> list[int]:
    return list(range(offset, min(count, offset + 100)))


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 190, 191, 250])
@pytest.mark.parametrize("told", ["all", "100 at most", "of the page", "0"])
async def test_a_total_that_is_too_low_hides_nothing(count: int, told: str) -> None:
    def pages(offset: int) -> tuple[list[int], int]:
        numbers = of(count, offset)
        return numbers, {"all": count, "100 at most": min(count, 100), "of the page": len(numbers), "0": 0}[told]

    async with listing_of(pages) as (listing, asked):
        sweep = await listing.sweep()
    assert len(sweep.groups) == count
    assert sweep.problem is None
    assert len(asked) <= 1 + count // 90


async def test_a_list_that_shows_the_same_page_for_ever_is_given_up() -> None:
    for total in (250, 2**40):
        async with listing_of(lambda _offset, total=total: (of(100, 0), total)) as (listing, asked):  # type: ignore[misc]
            sweep = await listing.sweep()
        assert sweep.problem is not None
        assert len(asked) < 50
