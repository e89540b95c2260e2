"""The measuring itself: subjects in turn, run after run, each in a fresh folder; what came of it is kept at once."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.benchmarks.cost import Cost
from tests.benchmarks.environments import OWN_HOME, NotInstalledError, environment
from tests.benchmarks.records import Record, Section, summed_up
from tests.benchmarks.scale import Scale

Act = Callable[[Path, int], tuple[Cost, Mapping[str, float]]]
"""(a fresh folder, the number of the run from 0) -> what it cost, and other figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who is measured in a case. `home` is the peer's environment, None for the project's own."""

    name: str
    act: Act
    home: str | None = None
    package: str | None = None


@dataclass(slots=True, kw_only=True)
class Bench:
    """One section under way. `peers`: else only what needs no environment of its own. Of the cases those are measured
    whose name has `only_case` in it.
    """

    section: str
    scale: Scale
    runs: int
    raw: Path
    inputs: Path
    command: str
    peers: bool = True
    only_case: str = ""
    records: list[Record] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    _warm: set[str] = field(default_factory=set)

    @property
    def python(self) -> str:
        """What this program and the floors run on."""
        return environment(OWN_HOME).python if self.peers else sys.executable

    def measure(self, case: str, subjects: Sequence[Subject], most_runs: int | None = None) -> None:
        """Every subject once in each run; another begins in each, so that none is always the first or the last.

        A subject that is new to this section runs once beforehand, uncounted.
        """
        if self.only_case not in case:
            return
        present = [subject for subject in subjects if self._is_here(subject)]
        for subject in present:
            # What compiles its modules is not what is measured.
            if self.runs > 1 and subject.name not in self._warm:
                self._play(subject, 0)
                self._warm.add(subject.name)
        for run in range(min(self.runs, most_runs or self.runs)):
            first = run % max(1, len(present))
            for subject in present[first:] + present[:first]:
                self._measure_one(case, subject, run)

    def _is_here(self, subject: Subject) -> bool:
        if subject.home is None:
            name = subject.package or "flireo-batch"
            self.versions[name] = importlib.metadata.version(name)
            return True
        if not self.peers:
            return False
        try:
            made = environment(subject.home)
        except NotInstalledError as error:
            self.absent[subject.name] = str(error)
            return False
        package = subject.package or subject.home
        self.versions[package] = made.versions[package]
        if made.remark:
            self.remarks[subject.name] = made.remark
        return True

    def _play(self, subject: Subject, run: int) -> tuple[Cost, Mapping[str, float]]:
        folder = Path(tempfile.mkdtemp(prefix="bench-"))
        try:
            return subject.act(folder, run)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _measure_one(self, case: str, subject: Subject, run: int) -> None:
        cost, figures = self._play(subject, run)
        record = Record.of(cost, figures, section=self.section, case=case, subject=subject.name, run=run)
        self.records.append(record)
        with self.raw.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(record)) + "\n")
        shown = ", ".join(f"{name} {value:.4g}" for name, value in record.figures.items())
        print(f"{self.section} | {case} | {subject.name} | run {run + 1}: exit {cost.exit_code}, {shown}", flush=True)

    def finished(self) -> Section:
        return Section(
            command=self.command,
            date=datetime.now(UTC).date().isoformat(),
            setup={size.name: str(getattr(self.scale, size.name)) for size in fields(self.scale)},
            machine=machine(),
            versions=dict(sorted(self.versions.items())),
            remarks=self.remarks,
            absent=self.absent,
            results=summed_up(self.records),
        )


def machine() -> dict[str, str]:
    """What the figures depend on, and nothing that tells whose machine it is."""
    return {
        "processors": f"{os.cpu_count()} x {_processor()}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
