"""What is known of an input before its first row, which is what every answer to it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from batch.columns import LINEAGE
from batch.model import Notice, sentence
from batch.pipeline.prepare import PreparedFile

NO_ROWS = Notice(code="no_data_rows", sentence=sentence("There are no rows below the header row."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`kept` are the positions of the customer's own columns; `labels` and `headers` are theirs."""

    path: Path
    labels: tuple[str, ...]
    headers: tuple[str, ...]
    kept: tuple[int, ...]
    field_labels: Mapping[str, str]
    delimiter: str | None = None
    from_failed_file: bool = False
    several_sheets: bool = False


def head_of(prepared: PreparedFile) -> Head:
    """The head of an open file; the four columns that a failed file adds are ours."""
    layout = prepared.layout
    ours = {at for name, at in layout.lineage.items() if name in LINEAGE}
    kept = tuple(at for at in range(len(layout.labels)) if at not in ours)
    return Head(
        path=prepared.path,
        labels=tuple(layout.label(at) for at in kept),
        headers=tuple(layout.headers[at] for at in kept),
        kept=kept,
        field_labels=layout.field_labels,
        delimiter=prepared.delimiter,
        from_failed_file="flireo_row" in layout.lineage,
        several_sheets=prepared.several_sheets,
    )
