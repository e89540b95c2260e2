from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.inputs import FIELDS, rows
from tests.benchmarks.records import Record, Section, load, save, summed_up, with_others_of
from tests.benchmarks.report.page import PAGE, RESULTS, markdown
from tests.benchmarks.report.tables import at_least, at_most, figure, ratio
from tests.benchmarks.sections import pace
from tests.benchmarks.senders import OWN
from tests.benchmarks.servers import ROOT

CASE = pace.case_name(1, 240, "sliding")


def section(*subjects: tuple[str, list[float]]) -> Section:
    taken = [
        Record(
            section="pace",
            case=CASE,
            subject=subject,
            run=run,
            exit_code=0,
            figures={"wall_seconds": over, "over_least": over, "throttled": 0, "duplicates": 0, "missing": 0},
        )
        for subject, values in subjects
        for run, over in enumerate(values)
    ]
    return Section(
        command="make bench ONLY=pace",
        date="2026-01-02",
        setup={"pace_limit": "100/6s"},
        machine={"processors": "2 x any", "memory": "8 GiB", "system": "Linux 6", "python": "3.11.7"},
        versions={"flireo-batch": "0.1.0"},
        remarks={"peer": "run on another Python"},
        absent={"other": "no such package"},
        results=summed_up(taken),
    )


def test_a_result_is_the_median_with_its_spread() -> None:
    (own,) = section((OWN, [3.0, 1.0, 2.0])).results
    spread = own.figures["over_least"]
    assert (own.runs, spread.median, spread.least, spread.most) == (3, 2.0, 1.0, 3.0)


def test_results_survive_being_saved(tmp_path: Path) -> None:
    measured = {"pace": section((OWN, [1.01]), ("peer", [1.5]))}
    save(tmp_path / RESULTS, measured)
    assert load(tmp_path / RESULTS) == measured


def test_cases_that_are_measured_again_take_the_place_of_the_old() -> None:
    def of(**figures: float) -> Section:
        taken = [
            Record(section="pace", case=case, subject=OWN, run=0, exit_code=0, figures={"wall_seconds": seconds})
            for case, seconds in figures.items()
        ]
        return replace(section(), results=summed_up(taken))

    old, new = of(one=1.0, two=2.0, three=3.0, four=4.0), replace(of(two=7.0, three=8.0), date="2026-02-02")
    both = with_others_of(new, old)
    assert [(result.case, result.median("wall_seconds")) for result in both.results] == [
        ("one", 1.0),
        ("two", 7.0),
        ("three", 8.0),
        ("four", 4.0),
    ]
    assert both.date == "2026-02-02"
    assert with_others_of(new, None) is new
    with pytest.raises(ValueError, match="another machine"):
        with_others_of(replace(new, machine={"processors": "4 x other"}), old)
    with pytest.raises(ValueError, match="measure the whole section"):
        with_others_of(replace(new, setup={"pace_limit": "20/1s"}), old)


def test_the_page_says_who_missed_a_target_who_is_absent_and_what_is_out_of_the_ordinary() -> None:
    page = markdown({"pace": section((OWN, [1.5]), ("peer", [1.2]))})
    assert f"| {CASE}: over the least | 1.5 times | at most 1.02 times | **no** |" in page
    assert f"| {CASE}: 429s, worst of all runs | 0 | at most 0 | yes |" in page
    assert "other could not be installed here: no such package." in page
    assert "peer: run on another Python." in page


def test_a_target_that_was_not_measured_is_neither_reached_nor_missed() -> None:
    assert at_most("x", None, 1, "").kept is None
    assert [at_most("x", 1.0, 1, "").kept, at_least("x", 0.9, 1, "").kept] == [True, False]


def test_a_ratio_needs_both() -> None:
    of = section((OWN, [2.0]), ("peer", [3.0]))
    assert ratio(of, CASE, "peer", OWN) == 1.5
    assert ratio(of, CASE, "nobody", OWN) is None


def test_figures_have_three_digits_that_mean_something() -> None:
    shown = [figure(value) for value in (0, 0.01234, 0.5, 1.234, 12.34, 123.4, 12345.6)]
    assert shown == ["0", "0.012", "0.5", "1.23", "12.3", "123", "12,346"]


def test_the_same_numbers_give_the_same_rows_and_as_many_bad_ones_as_asked() -> None:
    made = list(rows(100, bad_every=10))
    assert made == list(rows(100, bad_every=10))
    assert made[40:] == list(rows(60, bad_every=10, first=41))
    assert sum(dict(zip(FIELDS, row, strict=True))["phone_number_type"] == "satellite" for row in made) == 10
    assert len({row[FIELDS.index("name")] for row in made}) == 100


def test_the_published_page_is_what_its_results_give() -> None:
    results, page = ROOT / "docs" / RESULTS, ROOT / "docs" / PAGE
    assert results.exists() == page.exists()
    if page.exists():
        assert page.read_text(encoding="utf-8") == markdown(load(results))
        assert json.loads(results.read_text(encoding="utf-8"))


def test_the_same_figures_give_the_same_plot(tmp_path: Path) -> None:
    plots = pytest.importorskip(
        "tests.benchmarks.report.plots", reason="plots need the extra bench", exc_type=ImportError
    )
    of = section((OWN, [1.0, 1.1]), ("peer", [1.5, 1.4]))
    drawn = []
    for name in ("one.svg", "other.svg"):
        plots.draw("pace", of, tmp_path / name)
        drawn.append((tmp_path / name).read_bytes())
    assert drawn[0] == drawn[1]
    assert b"peer" in drawn[0]
