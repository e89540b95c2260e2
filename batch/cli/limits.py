"""The settings that bound reading, as reading's own limits."""

from __future__ import annotations

from batch.reading import Limits
from batch.settings import Settings


def limits_of(settings: Settings) -> Limits:
    """Plain numbers: pydantic's own kinds would have the process that reads import pydantic."""
    return Limits(
        file_bytes=int(settings.read_max_file_size),
        inflated_bytes=int(settings.read_max_unpacked_size),
        rows=settings.read_max_rows,
        cells=settings.read_max_cells,
        memory_bytes=int(settings.read_max_memory),
        stuck_seconds=settings.read_max_stall_seconds,
    )
