"""Columns that are added to an answer after its run: how a group was approved, and which round a row comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from batch.model import ApprovalState, sentence
from batch.results.xlsx.cells import Cell, Column
from batch.results.xlsx.style import (
    AMBER,
    GREEN,
    MUTED,
    NUMBER,
    OURS_HEADER,
    PALE_AMBER,
    PALE_GREEN,
    PALE_RED,
    PLAIN,
    RED,
    Style,
)

if TYPE_CHECKING:
    from batch.results.report import Say

APPROVAL: Final = "approval"
CHECKED_AT: Final = "approval_checked_at"
ROUND: Final = "flireo_round"
EXTRA_COLUMNS: Final = (APPROVAL, CHECKED_AT, ROUND)

_NOTES = {
    APPROVAL: sentence("How Flireo has decided about the group, when it was last asked."),
    CHECKED_AT: sentence("When Flireo was last asked."),
    ROUND: sentence("The round that the row's outcome comes from. The sheet Summary names the rounds."),
}
_LOOKS = {
    ApprovalState.APPROVED: Style(color=GREEN, fill=PALE_GREEN, bold=True),
    ApprovalState.PENDING: Style(color=MUTED, fill="E7EBEF", bold=True),
    ApprovalState.REJECTED: Style(color=RED, fill=PALE_RED, bold=True),
    ApprovalState.DELETED: Style(color="93370D", fill="FBE3D3", bold=True),
    ApprovalState.NOT_FOUND: Style(color=AMBER, fill=PALE_AMBER, bold=True),
}
_STRANGE = _LOOKS[ApprovalState.NOT_FOUND]


def extra_column(name: str, say: Say) -> Column:
    """The column of an extra; one that is not known here is kept as it is."""
    note = _NOTES.get(name)
    return Column(
        header=name,
        header_style=OURS_HEADER,
        style=NUMBER if name == ROUND else PLAIN,
        note=say(note) if note else "",
        widest=26,
    )


def extra_cell(name: str, value: str | int) -> str | int | Cell:
    """The value as it stands in its column."""
    look = extra_look(name, str(value)) if value else None
    return Cell(value, look) if look else value


def extra_look(name: str, value: str) -> Style | None:
    """How a value stands out, if it does."""
    return {state.value: look for state, look in _LOOKS.items()}.get(value, _STRANGE) if name == APPROVAL else None
