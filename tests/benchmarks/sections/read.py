"""Reading and checking a file: this program, peers that validate, and floors that only read or only write."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from batch.schema import schemas_folder
from tests.benchmarks import cost
from tests.benchmarks.bench import Bench, Subject
from tests.benchmarks.cost import Cost
from tests.benchmarks.environments import environment
from tests.benchmarks.inputs import csv_file, xlsx_file
from tests.benchmarks.senders import OWN, plain_environment
from tests.benchmarks.servers import ROOT

DRIVERS = ROOT / "tests" / "benchmarks" / "drivers"
SCHEMA = schemas_folder() / "verification-group.request.json"
BAD_EVERY = {"0.1% bad": 1000, "1% bad": 100, "100% bad": 1}

READ_CSV = "pandas.read_csv"
READ_CSV_ARROW = "pandas.read_csv, pyarrow engine"
READ_XLSX = "python-calamine"
WRITE_XLSX = "openpyxl write-only"
FRICTIONLESS = "frictionless"
JSONSCHEMA = "jsonschema over pandas"
JSONSCHEMA_RS = "jsonschema-rs over pandas"


def case_name(form: str, rows: int, bad: str) -> str:
    return f"{form}, {rows:,} rows, {bad}"


def measure(bench: Bench) -> None:
    for rows in bench.scale.read_rows:
        _measure_csv(bench, rows, "0.1% bad")
    if bench.scale.bad_rows:
        _measure_csv(bench, bench.scale.bad_rows, "1% bad")
        _measure_csv(bench, bench.scale.bad_rows, "100% bad")
    if bench.scale.workbook_rows:
        _measure_xlsx(bench, bench.scale.workbook_rows)


def _measure_csv(bench: Bench, rows: int, bad: str) -> None:
    path = csv_file(bench.inputs, rows, BAD_EVERY[bad])
    subjects = [own_check(bench, path), *peers(bench, path), *floors(bench, path)]
    if BAD_EVERY[bad] == 1:
        subjects.append(_writing(bench, path))
    bench.measure(case_name("CSV", rows, bad), subjects)


def _measure_xlsx(bench: Bench, rows: int) -> None:
    path = xlsx_file(bench.inputs, rows, BAD_EVERY["0.1% bad"])
    floor = _script(bench, READ_XLSX, "read_xlsx", [str(path)], home=None, package="python-calamine")
    bench.measure(case_name("XLSX", rows, "0.1% bad"), [own_check(bench, path), frictionless(bench, path), floor])


def own_check(bench: Bench, path: Path) -> Subject:
    def act(folder: Path, _run: int) -> tuple[Cost, Mapping[str, float]]:
        words = [bench.python, "-m", "batch", "check", str(path), "--out", str(folder), "--json", "--quiet"]
        spent = cost.run(words, folder=folder, environment=plain_environment(folder))
        counts = json.loads((folder / "command.out").read_text())["files"][0]["counts"]
        return spent, {"invalid_rows": counts["invalid"]}

    return Subject(name=OWN, act=act)


def peers(bench: Bench, path: Path) -> list[Subject]:
    arguments = [str(path), str(SCHEMA)]
    return [
        frictionless(bench, path),
        _script(bench, JSONSCHEMA, "check_jsonschema", arguments, home="jsonschema", package="jsonschema"),
        _script(bench, JSONSCHEMA_RS, "check_jsonschema_rs", arguments, home="jsonschema", package="jsonschema-rs"),
    ]


def frictionless(bench: Bench, path: Path) -> Subject:
    return _script(
        bench,
        FRICTIONLESS,
        "check_frictionless",
        [path.name, str(SCHEMA)],
        home="frictionless",
        package="frictionless",
        beside=path,
    )


def floors(bench: Bench, path: Path) -> list[Subject]:
    return [
        _script(bench, READ_CSV, "read_csv", [str(path), "c"], home=None, package="pandas"),
        _script(bench, READ_CSV_ARROW, "read_csv", [str(path), "pyarrow"], home=None, package="pyarrow"),
    ]


def _writing(bench: Bench, path: Path) -> Subject:
    """What it takes to write the failed file alone: its cells are put into a CSV before the clock runs."""
    cells = bench.inputs / f"{path.stem}.failed-cells.csv"
    if not cells.exists():
        folder = bench.inputs / f"{path.stem}.failed-cells"
        folder.mkdir(exist_ok=True)
        words = [bench.python, "-m", "batch", "check", str(path), "--out", str(folder), "--failed-format", "csv"]
        cost.run(words, folder=folder, environment=plain_environment(folder))
        (folder / f"{path.stem}.failed.csv").rename(cells)
    with cells.open(encoding="utf-8-sig") as stream:
        delimiter = ";" if ";" in stream.readline() else ","
    return _script(bench, WRITE_XLSX, "write_xlsx", [str(cells), "made.xlsx", delimiter], home=None, package="openpyxl")


def _script(
    bench: Bench,
    name: str,
    script: str,
    arguments: Sequence[str],
    *,
    home: str | None,
    package: str,
    beside: Path | None = None,
) -> Subject:
    def act(folder: Path, _run: int) -> tuple[Cost, Mapping[str, float]]:
        if beside is not None:  # frictionless trusts only files below the folder that it runs in
            (folder / beside.name).symlink_to(beside)
        python = bench.python if home is None else environment(home).python
        words = [python, str(DRIVERS / f"{script}.py"), *arguments]
        spent = cost.run(words, folder=folder, environment=plain_environment(folder))
        return spent, _invalid(folder / "command.out")

    return Subject(name=name, act=act, home=home, package=package)


def _invalid(out: Path) -> dict[str, float]:
    text = out.read_text()
    return {"invalid_rows": float(json.loads(text)["invalid"])} if text.startswith("{") else {}
