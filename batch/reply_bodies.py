"""What the API's answers hold: decoded content -> IDs, groups, documents and errors, in any of its shapes; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from batch.model import ApiError, Document, Group

MOST_BYTES = 8 * 1024 * 1024  # a page of 100 groups is about 50 KB; more than this is not an answer of this API


def decoded(content: bytes | None) -> tuple[object, str | None]:
    """An answer's content as JSON, and what is wrong with it if it is none; `content` None: it was larger than that."""
    if content is None:
        return None, f"the answer is larger than {MOST_BYTES} bytes"
    if not content.strip():
        return None, "the answer is empty"
    try:
        return json.loads(content), None
    except (ValueError, RecursionError):
        return None, "the answer is not JSON"


def created_id(value: object) -> str | None:
    data = value.get("data") if isinstance(value, dict) else None
    found = data.get("requirement_group_id") if isinstance(data, dict) else None
    if not isinstance(found, str):
        return None
    try:
        UUID(found)
    except ValueError:
        return None
    return found


def groups_on_page(value: object) -> tuple[tuple[Group, ...] | None, int | None]:
    match value:
        case {"data": list(items), "meta": {"total": int(total)}}:
            return tuple(_group(item) for item in items if isinstance(item, dict)), total
        case _:
            return None, None


def one_group(value: object) -> Group | None:
    match value:
        case {"data": {**item}}:
            return _group(item)
        case _:
            return None


def documents_of(value: object) -> tuple[Document, ...]:
    """What is said of a group's documents, as far as it is said."""
    match value:
        case {"data": {"documents": list(items)}}:
            return tuple(
                Document(type=_text(item.get("type")), status=_text(item.get("status")))
                for item in items
                if isinstance(item, dict)
            )
        case _:
            return ()


def _group(item: Mapping[object, object]) -> Group:
    def text(name: str) -> str | None:
        value = item.get(name)
        return value if isinstance(value, str) else None

    return Group(
        id=text("id") or "",
        name=text("name"),
        business_name=text("business_name"),
        phone_number_type=text("phone_number_type"),
        city=text("locality"),
        status=text("status"),
        created_at=_timestamp(text("created_at")),
    )


def _timestamp(text: str | None) -> float | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def api_error(value: object) -> ApiError:
    """Any of the three shapes that the API uses, or nothing."""
    match value:
        case {"error": {**inner}}:
            details = inner.get("details")
            named = next(iter(details), "") if isinstance(details, dict) and len(details) == 1 else ""
            return ApiError(
                code=_text(inner.get("code")),
                message=_text(inner.get("message")),
                param=_text(inner.get("param")) or _text(named),
            )
        case {"error": str(code), **more}:
            return ApiError(code=code.strip().lower().replace(" ", "_"), message=_text(more.get("message")))
        case _:
            return ApiError()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
