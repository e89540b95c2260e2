"""Who is told: a web hook and a mail server on loopback that remember what they got."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Listener:
    """`heard` are paths with bodies for a web hook, whole mails for a mail server."""

    port: int
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.heard]

    @property
    def mails(self) -> list[Message]:
        return [message_from_bytes(content, policy=default) for _, content in self.heard]


@contextmanager
def web_hook(*, status: int = 200, location: str | None = None) -> Iterator[Listener]:
    """Answers everything with one status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            listener.heard.append((self.path, body))
            self.send_response(status)
            if location is not None:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        listener = Listener(port)
        yield listener


@contextmanager
def mail_server() -> Iterator[Listener]:
    """Takes every mail."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 ready")
            recipients: list[str] = []
            while line := self.rfile.readline().decode().strip():
                verb = line.upper()
                if verb.startswith("MAIL FROM"):
                    recipients.clear()
                if verb.startswith("RCPT TO"):
                    recipients.append(line.partition(":")[2])
                if verb == "DATA":
                    self._say("354 go on")
                    listener.heard.append((" ".join(recipients), self._content()))
                self._say("221 bye" if verb == "QUIT" else "250 fine")
                if verb == "QUIT":
                    return

        def _content(self) -> bytes:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        listener = Listener(port)
        yield listener


@contextmanager
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and never answers."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        yield server.server_address[1]


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
