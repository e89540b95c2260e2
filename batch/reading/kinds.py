"""The kinds of files that can be read, and what a file may be by its name and its first bytes, without reading it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Final

ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
COMPOUND_START: Final = bytes.fromhex("d0cf11e0a1b11ae1")


class Kind(Enum):
    """What reads the file; the value is the usual ending of its name."""

    TEXT = "csv"
    XLSX = "xlsx"
    XLSM = "xlsm"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"


ENDINGS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.TEXT: ("csv", "tsv", "tab", "txt", ""),
    Kind.XLSX: ("xlsx", "xltx"),
    Kind.XLSM: ("xlsm", "xltm", "xlam"),
    Kind.XLS: ("xls", "xlt"),
    Kind.XLSB: ("xlsb",),
    Kind.ODS: ("ods", "ots"),
}


def usual_endings() -> frozenset[str]:
    """How the names of files that can be read usually end, as in ".xlsx"."""
    return frozenset(f".{ending}" for endings in ENDINGS.values() for ending in endings if ending)


def may_be_workbook(path: Path) -> bool:
    """Whether a file begins as workbooks do, whatever it is called; says nothing of whether it can be read."""
    try:
        with path.open("rb") as stream:
            start = stream.read(len(COMPOUND_START))
    except OSError:
        return False
    return start.startswith((*ZIP_STARTS, COMPOUND_START))
