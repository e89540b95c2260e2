"""client: one exchange, and above all whether it was never sent, perhaps sent, or answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from pydantic import SecretStr

from batch.client import ApiClient, _http_date
from batch.model import Delivery, Reply
from batch.pipeline.rules import load_reply_check
from tests.support.line import FIELDS, Api, sandbox

pytestmark = pytest.mark.anyio
KEY = "fl_test_sandbox"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@contextlib.asynccontextmanager
async def client_of(talk: Talk, *, timeout_seconds: float = 5.0) -> AsyncIterator[ApiClient]:
    """To a server that does this with each connection, until the end at the latest."""
    talks: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, client_to(url, timeout_seconds=timeout_seconds) as client:
        yield client
    await asyncio.sleep(0)  # so that a talk whose client has just left may end by itself
    for one in talks:
        assert one is not None
        one.cancel()
        await one


@contextlib.asynccontextmanager
async def client_to(url: str, *, key: str = KEY, timeout_seconds: float = 5.0) -> AsyncIterator[ApiClient]:
    async with ApiClient(
        url,
        SecretStr(key),
        check=load_reply_check(None),
        timeout_seconds=timeout_seconds,
        user_agent="flireo-batch/test",
    ) as client:
        yield client


def body(name: str = "Depot") -> bytes:
    return json.dumps({**FIELDS, "name": name}).encode()


async def create(api: Api, fault: str | None = None, *, timeout_seconds: float = 5.0) -> Reply:
    api.next(fault)
    async with client_to(api.url, timeout_seconds=timeout_seconds) as client:
        return await client.create(body())


async def test_a_created_group_has_its_id(api: Api) -> None:
    reply = await create(api)
    assert reply.delivery is Delivery.ANSWERED
    assert reply.http_status == 201
    assert reply.requirement_group_id in api.ids()
    assert reply.problem is None
    assert reply.latency_seconds > 0
    assert reply.server_time == pytest.approx(time.time(), abs=3)


@pytest.mark.parametrize(
    "fault",
    ["drop_before", "drop_after", "reset_before", "reset_after", "truncated_before", "truncated_after"],
)
async def test_a_lost_answer_was_perhaps_sent(api: Api, fault: str) -> None:
    reply = await create(api, fault)
    assert reply.delivery is Delivery.PERHAPS_SENT
    assert reply.http_status is None
    assert reply.problem


@pytest.mark.parametrize("fault", ["slow_before:30", "slow_after:30", "silent_before", "silent_after"])
async def test_a_slow_answer_was_perhaps_sent(api: Api, fault: str) -> None:
    reply = await create(api, fault, timeout_seconds=0.1)
    assert reply.delivery is Delivery.PERHAPS_SENT
    assert reply.problem == "no answer within the time limit"


async def test_a_connection_that_is_refused_was_never_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with client_to(f"http://127.0.0.1:{taken.getsockname()[1]}") as client:
            reply = await client.create(body())
    assert reply.delivery is Delivery.NEVER_SENT
    assert reply.problem is not None
    assert reply.problem.startswith("no connection")


async def test_a_connection_that_is_never_made_was_never_sent() -> None:
    with socket.socket() as full:
        # A listener whose queue is full and that accepts nobody: connecting takes for ever.
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)  # noqa: FBT003 -- the standard library's own signature
            with contextlib.suppress(BlockingIOError):
                filler.connect(full.getsockname())
        async with client_to(f"http://127.0.0.1:{full.getsockname()[1]}", timeout_seconds=0.2) as client:
            reply = await client.create(body())
        for filler in fillers:
            filler.close()
    assert reply.delivery is Delivery.NEVER_SENT
    assert reply.problem == "no connection within the time limit"


@pytest.mark.parametrize("status", [201, 400])
async def test_an_answer_that_comes_bit_by_bit_has_no_more_time_than_any_other(status: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        writer.write(head.encode())
        for _ in range(1000):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)  # far less than the time limit, so that no single wait reaches it

    async with client_of(talk, timeout_seconds=0.5) as client:
        reply = await client.create(body())
    assert reply.delivery is Delivery.PERHAPS_SENT
    assert reply.problem == "no answer within the time limit"
    assert 0.4 < reply.latency_seconds < 5


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"error": {"code": "no", "message": f"Bearer {KEY} may not"}}, ("no", "Bearer [the API key] may not")),
        ({"error": f"Refused {KEY.upper()}", "message": f"{KEY}?"}, ("refused_[the API key]", "[the API key]?")),
    ],
)
async def test_the_key_is_left_out_where_the_api_repeats_it(error: object, said: tuple[str, str]) -> None:
    content = json.dumps(error).encode()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 401 No\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))

    async with client_of(talk) as client:
        reply = await client.create(body())
    assert reply.error is not None
    assert (reply.error.code, reply.error.message) == said


async def test_no_request_waits_for_the_connection_of_another() -> None:
    with sandbox() as api:
        api.next(*["slow_before:30"] * 4)
        async with client_to(api.url, timeout_seconds=0.3) as client:
            replies = await asyncio.gather(*(client.create(body(f"n{number}")) for number in range(5)))
            (last,) = [reply for reply in replies if reply.delivery is Delivery.ANSWERED]
            assert [reply.delivery for reply in replies].count(Delivery.PERHAPS_SENT) == 4
            assert last.http_status == 201
            # What broke off leaves its connection behind; the next request makes another.
            assert (await client.create(body("n5"))).http_status == 201
        assert api.posts == 6


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("not_json_after", "the answer is not JSON"),
        ("empty_after", "the answer is empty"),
        ("id_missing_after", "without a requirement_group_id that is a UUID"),
    ],
)
async def test_an_answer_without_a_usable_id_says_what_is_wrong(api: Api, fault: str, problem: str) -> None:
    reply = await create(api, fault)
    assert reply.delivery is Delivery.ANSWERED
    assert reply.requirement_group_id is None
    assert reply.problem == problem


async def test_an_id_that_is_no_uuid_is_no_id(api: Api) -> None:
    reply = await create(api, "id_not_uuid_after")
    assert reply.requirement_group_id is None
    assert reply.problem


async def test_a_redirect_is_not_followed(api: Api) -> None:
    before = api.posts
    reply = await create(api, "redirect")
    assert (reply.http_status or 0) // 100 == 3
    assert reply.problem == "a redirect, which is not followed"
    assert api.posts == before + 1


@pytest.mark.parametrize(("shape", "status"), [("details", 400), ("param", 400), ("flat", 401)])
async def test_all_three_shapes_of_an_error_are_understood(shape: str, status: int) -> None:
    from batch.sandbox.options import ErrorShape

    with sandbox(error_shape=ErrorShape(shape)) as api:
        async with client_to(api.url, key=KEY if status == 400 else "fl_test_wrong") as client:
            reply = await client.create(b"{}")
    assert reply.http_status == status
    assert reply.error is not None
    assert reply.error.code in ("invalid_parameters", "unauthorized")
    assert reply.error.message
    if shape == "param":
        assert reply.error.param in FIELDS


async def test_the_rate_limit_headers_are_read() -> None:
    from batch.rate import RateLimit

    with sandbox(rate_limit=RateLimit(requests=2, seconds=30), clock_skew_seconds=3600) as api:
        async with client_to(api.url) as client:
            first, _, third = [await client.list_groups(limit=1, offset=0) for _ in range(3)]
    assert first.limits is not None
    assert (first.limits.limit, first.limits.remaining) == (2, 1)
    assert third.http_status == 429
    assert third.retry_after_seconds == pytest.approx(30, abs=2)
    # The server's clock is an hour ahead; its own Date header sets that right.
    assert first.limits.reset_in_seconds == pytest.approx(30, abs=2)


async def test_retry_after_may_be_a_date(api: Api) -> None:
    reply = await create(api, "429_date:20")
    assert reply.retry_after_seconds == pytest.approx(20, abs=2)


async def test_a_page_of_the_list_is_read(api: Api) -> None:
    (placed,) = api.place({**FIELDS, "name": "Elders"}, created_at_seconds=1_700_000_000.0)
    async with client_to(api.url) as client:
        reply = await client.list_groups(limit=100, offset=0)
    assert reply.groups is not None
    assert reply.total == len(reply.groups)
    (group,) = [group for group in reply.groups if group.id == placed]
    assert (group.name, group.city, group.status, group.created_at) == ("Elders", "Utrecht", "pending", 1_700_000_000.0)


async def test_the_list_is_not_taken_from_a_reply_that_breaks_its_schema(api: Api) -> None:
    api.next("not_json_before", endpoint="list")
    async with client_to(api.url) as client:
        reply = await client.list_groups(limit=1, offset=0)
    assert reply.groups is None
    assert reply.problem


async def test_the_key_is_in_no_repr(api: Api) -> None:
    async with client_to(api.url) as client:
        assert KEY not in repr(client)
        assert KEY not in str(vars(client))


async def answer_with(raw: bytes) -> Reply:
    """The reply to a server that says exactly this."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, client_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as client:
        return await client.list_groups(limit=1, offset=0)


