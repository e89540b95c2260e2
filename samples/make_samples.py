"""Makes the sample files again, byte for byte: `python samples/make_samples.py [FOLDER]`."""

# ruff: noqa: INP001 - scripts that lie beside what they make, not a package
from __future__ import annotations

import csv
import sys
from io import StringIO
from pathlib import Path

from hostile_rows import HOSTILE_HEADER, HOSTILE_ROWS, LINE_ENDS
from invented import CLEAN_HEADER, CLEAN_ROWS, messy_sheets
from raw_workbook import workbook

BOM = "\ufeff"


def clean() -> bytes:
    """UTF-8, commas, one line end; nothing to change and nothing to refuse."""
    return "".join(_line(row) + "\r\n" for row in [CLEAN_HEADER, *CLEAN_ROWS]).encode()


def messy() -> bytes:
    return workbook(messy_sheets())


def hostile() -> bytes:
    """UTF-8 with a byte order mark; lines end in turn as Windows, Unix and old Macs end them."""
    lines = [_line(row) + LINE_ENDS[at % len(LINE_ENDS)] for at, row in enumerate([HOSTILE_HEADER, *HOSTILE_ROWS])]
    return (BOM + "".join(lines)).encode()


def _line(row: list[str]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerow(row)
    return out.getvalue().removesuffix("\r\n")


def main(folder: Path) -> None:
    for name, make in (("clean.csv", clean), ("messy.xlsx", messy), ("hostile.csv", hostile)):
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
