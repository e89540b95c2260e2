"""The API at its fastest: `python -m tests.benchmarks.fast_server`, a bare ASGI application that answers at once.

It keeps what it was sent as bytes and looks into it only when asked what it saw, in the shape of the sandbox's control
routes. No key, no limit and no check is of interest here: a server that did more would soon be what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import uvicorn

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

_JSON = (b"content-type", b"application/json")


class Api:
    """The ASGI application, and all that it was sent."""

    def __init__(self, latency_seconds: float) -> None:
        self._latency = latency_seconds
        self._groups: list[tuple[str, float, bytes]] = []
        self._reads: list[float] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            answer = await self._create(receive)
        elif scope["path"].startswith("/_sandbox/"):
            answer = self._control(scope["path"])
        else:
            self._reads.append(time.time())
            answer = self._list(dict(parse_qsl(scope["query_string"].decode())))
        status = 201 if scope["method"] == "POST" else 200
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [_JSON, length]})
        await send({"type": "http.response.body", "body": answer})

    async def _create(self, receive: Receive) -> bytes:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if self._latency:
            await asyncio.sleep(self._latency)
        group_id = str(uuid.uuid4())
        self._groups.append((group_id, time.time(), body))
        return b'{"message":"Verification group created","data":{"requirement_group_id":"%s"}}' % group_id.encode()

    def _list(self, query: dict[str, str]) -> bytes:
        limit, offset = int(query.get("limit", "20")), int(query.get("offset", "0"))
        page = self._groups[::-1][offset : offset + limit]
        meta = {"total": len(self._groups), "limit": limit, "offset": offset}
        return json.dumps({"data": [_shown(*group) for group in page], "meta": meta}).encode()

    def _control(self, path: str) -> bytes:
        if path.endswith("/groups"):
            return json.dumps({"groups": [{"body": json.loads(body)} for _, _, body in self._groups]}).encode()
        posts = [{"method": "POST", "at": at, "status": 201} for _, at, _ in self._groups]
        reads = [{"method": "GET", "at": at, "status": 200} for at in self._reads]
        return json.dumps({"requests": [*posts, *reads], "cpu_seconds": time.process_time()}).encode()


def _shown(group_id: str, at: float, body: bytes) -> dict[str, object]:
    sent = json.loads(body)
    return {
        "id": group_id,
        "name": sent.get("name"),
        "business_name": sent.get("business_name"),
        "phone_number_type": sent.get("phone_number_type"),
        "locality": sent.get("city"),
        "status": "pending",
        "created_at": datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fast_server", description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before a group is made")
    app = Api(parser.parse_args().latency)
    # The protocol is named, or asyncio would leave Nagle's algorithm on: 40 ms for every answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(2048)
        config = uvicorn.Config(app, lifespan="off", ws="none", log_level="warning", access_log=False)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
