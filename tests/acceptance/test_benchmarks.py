"""The benchmarks at their smallest, with nothing that has to be installed: that they work, not how fast anything is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import records
from tests.benchmarks.__main__ import main
from tests.benchmarks.report.page import PAGE, RESULTS
from tests.benchmarks.sections.submit import HELP, at_once
from tests.benchmarks.senders import BARE_HTTPX, LOOP_HTTPX, OWN
from tests.benchmarks.servers import ROOT

pytestmark = [
    pytest.mark.xdist_group("benchmarks"),  # one measuring for all of them
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="a process tree is weighed by /proc"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("benchmarks")
    words = [
        "--scale",
        "smoke",
        "--runs",
        "1",
        "--no-peers",
        "--no-plots",
        "--to",
        str(to),
        "--cache",
        str(to / "cache"),
    ]
    main([*words, "--only", "read", "--only", "submit"])
    return to


def test_all_send_the_same_rows_and_the_server_counts_them(folder: Path) -> None:
    section = records.load(folder / RESULTS)["submit"]
    assert section.cases() == [HELP, at_once(30)]
    for name in (OWN, LOOP_HTTPX.name, BARE_HTTPX.name):
        result = section.find(at_once(30), name)
        assert result is not None
        assert result.exit_codes == (0,)
        assert result.median("groups") == 30
        assert result.median("duplicates") == result.median("missing") == 0
        assert result.median("wall_seconds") > result.median("first_post_seconds") > 0
        assert result.median("peak_mib") > 5


def test_what_was_checked_is_on_the_page(folder: Path) -> None:
    section = records.load(folder / RESULTS)["read"]
    (case,) = section.cases()
    own = section.find(case, OWN)
    assert own is not None
    assert own.median("invalid_rows") == 1
    assert own.exit_codes == (1,)
    page = (folder / PAGE).read_text(encoding="utf-8")
    assert case in page
    assert f"| **{OWN}** | 1 |" in page


def test_every_run_is_kept_as_it_was(folder: Path) -> None:
    kept = [line for path in (folder / "cache" / "raw").iterdir() for line in path.read_text().splitlines()]
    sections = records.load(folder / RESULTS).values()
    assert len(kept) == sum(result.runs for section in sections for result in section.results)


def test_no_figure_holds_a_path_of_this_machine(folder: Path) -> None:
    text = (folder / RESULTS).read_text(encoding="utf-8")
    assert str(folder) not in text
    assert str(ROOT) not in text