def http(status: str, content: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


async def test_an_answer_of_absurd_size_is_not_swallowed_whole() -> None:
    reply = await answer_with(http("200 OK", b"[" + b" " * (9 * 1024 * 1024)))
    assert reply.problem == "the answer is larger than 8388608 bytes"


async def test_json_that_is_nested_without_end_is_no_answer() -> None:
    reply = await answer_with(http("200 OK", b"[" * 100_000))
    assert reply.problem == "the answer is not JSON"


async def test_strange_headers_count_as_absent() -> None:
    odd = ("X-RateLimit-Remaining: many", "X-RateLimit-Reset: nan", "Retry-After: soon", "Date: yesterday")
    reply = await answer_with(http("429 Too Many", b"<html>", *odd))
    assert reply.limits is None
    assert reply.retry_after_seconds is None
    assert reply.server_time is None
    assert reply.error is not None
    assert reply.error.code == ""


@pytest.mark.parametrize("date", ["Sat, 28 Nov 2026 12:00:00 GMT", "Sat Nov 28 12:00:00 2026"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
async def test_a_date_is_of_universal_time_however_it_is_written(
    date: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    _http_date.cache_clear()
    reply = await answer_with(http("400 No", b"{}", f"Date: {date}"))
    monkeypatch.undo()
    time.tzset()
    assert reply.server_time == 1_795_867_200.0


@pytest.mark.parametrize("seconds", ["99999999999", "Mon, 01 Jan 9999 00:00:00 GMT"])
async def test_nobody_waits_for_years(seconds: str) -> None:
    reply = await answer_with(http("429 Too Many", b"{}", f"Retry-After: {seconds}", "X-RateLimit-Reset: 1e11"))
    assert reply.retry_after_seconds == 86_400.0
    assert reply.limits is not None
    assert reply.limits.reset_in_seconds == 86_400.0


async def test_a_date_beyond_all_calendars_is_none() -> None:
    never = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"
    reply = await answer_with(http("429 Too Many", b"{}", f"Retry-After: {never}", f"Date: {never}"))
    assert (reply.server_time, reply.retry_after_seconds) == (None, None)


async def test_what_is_not_http_was_perhaps_sent() -> None:
    reply = await answer_with(b"220 smtp.example.com ready\r\n")
    assert reply.delivery is Delivery.PERHAPS_SENT


async def test_details_that_name_one_field_tell_which() -> None:
    content = b'{"error": {"code": "invalid_parameters", "message": "wrong", "details": {"city": "too short"}}}'
    reply = await answer_with(http("400 Bad Request", content))
    assert reply.error is not None
    assert reply.error.param == "city"


@pytest.mark.parametrize("created", ['"2025-01-10T08:00:00Z"', '"2025-01-10T08:00:00"', '"2025-01-10T09:00:00+01:00"'])
async def test_times_are_read_with_and_without_a_zone(created: str) -> None:
    reply = await answer_with(http("200 OK", _page(created)))
    assert reply.groups is not None
    assert reply.groups[0].created_at == 1_736_496_000.0


def _page(created: str) -> bytes:
    group = (
        '{"id": "550e8400-e29b-41d4-a716-446655440000", "name": null, "phone_number_type": "local",'
        ' "status": "pending",'
        f' "locality": null, "business_name": null, "created_at": {created}}}'
    )
    return f'{{"data": [{group}], "meta": {{"total": 1, "limit": 1, "offset": 0}}}}'.encode()


@pytest.mark.parametrize(("url", "authorities"), [("https://api.example.com", True), ("http://127.0.0.1:9", False)])
async def test_authorities_are_loaded_where_there_is_tls(
    url: str, authorities: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *given, **_: loaded.append(given))
    async with client_to(url):
        assert bool(loaded) is authorities
