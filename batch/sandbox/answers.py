"""What the sandbox answers: bodies of success, the three error shapes of api.md, and what a fault makes of them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from email.utils import formatdate
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

from batch.sandbox.faults import RetryAfter, Says
from batch.sandbox.groups import GroupStatus, timestamp
from batch.sandbox.options import ErrorShape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batch.sandbox.faults import Fault
    from batch.sandbox.groups import StoredGroup

JSON = "application/json"
HTML = "text/html; charset=utf-8"
NO_FIELDS: Mapping[str, str] = MappingProxyType({})

# Codes and statuses of api.md; those that it leaves without a code got one of the same kind.
STATUSES: Mapping[str, int] = MappingProxyType(
    {
        "invalid_parameters": 400,
        "unauthorized": 401,
        "api_key_expired": 401,
        "api_key_revoked": 401,
        "insufficient_credits": 402,
        "forbidden": 403,
        "not_found": 404,
        "method_not_allowed": 405,
        "conflict": 409,
        "unprocessable": 422,
        "rate_limit_exceeded": 429,
        "server_error": 500,
        "bad_gateway": 502,
        "unavailable": 503,
        "gateway_timeout": 504,
    }
)
_MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "invalid_parameters": "Missing or invalid fields",
        "unauthorized": "Invalid or missing API key",
        "api_key_expired": "This API key has expired",
        "api_key_revoked": "This API key was revoked",
        "insufficient_credits": "Not enough credits",
        "forbidden": "This API key may not do this",
        "not_found": "Not found",
        "method_not_allowed": "Method not allowed",
        "conflict": "A verification group with this name already exists",
        "unprocessable": "The request could not be processed",
        "rate_limit_exceeded": "Too many requests",
        "server_error": "Something went wrong on our side",
        "unavailable": "Service temporarily unavailable",
    }
)
_PROXY_PAGE = "<html><head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body></html>\r\n"
_ID_NAMES = frozenset({"id", "requirement_group_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer. `from_proxy`: it never saw the API itself, so it bears none of the API's own headers."""

    status: int
    body: bytes
    media_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    from_proxy: bool = False
    group_id: str | None = None


def created(status: int, group_id: str) -> Answer:
    body = {"message": "Verification group created", "data": {"requirement_group_id": group_id}}
    return Answer(status=status, body=_json(body), group_id=group_id)


def listed(groups: Sequence[tuple[StoredGroup, GroupStatus]], *, total: int, limit: int, offset: int) -> Answer:
    data = [_shown(group, status) for group, status in groups]
    return Answer(status=200, body=_json({"data": data, "meta": {"total": total, "limit": limit, "offset": offset}}))


def one(group: StoredGroup, status: GroupStatus) -> Answer:
    more = {"documents": _documents(group, status), "phone_numbers": []}
    return Answer(status=200, body=_json({"data": {**_shown(group, status), **more}}))


def _documents(group: StoredGroup, status: GroupStatus) -> list[dict[str, object]]:
    """Two papers for each group; of a rejected one the second was not good enough."""
    first = GroupStatus.APPROVED if status is GroupStatus.REJECTED else status
    states = zip(("business_registration", "proof_of_address"), (first, status), strict=True)
    return [
        {"id": f"doc-{group.number}-{number}", "type": kind, "status": state}
        for number, (kind, state) in enumerate(states, 1)
    ]


def _shown(group: StoredGroup, status: GroupStatus) -> dict[str, object]:
    body = group.body
    return {
        "id": group.id,
        "name": body.get("name"),
        "phone_number_type": body.get("phone_number_type"),
        "status": status,
        "locality": body.get("city"),
        "business_name": body.get("business_name"),
        "created_at": timestamp(group.created_at),
    }


