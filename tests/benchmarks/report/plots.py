"""The plots, as small SVG files; sole owner of matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from tests.benchmarks.records import Result, Section
from tests.benchmarks.report import growth
from tests.benchmarks.report.tables import figure as shown
from tests.benchmarks.sections import read as reading
from tests.benchmarks.sections import submit as sending
from tests.benchmarks.senders import BARE_AIOHTTP, BARE_HTTPX, OWN

_OURS, _THEIRS, _BOUND, _WRONG = "#0b6e4f", "#8c9aa5", "#d9a441", "#b23a48"
_BOUNDS = (
    reading.READ_CSV,
    reading.READ_CSV_ARROW,
    reading.READ_XLSX,
    reading.WRITE_XLSX,
    BARE_HTTPX.name,
    BARE_AIOHTTP.name,
)
_INCH_A_BAR = 0.27


def draw(name: str, section: Section, path: Path) -> None:
    """Draws one section. The same figures give the same file."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": name, "font.size": 8, "axes.titlesize": 9})
    figure = _DRAWERS[name](section)
    figure.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


def _sheet(heights: Sequence[int]) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(7.5, sum(heights) * _INCH_A_BAR + 0.75 * len(heights)), layout="constrained")
    axes = figure.subplots(len(heights), 1, squeeze=False, height_ratios=list(heights))
    return figure, [row[0] for row in axes]


def _bars(axes: Axes, results: Sequence[Result], name: str, *, title: str, unit: str) -> None:
    values = [result.median(name) for result in results]
    errors = [
        [result.median(name) - result.figures[name].least for result in results],
        [result.figures[name].most - result.median(name) for result in results],
    ]
    colours = [_colour(result.subject) for result in results]
    bars = axes.barh(range(len(results)), values, xerr=errors, color=colours, ecolor="#444444")
    _finish(axes, bars, results, values, title, unit)


def _finish(
    axes: Axes, ends: BarContainer, results: Sequence[Result], values: Sequence[float], title: str, unit: str
) -> None:
    """What all bars have in common: `ends` are labelled with the values."""
    axes.bar_label(ends, [shown(value) for value in values], padding=3)
    axes.set_yticks(range(len(results)), [result.subject for result in results])
    axes.invert_yaxis()
    axes.set_xlim(0, max(*values, 1e-9) * 1.12)
    axes.set_title(title, loc="left")
    axes.set_xlabel(unit)
    _plain(axes)


def _colour(subject: str) -> str:
    return _OURS if subject == OWN else _BOUND if subject in _BOUNDS else _THEIRS


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, axis="x", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)


def _per_case(section: Section, cases: Sequence[str], name: str, unit: str) -> Figure:
    figure, sheet = _sheet([len(section.subjects(case)) for case in cases])
    for axes, case in zip(sheet, cases, strict=True):
        _bars(axes, section.subjects(case), name, title=case, unit=unit)
    return figure


def _read(section: Section) -> Figure:
    return _per_case(section, section.cases(), "wall_seconds", "seconds (shorter is better)")


def _submit(section: Section) -> Figure:
    cases = [case for case in section.cases() if case not in (sending.HELP, sending.SMALL)]
    return _per_case(section, cases, "rows_per_second", "rows a second (longer is better)")


def _pace(section: Section) -> Figure:
    return _per_case(section, section.cases(), "over_least", "times the least (1 is best)")


def _faults(section: Section) -> Figure:
    cases = section.cases()
    figure, sheet = _sheet([len(section.subjects(case)) for case in cases])
    for axes, case in zip(sheet, cases, strict=True):
        _wrongs(axes, section.subjects(case), case)
    sheet[0].legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False)
    return figure


def _wrongs(axes: Axes, results: Sequence[Result], case: str) -> None:
    places = range(len(results))
    twice = [result.median("duplicates") for result in results]
    missing = [result.median("missing") for result in results]
    axes.barh(places, twice, color=_WRONG, label="made twice")
    ends = axes.barh(places, missing, left=twice, color=_BOUND, label="missing")
    totals = [sum(both) for both in zip(twice, missing, strict=True)]
    _finish(axes, ends, results, totals, case, "rows (none is best)")


def _growth(section: Section) -> Figure:
    figure = Figure(figsize=(7.5, 2.8), layout="constrained")
    times, memory = figure.subplots(1, 2)
    for name, axes, title in (("wall_seconds", times, "check: seconds"), ("peak_mib", memory, "check: memory, MiB")):
        _lines(axes, section, name, title)
    return figure


def _lines(axes: Axes, section: Section, name: str, title: str) -> None:
    for subject in (OWN, reading.FRICTIONLESS, reading.READ_CSV):
        sizes = growth.checks(section, subject)
        if sizes:
            xs, ys = [rows for rows, _ in sizes], [result.median(name) for _, result in sizes]
            axes.plot(xs, ys, marker="o", markersize=3, color=_colour(subject), label=subject)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("rows")
    axes.set_title(title, loc="left")
    axes.legend(frameon=False, fontsize=7)
    _plain(axes)


_DRAWERS: Mapping[str, Callable[[Section], Figure]] = {
    "read": _read,
    "submit": _submit,
    "pace": _pace,
    "faults": _faults,
    "growth": _growth,
}
