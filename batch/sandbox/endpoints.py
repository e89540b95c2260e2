"""The three calls of the vendor's API on the sandbox's world; each takes a request and gives an answer."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Never, Protocol
from urllib.parse import parse_qsl

from batch.sandbox import answers
from batch.sandbox.faults import Endpoint
from batch.sandbox.groups import Filters, GroupStatus, Maker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batch.sandbox.answers import Answer
    from batch.sandbox.body_check import BodyCheck
    from batch.sandbox.world import World

DEFAULT_LIMIT = 20
_LARGEST_LIMIT = 100
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One admitted request: `acts` is False where a fault lets it take no effect, though the answer says otherwise."""

    account: str
    query: str
    body: bytes
    group_id: str
    acts: bool


class Handler(Protocol):
    def __call__(self, world: World, check: BodyCheck, call: Call) -> Answer: ...


def create(world: World, check: BodyCheck, call: Call) -> Answer:
    """POST: a group, if the body follows the request schema."""
    shape = world.options.error_shape
    try:
        body = json.loads(call.body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return answers.refused(shape, "invalid_parameters", message="The body is not JSON")
    faulty = check.faulty(body)
    if faulty is not None:
        return answers.refused(shape, "invalid_parameters", message=faulty.message, fields=faulty.fields)
    return _create(world, call, body)


def _no_number(text: str) -> Never:
    msg = f"{text} is no number in JSON"
    raise ValueError(msg)


def _create(world: World, call: Call, body: Mapping[str, object]) -> Answer:
    if not world.has_credit(call.account):
        return answers.refused(world.options.error_shape, "insufficient_credits")
    if world.options.unique_names and world.shelf(call.account).has_name(body.get("name")):
        return answers.refused(world.options.error_shape, "conflict")
    if not call.acts:
        return answers.created(world.options.created_status, str(uuid.uuid4()))
    group = world.create(call.account, body, Maker.API, world.now())
    return answers.created(world.options.created_status, group.id)


def list_groups(world: World, check: BodyCheck, call: Call) -> Answer:
    """GET: one page of the account's groups."""
    query = dict(parse_qsl(call.query))
    faulty = _faulty_query(query, check)
    if faulty:
        return answers.refused(world.options.error_shape, "invalid_parameters", fields=faulty)
    now = world.now()
    limit, offset = int(query.get("limit", DEFAULT_LIMIT)), int(query.get("offset", 0))
    filters = Filters(status=query.get("status"), phone_number_type=query.get("phone_number_type"))
    shelf = world.shelf(call.account)
    groups, total = shelf.page(filters, limit=limit, offset=offset, now=now)
    shown = [(group, shelf.status(group, now)) for group in groups]
    return answers.listed(shown, total=total, limit=limit, offset=offset)


def _faulty_query(query: Mapping[str, str], check: BodyCheck) -> dict[str, str]:
    faulty = {}
    if not _is_whole(query.get("limit", "1"), 1, _LARGEST_LIMIT):
        faulty["limit"] = f"limit must be a whole number from 1 to {_LARGEST_LIMIT}"
    if not _is_whole(query.get("offset", "0"), 0, None):
        faulty["offset"] = "offset must be a whole number, 0 or more"
    if query.get("status", GroupStatus.PENDING) not in list(GroupStatus):
        faulty["status"] = f"status must be one of {', '.join(GroupStatus)}"
    kind = query.get("phone_number_type")
    problem = None if kind is None else check.field_problem("phone_number_type", kind)
    if problem is not None:
        faulty["phone_number_type"] = problem
    return faulty


def _is_whole(text: str, least: int, most: int | None) -> bool:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return False
    return least <= int(text) and (most is None or int(text) <= most)


def get_group(world: World, check: BodyCheck, call: Call) -> Answer:  # noqa: ARG001 - every handler is called alike
    """GET: one group of the account."""
    shelf = world.shelf(call.account)
    group = shelf.get(call.group_id)
    if group is None:
        return answers.refused(world.options.error_shape, "not_found", message="Verification group not found")
    return answers.one(group, shelf.status(group, world.now()))


HANDLERS: Mapping[Endpoint, Handler] = {Endpoint.CREATE: create, Endpoint.LIST: list_groups, Endpoint.ONE: get_group}
