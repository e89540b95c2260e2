"""How a file is to be read, and how much of it: what the operator said, and the limits that no input may exceed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper bounds, checked before anything is expanded; sizes in bytes.

    `compound_bytes` bounds old workbooks (XLS), which are read into memory as a whole. `inflation` is the ratio of a
    zipped part's size to its stored size, looked at only above `inflation_from` bytes, since a small part does no
    harm. `cells` counts the cells of one sheet, gaps included. `rows` and `columns` are Excel's own; a text file has no
    row limit, because it is read in flat memory. `record_bytes` is how far a quotation mark in a text file may reach
    for the one that closes it. `memory_bytes` is what the process that reads may have at most, and `stuck_seconds` how
    long it may compute without getting any further in the file.
    """

    file_bytes: int = 2 << 30
    compound_bytes: int = 256 << 20
    inflated_bytes: int = 4 << 30
    inflation: int = 400
    inflation_from: int = 32 << 20
    entries: int = 20_000
    sheets: int = 1_000
    rows: int = 1_048_576
    columns: int = 16_384
    cells: int = 50_000_000
    record_bytes: int = 16 << 20
    memory_bytes: int = 2 << 30
    stuck_seconds: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the operator said about a file. None: find out.

    `delimiter` is one ASCII character, or its name (tab, comma, semicolon, pipe); `encoding` is a Python codec name.
    `usual_encoding` is that of the sender's text files, used where the file itself does not show its encoding.
    """

    delimiter: str | None = None
    encoding: str | None = None
    usual_encoding: str | None = None
    limits: Limits = field(default_factory=Limits)
