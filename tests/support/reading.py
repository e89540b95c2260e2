"""Reading in the test's own process: quick, and open to a debugger. The program itself has another process parse."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.reading import ReadOptions, Source
from batch.reading.opening import open_reader


def open_here(path: Path, options: ReadOptions) -> Source:
    return Source(open_reader(path, options))


def read_here(patch: pytest.MonkeyPatch) -> None:
    """From now on whatever reads a file reads it in this process."""
    patch.setattr("batch.reading.confined.reader.open_confined", open_reader)
