"""The invented customers that everybody gets: the same file for the same numbers, made once and kept."""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from tests.support import line

FIELDS = tuple(line.FIELDS)
_FIRST = ("Anna", "Bram", "Cees", "Daan", "Eva", "Femke", "Gijs", "Hanna", "Ilse", "Jan")
_LAST = ("de Vries", "Jansen", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "de Groot", "Bos")
_STREETS = ("Kerkstraat", "Dorpsweg", "Molenlaan", "Stationsplein", "Havenkade", "Lindenhof", "Marktveld")
# City, province, first postal code, area code: what belongs together, so that nobody has cause for a warning.
_PLACES = (
    ("Utrecht", "Utrecht", 3511, "30"),
    ("Amsterdam", "Noord-Holland", 1011, "20"),
    ("Rotterdam", "Zuid-Holland", 3011, "10"),
    ("Den Haag", "Zuid-Holland", 2511, "70"),
    ("Eindhoven", "Noord-Brabant", 5611, "40"),
    ("Groningen", "Groningen", 9711, "50"),
    ("Tilburg", "Noord-Brabant", 5011, "13"),
    ("Almere", "Flevoland", 1311, "36"),
    ("Breda", "Noord-Brabant", 4811, "76"),
    ("Nijmegen", "Gelderland", 6511, "24"),
)
_LETTERS = "ABCDEGHJKLMNPRTVWXZ"
_WRONG_TYPE = "satellite"


def folder_in(cache: Path) -> Path:
    """Where inputs are kept: another place whenever this file changes, so that nobody is given an older file."""
    return cache / f"inputs-{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]}"


def rows(count: int, bad_every: int = 0, first: int = 1) -> Iterator[tuple[str, ...]]:
    """So many rows in the order of FIELDS. Phone numbers are E.164. Every `bad_every`th has no such type; 0: none."""
    for number in range(first, first + count):
        bad = bool(bad_every) and number % bad_every == bad_every // 2 % bad_every
        yield _row(number, bad=bad)


def _row(number: int, *, bad: bool) -> tuple[str, ...]:
    draw = random.Random(number)
    city, province, code, area = _PLACES[draw.randrange(len(_PLACES))]
    kind = ("local", "mobile", "national")[number % 3]
    local = f"{2_000_000 + number % 7_000_000:07d}"
    phone = {
        "local": f"+31{area}{local}",
        "mobile": f"+316{10_000_000 + number % 80_000_000:08d}",
        "national": f"+3188{local}",
    }[kind]
    letters = draw.choice(_LETTERS) + draw.choice(_LETTERS)
    return (
        _WRONG_TYPE if bad else kind,
        f"Vestiging {number}",
        f"Voorbeeld {number} BV",
        draw.choice(_FIRST),
        draw.choice(_LAST),
        phone,
        draw.choice(_STREETS),
        str(1 + number % 200),
        f"{code + draw.randrange(20)} {letters}",
        city,
        province,
    )


def csv_file(folder: Path, count: int, bad_every: int = 0, first: int = 1) -> Path:
    """A CSV with these rows; `first` is the number of the first."""
    path = folder / f"customers-{count}-{bad_every}-{first}.csv"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        with unfinished.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(FIELDS)
            writer.writerows(rows(count, bad_every, first))
        unfinished.rename(path)
    return path


def xlsx_file(folder: Path, count: int, bad_every: int = 0) -> Path:
    """A workbook with the same rows, every cell a text."""
    path = folder / f"customers-{count}-{bad_every}.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Customers")
        sheet.append(FIELDS)
        for row in rows(count, bad_every):
            sheet.append(row)
        unfinished = path.with_suffix(".part")
        book.save(unfinished)
        unfinished.rename(path)
    return path
