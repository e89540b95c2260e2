"""The invented customers of a chaos run: files with valid, invalid and repeated rows, and what must come of each."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.line import FIELDS

_INVALID_SHARE = 0.03
_REPEATED_SHARE = 0.02
_LACKING = "city"  # what an invalid row leaves out, and a corrected one has
_MENDED_CITY = "Amersfoort"
_TYPES = ("local", "mobile", "national")
_CITIES = ("Utrecht", "Zwolle", "'s-Hertogenbosch", "Hoek van Holland", "Súdwest-Fryslân")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """A file's rows in order; each is a body that is valid unless it lacks its city."""

    path: Path
    rows: Sequence[Mapping[str, str]]

    @property
    def valid(self) -> list[Mapping[str, str]]:
        return [row for row in self.rows if row[_LACKING]]

    def write(self) -> None:
        with self.path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(FIELDS))
            writer.writeheader()
            writer.writerows(self.rows)


def make_files(folder: Path, *, count: int, rows: int, overlap: bool, draw: random.Random) -> list[CustomerFile]:
    """So many files with so many distinct rows in all; with `overlap`, each also has some rows of the one before."""
    numbers = range(1, rows + 1)
    parts = [list(numbers[start::count]) for start in range(count)]
    files: list[CustomerFile] = []
    for at, part in enumerate(parts):
        own = [_row(number, draw) for number in part]
        borrowed = draw.sample(files[-1].rows, k=len(files[-1].rows) // 3) if overlap and files else []
        repeated = draw.sample(own, k=int(len(own) * _REPEATED_SHARE))
        mixed = [*own, *borrowed, *repeated]
        draw.shuffle(mixed)
        files.append(CustomerFile(path=folder / f"klant-{at + 1}.csv", rows=mixed))
        files[-1].write()
    return files


def _row(number: int, draw: random.Random) -> dict[str, str]:
    return {
        **FIELDS,
        "name": f"Vestiging {number}",
        "house_number": str(draw.randint(1, 400)),
        "phone_number_type": draw.choice(_TYPES),
        "city": "" if draw.random() < _INVALID_SHARE else draw.choice(_CITIES),
    }


def mend(failed: Path, mended: Path) -> int:
    """Gives every row of a failed CSV its city, as a person would in the file; how many lacked it."""
    with failed.open(newline="", encoding="utf-8-sig") as stream:
        sample = stream.readline()
        stream.seek(0)
        delimiter = ";" if sample.count(";") > sample.count(",") else ","
        reader = csv.DictReader(stream, delimiter=delimiter)
        rows, names = list(reader), list(reader.fieldnames or ())
    lacking = sum(not row[_LACKING] for row in rows)
    with mended.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.DictWriter(stream, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows({**row, _LACKING: row[_LACKING] or _MENDED_CITY} for row in rows)
    return lacking


def mended(row: Mapping[str, str]) -> dict[str, str]:
    return {**row, _LACKING: row[_LACKING] or _MENDED_CITY}


def canonical(body: Mapping[str, object]) -> str:
    """A body as text that is the same for the same body."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


def expected(rows: Iterable[Mapping[str, str]]) -> set[str]:
    """The bodies that must exist exactly once each."""
    return {canonical(row) for row in rows}
