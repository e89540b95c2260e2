"""The flags that commands share, each declared once."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class When(StrEnum):
    ALWAYS = "always"
    ATTENTION = "attention"
    NEVER = "never"


class FileFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class Lang(StrEnum):
    EN = "en"
    NL = "nl"


class KeepKey(StrEnum):
    KEYRING = "keyring"
    FILE = "file"
    NONE = "none"


Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Spreadsheets: CSV, TSV, XLSX, XLSM, XLS, XLSB or ODS.")
]
OneFile = Annotated[Path, typer.Argument(metavar="FILE", help="A spreadsheet: CSV, TSV, XLSX, XLSM, XLS, XLSB or ODS.")]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="A settings file (TOML).")]

_READING = "How the file is read"
Sheet = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="The sheet with the rows.", rich_help_panel=_READING)
]
AllSheets = Annotated[
    bool,
    typer.Option("--all-sheets", help="Read all visible sheets that match, as one table.", rich_help_panel=_READING),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="HEADER=FIELD",
        help="Which field a column feeds; FIELD+FIELD splits its cells. May be repeated.",
        rich_help_panel=_READING,
    ),
]
MapFile = Annotated[
    Path | None,
    typer.Option(
        "--map-file",
        metavar="FILE",
        help="A mapping that was saved. \\[default: flireo-map.toml beside the file]",
        rich_help_panel=_READING,
    ),
]
NoMapFile = Annotated[bool, typer.Option("--no-map-file", help="Use no flireo-map.toml.", rich_help_panel=_READING)]
SaveMap = Annotated[
    Path | None,
    typer.Option("--save-map", metavar="FILE", help="Save which column feeds which field.", rich_help_panel=_READING),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter", metavar="CHAR", help="What separates the values of a text file.", rich_help_panel=_READING
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar="NAME", help="The encoding of a text file, such as cp1252.", rich_help_panel=_READING
    ),
]

Strict = Annotated[
    bool,
    typer.Option("--strict", help="A row with a warning is invalid.", rich_help_panel="What is valid"),
]

SENDING = "What is sent"
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Everything but the sending; says what would be sent.", rich_help_panel=SENDING),
]
Limit = Annotated[
    int | None, typer.Option("--limit", min=0, metavar="N", help="Send at most N rows.", rich_help_panel=SENDING)
]
Sandbox = Annotated[
    bool,
    typer.Option("--sandbox", help="Send to a sandbox on this machine, made for this run.", rich_help_panel=SENDING),
]
CheckExisting = Annotated[
    bool,
    typer.Option(
        "--check-existing", help="First list what the account has; do not create that again.", rich_help_panel=SENDING
    ),
]
MaxErrors = Annotated[
    str | None,
    typer.Option(
        "--max-errors",
        metavar="N|N%",
        help="Send nothing of a file if more of its rows are invalid.",
        rich_help_panel=SENDING,
    ),
]

WAITING = "Approval"
WaitAtMost = Annotated[
    str,
    typer.Option(
        "--wait-at-most", metavar="TIME", help="How long to wait: 90s, 45m, 12h, 3d.", rich_help_panel=WAITING
    ),
]

WRITING = "What is written"
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Where results go. \\[default: beside the input]", rich_help_panel=WRITING
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace earlier results.", rich_help_panel=WRITING)]
Format = Annotated[FileFormat, typer.Option("--format", help="The form of the results.", rich_help_panel=WRITING)]
FailedFormat = Annotated[
    FileFormat | None,
    typer.Option(
        "--failed-format", help="The form of the failed file. \\[default: as --format]", rich_help_panel=WRITING
    ),
]
_TELLING = "Who is told"
Notify = Annotated[
    list[str] | None,
    typer.Option(
        "--notify",
        metavar="URL",
        help="Where people are told how it ended, as an apprise address; may be repeated. Others on this machine can"
        " read command lines: FLIREO_NOTIFY is for addresses with a password.",
        rich_help_panel=_TELLING,
    ),
]
NotifyWhen = Annotated[
    When | None,
    typer.Option("--notify-when", help="When. \\[default: attention]", rich_help_panel=_TELLING),
]
NotifyAttach = Annotated[
    bool,
    typer.Option("--notify-attach", help="Attach results and failed files: customer data.", rich_help_panel=_TELLING),
]
Ping = Annotated[
    str | None,
    typer.Option(
        "--ping",
        metavar="URL",
        help="A dead-man monitor to tell of start, success and failure. Better in FLIREO_PING.",
        rich_help_panel=_TELLING,
    ),
]


def telling(
    notify: list[str] | None, when: When | None, *, attach: bool, ping: str | None, log_file: Path | None
) -> dict[str, object]:
    """As settings; None where nothing was said."""
    return {
        "notify": " ".join(notify) if notify else None,
        "notify_when": when.value if when else None,
        "notify_attach": attach or None,
        "ping": ping,
        "log_file": log_file,
    }


Json = Annotated[
    bool,
    typer.Option("--json", help="One JSON document on standard output, nothing else there.", rich_help_panel=WRITING),
]
LogAs = Annotated[
    LogFormat, typer.Option("--log-format", help="Progress and events on standard error.", rich_help_panel=WRITING)
]


def _said_in(lang: Lang | None) -> Lang | None:
    """Also what ends a command before its settings are read, or in spite of them."""
    if lang is not None:
        from batch.languages import LANGUAGE_VARIABLE  # noqa: PLC0415 -- help is quick, and needs no catalog

        os.environ[LANGUAGE_VARIABLE] = lang.value
    return lang


Language = Annotated[
    Lang | None,
    typer.Option(
        "--lang",
        help="The language of what is said of a file. \\[default: the system's]",
        callback=_said_in,
        rich_help_panel=WRITING,
    ),
]
SaidIn = Annotated[
    Lang | None,
    typer.Option("--lang", help="The language of what is said. \\[default: the system's]", callback=_said_in),
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log-file", metavar="FILE", help="Note every event there too, in JSON Lines.", rich_help_panel=WRITING
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=WRITING)]
