"""The nightly job: every spreadsheet in a folder, each with its own results, moved to where a person finds it."""

from batch.inbox.night import Night
from batch.inbox.rehearsal import rehearse
from batch.inbox.stillness import Stillness
from batch.inbox.values import Folders, Handled, InboxOptions, Left, NightResult, Place

__all__ = [
    "Folders",
    "Handled",
    "InboxOptions",
    "Left",
    "Night",
    "NightResult",
    "Place",
    "Stillness",
    "rehearse",
]
