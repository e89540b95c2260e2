"""A customer who corrects and sends back files, round after round, and what is true of each row all the while.

Every row bears a number of the customer's own in a column that is never sent, so that the truth can be told whatever
the file went through. Files are written and read here by other means than the program's own.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from batch.model import Origin
from tests.support.line import FIELDS

KEY = "Klantnr"
LINEAGE = ("flireo_row", "flireo_source", "flireo_status", "flireo_errors")
ORIGINAL = "klanten"
PLACES = (("Utrecht", "Utrecht"), ("Arnhem", "Gelderland"), ("Breda", "Noord-Brabant"))
COLUMNS = (KEY, *FIELDS, "Opmerking")
SENT = tuple(FIELDS)

Row = dict[str, str]


@dataclass(slots=True)
class Sheet:
    """A file as a person sees it: headers in their order, rows by header. `row` n stands at number n + 2."""

    header: list[str]
    rows: list[Row]

    def save(self, path: Path) -> Path:
        if path.suffix == ".csv":
            with path.open("w", newline="", encoding="utf-8-sig") as stream:
                writer = csv.DictWriter(stream, self.header, delimiter=";", restval="")
                writer.writeheader()
                guard = _guarded if LINEAGE[0] in self.header else str
                writer.writerows({name: guard(row.get(name, "")) for name in self.header} for row in self.rows)
            return path
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        page.append(self.header)
        for row in self.rows:
            page.append([row.get(name) or None for name in self.header])
        book.save(path)
        return path


def open_sheet(path: Path) -> Sheet:
    """A file of the program's, or of `Sheet.save`."""
    if path.suffix == ".csv":
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        first, *records = csv.reader(lines, delimiter=";" if ";" in lines[0] else ",")
        if "status" in first or LINEAGE[0] in first:
            records = [[_unguarded(cell) for cell in record] for record in records]
    else:
        book = openpyxl.load_workbook(path, read_only=True)
        found = book.worksheets[0].iter_rows(values_only=True)
        first, *records = [["" if cell is None else str(cell) for cell in row] for row in found]
        book.close()
    return Sheet(header=first, rows=[dict(zip(first, record, strict=False)) for record in records])


def _guarded(text: str) -> str:
    return "'" + text if text[:1] in ("+", "=", "-", "@", "'") else text


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" else text


