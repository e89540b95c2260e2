"""The template: an empty file for a customer to fill in, made from the schema, in which typing cannot do damage."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from batch.example_row import example_row, is_example_row
from batch.field_docs import rule_words
from batch.results.delimited import PERSON_DELIMITER
from batch.results.disk import whole_file
from batch.results.xlsx.book import Book
from batch.results.xlsx.cells import Cell, Column
from batch.results.xlsx.choices import Choices
from batch.results.xlsx.style import EXAMPLE, LINE, NAVY, OURS_HEADER, PALE, THEIRS_HEADER, WHITE, Style

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from batch.hints import Hints
    from batch.results.xlsx.page import Page
    from batch.schema import Field, Schema

__all__ = ["is_example_row", "write_template"]

ENDINGS = (".xlsx", ".csv")
DATA_SHEET = "Groups"
INSTRUCTIONS_SHEET = "Instructions - Uitleg"

_WIDTHS = (28, 20, 21, 42, 50)
_DUTCH = "nl"
_TITLE = Style(color=NAVY, bold=True, size=18)
_LANGUAGE = Style(color=NAVY, bold=True, size=13)
_TEXT = Style(wrap=True)
_HEADER = Style(color=WHITE, fill=NAVY, bold=True)
_CELL = Style(wrap=True, border=LINE)
_NAME = Style(wrap=True, border=LINE, bold=True, fill=PALE)

_IN_ENGLISH = (
    "1. Fill in one row for each group on the sheet {sheet}, below the grey example row. The example is never sent.",
    "2. Columns with a dark header are required. Point at a header to read what belongs there.",
    "3. Some cells have a list to choose from. What you type stays: 0012 stays 0012, 1-2 does not become a date.",
    "4. Leave the headers as they are. Columns may be moved, and columns of your own added; those are not sent.",
    "5. Save the file and send it back.",
)
_IN_DUTCH = (
    "1. Vul op het blad {sheet} per groep een regel in, onder de grijze voorbeeldregel. Die wordt nooit verzonden.",
    "2. Kolommen met een donkere kop zijn verplicht. Wijs een kop aan om te lezen wat er hoort.",
    "3. Sommige cellen hebben een keuzelijst. Wat u typt blijft staan: 0012 blijft 0012, 1-2 wordt geen datum.",
    "4. Laat de koppen zoals ze zijn. U mag kolommen verplaatsen en eigen kolommen toevoegen (niet verzonden).",
    "5. Sla het bestand op en stuur het terug.",
)


def write_template(path: Path, schema: Schema, hints: Hints, *, overwrite: bool = True) -> None:
    """Write the template to `path`, whose name ends in one of ENDINGS: a workbook or a CSV file.

    Raises OutputError if the disk refuses, or if the file is there and may not be replaced.
    """
    example = example_row(schema, hints)
    with whole_file(path, overwrite=overwrite) as staged:
        if path.suffix.lower() == ".csv":
            _write_csv(staged, schema, example)
        else:
            _write_workbook(staged, schema, hints, example)


def _write_csv(path: Path, schema: Schema, example: tuple[str, ...] | None) -> None:
    """Headers and example are ours and hold no formula; a guard would not be undone when this file comes back."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=PERSON_DELIMITER)
        writer.writerow(field.label for field in schema.fields)
        if example:
            writer.writerow(example)


def _write_workbook(path: Path, schema: Schema, hints: Hints, example: tuple[str, ...] | None) -> None:
    with Book("Template") as book:
        table = book.table(DATA_SHEET, [_column(field, hints) for field in schema.fields], frozen="A2")
        if example:
            table.append([Cell(text, EXAMPLE) for text in example])
        _lay_out_instructions(book.page(INSTRUCTIONS_SHEET, _WIDTHS), schema, hints)
        book.save(path, shown=DATA_SHEET)


def _column(field: Field, hints: Hints) -> Column:
    return Column(
        header=field.label,
        header_style=OURS_HEADER if field.required else THEIRS_HEADER,
        note="\n".join(filter(None, _about(field, hints))),
        choices=_choices(field),
        narrowest=16,
        widest=34,
    )


def _about(field: Field, hints: Hints) -> Iterator[str]:
    """What the note on a header says, line by line."""
    yield field.description
    yield _sentence(rule_words(field))
    dutch = hints.of(field.name).called.get(_DUTCH)
    yield f"Nederlands: {dutch}." if dutch else ""
    yield _required(field)


def _choices(field: Field) -> Choices | None:
    if not field.enum:
        return None
    listed = ", ".join(field.enum)
    return Choices(values=field.enum, title=field.label, message=f"Choose / Kies: {listed}.", strict=True)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _required(field: Field) -> str:
    return "Required / Verplicht" if field.required else "Optional / Optioneel"


def _lay_out_instructions(page: Page, schema: Schema, hints: Hints) -> None:
    page.wide("How to fill in this file / Zo vult u dit bestand in", _TITLE)
    for language, steps in (("English", _IN_ENGLISH), ("Nederlands", _IN_DUTCH)):
        page.skip()
        page.wide(language, _LANGUAGE)
        for step in steps:
            page.wide(step.format(sheet=DATA_SHEET), _TEXT)
    page.skip()
    page.line(
        "Column / Kolom", "Nederlands", "Required / Verplicht", "What / Wat", "Meaning / Betekenis", style=_HEADER
    )
    for field in schema.fields:
        required = "yes / ja" if field.required else "no / nee"
        dutch = hints.of(field.name).called.get(_DUTCH, "")
        cells = (field.label, dutch, required, rule_words(field), field.description)
        page.line(*cells, style=_CELL, styles=(_NAME,))