def refused(
    shape: ErrorShape,
    code: str,
    *,
    message: str | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """An error answer. `fields` tells for each field or parameter at fault what is wrong with it."""
    status = STATUSES[code]
    body = _error(_shape_for(shape, code), code, message or _MESSAGES[code], fields)
    return Answer(status=status, body=_json(body), headers=headers)


def _shape_for(shape: ErrorShape, code: str) -> ErrorShape:
    if shape is not ErrorShape.VENDOR:
        return shape
    if STATUSES[code] == HTTPStatus.UNAUTHORIZED:
        return ErrorShape.FLAT
    return ErrorShape.PARAM if code == "invalid_parameters" else ErrorShape.DETAILS


def _error(shape: ErrorShape, code: str, message: str, fields: Mapping[str, str]) -> dict[str, object]:
    if shape is ErrorShape.FLAT:
        return {"error": HTTPStatus(STATUSES[code]).phrase, "message": message}
    if shape is ErrorShape.DETAILS:
        return {"error": {"code": code, "message": message, "details": dict(fields)}}
    first = next(iter(fields.items()), None)
    error = {"code": code, "message": first[1] if first else message, "type": "invalid_request_error"}
    return {"error": error if first is None else {**error, "param": first[0]}}


def throttled(shape: ErrorShape, wait_seconds: float) -> Answer:
    """The 429 of the rate limit itself."""
    return refused(shape, "rate_limit_exceeded", headers=(("retry-after", _whole_seconds(wait_seconds)),))


def spoilt(  # noqa: PLR0911 - one answer for each thing that a fault can say
    answer: Answer, fault: Fault, *, shape: ErrorShape, path: str, now: float, retry_seconds: float
) -> Answer:
    """What the fault makes of the sandbox's own answer. `now` is the server's clock."""
    match fault.kind.says:
        case Says.OWN:
            return answer
        case Says.ERROR:
            return _failure(fault, shape, now, retry_seconds if fault.seconds is None else fault.seconds)
        case Says.NOT_JSON:
            return replace(answer, body=b"Verification group created", from_proxy=True)
        case Says.EMPTY:
            return replace(answer, body=b"", from_proxy=True)
        case Says.ID_MISSING:
            return _with_ids(answer, None)
        case Says.ID_NOT_UUID:
            return _with_ids(answer, "group-12345")
        case Says.BLANK:
            return listed((), total=0, limit=20, offset=0)
        case Says.REDIRECT:  # pragma: no branch - there is nothing else to say
            return Answer(status=307, body=b"", headers=(("location", f"{path}?moved=1"),), from_proxy=True)


def _failure(fault: Fault, shape: ErrorShape, now: float, retry_seconds: float) -> Answer:
    code = fault.kind.code
    if code == "bad_gateway":
        return Answer(status=502, body=_PROXY_PAGE.format("502 Bad Gateway").encode(), media_type=HTML, from_proxy=True)
    if code == "gateway_timeout":
        return Answer(status=504, body=b"", media_type=HTML, from_proxy=True)
    return refused(shape, code, headers=_retry_after(fault.kind.retry_after, now, retry_seconds))


def _retry_after(form: RetryAfter, now: float, seconds: float) -> tuple[tuple[str, str], ...]:
    match form:
        case RetryAfter.NONE:
            return ()
        case RetryAfter.SECONDS:
            return (("retry-after", _whole_seconds(seconds)),)
        case RetryAfter.DATE:  # pragma: no branch - there is no other form
            return (("retry-after", formatdate(math.ceil(now + seconds), usegmt=True)),)


def _whole_seconds(seconds: float) -> str:
    return str(math.ceil(seconds))


def _with_ids(answer: Answer, put: str | None) -> Answer:
    return replace(answer, body=_json(_replace_ids(json.loads(answer.body), put)))


def _replace_ids(value: object, put: str | None) -> object:
    if isinstance(value, list):
        return [_replace_ids(item, put) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: item for name, item in value.items() if put is not None or name not in _ID_NAMES}
    return {name: put if name in _ID_NAMES else _replace_ids(item, put) for name, item in kept.items()}


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
