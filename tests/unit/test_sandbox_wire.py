import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from batch.sandbox.faults import Delivery
from batch.sandbox.wire import Wire


async def nothing_comes() -> MutableMapping[str, Any]:
    return {"type": "http.disconnect"}


def deliver(delivery: Delivery, wire: Wire | None = None) -> list[MutableMapping[str, Any]]:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "client": ("127.0.0.1", 1)}
    asyncio.run((wire or Wire()).deliver(delivery, 201, [], b"body", scope=scope, receive=nothing_comes, send=send))
    return sent


def test_a_whole_answer_leaves_under_any_server() -> None:
    assert deliver(Delivery.WHOLE) == [
        {"type": "http.response.start", "status": 201, "headers": []},
        {"type": "http.response.body", "body": b"body"},
    ]


def test_silence_sends_nothing_and_ends_when_the_client_leaves() -> None:
    assert deliver(Delivery.SILENT) == []


@pytest.mark.parametrize("delivery", [Delivery.CLOSED, Delivery.RESET])
def test_a_client_that_left_has_no_connection_to_break(delivery: Delivery) -> None:
    wire = Wire()
    wire.connections = ()
    assert deliver(delivery, wire) == []


@pytest.mark.parametrize("delivery", [Delivery.CLOSED, Delivery.RESET, Delivery.CUT])
def test_breaking_a_connection_needs_the_server_of_the_sandbox(delivery: Delivery) -> None:
    with pytest.raises(RuntimeError, match="only under its own server"):
        deliver(delivery)
