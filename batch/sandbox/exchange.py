"""One request to the vendor's API from its arrival to its last byte: key, rate limit, fault, effect, answer."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING

from batch.sandbox import answers
from batch.sandbox.endpoints import HANDLERS, Call
from batch.sandbox.faults import Delivery, Wait
from batch.sandbox.world import LoggedRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from batch.sandbox.answers import Answer
    from batch.sandbox.body_check import BodyCheck
    from batch.sandbox.faults import Endpoint, Fault
    from batch.sandbox.windows import Allowance
    from batch.sandbox.wire import Headers, Wire
    from batch.sandbox.world import World

_FAULT_HEADER = b"x-sandbox-fault"
_NOTHING_LEFT = frozenset({Delivery.CLOSED, Delivery.RESET, Delivery.SILENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What arrived; `at` is in Unix seconds of the server's clock, `wish` the fault that it asks for itself."""

    at: float
    method: str
    path: str
    query: str
    group_id: str
    key: str
    wish: str | None
    body: bytes

    @property
    def says(self) -> bytes:
        """All that tells one request from another, so that chance treats the same request alike."""
        return b"\0".join((self.method.encode(), self.path.encode(), self.query.encode(), self.body))


class Exchange:
    """The ASGI application of one endpoint."""

    def __init__(self, endpoint: Endpoint, world: World, check: BodyCheck, wire: Wire) -> None:
        self._endpoint = endpoint
        self._handle = HANDLERS[endpoint]
        self._world = world
        self._check = check
        self._wire = wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        world = self._world
        request = await _arrival(scope, receive, world.now)
        number = world.count_request(request.method)
        allowance = world.allowance(request.key, request.at)
        refusal = self._refusal(request, allowance)
        answer, fault = await self._admitted(request) if refusal is None else (refusal, None)
        delivery = self._delivery(fault)
        self._log(number, request, answer, fault, delivery)
        headers = _headers(answer, allowance, world.now())
        await self._wire.deliver(delivery, answer.status, headers, answer.body, scope=scope, receive=receive, send=send)

    def _refusal(self, request: Request, allowance: Allowance | None) -> Answer | None:
        """The answer to a request that gets no further than its key and the key's rate limit."""
        shape = self._world.options.error_shape
        if self._world.account(request.key) is None:
            return answers.refused(shape, "unauthorized")
        if allowance is not None and not allowance.admitted:
            return answers.throttled(shape, allowance.reset_at - request.at)
        if self._world.key_is_refused(request.key):
            return answers.refused(shape, "api_key_revoked")
        return None

    async def _admitted(self, request: Request) -> tuple[Answer, Fault | None]:
        account = self._world.options.keys[request.key]
        self._world.let_others_act(account, request.at)
        try:
            fault = self._world.faults.pick(self._endpoint, request.says, request.wish)
        except ValueError as error:
            shape = self._world.options.error_shape
            return answers.refused(shape, "invalid_parameters", message=str(error)), None
        await self._pause(self._seconds(fault, Wait.BEFORE))
        answer = self._effect(request, account, fault)
        await self._pause(self._seconds(fault, Wait.AFTER))
        return answer if fault is None else self._spoilt(answer, request, fault), fault

    def _seconds(self, fault: Fault | None, moment: Wait) -> float:
        options = self._world.options
        latency = options.latency_seconds / 2
        if fault is None or fault.kind.wait is not moment:
            return latency
        return latency + (options.slow_seconds if fault.seconds is None else fault.seconds)

    async def _pause(self, seconds: float) -> None:
        """Waits, but not while the sandbox is being stopped."""
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._world.stopping.wait(), seconds)

    def _effect(self, request: Request, account: str, fault: Fault | None) -> Answer:
        acts = (fault is None or fault.kind.acts) and not self._world.stopping.is_set()
        call = Call(account=account, query=request.query, body=request.body, group_id=request.group_id, acts=acts)
        return self._handle(self._world, self._check, call)

    def _spoilt(self, answer: Answer, request: Request, fault: Fault) -> Answer:
        options = self._world.options
        return answers.spoilt(
            answer,
            fault,
            shape=options.error_shape,
            path=request.path,
            now=self._world.now(),
            retry_seconds=options.retry_after_seconds,
        )

    def _delivery(self, fault: Fault | None) -> Delivery:
        if self._world.stopping.is_set():
            return Delivery.CLOSED
        return Delivery.WHOLE if fault is None else fault.kind.delivery

    def _log(self, number: int, request: Request, answer: Answer, fault: Fault | None, delivery: Delivery) -> None:
        self._world.requests.append(
            LoggedRequest(
                number=number,
                at=request.at,
                seconds=self._world.now() - request.at,
                method=request.method,
                path=request.path,
                query=request.query,
                account=self._world.account(request.key),
                status=None if delivery in _NOTHING_LEFT else answer.status,
                fault=None if fault is None else str(fault),
                group_id=answer.group_id,
            )
        )


async def _arrival(scope: Scope, receive: Receive, now: Callable[[], float]) -> Request:
    body = await read_body(receive)
    headers: dict[bytes, bytes] = dict(scope["headers"])
    scheme, _, key = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    wish = headers.get(_FAULT_HEADER)
    return Request(
        at=now(),
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        group_id=scope["path_params"].get("group_id", ""),
        key=key.strip() if scheme.lower() == "bearer" else "",
        wish=None if wish is None else wish.decode("latin-1"),
        body=body,
    )


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request; what came of it, if the client leaves half-way."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
    return body


def _headers(answer: Answer, allowance: Allowance | None, now: float) -> Headers:
    headers = [
        (b"date", formatdate(now, usegmt=True).encode()),
        (b"content-type", answer.media_type.encode()),
        (b"content-length", b"%d" % len(answer.body)),
    ]
    headers += [(name.encode(), value.encode()) for name, value in answer.headers]
    if allowance is not None and not answer.from_proxy:
        remaining = 0 if answer.status == HTTPStatus.TOO_MANY_REQUESTS else allowance.remaining
        headers += [
            (b"x-ratelimit-limit", b"%d" % allowance.limit),
            (b"x-ratelimit-remaining", b"%d" % remaining),
            (b"x-ratelimit-reset", b"%d" % math.ceil(allowance.reset_at)),
        ]
    return headers
