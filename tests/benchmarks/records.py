"""What was measured: raw records as JSON Lines, and the compact results that the page is written from."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from tests.benchmarks.cost import Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run of one subject. `figures` are numbers with their unit in the name."""

    section: str
    case: str
    subject: str
    run: int
    exit_code: int
    figures: Mapping[str, float]

    @classmethod
    def of(cls, cost: Cost, figures: Mapping[str, float], **names: Any) -> Self:
        costs = {
            "wall_seconds": cost.wall_seconds,
            "cpu_seconds": cost.cpu_seconds,
            "peak_mib": cost.peak_bytes / 2**20,
        }
        return cls(exit_code=cost.exit_code, figures={**costs, **figures}, **names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One figure over all runs."""

    median: float
    least: float
    most: float

    @classmethod
    def over(cls, values: Iterable[float]) -> Self:
        found = sorted(values)
        return cls(median=statistics.median(found), least=found[0], most=found[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One subject in one case, over all runs."""

    case: str
    subject: str
    runs: int
    exit_codes: tuple[int, ...]
    figures: Mapping[str, Spread]

    def median(self, figure: str) -> float:
        return self.figures[figure].median


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section as it was measured. `setup` is the scale; `absent` who could not be installed, and what was said."""

    command: str
    date: str
    setup: Mapping[str, str]
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    remarks: Mapping[str, str]
    absent: Mapping[str, str]
    results: tuple[Result, ...] = field(default=())

    def find(self, case: str, subject: str) -> Result | None:
        return next((result for result in self.results if (result.case, result.subject) == (case, subject)), None)

    def cases(self) -> list[str]:
        return list(dict.fromkeys(result.case for result in self.results))

    def subjects(self, case: str) -> list[Result]:
        return [result for result in self.results if result.case == case]


def summed_up(records: Iterable[Record]) -> tuple[Result, ...]:
    """Results in the order in which the records' cases and subjects first came."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        groups.setdefault((record.case, record.subject), []).append(record)
    return tuple(
        Result(
            case=case,
            subject=subject,
            runs=len(group),
            exit_codes=tuple(sorted({record.exit_code for record in group})),
            figures={name: Spread.over(record.figures[name] for record in group) for name in group[0].figures},
        )
        for (case, subject), group in groups.items()
    )


def with_others_of(new: Section, old: Section | None) -> Section:
    """The new section, with the results of those cases that only the old one has, each in its place there.

    Raises ValueError where the old one was measured on another machine or in other sizes: nobody could compare them.
    """
    if old is None:
        return new
    if (old.machine, old.setup) != (new.machine, new.setup):
        message = "the other cases were measured on another machine or in other sizes: measure the whole section"
        raise ValueError(message)
    again = set(new.cases())
    at = next((place for place, result in enumerate(old.results) if result.case in again), len(old.results))
    before, after = (
        [result for result in part if result.case not in again] for part in (old.results[:at], old.results[at:])
    )
    return replace(
        new,
        versions={**old.versions, **new.versions},
        remarks={**old.remarks, **new.remarks},
        results=(*before, *new.results, *after),
    )


def load(path: Path) -> dict[str, Section]:
    """The compact results by section; none where there is no file yet."""
    if not path.exists():
        return {}
    return {name: _section(value) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}


def _section(value: dict[str, Any]) -> Section:
    results = tuple(_result(result) for result in value.pop("results"))
    return Section(**value, results=results)


def _result(value: dict[str, Any]) -> Result:
    figures = {
        name: Spread(median=median, least=least, most=most)
        for name, (median, least, most) in value.pop("figures").items()
    }
    return Result(**value | {"exit_codes": tuple(value["exit_codes"])}, figures=figures)


def save(path: Path, sections: Mapping[str, Section]) -> None:
    """One result a line, so that a change of one is a change of one line."""
    parts = []
    for name, section in sections.items():
        head = asdict(section)
        results = [json.dumps(_compact(result)) for result in head.pop("results")]
        lines = ",\n   ".join(results)
        heads = "".join(f"\n  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items())
        parts.append(f' {json.dumps(name)}: {{{heads}\n  "results": [\n   {lines}\n  ]\n }}')
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _compact(result: dict[str, Any]) -> dict[str, Any]:
    figures = {
        name: [_rounded(spread[part]) for part in ("median", "least", "most")]
        for name, spread in result["figures"].items()
    }
    return {**result, "figures": figures}


def _rounded(value: float) -> float:
    """Four figures are more than a measurement of this kind is worth."""
    return float(f"{value:.4g}")
