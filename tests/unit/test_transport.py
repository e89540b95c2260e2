"""transport: whatever goes wrong, it is told whether the API can have seen the request."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import inspect
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import httpx
import pytest
from aiohttp import client_exceptions
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from batch.client import in_words
from batch.errors import SettingsError
from batch.transport import Transport, proxy_for

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """Whatever the loop is: the program takes libuv's where it is to be had."""
    if request.param:
        pytest.importorskip("uvloop")
    return "asyncio", {"use_uvloop": request.param}


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_BODY = b'{"name":"Depot"}'


@contextlib.asynccontextmanager
async def server_that(talk: Talk) -> AsyncIterator[str]:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


@contextlib.asynccontextmanager
async def transport(
    *, timeout_seconds: float = 5.0, proxy: str | None = None, authorities: ssl.SSLContext | None = None
) -> AsyncIterator[Transport]:
    authorities = authorities or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with Transport(authorities=authorities, timeout_seconds=timeout_seconds, proxy=proxy) as made:
        yield made


async def exchange(by: Transport, url: str, method: str = "POST") -> httpx.Response:
    """One exchange as the client makes it: the answer is read and its connection given back."""
    request = httpx.Request(method, url, content=_BODY if method == "POST" else None)
    response = await by.handle_async_request(request)
    try:
        await response.aread()
    finally:
        await response.aclose()
    return response


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
    )
    return head + await reader.readexactly(length)


def answer(content: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(content)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


# Every error that aiohttp can raise, before there is a connection and after


def _made(kind: type[Exception]) -> Exception:
    """An error of this kind, as aiohttp makes it."""
    at = aiohttp.client_reqrep.ConnectionKey(
        "api.example.com", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
    )
    info = SimpleNamespace(real_url="https://api.example.com")
    given: dict[str, object] = {
        "connection_key": at,
        "os_error": OSError(111, "Connection refused"),
        "certificate_error": ssl.SSLCertVerificationError("self-signed"),
        "request_info": info,
        "history": (),
        "expected": b"a",
        "got": b"b",
        "host": "api.example.com",
        "port": 443,
        "url": "https://api.example.com",
        "path": "/run/socket",
    }
    wanted = inspect.signature(kind.__init__).parameters.values()
    named = [each for each in wanted if each.default is inspect.Parameter.empty and each.name in given]
    return kind(*[given[each.name] for each in named])


_KINDS = sorted(
    {
        kind
        for kind in vars(client_exceptions).values()
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, Warning)
    }
    | {OSError, TimeoutError, ConnectionResetError, BrokenPipeError, ssl.SSLError, EOFError, RuntimeError, ValueError}
    | {aiohttp.http_exceptions.BadStatusLine, aiohttp.http_exceptions.LineTooLong, AssertionError, KeyError},
    key=lambda kind: kind.__name__,
)


def test_the_kinds_are_all_there() -> None:
    assert {aiohttp.ServerDisconnectedError, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError} < set(_KINDS)
    assert len(_KINDS) > 35


async def raising(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("kind", _KINDS)
async def test_without_a_connection_it_was_never_sent(kind: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiohttp.TCPConnector, "connect", lambda *_: raising(_made(kind)))
    async with transport() as by:
        with pytest.raises((httpx.ConnectError, httpx.ConnectTimeout)) as caught:
            await exchange(by, "http://127.0.0.1:9/v1")
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize(
    ("owner", "method"),
    [(aiohttp.ClientRequest, "send"), (aiohttp.StreamReader, "readany")],
    ids=["while it is sent", "while the answer is read"],
)
async def test_with_a_connection_it_was_perhaps_sent(
    owner: type, method: str, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            await read_request(reader)
            writer.write(answer(b"[]"))
            await reader.read()
        writer.close()

    monkeypatch.setattr(owner, method, lambda *_: raising(_made(kind)))
    async with server_that(talk) as url, transport() as by:
        with pytest.raises((httpx.ReadError, httpx.ReadTimeout)):
            await exchange(by, url)


async def test_an_error_outside_of_the_connection_counts_as_perhaps_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiohttp.ClientSession, "_request", lambda *_, **__: raising(RuntimeError("something new")))
    async with transport() as by:
        with pytest.raises(httpx.ReadError):
            await exchange(by, "http://127.0.0.1:9/v1")


# What the network does


async def test_a_name_without_an_address_was_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    async with transport() as by:
        with pytest.raises(httpx.ConnectError, match="Name or service not known"):
            await exchange(by, "http://api.example.com/v1")


async def test_a_refused_connection_says_so_in_the_system_s_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with transport() as by:
            with pytest.raises(httpx.ConnectError, match=r"^Connection refused$"):
                await exchange(by, f"http://127.0.0.1:{taken.getsockname()[1]}/v1")


async def test_no_tls_was_never_sent() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer(b"[]"))
        writer.close()

    async with server_that(talk) as url, transport() as by:
        with pytest.raises(httpx.ConnectError):
            await exchange(by, url.replace("http:", "https:"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for "localhost" that nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@contextlib.asynccontextmanager
async def tls_server(certificate: Path) -> AsyncIterator[str]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(answer(b"[3]"))
        writer.close()

    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate)
    server = await asyncio.start_server(talk, "localhost", 0, ssl=own)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}/v1"


async def test_over_tls_with_a_certificate_that_is_trusted(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=certificate)
    async with tls_server(certificate) as url, transport(authorities=trusting) as by:
        assert (await exchange(by, url)).json() == [3]


