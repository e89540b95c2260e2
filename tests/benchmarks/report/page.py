"""docs/benchmarks.md as a whole: what was to be reached, then each section with its tables, plot and paragraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.records import Section
from tests.benchmarks.report import faults, growth, pace, read, submit
from tests.benchmarks.report.tables import Target

PAGE = "benchmarks.md"
RESULTS = "benchmarks.json"
_KEPT = {True: "yes", False: "**no**", None: "-"}
_INTRO = """\
# Benchmarks

This program beside its peers: the same work, in one run, on one machine. Written by `make bench` from what it
measured (`docs/benchmarks.json`); `make bench ONLY=report` writes the page anew, `make bench` measures everything
again. Nothing here is a promise: measure on your own machine.

Every figure is the median of all runs, and in brackets the least and the most. Subjects take turns: in each run each
of them once, another one first each time. Memory is the most that the whole process tree held at one moment, shared
pages counted once. Peers are set up as their documentation advises for this job, each in an environment of its own.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How one section is told."""

    title: str
    plot: str
    body: Callable[[Section], str]
    text: Callable[[Section], str]
    targets: Callable[[Section], list[Target]]


PARTS: Mapping[str, Part] = {
    "read": Part(title=read.TITLE, plot=read.PLOT, body=read.body, text=read.text, targets=read.targets),
    "submit": Part(title=submit.TITLE, plot=submit.PLOT, body=submit.body, text=submit.text, targets=submit.targets),
    "pace": Part(title=pace.TITLE, plot=pace.PLOT, body=pace.body, text=pace.text, targets=pace.targets),
    "faults": Part(title=faults.TITLE, plot=faults.PLOT, body=faults.body, text=faults.text, targets=faults.targets),
    "growth": Part(title=growth.TITLE, plot=growth.PLOT, body=growth.body, text=growth.text, targets=growth.targets),
}


def write(sections: Mapping[str, Section], to: Path, *, plots: bool) -> None:
    """Writes the page and, if asked, the plots of these sections."""
    if plots:
        from tests.benchmarks.report.plots import draw

        for name, section in sections.items():
            draw(name, section, to / PARTS[name].plot)
    (to / PAGE).write_text(markdown(sections), encoding="utf-8")


def markdown(sections: Mapping[str, Section]) -> str:
    """The page; a pure function of what was measured."""
    parts = [_INTRO, _targets(sections)]
    for name, section in sections.items():
        part = PARTS[name]
        parts += [
            f"## {part.title}\n",
            part.body(section),
            f"![{part.title}]({part.plot})\n",
            part.text(section),
            _circumstances(section),
        ]
    return "\n".join(parts)


def _targets(sections: Mapping[str, Section]) -> str:
    lines = ["## What was to be reached\n", "| | measured | wanted | reached |", "| --- | ---: | ---: | --- |"]
    for name, section in sections.items():
        lines += [
            f"| {target.what} | {target.measured} | {target.wanted} | {_KEPT[target.kept]} |"
            for target in PARTS[name].targets(section)
        ]
    return "\n".join(lines) + "\n"


def _circumstances(section: Section) -> str:
    """Where, when, with what, and who could not take part."""
    of = section.machine
    where = f"{of['processors']}, {of['memory']}, {of['system']}, Python {of['python']}"
    runs = sorted({result.runs for result in section.results})
    told = [
        f"Measured with `{section.command}` on {section.date}: {where}; runs: {', '.join(map(str, runs))}.",
        f"Versions: {', '.join(f'{name} {version}' for name, version in section.versions.items())}.",
        *(f"{name}: {remark}." for name, remark in section.remarks.items()),
        *(f"{name} could not be installed here: {why}." for name, why in section.absent.items()),
    ]
    return "\n".join(told) + "\n"
