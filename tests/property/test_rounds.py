"""Rounds of edit and rerun: nothing twice, nothing lost, lineage right, outcomes add up, and so do the merged results.

Whole runs in this process, over real HTTP to a sandbox, with a real ledger and real files. ROUNDS_EXAMPLES=200 makes it
a search for new stories; else the same few are told each time.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from batch.merge import MergeOptions, merge
from batch.model import Status
from batch.pipeline.batch_run import BatchRun
from batch.pipeline.run import run
from batch.pipeline.values import FileResult, OutputOptions, RunOptions
from tests.support.line import Api, Line, again, line_to, sandbox
from tests.support.reading import read_here
from tests.support.rounds import ACTIONS, KEY, ORIGINAL, Customer, Row, Sheet, body_of, open_sheet, origins

MADE = (Status.CREATED.value, Status.ALREADY_CREATED.value)
FAULTS = (None, None, None, "drop_after", "drop_before", "500_after", "429:0", "400")


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with pytest.MonkeyPatch.context() as patch, sandbox() as api:
        read_here(patch)
        yield api


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a round's results said of a row."""

    round: int
    status: str
    group_id: str
    row: Row

    @property
    def own_id(self) -> str:
        return self.group_id if self.status in MADE else ""


@dataclass(slots=True)
class Story:
    """All rounds of one batch, checked as they go."""

    api: Api
    line: Line
    customer: Customer
    inputs: list[Path] = field(default_factory=list)
    results: list[Path] = field(default_factory=list)
    told: dict[str, list[Told]] = field(default_factory=dict)

    def go(self, path: Path, *, limit: int | None, form: str) -> None:
        sheet = open_sheet(path)
        options = RunOptions(
            files=(path,), limit=limit, output=OutputOptions(format=form, failed_format=self.customer.suffix[1:])
        )
        (result,) = run(options, again(self.line).tools(), _drive).files
        assert result.error is None, result.error
        assert result.results_file is not None
        self.results.append(result.results_file)
        self._check_results(path, sheet, result)
        self._check_failed(path, sheet, result)
        self._check_server()
        if result.failed_file is not None:
            self.inputs.append(result.failed_file)

    def _check_results(self, path: Path, sheet: Sheet, result: FileResult) -> None:
        found = open_sheet(result.results_file)  # type: ignore[arg-type]
        assert [row[KEY] for row in found.rows] == [row[KEY] for row in sheet.rows], "every row, in its place"
        assert Counter(row["status"] for row in found.rows) == {
            status.value: count for status, count in result.counts.items() if count
        }
        made = {str(group["id"]): group["body"] for group in self.api.groups()}
        for row, origin, given_row in zip(found.rows, origins(sheet, path.name), sheet.rows, strict=True):
            assert int(row["row"]) == origin.row
            assert all(row[name] == given_row.get(name, "") for name in self.customer.original.header)
            if row["status"] in MADE:
                assert _as_body(made[row["requirement_group_id"]]) == body_of(given_row), "the group is this row's"
            one = Told(
                round=len(self.results), status=row["status"], group_id=row["requirement_group_id"], row=given_row
            )
            self.told.setdefault(row[KEY], []).append(one)

    def _check_failed(self, path: Path, sheet: Sheet, result: FileResult) -> None:
        waiting = [
            (row, origin)
            for row, origin in zip(sheet.rows, origins(sheet, path.name), strict=True)
            if self.told[row[KEY]][-1].status not in MADE
        ]
        if result.failed_file is None:
            assert not waiting, "nobody who needs someone is left out"
            return
        failed = open_sheet(result.failed_file)
        assert [row[KEY] for row in failed.rows] == [row[KEY] for row, _ in waiting]
        for found, (given_row, origin) in zip(failed.rows, waiting, strict=True):
            assert (found["flireo_source"], int(found["flireo_row"])) == (origin.source, origin.row), "lineage is kept"
            assert all(found[name] == given_row.get(name, "") for name in self.customer.original.header)

    def _check_server(self) -> None:
        bodies = [json.dumps(body, sort_keys=True) for body in self.api.bodies()]
        assert len(bodies) == len(set(bodies)), "nothing is created twice"
        shown = ("name", "business_name", "phone_number_type", "city")  # what makes a group another group
        names = Counter(tuple(body[field] for field in shown) for body in self.api.bodies())
        assert max(names.values(), default=1) == 1, "nor as another version of the same group"

    # The merged results

    def check_merged(self, folder: Path, form: str) -> None:
        files = tuple(
            self.results[:1] if all(path.name.startswith(ORIGINAL) for path in self.results) else self.results
        )
        merged = merge(MergeOptions(files=files, folder=folder, form=form))
        assert [one.path for one in merged.rounds] == self.results
        assert merged.merged_file is not None
        found = open_sheet(merged.merged_file)
        by_key = {row[KEY]: row for row in found.rows}
        assert len(by_key) == len(found.rows) == merged.rows
        assert set(by_key) == set(self.told), "one line for each row that ever came in"
        first = [row[KEY] for row in open_sheet(self.results[0]).rows]
        assert [row[KEY] for row in found.rows][: len(first)] == first, "the first file's rows first, in its order"
        assert Counter(row["status"] for row in found.rows) == {s.value: n for s, n in merged.counts.items() if n}
        self._check_groups(found)
        for key, row in by_key.items():
            self._check_line(row, self.told[key])

    def _check_groups(self, found: Sheet) -> None:
        own = [row["requirement_group_id"] for row in found.rows if row["status"] in MADE]
        assert len(own) == len(set(own)), "a group counts once"
        everything = " ".join(own) + " ".join(row["errors"] for row in found.rows)
        assert all(group_id in everything for group_id in self.api.ids()), "no group is hidden"

    def _check_line(self, row: Row, told: list[Told]) -> None:
        claims = [one for one in told if one.own_id]
        if not claims:
            last = told[-1]
            assert (row["status"], row["requirement_group_id"]) == (last.status, last.group_id)
            assert int(row["flireo_round"]) == last.round
            assert all(row[name] == last.row[name] for name in self.customer.original.header)
            return
        assert row["requirement_group_id"] == claims[-1].own_id
        ids = {one.own_id for one in claims}
        assert all(group_id in row["errors"] for group_id in ids if len(ids) > 1), "two groups for one row are said"
        own = [one for one in claims if one.own_id == claims[-1].own_id]
        made = next((one for one in own if one.status == "created"), own[0])
        if row["status"] != "duplicate":
            assert row["status"] == made.status
        assert int(row["flireo_round"]) == made.round
        assert all(row[name] == own[-1].row[name] for name in self.customer.original.header)
        if told[-1].status not in MADE:
            known = (*(one.row for one in told[: told.index(claims[0])]), claims[-1].row)
            said = f"Round {told[-1].round} had other values" in row["errors"]
            assert said is not any(_same(told[-1].row, one) for one in known), "what the group does not hold is said"


