"""Signs that reading gets further, for whoever watches over it; what reads bytes or makes rows gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listener: ContextVar[Callable[[], None] | None] = ContextVar("_listener", default=None)


def beat() -> None:
    """Says that something new was read; costs next to nothing where nobody listens."""
    listener = _listener.get()
    if listener:
        listener()


@contextmanager
def felt_by(listener: Callable[[], None]) -> Iterator[None]:
    """Within it, `listener` is called at each sign."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
