"""Figures as people read them, and tables of them in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.records import Result, Section, Spread
from tests.benchmarks.senders import OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that was to be reached. `kept` is None where it was not measured."""

    what: str
    wanted: str
    measured: str
    kept: bool | None


def at_most(what: str, measured: float | None, most: float, unit: str) -> Target:
    return _target(
        what, measured, f"at most {figure(most)}{unit}", unit, kept=measured is not None and measured <= most
    )


def at_least(what: str, measured: float | None, least: float, unit: str) -> Target:
    return _target(
        what, measured, f"at least {figure(least)}{unit}", unit, kept=measured is not None and measured >= least
    )


def _target(what: str, measured: float | None, wanted: str, unit: str, *, kept: bool) -> Target:
    if measured is None:
        return Target(what=what, wanted=wanted, measured="not measured", kept=None)
    return Target(what=what, wanted=wanted, measured=f"{figure(measured)}{unit}", kept=kept)


def figure(value: float) -> str:
    """Three figures that mean something, without an exponent."""
    if value == 0:
        return "0"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spread(found: Spread) -> str:
    """The median, and the range where there is one."""
    least, most = figure(found.least), figure(found.most)
    return figure(found.median) if least == most else f"{figure(found.median)} ({least} to {most})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column is of words, the others of figures."""
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join(['---'] + ['---:'] * (len(head) - 1))} |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def ratio(section: Section, case: str, above: str, below: str, name: str = "wall_seconds") -> float | None:
    """One subject's median over another's, None where one of them was not measured."""
    over, under = section.find(case, above), section.find(case, below)
    if over is None or under is None or not under.median(name):
        return None
    return over.median(name) / under.median(name)


def against_own(section: Section, result: Result, name: str = "wall_seconds") -> str:
    """How many times this program's figure a subject's is."""
    found = ratio(section, result.case, result.subject, OWN, name)
    return "1" if result.subject == OWN else "-" if found is None else figure(found)


def median(section: Section, case: str, subject: str, name: str) -> float | None:
    """None where it was not measured."""
    result = section.find(case, subject)
    return None if result is None or name not in result.figures else result.median(name)


def worst(section: Section, case: str, subject: str, name: str) -> float | None:
    """The most over all runs, None where it was not measured."""
    result = section.find(case, subject)
    return None if result is None else result.figures[name].most


def by_case(section: Section, head: Sequence[str], row: Callable[[Result], Sequence[str]]) -> str:
    """A table for each case."""
    return "\n".join(
        f"**{case}**\n\n{table(head, [row(result) for result in section.subjects(case)])}" for case in section.cases()
    )


def emphasised(result: Result) -> str:
    """The subject's name; this program's stands out."""
    return f"**{result.subject}**" if result.subject == OWN else result.subject


def told(section: Section, case: str, subject: str, name: str) -> str:
    """A median for a sentence; a dash where it was not measured."""
    found = median(section, case, subject, name)
    return "-" if found is None else figure(found)
