"""Loading what a command needs, once it is called."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from batch.interrupts import INTERRUPTS


@contextmanager
def loading(*, files: int = 0) -> Iterator[None]:
    """For the imports of a command that is going to read so many files.

    The process that parses the first of them loads its parsers meanwhile. And the collector rests: nothing of what is
    imported is garbage, and looking through it again and again takes a tenth of the time. And a signal waits for
    the end of it.
    """
    gc.disable()
    with INTERRUPTS.held():
        try:
            if files:
                from batch.reading.confined import SPARES  # noqa: PLC0415 -- only a few commands need it

                SPARES.expect(files)
            yield
        finally:
            gc.freeze()  # later collections need not look there either
            gc.enable()
