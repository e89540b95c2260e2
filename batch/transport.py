"""How httpx reaches the API: its requests and its errors, carried by aiohttp, which takes a quarter of the time.

What the API cannot have seen is told from what it perhaps has seen by one fact, and not by the name of an error:
whether a connection was there to be written to. httpx.ConnectError and httpx.ConnectTimeout mean that there was none;
whatever else goes wrong is an httpx.ReadError or httpx.ReadTimeout. Sole owner of aiohttp.
"""

from __future__ import annotations

import asyncio
import os
import select
import ssl
from collections.abc import AsyncIterator
from enum import Enum, auto
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from aiohttp.tracing import Trace
from yarl import URL

from batch.errors import SettingsError

# Shorter than servers commonly keep an idle connection, so that a row is not sent into one that is being closed.
_KEEP_IDLE_SECONDS = 4.0
_MOST_HEADER_BYTES = 64 * 1024


class _Stage(Enum):
    """How far the request under way got."""

    BEGUN = auto()
    NOT_CONNECTED = auto()
    CONNECTED = auto()


class Transport(httpx.AsyncBaseTransport):
    """One connection, for one request at a time; nothing is followed, repeated or remembered.

    `timeout_seconds` is for the whole of a request: the connection, sending, and the answer to its last byte. Needs a
    running event loop. Errors are as the module says, and keep what aiohttp said as their cause.
    """

    def __init__(self, *, authorities: ssl.SSLContext, timeout_seconds: float, proxy: str | None) -> None:
        self._connector = _Connector(ssl=authorities, limit=1, keepalive_timeout=_KEEP_IDLE_SECONDS)
        self._proxy = proxy
        self._timeout_seconds = timeout_seconds
        self._session = aiohttp.ClientSession(
            connector=self._connector,
            timeout=aiohttp.ClientTimeout(),  # none of aiohttp's: it has none for the whole that tells what was sent
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_MOST_HEADER_BYTES,
            max_field_size=_MOST_HEADER_BYTES,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; its content is read from the response, which is to be closed."""
        self._connector.stage = _Stage.BEGUN
        deadline = asyncio.get_running_loop().time() + self._timeout_seconds
        try:
            async with asyncio.timeout_at(deadline):
                answer = await self._session.request(
                    request.method,
                    URL(str(request.url), encoded=True),
                    headers=request.headers.multi_items(),
                    data=request.read() or None,
                    allow_redirects=False,
                    proxy=self._proxy,
                )
        except Exception as error:  # of any kind: the caller has to hear of it as of a request that perhaps left
            if self._connector.stage is _Stage.NOT_CONNECTED:
                raise _not_connected(error) from _origin(error)
            raise _broken_off(error) from error
        return httpx.Response(
            answer.status, headers=answer.raw_headers, stream=_Content(answer, deadline), request=request
        )

    async def aclose(self) -> None:
        await self._session.close()


class _Connector(aiohttp.TCPConnector):
    """Notes whether the one request under way had a connection: before that nothing of it can have been written.

    Gives one connection for each request: aiohttp sends a GET again when the server hung up, and a request that nobody
    counted would break the rate limit.
    """

    stage = _Stage.BEGUN
    _kept: object = None  # of the request before, if its connection is still there

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 -- aiohttp's own signature
    ) -> aiohttp.connector.Connection:
        if self.stage is _Stage.CONNECTED:
            raise aiohttp.ClientConnectionError("not repeated")
        try:
            while (connection := await super().connect(req, traces, timeout)).protocol is self._kept:
                if not _has_unread(connection):
                    break
                # What came without having been asked for would pass for the answer to this request.
                connection.close()
        except BaseException:  # of any kind, the end of the time too, and it goes on its way: there is no connection
            self.stage = _Stage.NOT_CONNECTED
            raise
        self.stage = _Stage.CONNECTED
        self._kept = connection.protocol
        return connection


def _has_unread(connection: aiohttp.connector.Connection) -> bool:
    """Whether something lies ready to be read, the end of the connection too, before anything was asked for."""
    if connection.protocol is None or connection.transport is None or connection.protocol.should_close:
        return True
    sock = connection.transport.get_extra_info("socket")
    return bool(select.select([sock], [], [], 0)[0]) if sock is not None else False


class _Content(httpx.AsyncByteStream):
    """An answer's content until `deadline`, by the event loop's clock."""

    def __init__(self, answer: aiohttp.ClientResponse, deadline: float) -> None:
        self._answer = answer
        self._deadline = deadline

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while part := await self._more():
                yield part
        except Exception as error:  # of any kind: the request left, and there is no whole answer
            raise _broken_off(error) from error

    async def _more(self) -> bytes:
        async with asyncio.timeout_at(self._deadline):
            return await self._answer.content.readany()

    async def aclose(self) -> None:
        if self._answer.content.is_eof():
            self._answer.release()
        else:  # what was not read to its end takes its connection with it
            self._answer.close()


def proxy_for(url: httpx.URL) -> str | None:
    """The proxy that the environment names for this address. Raises SettingsError for one that cannot be used."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if proxy is None or proxy_bypass(url.host):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    try:
        URL(proxy)
    except ValueError as error:
        raise _unusable(url, "that is no address") from error
    kind = URL(proxy).scheme
    if kind not in ("http", "https"):
        raise _unusable(url, f"of the kind '{kind}'")
    return proxy


def _unusable(url: httpx.URL, what: str) -> SettingsError:
    # Not the address itself: it may hold a password.
    return SettingsError(
        "proxy",
        f"The environment names a proxy {what} for {url.host}, and only http and https proxies can be used. Set"
        f" {url.scheme.upper()}_PROXY to such a proxy, or add the host to NO_PROXY. Nothing was sent.",
    )


def _not_connected(error: Exception) -> httpx.TransportError:
    if isinstance(error, TimeoutError):
        return httpx.ConnectTimeout("")
    return httpx.ConnectError(_reason(error))


def _origin(error: Exception) -> Exception:
    """What Python's own TLS said, where aiohttp's error passes for that but does not tell as much."""
    return error.certificate_error if isinstance(error, aiohttp.ClientConnectorCertificateError) else error


def _broken_off(error: Exception) -> httpx.TransportError:
    return httpx.ReadTimeout("") if isinstance(error, TimeoutError) else httpx.ReadError("")


def _reason(error: Exception) -> str:
    """Why there is no connection, in the system's words."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy answered HTTP {error.status}"
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    number = cause.errno if isinstance(cause, OSError) else None
    # Names that cannot be resolved have numbers of their own, below zero.
    return os.strerror(number) if number is not None and number > 0 else str(cause)
