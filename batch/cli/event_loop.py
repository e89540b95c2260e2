"""The event loop of whatever sends: libuv's where it can be installed, else Python's own. Sole owner of uvloop."""

from __future__ import annotations

import asyncio


def new_event_loop() -> asyncio.AbstractEventLoop:
    """To be closed by the caller."""
    try:
        import uvloop  # noqa: PLC0415 -- most commands need none
    except ImportError:  # of Windows, and of Pythons other than CPython
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