@dataclass(slots=True)
class Customer:
    """Has the original and every failed file in a folder, and edits them."""

    folder: Path
    chance: random.Random
    suffix: str = ".csv"
    keys: int = 0
    twins: set[str] = field(default_factory=set)
    original: Sheet = field(default_factory=lambda: Sheet(header=list(COLUMNS), rows=[]))

    def new_row(self) -> Row:
        self.keys += 1
        number, chance = self.keys, self.chance
        city, province = chance.choice(PLACES)
        row = {
            KEY: f"K{number}",
            "phone_number_type": "local",
            "name": f"Vestiging {number}",
            "business_name": f"Zaak {number} BV",
            "contact_person_first_name": f"Voor{chance.choice('abcdefgh')}",
            "contact_person_last_name": f"Achter {number}",
            "contact_person_phone": f"+3120{7000000 + number}",
            "street_name": f"{chance.choice(('Lange', 'Korte', 'Nieuwe'))} straat {number}",
            "house_number": str(number),
            "postal_code": f"{1000 + number} AB",
            "city": city,
            "province": province,
            "Opmerking": "",
        }
        if chance.random() < 0.4:
            self.spoil(row)
        return row

    def spoil(self, row: Row) -> None:
        column, wrong = self.chance.choice((("city", ""), ("phone_number_type", "vast"), ("street_name", "")))
        row[column] = wrong

    @staticmethod
    def mend(row: Row) -> None:
        number = row[KEY].removeprefix("K")
        for column, right in (("city", "Utrecht"), ("street_name", f"Straat {number}")):
            row[column] = row[column] or right
        if row["phone_number_type"] == "vast":
            row["phone_number_type"] = "mobile"

    def begin(self, rows: int) -> Path:
        self.original.rows = [self.new_row() for _ in range(rows)]
        return self.original.save(self.folder / f"{ORIGINAL}{self.suffix}")

    def edit(self, sheet: Sheet, *actions: str) -> None:
        for action in actions:
            if sheet.rows or action == "add":
                _ACTIONS[action](self, sheet)

    # Each of these is something that a person does to a file

    def _mend_some(self, sheet: Sheet) -> None:
        for row in self.chance.sample(sheet.rows, self.chance.randint(1, len(sheet.rows))):
            self.mend(row)

    def _spoil_one(self, sheet: Sheet) -> None:
        for row in self._one_without_twin(sheet):
            self.spoil(row)

    def _rename_one(self, sheet: Sheet) -> None:
        for row in self._one_without_twin(sheet):
            row["name"] = f"{row['name']} bis"

    def _one_without_twin(self, sheet: Sheet) -> list[Row]:
        """A row that may become another, if there is one: of twins nobody could tell afterwards which was which."""
        alone = [row for row in sheet.rows if row[KEY] not in self.twins]
        return [self.chance.choice(alone)] if alone else []

    def _remark_on_one(self, sheet: Sheet) -> None:
        self.chance.choice(sheet.rows)["Opmerking"] = f"gezien {self.chance.randint(1, 9)}"

    def _sort(self, sheet: Sheet) -> None:
        column = self.chance.choice(("name", "street_name", "city", KEY))
        sheet.rows.sort(key=lambda row: row[column], reverse=self.chance.random() < 0.5)

    def _delete_one(self, sheet: Sheet) -> None:
        for row in self._one_without_twin(sheet):
            if sum(_same_origin(row, other) for other in sheet.rows) <= 1:  # nor one that was copied here
                sheet.rows.remove(row)

    def _add_one(self, sheet: Sheet) -> None:
        sheet.rows.append(self.new_row())

    def _copy_one(self, sheet: Sheet) -> None:
        """A row copied with everything, its flireo_ columns too, and made into another."""
        fresh = self.new_row()
        copied = dict(self.chance.choice(sheet.rows))
        changed = {name: fresh[name] for name in COLUMNS if name not in ("city", "province", "phone_number_type")}
        sheet.rows.append({**copied, **changed})

    def _twin_one(self, sheet: Sheet) -> None:
        """The same group a second time."""
        whole = [row for row in sheet.rows if all(row[name] for name in SENT) and row["phone_number_type"] != "vast"]
        if whole:
            one = self.chance.choice(whole)
            twin = {**one, KEY: self.new_row()[KEY], **dict.fromkeys(LINEAGE, "")}
            self.twins |= {one[KEY], twin[KEY]}
            sheet.rows.append(twin)

    def _move_columns(self, sheet: Sheet) -> None:
        self.chance.shuffle(sheet.header)


def _same_origin(one: Row, other: Row) -> bool:
    return bool(one.get("flireo_row")) and all(one[name] == other.get(name) for name in LINEAGE[:2])


_ACTIONS: dict[str, Callable[[Customer, Sheet], None]] = {
    "mend": Customer._mend_some,
    "spoil": Customer._spoil_one,
    "rename": Customer._rename_one,
    "remark": Customer._remark_on_one,
    "sort": Customer._sort,
    "delete": Customer._delete_one,
    "add": Customer._add_one,
    "copy": Customer._copy_one,
    "twin": Customer._twin_one,
    "columns": Customer._move_columns,
}
ACTIONS = tuple(_ACTIONS)


def origins(sheet: Sheet, name: str) -> Iterator[Origin]:
    """Where each row first came from, by the rules of the contract."""
    for number, row in enumerate(sheet.rows, 2):
        first = row.get("flireo_row", "")
        yield Origin(source=row["flireo_source"], row=int(first)) if first else Origin(source=name, row=number)


def body_of(row: Row) -> str:
    """What a group made from the row holds; all of it is in its final form already."""
    return json.dumps({name: row[name] for name in SENT if row[name]}, sort_keys=True)
