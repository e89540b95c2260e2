"""The section of the page on growth."""

from __future__ import annotations

from tests.benchmarks.records import Result, Section
from tests.benchmarks.report.tables import Target, against_own, at_most, figure, median, spread, table, told, worst
from tests.benchmarks.sections import read as reading
from tests.benchmarks.senders import OWN

TITLE = "Growth"
PLOT = "benchmarks-growth.svg"
_INTRO = """\
`check` of CSV files of more and more rows (0.1% of them bad), and `run` of a file that was done before, with a ledger
that holds just its rows, and with one that holds those of many other files.
"""
_TEXT = """\
**What limits us.** A file of {few} rows takes {few_seconds} s, nearly all of it the start of Python and the
libraries; from there on time grows with the rows, at {rate} rows/s for the largest file. Memory stops
growing: the {peak} MiB are the libraries of two processes, some chunks of rows, and the hashes by which a row that
stands twice is found. A file that was done before costs no POST: {large} s with the
large ledger, {small} s with the small one.
"""


def targets(section: Section) -> list[Target]:
    small, large = _ledgers(section)
    seconds = [median(section, case, OWN, "wall_seconds") for case in (large, small)]
    again = None if seconds[0] is None or seconds[1] is None else seconds[0] / seconds[1]
    return [
        at_most("run of a file done before, large ledger", seconds[0], 5, " s"),
        at_most("the same, over a ledger of that file alone", again, 2, " times"),
        at_most("the same, POSTs", worst(section, large, OWN, "posts"), 0, ""),
    ]


def _ledgers(section: Section) -> tuple[str, str]:
    """The cases of the smaller and of the larger ledger."""
    found = [case for case in section.cases() if "done before" in case]
    return (found[0], found[-1]) if found else ("", "")


def body(section: Section) -> str:
    head = ["", "time, this program = 1", "seconds", "processor s", "memory, MiB", "POSTs"]
    return f"{_INTRO}\n{table(head, [_row(section, result) for result in section.results])}"


def _row(section: Section, result: Result) -> list[str]:
    floor = " (floor)" if result.subject == reading.READ_CSV else ""
    posts = result.figures.get("posts")
    return [
        f"{result.case}: {result.subject}{floor}",
        against_own(section, result),
        spread(result.figures["wall_seconds"]),
        figure(result.median("cpu_seconds")),
        figure(result.median("peak_mib")),
        "" if posts is None else figure(posts.median),
    ]


def checks(section: Section, subject: str) -> list[tuple[int, Result]]:
    """One subject's checks, by the number of rows."""
    return [
        (int(result.case.removeprefix("check, ").split(" rows")[0].replace(",", "")), result)
        for result in section.results
        if result.case.startswith("check, ") and result.subject == subject
    ]


def text(section: Section) -> str:
    sizes = checks(section, OWN)
    (few, first), (many, last) = sizes[0], sizes[-1]
    small, large = (told(section, case, OWN, "wall_seconds") for case in _ledgers(section))
    return _TEXT.format(
        few=f"{few:,}",
        few_seconds=figure(first.median("wall_seconds")),
        rate=figure(many / last.median("wall_seconds")),
        peak=figure(last.median("peak_mib")),
        small=small,
        large=large,
    )
