"""Tells a dead-man monitor that a job began and how it ended, in the manner of healthchecks.io; never fails a run.

The address is a secret: whoever has it can say that all is well. It is in no error and in nothing that is said.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from batch.settings import is_loopback

_LIMIT_SECONDS = 10.0


class Sign(StrEnum):
    """What a monitor is told; the value is what comes behind its address."""

    START = "/start"
    SUCCESS = ""
    FAILURE = "/fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """One monitor. `limit_seconds` is for everything together: names, connection, answer."""

    address: str
    user_agent: str
    limit_seconds: float = _LIMIT_SECONDS

    def tell(self, sign: Sign, body: str = "") -> str | None:
        """Sends the sign; None, or in a few words why it did not get through."""
        outcome: list[str | None] = [f"no answer within {self.limit_seconds:g} seconds"]

        def send() -> None:
            outcome.append(self._send(sign, body))

        # Looking up a name has no time limit of its own, so the run waits for a thread, and only so long.
        thread = threading.Thread(target=send, daemon=True)
        thread.start()
        thread.join(self.limit_seconds)
        return outcome[-1]

    def _send(self, sign: Sign, body: str) -> str | None:
        request = Request(  # noqa: S310 -- settings let nothing through but https, and http on loopback
            _address(self.address, sign),
            data=body.encode(),
            method="POST",
            headers={"User-Agent": self.user_agent, "Content-Type": "text/plain; charset=utf-8"},
        )
        try:
            with _opener(self.address).open(request, timeout=self.limit_seconds):
                return None
        except HTTPError as error:
            with error:
                return f"HTTP {error.code}"
        except TimeoutError:
            return f"no answer within {self.limit_seconds:g} seconds"
        except URLError as error:
            return "no connection" if isinstance(error.reason, OSError) else type(error).__name__
        except (OSError, ValueError, HTTPException) as error:
            return type(error).__name__


class _NoRedirect(HTTPRedirectHandler):
    """The address is a secret, and goes nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


def _address(address: str, sign: Sign) -> str:
    parts = urlsplit(address)
    path = parts.path if sign is Sign.SUCCESS else parts.path.rstrip("/") + sign
    return urlunsplit(parts._replace(path=path))


def _opener(address: str) -> OpenerDirector:
    here = is_loopback(urlsplit(address).hostname or "")
    return build_opener(_NoRedirect, *([ProxyHandler({})] if here else []))
