"""`python -m tests.benchmarks`, or `make bench`: measures, and writes docs/benchmarks.md and its plots."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.benchmarks import records
from tests.benchmarks.bench import Bench
from tests.benchmarks.environments import CACHE
from tests.benchmarks.inputs import folder_in
from tests.benchmarks.report import page
from tests.benchmarks.scale import FULL, SCALES
from tests.benchmarks.sections import faults, growth, pace, read, submit
from tests.benchmarks.servers import ROOT

SECTIONS: Mapping[str, Callable[[Bench], None]] = {
    "read": read.measure,
    "submit": submit.measure,
    "pace": pace.measure,
    "faults": faults.measure,
    "growth": growth.measure,
}
REPORT = "report"


def main(words: list[str] | None = None) -> None:
    asked = _arguments(words)
    only = asked.only or [*SECTIONS, REPORT]
    to = asked.to
    to.mkdir(parents=True, exist_ok=True)
    for name in only:
        if name in SECTIONS:
            _measure(name, asked, to)
    page.write(records.load(to / page.RESULTS), to, plots=not asked.no_plots)
    print(f"written: {to / page.PAGE}")


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=[*SECTIONS, REPORT], help="may be repeated; default: all")
    parser.add_argument("--case", default="", help="only the cases that have this in their name; the others stay")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", choices=list(SCALES), default=FULL.name)
    parser.add_argument("--to", type=Path, default=ROOT / "docs", help="where the page, its plots and results are")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where inputs and raw results are kept")
    parser.add_argument("--no-peers", action="store_true", help="only what needs no environment of its own")
    parser.add_argument("--no-plots", action="store_true")
    return parser.parse_args(words)


def _measure(name: str, asked: argparse.Namespace, to: Path) -> None:
    raw, inputs = asked.cache / "raw", folder_in(asked.cache)
    for folder in (raw, inputs):
        folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(
        section=name,
        scale=SCALES[asked.scale],
        runs=asked.runs,
        raw=raw / f"{name}-{time.strftime('%Y%m%dT%H%M%S')}.jsonl",
        inputs=inputs,
        command=f"make bench ONLY={name} RUNS={asked.runs}"
        + (f" SCALE={asked.scale}" if asked.scale != FULL.name else ""),
        peers=not asked.no_peers,
        only_case=asked.case,
    )
    path = to / page.RESULTS
    if asked.case:  # before hours are spent on what could not be put beside the others
        records.with_others_of(bench.finished(), records.load(path).get(name))
    SECTIONS[name](bench)
    sections = records.load(path)
    finished = bench.finished()
    sections[name] = records.with_others_of(finished, sections.get(name)) if asked.case else finished
    records.save(path, {known: sections[known] for known in SECTIONS if known in sections})


if __name__ == "__main__":
    main()
