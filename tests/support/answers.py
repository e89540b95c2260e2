"""Invented rows and reports to write, and ways to read back what was written, none of them the program's own."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from batch.model import Change, Notice, Origin, RowError, Sentence, Status, sentence
from batch.notices import NoticeBook
from batch.results import Form, Heading, Mode, Report, ResultRow, RunFacts, failed_writer, results_writer
from batch.results.delimited import PERSON_DELIMITER
from batch.results.report import Say

LABELS = ("Soort", "Bedrijf", "Telefoon", "Huisnummer")
ENUMS = {"Soort": ("local", "mobile", "national")}
ID = "550e8400-e29b-41d4-a716-446655440000"

# All reasons of an `invalid` row.
INVALID_TOLD = (
    "Soort must be one of local, mobile, national; found 'vast'. Telefoon is required but empty. "
    "Telefoon must not be empty."
)

# Each has been changed by some spreadsheet program or library on its way in or out.
HARD_TEXTS = (
    "=cmd|'/C calc'!A0",
    "=1+1",
    "+31201234567",
    "-2+3",
    "@SUM(A1)",
    "'quoted",
    "00123",
    "1-2",
    "1E5",
    "12345678901234567890",
    "TRUE",
    "#N/A",
    "2026-01-02",
    "_x0041_",
    "_x005F_x0041_",
    "_x0041_x0042_",
    "a_x000D_b",
    "bell \x07 and escape \x1b",
    "\x00",
    "a\rb",
    "a\r\nb",
    "line one\nline two",
    "tab\there",
    " leading and trailing ",
    "two  spaces",
    "\u00a0non-breaking\u00a0",
    "<b>&amp;</b>",
    "]]>",
    '"quotes"; and, separators',
    "info@voorbeeld.nl",
    "https://voorbeeld.nl/?a=1&b=2",
    "Zoë Çelik 日本 🦊",
    "\u0085\u2028\ufdd0",
    "x" * 32_767,
)


def error(row: int, column: str | None, value: str, code: str, template: str) -> RowError:
    return RowError(row=row, column=column, field=None, value=value, code=code, sentence=sentence(template))


def row(
    number: int,
    status: Status = Status.CREATED,
    cells: Sequence[str] = ("local", "Bakkerij De Molen B.V.", "+31201234567", "1-2"),
    errors: Sequence[RowError] = (),
    origin: Origin | None = None,
) -> ResultRow:
    has_id = status in (Status.CREATED, Status.ALREADY_CREATED)
    return ResultRow(
        row=number,
        status=status,
        requirement_group_id=ID if has_id else None,
        errors=tuple(errors),
        cells=tuple(cells),
        origin=origin or Origin(source="klanten.xlsx", row=number),
    )


def invalid(number: int) -> ResultRow:
    """A row with two faulty cells, one of them with two faults."""
    return row(
        number,
        Status.INVALID,
        ("vast", "Bakkerij De Molen B.V.", "", "1-2"),
        (
            error(number, "Soort", "vast", "enum", "Soort must be one of local, mobile, national; found 'vast'."),
            error(number, "Telefoon", "", "required", "Telefoon is required but empty."),
            error(number, "Telefoon", "", "minLength", "Telefoon must not be empty."),
        ),
    )


def report(
    rows: Iterable[ResultRow],
    *,
    mode: Mode = Mode.RUN,
    labels: tuple[str, ...] = LABELS,
    headers: tuple[str, ...] = (),
    input_name: str = "klanten.xlsx",
    ready: int = 0,
    stopped: Sentence | None = None,
    notices: tuple[Notice, ...] = (),
    reasons: Mapping[str, Sentence] | None = None,
    failed_name: str | None = "klanten.failed.xlsx",
    shows_origin: bool = False,
    seconds: float = 83.4,
    requests: int = 31,
    warnings: Iterable[Notice] = (),
) -> Report:
    book, odd = NoticeBook(), NoticeBook()
    book.add(notices)
    odd.add(warnings)
    return Report(
        heading=Heading(
            input_name=input_name,
            labels=labels,
            headers=headers,
            mode=mode,
            reasons=reasons or {},
            shows_origin=shows_origin,
        ),
        counts=Counter(each.status for each in rows),
        facts=RunFacts(
            run_id="run-1",
            started_at=datetime(2026, 11, 23, 9, 14, 5, tzinfo=timezone(timedelta(hours=1))),
            seconds=seconds,
            requests=requests,
            retries=2,
            rate_limit="100/minute",
            settings=(("Account", "default"),),
        ),
        ready=ready,
        stopped=stopped,
        notices=book.notices,
        warnings=odd.notices,
        failed_name=failed_name,
    )


def write_results(
    path: Path,
    made: Report,
    rows: Iterable[ResultRow],
    changes: Sequence[Change] = (),
    warnings: Sequence[Notice] = (),
    *,
    form: Form,
    say: Say = str,
) -> None:
    """The results of rows that came in one part."""
    with results_writer(path, made.heading, form=form, say=say) as writer:
        writer.add(rows, changes, warnings)
        writer.save(made)


def write_failed(
    path: Path,
    made: Report,
    rows: Iterable[ResultRow],
    enums: Mapping[str, tuple[str, ...]],
    *,
    form: Form,
    delimiter: str = PERSON_DELIMITER,
) -> None:
    """The failed file of rows that came in one part."""
    with failed_writer(path, made.heading, enums, form=form, delimiter=delimiter) as writer:
        writer.add(rows)
        writer.save()


def opened(path: Path) -> Workbook:
    """The workbook as openpyxl reads it, with all of its formatting."""
    return load_workbook(path)


def grid(path: Path, sheet: str) -> list[list[str]]:
    """A sheet's cells as text by openpyxl, with Excel's escapes undone, which openpyxl leaves in."""
    return [
        ["" if cell is None else _unescaped(str(cell)) for cell in values]
        for values in opened(path)[sheet].iter_rows(values_only=True)
    ]


def seen(path: Path, sheet: str) -> list[list[str]]:
    """A sheet's cells as calamine reads them, as the program itself does; all but row numbers must be text."""
    cells = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    for line in cells:
        for header, cell in zip(cells[0], line, strict=True):
            assert isinstance(cell, str) or header in ("row", "flireo_row")
    return [[str(cell) for cell in line] for line in cells]


