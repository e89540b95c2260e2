"""The log file: JSON Lines that take turns in a few files, so that no disk fills up; sole owner of its handler."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from batch.errors import SettingsError

_MOST_BYTES = 10 << 20
_KEPT_FILES = 5


class _Handler(RotatingFileHandler):
    """A disk that is full costs lines of the log and nothing else: no run, and no traceback on the screen."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's name
        del record


class Lines:
    """Writes each text as a line of its own; a logger as structlog wants one."""

    def __init__(self, handler: logging.Handler) -> None:
        self._handler = handler

    def msg(self, text: str) -> None:
        self._handler.handle(logging.makeLogRecord({"msg": text}))

    info = warning = error = msg


@contextmanager
def log_file(path: Path) -> Iterator[Lines]:
    """Opens the log file. Raises SettingsError if that is refused."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _Handler(
            path, maxBytes=_MOST_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", errors="backslashreplace"
        )
    except OSError as error:
        raise SettingsError(
            "log_file",
            f"The log file {path} (--log-file, FLIREO_LOG_FILE) cannot be written: {error.strerror}. Give another"
            " path, or allow this user to write there.",
        ) from error
    lines = Lines(handler)
    if _is_cut_off(path):
        lines.msg("")
    try:
        yield lines
    finally:
        with suppress(OSError):  # what is still to be written then is lost, as above
            handler.close()


def _is_cut_off(path: Path) -> bool:
    """Whether a killed program left a line unfinished, which would spoil the next one."""
    try:
        with path.open("rb") as written:
            length = written.seek(0, os.SEEK_END) if path.is_file() else 0
            written.seek(max(0, length - 1))
            return length > 0 and written.read(1) != b"\n"
    except OSError:
        return False
