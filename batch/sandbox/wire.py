"""How an answer leaves: whole, cut short, or not at all with the connection closed or reset underneath the client.

ASGI has no word for breaking a connection, so the transport is looked up among the server's own connections.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Protocol

from batch.sandbox.faults import Delivery

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection

    from starlette.types import Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

# Linger on, for zero seconds: the close that follows is a reset, and the client sees its connection torn down.
_NO_LINGER = struct.pack("ii", 1, 0)


class Connection(Protocol):
    """What is needed of one of uvicorn's connections; each of its HTTP protocols has it."""

    @property
    def client(self) -> tuple[str, int] | None: ...

    @property
    def transport(self) -> asyncio.Transport: ...


class Wire:
    """Delivers answers over the connections of the server that runs the app.

    `connections` is that server's own live set; None (another server, a test client): only whole answers leave.
    """

    def __init__(self) -> None:
        self.connections: Collection[Connection] | None = None

    async def deliver(
        self,
        delivery: Delivery,
        status: int,
        headers: Headers,
        body: bytes,
        *,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Sends the answer in the given way; returns when nothing more will come of it."""
        start: Message = {"type": "http.response.start", "status": status, "headers": headers}
        match delivery:
            case Delivery.WHOLE:
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            case Delivery.SILENT:
                pass
            case Delivery.CLOSED:
                for transport in self._transports(scope):
                    transport.close()
            case Delivery.RESET:
                for transport in self._transports(scope):
                    _reset(transport)
            case Delivery.CUT:  # pragma: no branch - there is no other way
                transports = self._transports(scope)
                await send(start)
                await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
                for transport in transports:
                    transport.close()
        # The request was read to its end, so all that can still come is word that the connection is closed.
        await receive()

    def _transports(self, scope: Scope) -> list[asyncio.Transport]:
        """The one that the request came in by, or none: the client may have left already."""
        if self.connections is None:
            msg = "The sandbox can break a connection only under its own server, batch.sandbox.serving."
            raise RuntimeError(msg)
        return [each.transport for each in self.connections if each.client == scope["client"]]


def _reset(transport: asyncio.Transport) -> None:
    # Set on a duplicate: event loops differ in what their stand-in for the socket allows, but it is one socket.
    original = transport.get_extra_info("socket")
    with socket.fromfd(original.fileno(), original.family, socket.SOCK_STREAM) as duplicate:
        duplicate.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