def part(path: Path, name: str) -> str:
    """The XML of one part of the package."""
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def parsed(xml: str) -> ET.Element:
    """A piece of our own XML, which must be well formed."""
    return ET.fromstring(xml)  # noqa: S314  written by the test a moment ago


def libreoffice(to: str, folder: Path, *paths: Path) -> list[Path]:
    """The files as LibreOffice saves them in another form; the test is skipped where there is no LibreOffice."""
    target = folder / "converted"
    _soffice(folder, "--convert-to", to, "--outdir", str(target), *map(str, paths))
    return [target / f"{path.stem}.{to.partition(':')[0]}" for path in paths]


SAVED_AS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "ods": "calc8",
    "xls": "MS Excel 97",
    "csv": "Text - txt - csv (StarCalc)",
}
_MODULE = Path("profile/user/basic/Standard/Module1.xba")


def typed(folder: Path, path: Path, sheet: str, cells: Mapping[tuple[int, int], str]) -> dict[str, Path]:
    """What LibreOffice saves, in each of its forms, after a person has typed into cells (column and row, from 0).

    Typed: "1-2" becomes a date and "0012" a number wherever the cell's format lets it.
    """
    files = {form: folder / f"{path.stem}-typed.{form}" for form in SAVED_AS}
    lines = [
        f'sheet.getCellByPosition({column}, {row}).FormulaLocal = "{text}"' for (column, row), text in cells.items()
    ]
    lines += [
        f'saved(0).Value = "{SAVED_AS[form]}" : doc.storeToURL("{file.as_uri()}", saved())'
        for form, file in files.items()
    ]
    macro = f"""Sub Main
Dim hidden(0) As New com.sun.star.beans.PropertyValue, saved(0) As New com.sun.star.beans.PropertyValue
hidden(0).Name = "Hidden" : hidden(0).Value = True : saved(0).Name = "FilterName"
doc = StarDesktop.loadComponentFromURL("{path.as_uri()}", "_blank", 0, hidden())
sheet = doc.Sheets.getByName("{sheet}")
{chr(10).join(lines)}
doc.close(True)
End Sub"""
    _soffice(folder, "--terminate_after_init")  # lays out the profile that the macro is put into
    (folder / _MODULE).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
        f'script:language="StarBasic">{escape(macro)}</script:module>',
        encoding="utf-8",
    )
    _soffice(folder, "macro:///Standard.Module1.Main")
    return files


def _soffice(folder: Path, *words: str) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed here; the XML itself is asserted in other tests")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run([program, profile, "--headless", *words], check=True, capture_output=True, timeout=120)


def _unescaped(text: str) -> str:
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)
