"""One HTTP exchange with the API, turned into a Reply; sole owner of httpx, with `transport`.

Nothing is ever raised for what the network or the API does: that is data for `retry`. What matters most is told apart
here: a request that never left (the connection was not made) from one that may have arrived.
"""

from __future__ import annotations

import email.utils
import re
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC
from functools import lru_cache, partial
from typing import Self
from urllib.parse import quote, urlsplit

import httpx
from pydantic import SecretStr

from batch.model import ApiError, Delivery, LimitHeaders, Reply
from batch.reply_bodies import MOST_BYTES, api_error, created_id, decoded, documents_of, groups_on_page, one_group
from batch.settings import is_loopback
from batch.transport import Transport, proxy_for

PATH = "/v1/verification-groups"
# All runs on the key keep to it: after a wrong answer they should not for years.
_LONGEST_PAUSE_SECONDS = 86_400.0

ReplyCheck = Callable[[str, object], str | None]
"""(kind: "create", "list" or "one", decoded body) -> what is wrong with it by the response schema, or None."""


class ApiClient:
    """The API at one base URL with one key; an async context manager.

    `check` is handed in, so that replies are held against the schema files. The key is in no log, error or repr.
    As many connections are made as there are requests at a time.
    """

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr,
        *,
        check: ReplyCheck,
        timeout_seconds: float,
        user_agent: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._check = check
        self._clock = clock
        self._without_key = partial(_without, api_key)
        self._url = httpx.URL(base_url + PATH)
        self._headers = httpx.Headers(
            {
                "Authorization": f"Bearer {api_key.get_secret_value()}",
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
                "User-Agent": user_agent,
            }
        )
        self._json_headers = httpx.Headers({**self._headers, "Content-Type": "application/json"})
        # A proxy from the environment is for the world, not for this machine.
        trust_env = not is_loopback(self._url.host)
        authorities = httpx.create_ssl_context(verify=_authorities(base_url), trust_env=trust_env)
        proxy = proxy_for(self._url) if trust_env else None

        def connect() -> Transport:
            return Transport(authorities=authorities, timeout_seconds=timeout_seconds, proxy=proxy)

        self._connect = connect
        self._idle: list[Transport] = []

    def __repr__(self) -> str:
        return f"ApiClient({str(self._url)!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for idle in self._idle:
            await idle.aclose()
        self._idle.clear()

    async def create(self, body: bytes) -> Reply:
        """POSTs one group: `body` is the exact JSON."""
        # As a stream: of content as such httpx would look at the headers once more, and they are known.
        request = httpx.Request("POST", self._url, headers=self._json_headers, stream=httpx.ByteStream(body))
        return await self._exchange("create", request)

    async def list_groups(self, *, limit: int, offset: int) -> Reply:
        """One page of the account's groups."""
        return await self._exchange("list", self._get(httpx.URL(self._url, params={"limit": limit, "offset": offset})))

    async def get_group(self, group_id: str) -> Reply:
        """One group by its ID, with its documents."""
        return await self._exchange("one", self._get(f"{self._url}/{quote(group_id, safe='')}"))

    def _get(self, url: httpx.URL | str) -> httpx.Request:
        return httpx.Request("GET", url, headers=self._headers)

    async def _exchange(self, kind: str, request: httpx.Request) -> Reply:
        # Straight to the transport: httpx's client would add cookies, redirects and logins, none of which is wanted.
        transport = self._idle.pop() if self._idle else self._connect()
        started = time.perf_counter()
        try:
            response = await transport.handle_async_request(request)
            headers = {name.lower(): value.decode("latin-1") for name, value in response.headers.raw}
            try:
                answer = await _read(response, packed=b"content-encoding" in headers)
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return _unanswered(Delivery.NEVER_SENT, error, started)
        except httpx.HTTPError as error:
            return _unanswered(Delivery.PERHAPS_SENT, error, started)
        finally:
            self._idle.append(transport)
        return self._answered(response, headers, answer, kind, time.perf_counter() - started)

    def _answered(
        self, response: httpx.Response, headers: Mapping[bytes, str], content: bytes | None, kind: str, latency: float
    ) -> Reply:
        server_time = _http_date(headers.get(b"date"))
        now = server_time if server_time is not None else self._clock()
        value, problem = decoded(content)
        ok = response.is_success
        problem = problem or (self._check(kind, value) if ok else None)
        if response.is_redirect:
            problem = "a redirect, which is not followed"
        usable = ok and problem is None
        page = groups_on_page(value) if usable and kind == "list" else (None, None)
        group_id = created_id(value) if usable and kind == "create" else None
        if usable and kind == "create" and group_id is None:
            problem = "without a requirement_group_id that is a UUID"
        return Reply(
            delivery=Delivery.ANSWERED,
            http_status=response.status_code,
            problem=problem and self._without_key(problem),
            error=None if ok else self._error(value),
            requirement_group_id=group_id,
            groups=page[0],
            total=page[1],
            group=one_group(value) if usable and kind == "one" else None,
            documents=documents_of(value) if usable and kind == "one" else (),
            retry_after_seconds=_retry_after(headers.get(b"retry-after"), now),
            limits=_limit_headers(headers, now),
            server_time=server_time,
            latency_seconds=latency,
        )

    def _error(self, value: object) -> ApiError:
        """What the API says goes into the results, which go to customers: also where it repeats the key."""
        said = api_error(value)
        return ApiError(
            code=self._without_key(said.code),
            message=self._without_key(said.message),
            param=self._without_key(said.param),
        )


