"""Whatever can become of a child, as one refusal of the file that it was reading; details go to the log file."""

from __future__ import annotations

from enum import Enum

from batch.error_log import note_error
from batch.errors import InputError
from batch.model import sentence
from batch.reading.options import Limits
from batch.reading.refusals import refusal

_RESAVE = sentence("Open it in a spreadsheet program, save it as XLSX or CSV under a new name, and send that.")


class Mishap(Enum):
    """How reading ended before it was done; the value is the refusal's code."""

    CRASHED = "reading_crashed"
    OUT_OF_MEMORY = "reading_out_of_memory"
    TOO_SLOW = "reading_too_slow"
    BROKEN = "reading_failed"
    NOT_STARTED = "reading_not_started"
    INTERRUPTED = "interrupted"


class MishapError(Exception):
    """`what` names what happened in a word or two; `frames` are the places in the code, for the log file."""

    def __init__(self, mishap: Mishap, what: str, frames: str = "") -> None:
        super().__init__(what)
        self.mishap = mishap
        self.what = what
        self.frames = frames


def refusal_of(error: MishapError, file: str, limits: Limits) -> InputError:
    """The refusal of `file`. What a programmer needs to know is written to the log file, which the sentence names."""
    log = note_error(f"{error.mishap.value}: {error.what}", error.frames) if error.frames else None
    noted: object = sentence(" Where is noted in {log}.", log=log) if log else ""
    code = error.mishap.value
    match error.mishap:
        case Mishap.CRASHED:
            return refusal(
                file,
                code,
                "the file made its reader crash ({what}). {resave}{noted}",
                what=error.what,
                resave=_RESAVE,
                noted=noted,
            )
        case Mishap.OUT_OF_MEMORY:
            return refusal(
                file,
                code,
                "reading the file needs more than {limit:,} MiB of memory. Copy its rows into a new workbook, save it "
                "as CSV, or split it. (The limit is the setting FLIREO_READ_MAX_MEMORY.)",
                limit=limits.memory_bytes >> 20,
            )
        case Mishap.TOO_SLOW:
            return refusal(
                file,
                code,
                "reading the file got no further, and was given up. {resave} (The limit is the setting "
                "FLIREO_READ_MAX_STALL_SECONDS, {seconds:g} seconds of computing.){noted}",
                resave=_RESAVE,
                seconds=limits.stuck_seconds,
                noted=noted,
            )
        case Mishap.NOT_STARTED:
            return refusal(
                file,
                code,
                "no process could be started to read the file in ({what}). Close other programs and try again.",
                what=error.what,
            )
        case Mishap.INTERRUPTED:
            return refusal(
                file,
                code,
                "the program was interrupted before the file was read to its end. Nothing of it was sent. Start the "
                "same command again.",
            )
        case Mishap.BROKEN:
            return refusal(
                file,
                code,
                "something went wrong in reading the file that should not ({what}). {resave}{noted}",
                what=error.what,
                resave=_RESAVE,
                noted=noted,
            )
