"""The routes under /_sandbox: read back what the server saw, place groups, set faults; for this machine only."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from batch.sandbox.answers import refused
from batch.sandbox.faults import FAMILIES, KINDS, Endpoint, parse_fault
from batch.sandbox.groups import GroupStatus, Maker, timestamp
from batch.sandbox.loopback import host_of, is_loopback
from batch.sandbox.options import ErrorShape
from batch.sandbox.plans import FaultDesk, FaultPlan, plan_from

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from batch.sandbox.faults import Fault
    from batch.sandbox.groups import StoredGroup
    from batch.sandbox.world import World

    Act = Callable[[Mapping[str, object]], object]

PREFIX = "/_sandbox"


def control_routes(world: World) -> list[Route]:
    """The control routes of one world."""
    control = _Control(world)
    return [
        _route("groups", get=control.groups, post=control.place_groups),
        _route("requests", get=control.requests),
        _route("faults", get=control.faults, post=control.set_faults),
        _route("status", post=control.set_status),
        _route("reset", post=control.reset),
    ]


def _route(name: str, *, get: Act | None = None, post: Act | None = None) -> Route:
    acts = {method: act for method, act in (("GET", get), ("POST", post)) if act is not None}
    return Route(f"{PREFIX}/{name}", _guarded(acts), methods=list(acts))


def _guarded(acts: Mapping[str, Act]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if not _is_from_here(request):
            return _refusal("forbidden", "The control routes answer this machine only.")
        try:
            if request.method == "POST":
                return _reply(acts["POST"](_mapping(json.loads(await request.body() or b"{}"), "the body")))
            return _reply(acts["GET"](request.query_params))
        except ValueError as error:
            return _refusal("invalid_parameters", str(error))

    return answer


def _is_from_here(request: Request) -> bool:
    """By its peer, and by the name that it called: a page in a browser may be led here under a name of its own."""
    peer = request.client.host if request.client is not None else ""
    return is_loopback(peer) and is_loopback(host_of(request.headers.get("host", "")))


def _refusal(code: str, message: str) -> Response:
    answer = refused(ErrorShape.DETAILS, code, message=message)
    return Response(answer.body, answer.status, media_type=answer.media_type)


def _reply(value: object) -> Response:
    return Response(json.dumps(value), media_type="application/json")


class _Control:
    """What the control routes do; each takes the query or the JSON body, and raises ValueError if it makes no sense."""

    def __init__(self, world: World) -> None:
        self._world = world

    def groups(self, query: Mapping[str, object]) -> object:
        """All groups with their bodies, lagging ones too; `?account=` for one account's."""
        account = query.get("account")
        groups = [self._shown(group) for group in self._world.groups(None if account is None else str(account))]
        return {"posts": self._world.posts_seen, "requests": self._world.requests_seen, "groups": groups}

    def _shown(self, group: StoredGroup) -> dict[str, object]:
        return {
            "id": group.id,
            "number": group.number,
            "account": group.account,
            "maker": group.maker,
            "status": self._world.shelf(group.account).status(group, self._world.now()),
            "created_at": timestamp(group.created_at),
            "created_at_seconds": group.created_at,
            "body": group.body,
        }

    def place_groups(self, asked: Mapping[str, object]) -> object:
        """`{"groups": [body], "account": name, "created_at_seconds": number}`: made without a POST, unchecked."""
        _known(asked, "groups", "account", "created_at_seconds")
        account = asked.get("account", next(iter(self._world.options.keys.values())))
        if account not in self._world.options.keys.values():
            msg = f"There is no account {account!r}."
            raise ValueError(msg)
        at = _number(asked.get("created_at_seconds", self._world.now()), "created_at_seconds")
        bodies = [_mapping(body, "a group") for body in _list(asked.get("groups"), "groups")]
        return {"ids": [self._world.create(str(account), body, Maker.CONTROL, at).id for body in bodies]}

    def requests(self, query: Mapping[str, object]) -> object:
        """The log, oldest first, without bodies; `?after=N` leaves out the requests up to number N."""
        after = _number(query.get("after", "0"), "after")
        entries = [dataclasses.asdict(entry) for entry in list(self._world.requests) if entry.number > after]
        return {"requests": entries, "requests_seen": self._world.requests_seen}

    def faults(self, _query: Mapping[str, object]) -> object:
        """What there is to choose from, what is set, and how often each fault was committed."""
        desk = self._world.faults
        return {
            "kinds": list(KINDS),
            "families": dict(FAMILIES),
            "plans": {endpoint: _plan(plan) for endpoint, plan in desk.plans().items()},
            "queued": {endpoint: desk.queued(endpoint) for endpoint in Endpoint},
            "committed": dict(desk.committed),
        }

    def set_faults(self, asked: Mapping[str, object]) -> object:
        """`{"plans": {endpoint: plan or null}, "next": {endpoint: [kind or null]}}`; a wrong part leaves all as is."""
        _known(asked, "plans", "next")
        plans = {
            Endpoint(name): None if plan is None else plan_from(plan)
            for name, plan in _mapping(asked.get("plans", {}), "plans").items()
        }
        queues = {
            Endpoint(name): [_fault(kind) for kind in _list(kinds, "a list of kinds")]
            for name, kinds in _mapping(asked.get("next", {}), "next").items()
        }
        for desk in (FaultDesk({}), self._world.faults):  # tried out on a desk that nobody uses
            for endpoint, plan in plans.items():
                desk.plan(endpoint, plan)
            for endpoint, faults in queues.items():
                desk.queue(endpoint, faults)
        return self.faults({})

    def set_status(self, asked: Mapping[str, object]) -> object:
        """`{"id": id, "status": status}`: from now on the group has this status."""
        _known(asked, "id", "status")
        status = GroupStatus(str(asked.get("status")))
        try:
            self._world.decide(str(asked.get("id")), status)
        except KeyError as error:
            msg = f"There is no group {asked.get('id')!r}."
            raise ValueError(msg) from error
        return {"id": asked.get("id"), "status": status}

    def reset(self, _asked: Mapping[str, object]) -> object:
        """Everything as at the start, with an empty state file."""
        self._world.reset()
        return {"reset": True}


def _plan(plan: FaultPlan) -> dict[str, object]:
    return {**{name: getattr(plan, name) for name in FaultPlan.__slots__}, "weights": dict(plan.weights)}


def _known(asked: Mapping[str, object], *names: str) -> None:
    unknown = [name for name in asked if name not in names]
    if unknown:
        msg = f"There is no {', '.join(unknown)} here; expected {', '.join(names)}."
        raise ValueError(msg)


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        msg = f"Expected {what} to be a JSON object."
        raise ValueError(msg)  # noqa: TRY004 - to the caller all of these are a wrong request
    return value


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        msg = f"Expected {what} to be a JSON list."
        raise ValueError(msg)  # noqa: TRY004 - to the caller all of these are a wrong request
    return value


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        msg = f"Expected {what} to be a number."
        raise ValueError(msg)  # noqa: TRY004 - to the caller all of these are a wrong request
    return float(value)


def _fault(kind: object) -> Fault | None:
    return None if kind is None else parse_fault(str(kind))