def _same(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in one if not name.startswith("flireo_"))


def _drive(work: BatchRun) -> None:
    asyncio.run(work.work())


def _as_body(body: object) -> str:
    return json.dumps(body, sort_keys=True)


ROUND = st.fixed_dictionaries(
    {
        "again": st.booleans(),  # the original, or one of the failed files
        "which": st.integers(min_value=0, max_value=5),
        "actions": st.lists(st.sampled_from(ACTIONS), max_size=4),
        "faults": st.lists(st.sampled_from(FAULTS), max_size=4),
        "limit": st.sampled_from([None, None, None, 1]),
        "renamed": st.booleans(),
    }
)


@settings(
    max_examples=int(os.environ.get("ROUNDS_EXAMPLES", "15")),
    derandomize="ROUNDS_EXAMPLES" not in os.environ,  # what a long search finds must not surprise another change
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(
    rows=st.integers(min_value=1, max_value=7),
    rounds=st.lists(ROUND, min_size=1, max_size=4),
    seed=st.integers(min_value=0, max_value=2**16),
    suffix=st.sampled_from([".csv", ".xlsx"]),
    form=st.sampled_from(["csv", "xlsx"]),
)
def test_rounds(api: Api, rows: int, rounds: list[dict[str, object]], seed: int, suffix: str, form: str) -> None:
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        api._control.post("/reset", json={})
        line = held.enter_context(line_to(api, folder, concurrency=2))
        customer = Customer(folder=folder, chance=random.Random(seed), suffix=suffix)
        story = Story(api, line, customer)
        path = customer.begin(rows)
        story.go(path, limit=None, form=form)
        for number, one in enumerate(rounds):
            _edit_and_run(story, path, one, number, form)
        story.check_merged(folder, form)


def _edit_and_run(story: Story, original: Path, one: dict[str, object], number: int, form: str) -> None:
    customer, actions = story.customer, one["actions"]
    if one["again"] or not story.inputs:
        sheet, path = customer.original, original
    else:
        path = story.inputs[int(one["which"]) % len(story.inputs)]  # type: ignore[call-overload]
        sheet = open_sheet(path)
        if one["renamed"]:
            path = path.with_name(f"terug {number}{path.suffix}")
    customer.edit(sheet, *actions)  # type: ignore[misc]
    sheet.save(path)
    story.api.next(*one["faults"])  # type: ignore[misc]
    story.go(path, limit=one["limit"], form=form)  # type: ignore[arg-type]
