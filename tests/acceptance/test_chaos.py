"""The short form of the chaos suite; `make chaos` runs the long one. A failure names the seed that repeats it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from batch.sandbox.groups import Maker, StoredGroup
from tests.chaos.__main__ import burn_seed
from tests.chaos.scenario import Fire, scenario
from tests.chaos.verdict import Wrong, answers_true, once_each

# More time to settle than in the long form: a busy machine may take long to deliver what a killed program sent.
SHORT = Fire(rows=60, kills=5, settle_seconds=0.8)


@pytest.mark.parametrize("seed", [5, 2])
def test_killed_again_and_again_every_row_is_created_once_and_none_is_lost(seed: int, tmp_path: Path) -> None:
    tally = burn_seed(seed, SHORT, tmp_path)
    assert tally.kills + tally.soft > 0
    assert tally.starts > scenario(seed, SHORT).programs + 2


def test_a_seed_makes_the_same_choices_each_time() -> None:
    assert scenario(7, SHORT) == scenario(7, SHORT)
    assert len({replace(scenario(seed, SHORT), seed=0).name for seed in range(20)}) > 10


def _group(number: int, name: str, maker: Maker = Maker.API) -> StoredGroup:
    return StoredGroup(
        id=f"id-{number}", number=number, account="default", created_at=0.0, maker=maker, body={"name": name}
    )


@pytest.mark.parametrize(
    ("names", "broken"),
    [
        (["a", "b"], None),
        (["a", "b", "b"], "made more than once"),
        (["a"], "missing"),
        (["a", "b", "c"], "nobody asked for"),
    ],
)
def test_the_judge_sees_a_broken_promise(names: list[str], broken: str | None) -> None:
    groups = [*(_group(number, name) for number, name in enumerate(names)), _group(99, "x", Maker.FOREIGN)]
    wanted = {'{"name": "a"}', '{"name": "b"}'}
    if broken is None:
        once_each(groups, wanted, whole=True)
        return
    with pytest.raises(Wrong, match=broken):
        once_each(groups, wanted, whole=True)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("2,created,id-0,a", True),
        ("2,created,id-9,a", False),
        ("2,created,,a", False),
        ("2,invalid,id-0,a", False),
        ("2,in_doubt,,a", False),
    ],
)
def test_the_judge_sees_an_answer_that_is_not_true(line: str, right: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.results.csv"
    path.write_text(f"row,status,requirement_group_id,name\n{line}\n")
    status = "invalid" if "invalid" in line else "created"
    document = {"files": [{"results_file": str(path), "rows": 1, "counts": {status: 1, "not_sent": 0}}]}
    if right:
        assert answers_true(document, [_group(0, "a")]) == {"created"}
        return
    with pytest.raises(Wrong):
        answers_true(document, [_group(0, "a")])