def _without(key: SecretStr, text: str) -> str:
    return re.sub(re.escape(key.get_secret_value()), "[the API key]", text, flags=re.IGNORECASE)


async def _read(response: httpx.Response, *, packed: bool) -> bytes | None:
    """The whole content, or None where it is larger than any answer of this API. httpx unpacks what is packed; what is
    not, as nearly always, need not take that way.
    """
    parts: list[bytes] = []
    size = 0
    stream = response.stream
    async for part in stream if isinstance(stream, httpx.AsyncByteStream) and not packed else response.aiter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _authorities(base_url: str) -> ssl.SSLContext | bool:
    """Who may vouch for the server. Without TLS nobody, so that their certificates, slow to load, are left alone."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if urlsplit(base_url).scheme == "http" else True


def _unanswered(delivery: Delivery, error: Exception, started: float) -> Reply:
    return Reply(delivery=delivery, problem=in_words(error), latency_seconds=time.perf_counter() - started)


def in_words(error: Exception) -> str:
    """What went wrong on the way, without any part of the request; `error` is as of the transport."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {cause.verify_message}"
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx.ConnectTimeout():
            return "no connection within the time limit"
        case httpx.ConnectError():
            return f"no connection: {error}" if str(error) else "no connection"
        case httpx.TimeoutException():
            return "no answer within the time limit"
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.WriteError():
            return "the connection broke off before the answer was complete"
        case _:
            return type(error).__name__


def _limit_headers(headers: Mapping[bytes, str], now: float) -> LimitHeaders | None:
    limit = _number(headers.get(b"x-ratelimit-limit"))
    remaining = _number(headers.get(b"x-ratelimit-remaining"))
    reset = _number(headers.get(b"x-ratelimit-reset"))
    if limit is None and remaining is None and reset is None:
        return None
    return LimitHeaders(
        limit=None if limit is None else int(limit),
        remaining=None if remaining is None else int(remaining),
        reset_in_seconds=None if reset is None else _in_range(reset - now),
    )


def _retry_after(text: str | None, now: float) -> float | None:
    seconds = _number(text)
    if seconds is not None:
        return _in_range(seconds)
    moment = _http_date(text)
    return None if moment is None else _in_range(moment - now)


def _in_range(seconds: float) -> float:
    return min(max(0.0, seconds), _LONGEST_PAUSE_SECONDS)


def _number(text: str | None) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None  # noqa: PLR2004 -- also leaves out inf and nan


@lru_cache(maxsize=8)  # many answers come within one second
def _http_date(text: str | None) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()  # HTTP knows no other zone
    except (ValueError, OverflowError):
        return None
