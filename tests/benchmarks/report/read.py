"""The section of the page on reading and checking."""

from __future__ import annotations

from tests.benchmarks.records import Result, Section
from tests.benchmarks.report.tables import (
    Target,
    against_own,
    at_least,
    at_most,
    by_case,
    emphasised,
    figure,
    ratio,
    spread,
    told,
)
from tests.benchmarks.sections import read as measured
from tests.benchmarks.senders import OWN

TITLE = "Reading and checking"
PLOT = "benchmarks-read.svg"
_FLOORS = (measured.READ_CSV, measured.READ_CSV_ARROW, measured.READ_XLSX, measured.WRITE_XLSX)
_INTRO = """\
Every file has eleven columns; phone numbers are in E.164; a bad row has a `phone_number_type` that does not exist.
`check` recognises the columns, cleans every value, looks for what is odd, validates, and writes the
failed workbook. frictionless gets the same rules as a Table Schema and no limit on errors; jsonschema and
jsonschema-rs get the schema file itself, row by row over `pandas.read_csv`. A floor only reads, or only writes: it
checks nothing. All but openpyxl read the same file; each is a process of its own, its start included.
"""
_TEXT = """\
**What limits us.** Of {own} s ({case}), {floor} s would be `pandas.read_csv` alone (with its pyarrow engine {arrow}
s): that is the floor for getting the bytes off the disk and into columns. The rest is what the others leave out: the
file is parsed in a process of its own that can do nothing else, handed over as columns of text, and then every column
is stripped, normalised, looked at and validated as a whole, never row by row. The peers pay for each row in Python:
jsonschema {jsonschema} s, frictionless {frictionless} s. Memory is {peak} MiB (frictionless {frictionless_peak} MiB,
pandas {floor_peak} MiB): the libraries of two processes and some chunks of rows, whatever the size of the file. Most
cells are judged by the bytes of their column, and only what may be odd is looked at one by one.

In a profile of 2026-11-28 (py-spy, 1,000,000 rows) the time of the thread that everything else waits for went nearly
two fifths to imports (pandas, pandera and pyarrow; openpyxl for the failed workbook), a seventh to telling rows apart
(a row that stands twice is found anywhere in the file), a tenth each to what is odd, to cleaning, and to what is a
total, a remark or another table, a fourteenth to pandera, a thirtieth to the failed workbook; nothing stands out. A
thread that prepares the next rows while these are told apart was tried the same day: in six runs it gained a
twentieth, less than they differ among themselves, and it holds one more chunk in memory. A third process that tells
rows apart would gain a seventh at most, by that profile; it was not built: it would need the libraries once more in
memory, for files that at the API's pace take a week to send.
"""


def targets(section: Section) -> list[Target]:
    million = measured.case_name("CSV", 1_000_000, "0.1% bad")
    workbook = measured.case_name("XLSX", 100_000, "0.1% bad")
    bad = measured.case_name("CSV", 100_000, "100% bad")
    return [
        at_most(
            "check of 1,000,000 rows of CSV over `pandas.read_csv`",
            ratio(section, million, OWN, measured.READ_CSV),
            4,
            " times",
        ),
        at_least("frictionless over that check", ratio(section, million, measured.FRICTIONLESS, OWN), 5, " times"),
        at_most(
            "check of 100,000 rows of XLSX over python-calamine",
            ratio(section, workbook, OWN, measured.READ_XLSX),
            2,
            " times",
        ),
        at_least("frictionless over that check", ratio(section, workbook, measured.FRICTIONLESS, OWN), 4, " times"),
        at_most(
            "check of 100,000 bad rows over openpyxl writing them",
            ratio(section, bad, OWN, measured.WRITE_XLSX),
            1.5,
            " times",
        ),
    ]


def body(section: Section) -> str:
    head = ["", "time, this program = 1", "seconds", "rows/s", "processor s", "memory, MiB", "bad rows found"]
    return f"{_INTRO}\n{by_case(section, head, lambda result: _row(section, result))}"


def _row(section: Section, result: Result) -> list[str]:
    rows = int(result.case.split(", ")[1].split(" rows")[0].replace(",", ""))
    found = result.figures.get("invalid_rows")
    return [
        f"*{result.subject}* (floor)" if result.subject in _FLOORS else emphasised(result),
        against_own(section, result),
        spread(result.figures["wall_seconds"]),
        figure(rows / result.median("wall_seconds")),
        figure(result.median("cpu_seconds")),
        figure(result.median("peak_mib")),
        "" if found is None else figure(found.median),
    ]


def text(section: Section) -> str:
    case = measured.case_name("CSV", 1_000_000, "0.1% bad")
    if section.find(case, OWN) is None:
        case = section.cases()[0]
    return _TEXT.format(
        case=case,
        own=told(section, case, OWN, "wall_seconds"),
        floor=told(section, case, measured.READ_CSV, "wall_seconds"),
        arrow=told(section, case, measured.READ_CSV_ARROW, "wall_seconds"),
        jsonschema=told(section, case, measured.JSONSCHEMA, "wall_seconds"),
        frictionless=told(section, case, measured.FRICTIONLESS, "wall_seconds"),
        peak=told(section, case, OWN, "peak_mib"),
        frictionless_peak=told(section, case, measured.FRICTIONLESS, "peak_mib"),
        floor_peak=told(section, case, measured.READ_CSV, "peak_mib"),
    )
