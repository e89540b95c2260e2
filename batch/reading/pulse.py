"""Signs that reading gets further, for whoever watches over it; what reads bytes or makes rows gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[float | None], None]
"""Is told how far into the file reading is, from 0 to 1, where that is known."""

_listener: ContextVar[Listener | None] = ContextVar("_listener", default=None)


def beat(share: float | None = None) -> None:
    """Says that something new was read, and how far into the file; costs next to nothing where nobody listens."""
    listener = _listener.get()
    if listener:
        listener(share)


@contextmanager
def felt_by(listener: Listener) -> Iterator[None]:
    """Within it, `listener` is called at each sign."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
