"""The CSV forms: UTF-8 with a byte order mark, so that Excel reads the letters right, and guarded against formulas."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from batch.formula_guard import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

# For programs, RFC 4180. A file for people has the delimiter of the file they sent, else the one below.
MACHINE_DELIMITER = ","
# Where the decimal sign is a comma (the Netherlands), Excel splits a CSV at the semicolon and nowhere else.
PERSON_DELIMITER = ";"

Append: TypeAlias = "Callable[[Iterable[str | int]], None]"


@contextmanager
def csv_file(path: Path, header: Iterable[str], delimiter: str = MACHINE_DELIMITER) -> Iterator[Append]:
    r"""Open a CSV file at `path` and give a function that appends one record, each text guarded.

    Half a surrogate pair cannot be written as UTF-8 and is written out as \udXXX.
    """
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)

        def append(values: Iterable[str | int]) -> None:
            writer.writerow([guard(value) if isinstance(value, str) else value for value in values])

        append(header)
        yield append