@pytest.mark.parametrize("trusted", [False, True], ids=["nobody vouches for it", "it is for another name"])
async def test_a_certificate_that_is_not_trusted_is_said_and_nothing_was_sent(certificate: Path, trusted: bool) -> None:
    authorities = ssl.create_default_context(cafile=certificate if trusted else None)
    async with tls_server(certificate) as url, transport(authorities=authorities) as by:
        with pytest.raises(httpx.ConnectError) as caught:
            await exchange(by, url.replace("localhost", "127.0.0.1") if trusted else url)
    assert in_words(caught.value).startswith("its certificate is not trusted: ")


async def test_a_handshake_without_end_was_never_sent() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with server_that(talk) as url, transport(timeout_seconds=0.2) as by:
        with pytest.raises(httpx.ConnectTimeout):
            await exchange(by, url.replace("http:", "https:"))


@pytest.mark.parametrize("later_seconds", [0.0, 0.02], ids=["at once", "later"])
async def test_an_answer_that_nobody_asked_for_does_not_pass_for_that_to_the_next_request(later_seconds: float) -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                seen.append(await read_request(reader))
                writer.write(answer(b"[%d]" % len(seen)))
                await asyncio.sleep(later_seconds)  # so that it comes with the answer, or by itself
                writer.write(answer(b'"unasked"'))
        writer.close()

    async with server_that(talk) as url, transport() as by:
        for number in range(1, 6):
            assert (await exchange(by, url)).json() == [number]
            await asyncio.sleep(0.05)
    assert len(seen) == 5


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("answered", [0, 1], ids=["a new connection", "a kept connection"])
async def test_a_request_into_a_connection_that_is_closed_is_not_repeated(method: str, answered: int) -> None:
    # aiohttp by itself repeats a GET.
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(answered):
            seen.append(await read_request(reader))
            writer.write(answer(b"[]"))
        seen.append(await read_request(reader))
        writer.close()

    async with server_that(talk) as url, transport() as by:
        for _ in range(answered):
            await exchange(by, url, method)
        with pytest.raises(httpx.ReadError):
            await exchange(by, url, method)
        await asyncio.sleep(0.05)
    assert len(seen) == answered + 1


async def test_the_answer_to_a_request_that_was_given_up_is_not_taken_for_the_next() -> None:
    late = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            first = b"/first" in await read_request(reader)
            if first:
                await late.wait()
            writer.write(answer(b"first" if first else b"second"))
            await writer.drain()
        writer.close()

    async with server_that(talk) as url, transport() as by:
        given_up = asyncio.create_task(exchange(by, url + "/first"))
        await asyncio.sleep(0.05)
        given_up.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await given_up
        late.set()
        assert (await exchange(by, url + "/second")).content == b"second"


async def test_a_header_may_be_long() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(answer(b"[4]", f"Content-Security-Policy: {'x' * 30_000}"))
        writer.close()

    async with server_that(talk) as url, transport() as by:
        assert (await exchange(by, url)).json() == [4]


async def test_packed_answers_are_unpacked_and_cookies_forgotten() -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            seen.append(await read_request(reader))
            writer.write(answer(gzip.compress(b"[1]"), "Content-Encoding: gzip", "Set-Cookie: session=1"))
        writer.close()

    async with server_that(talk) as url, transport() as by:
        assert (await exchange(by, url)).json() == [1]
        assert (await exchange(by, url)).json() == [1]
    assert not any(b"cookie" in request.lower() for request in seen)


# The way through a proxy


async def test_a_proxy_that_refuses_was_never_sent() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert (await read_request(reader)).startswith(b"CONNECT api.example.com:443")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with server_that(talk) as url, transport(proxy=url.replace("//", "//someone:hunter2@")) as by:
        with pytest.raises(httpx.ConnectError, match=r"^the proxy answered HTTP 407$"):
            await exchange(by, "https://api.example.com/v1")


async def test_a_proxy_passes_requests_on() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert (await read_request(reader)).startswith(b"POST http://api.example.com/v1 ")
        writer.write(answer(b"[2]"))
        writer.close()

    async with server_that(talk) as url, transport(proxy=url) as by:
        assert (await exchange(by, "http://api.example.com/v1")).json() == [2]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example.com:3128"}, "http://proxy.example.com:3128"),
        ({"HTTPS_PROXY": "proxy.example.com:3128"}, "http://proxy.example.com:3128"),
        ({"ALL_PROXY": "http://proxy.example.com:3128"}, "http://proxy.example.com:3128"),
        ({"HTTP_PROXY": "http://proxy.example.com:3128"}, None),
        ({"HTTPS_PROXY": "http://proxy.example.com:3128", "NO_PROXY": "example.com"}, None),
    ],
)
def test_the_environment_names_the_proxy(
    variables: dict[str, str], proxy: str | None, environment: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    assert proxy_for(httpx.URL("https://api.example.com/v1")) == proxy


@pytest.mark.parametrize("address", ["socks5://someone:hunter2@proxy.example.com:1080", "http://[broken"])
def test_a_proxy_that_cannot_be_used_is_refused_without_its_password(
    address: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("HTTPS_PROXY", address)
    with pytest.raises(SettingsError, match="only http and https proxies can be used") as caught:
        proxy_for(httpx.URL("https://api.example.com/v1"))
    assert "hunter2" not in str(caught.value)
