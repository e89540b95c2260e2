"""Runs the sandbox on a loopback port: `serve` for the command, `Embedded` inside a process; sole owner of uvicorn."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import uvicorn

from batch.errors import SettingsError
from batch.sandbox.app import create_app
from batch.sandbox.loopback import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from batch.sandbox.options import SandboxOptions
    from batch.sandbox.world import World

_STOP_SECONDS = 5.0
_START_SECONDS = 10.0
_BACKLOG = 2048


def serve(
    options: SandboxOptions,
    host: str = "127.0.0.1",
    port: int = 0,
    on_ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serves until SIGINT or SIGTERM; `on_ready` gets the base URL once requests are answered. Port 0: a free one.

    Returns after SIGINT; after SIGTERM the process ends by that signal, as it would have, but tidied up. Raises
    SettingsError if the host is not this machine, the port is not to be had or an option names a file that is no use.
    """
    with _listen(host, port) as listener:
        url = _url(listener)
        server = _Server(options, lambda: on_ready(url))
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


class Embedded:
    """A sandbox in a thread of this process, on a loopback port: a context manager.

    Inside it, `base_url` is where it answers, `api_key` the first of its keys, and `state` the World behind it.
    """

    base_url: str
    api_key: str
    state: World

    def __init__(self, options: SandboxOptions, port: int = 0) -> None:
        self._options = options
        self._port = port

    def __enter__(self) -> Self:
        listener = _listen("127.0.0.1", self._port)
        ready = threading.Event()
        try:
            self._server = _Server(self._options, ready.set)
        except BaseException:
            listener.close()
            raise
        self.base_url = _url(listener)
        self.api_key = next(iter(self._options.keys))
        self.state = self._server.world
        # A daemon: should the program die on its way out, the sandbox must not keep it alive.
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True
        )
        self._thread.start()
        ready.wait(_START_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends it at once, as if the API had died: requests in flight are dropped. Stopping twice is once."""
        if self._thread.is_alive():
            self._server.stop()
            self._thread.join(_STOP_SECONDS)


class _Server(uvicorn.Server):
    """uvicorn's server, which stops at once: whoever stops a sandbox is not interested in what is still in flight."""

    def __init__(self, options: SandboxOptions, on_ready: Callable[[], None]) -> None:
        app = create_app(options)
        super().__init__(
            uvicorn.Config(
                app,
                http="auto",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,  # the app's own follows its skewed clock
                timeout_keep_alive=options.keep_alive_seconds,
            )
        )
        self.world: World = app.state.world
        app.state.wire.connections = self.server_state.connections
        self._on_ready = on_ready
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        try:
            self._on_ready()
        except BaseException:
            await self.shutdown(sockets)
            raise

    async def main_loop(self) -> None:
        await self.world.stopping.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.stop()

    def stop(self) -> None:
        """Ends `run`; from any thread, or from a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.world.stopping.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_STOP_SECONDS)
        self.world.close()


def _listen(host: str, port: int) -> socket.socket:
    if not is_loopback(host):
        message = f"The sandbox answers this machine only: give 127.0.0.1, ::1 or localhost as its host; found {host}."
        raise SettingsError("sandbox_host", message)
    address = "127.0.0.1" if host.lower() == "localhost" else host
    # The protocol is named, or asyncio would leave Nagle's algorithm on: 40 ms for every answer.
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        message = f"The sandbox cannot use port {port} on {host}: {error}. Give another port, or 0 for a free one."
        raise SettingsError("sandbox_port", message) from error
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
