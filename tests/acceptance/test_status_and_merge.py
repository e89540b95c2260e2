"""`status`, `run --wait-approval` and `merge` as their users run them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.line import Api, sandbox
from tests.support.listeners import web_hook
from tests.support.program import Program, interrupt, named, sheet, statuses, wait_until, write_csv
from tests.support.rounds import open_sheet

SOON = {"FLIREO_POLL_SECONDS": "0.05"}


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def program(api: Api, tmp_path: Path) -> Program:
    return Program(folder=tmp_path, api=api, settings=dict(SOON))


def approvals(path: Path | str) -> list[object]:
    return [row["approval"] for row in sheet(path, "Results")]


def run_rows(program: Program, *names: str, results: str = "xlsx") -> str:
    """The results of a run that created a group for each name."""
    path = write_csv(program.folder / "a.csv", *({"name": name} for name in names))
    done = program("run", path, "--json", "--format", results)
    return str(done.file["results_file"])


def test_states_are_shown_and_written_and_the_exit_code_tells_whether_any_needs_someone(
    program: Program, api: Api
) -> None:
    path = run_rows(program, "n1", "n2", "n3")
    calm = program("status", path)
    assert calm.code == 0
    assert "a.results.xlsx       3        3" in calm.out
    first, second, third = (api.id_of(name) for name in ("n1", "n2", "n3"))
    api.decide(first, "approved")
    api.decide(third, "rejected")
    done = program("status", "a.results.xlsx", "--json")
    assert done.code == done.json["exit_code"] == 1
    assert done.json["counts"] == {
        "pending": 1, "approved": 1, "rejected": 1, "deleted": 0, "not_found": 0, "unknown": 0
    }  # fmt: skip
    rejected = next(group for group in done.json["groups"] if group["approval"] == "rejected")
    assert rejected["requirement_group_id"] == third
    assert rejected["rows"] == [{"source": "a.csv", "row": 4}]
    assert rejected["documents"][1] == {"type": "proof_of_address", "status": "rejected"}
    assert second in {group["requirement_group_id"] for group in done.json["groups"]}
    written = done.json["files"][0]["results_file"]
    assert written == "a.results-3.xlsx"
    assert approvals(program.folder / written) == ["approved", "pending", "rejected"]
    shown = program("status", path, "--overwrite")
    assert [line.split() for line in shown.out.splitlines() if third in line] == [
        ["4", third, "rejected", "proof_of_address:", "rejected"]
    ]
    assert shown.out.index(third) < shown.out.index(second) < shown.out.index(first), "who needs someone goes first"
    assert approvals(path) == ["approved", "pending", "rejected"]


def test_of_the_last_run_from_the_ledger_nothing_is_written(program: Program, api: Api) -> None:
    run_rows(program, "n1", "n2")
    before = sorted(path.name for path in program.folder.iterdir())
    done = program("status", "--log-format", "json")
    assert done.code == 0
    assert done.out.startswith("Run 20")
    assert sorted(path.name for path in program.folder.iterdir()) == before
    assert '"event": "approvals"' in done.err
    run_id = done.out.splitlines()[0].removeprefix("Run ")
    assert program("status", "--run", run_id, "--json").json["run_id"] == run_id
    assert run_id in program("history").out
    assert program("status", "--run", "nonsense").code == 2
    both = program("status", "a.results.xlsx", "--run", run_id)
    assert (both.code, "not both" in both.err) == (2, True)


def test_a_group_of_another_account_is_not_found_and_the_person_is_told(program: Program, tmp_path: Path) -> None:
    path = run_rows(program, "n1")
    with sandbox() as other:
        elsewhere = Program(folder=tmp_path, api=other, settings={**SOON, "FLIREO_ACCOUNT": "other"})
        done = elsewhere("status", path)
        assert done.code == 1
        assert f"the account 'other' at {other.url} does not have these groups" in done.out
        assert "says that its groups were created at" in done.out


def test_what_is_no_results_file_is_refused_with_what_to_do(program: Program) -> None:
    run_rows(program, "n1")
    done = program("status", "a.csv", "--json")
    assert (done.code, done.json["files"][0]["error"]["code"]) == (3, "not_results")
    assert "a.csv is not a results file" in done.err
    assert "Did you mean a.results.xlsx?" in done.err
    assert program("status", "a.results.xlsx", "--watch", "--wait-at-most", "soon").code == 2
    broken = program("status", "--config", "none.toml", "--json")
    assert (broken.code, broken.json["stopped"]) == (2, "settings_file")


def test_a_watch_waits_until_none_is_pending_or_its_time_is_over(program: Program, api: Api) -> None:
    path = run_rows(program, "n1", "n2", results="csv")
    over = program("status", path, "--watch", "--wait-at-most", "0.2s")
    assert over.code == 4
    assert "2 still pending at the end of the wait" in over.out
    assert "looking again in" in over.err
    watching = program.start("status", path, "--watch", "--quiet")
    for group_id in api.ids():
        api.decide(group_id, "approved")
    done = program.finish(watching)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert [row["approval"] for row in open_sheet(program.folder / "a.results-3.csv").rows] == ["approved"] * 2


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_watch_leaves_what_is_known(program: Program, api: Api, number: int, code: int) -> None:
    path = run_rows(program, "n1", "n2")
    api.decide(api.id_of("n1"), "approved")
    asked = len(api.requests())
    watching = program.start("status", path, "--watch", "--json")
    wait_until(lambda: len(api.requests()) > asked + 1)
    interrupt(watching, number)
    done = program.finish(watching)
    assert (done.code, done.json["stopped"]) == (code, "interrupted")
    assert approvals(program.folder / "a.results-2.xlsx") == ["approved", "pending"]


# run --wait-approval


def test_a_run_that_waits_has_the_approvals_in_its_results(program: Program, api: Api, tmp_path: Path) -> None:
    rows = [*named(3), {"city": ""}]
    path = write_csv(tmp_path / "a.csv", *rows)
    with web_hook() as hook:
        running = program.start("run", path, "--wait-approval", "--json", "--notify", f"json://127.0.0.1:{hook.port}")
        wait_until(lambda: len(api.ids()) == 3 and (tmp_path / "a.results.xlsx").exists())
        found = dict(zip(api.ids(), ("approved", "approved", "rejected"), strict=True))
        for group_id, state in found.items():
            api.decide(group_id, state)
        done = program.finish(running)
    ((_, heard),) = hook.heard
    assert b"2 of 3 groups are approved, 0 pending; 1 needs someone" in heard
    assert done.code == 1
    assert done.json["approval"]["counts"]["rejected"] == 1
    assert statuses(tmp_path / "a.results.xlsx") == ["created", "created", "created", "invalid"]
    for row in sheet(tmp_path / "a.results.xlsx", "Results"):
        assert row["approval"] == found.get(str(row["requirement_group_id"]))
    assert sorted(path.name for path in tmp_path.glob("a.*")) == ["a.csv", "a.failed.xlsx", "a.results.xlsx"]


def test_a_run_that_waits_is_done_when_all_is_approved(program: Program, api: Api, tmp_path: Path) -> None:
    running = program.start("run", write_csv(tmp_path / "a.csv", *named(2)), "--wait-approval")
    wait_until(lambda: len(api.ids()) == 2)
    for group_id in api.ids():
        api.decide(group_id, "approved")
    done = program.finish(running)
    assert done.code == 0
    assert "a.results.xlsx       2         2" in done.out


def test_however_the_wait_ends_the_results_of_the_run_are_there(program: Program, api: Api, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(2))
    over = program("run", path, "--wait-approval", "--wait-at-most", "0.1s", "--json")
    assert (over.code, over.json["stopped"]) == (4, "still_pending")
    assert approvals(tmp_path / "a.results.xlsx") == ["pending", "pending"]
    api.plan("list", fraction=1.0, weights={"503_before": 1})
    program.settings |= {"FLIREO_MAX_WAIT_SECONDS": "0.1", "FLIREO_MAX_ATTEMPTS": "1"}
    down = program("run", path, "--wait-approval", "--json")
    assert (down.code, down.json["stopped"]) == (4, "api_down")
    assert down.file["counts"]["already_created"] == 2
    assert statuses(tmp_path / "a.results-2.xlsx") == ["already_created"] * 2
    api.plan("list")
    running = program.start("run", path, "--wait-approval", "--json")
    wait_until((tmp_path / "a.results-3.xlsx").exists)
    interrupt(running)
    done = program.finish(running)
    assert (done.code, done.json["stopped"]) == (130, "interrupted")
    assert statuses(tmp_path / "a.results-3.xlsx") == ["already_created"] * 2


def test_a_run_may_practise_the_wait_but_not_dryly(program: Program, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(1))
    assert program("run", path, "--wait-approval", "--dry-run").code == 2
    done = program("run", path, "--sandbox", "--wait-approval", "--json", timeout=90.0)
    assert (done.code, done.json["approval"]["counts"]["approved"]) == (0, 1)
    bad = program("run", tmp_path / "none.csv", "--wait-approval", "--json")
    assert (bad.code, "approval" in bad.json) == (3, False)


# merge


def test_all_rounds_of_a_batch_become_one_workbook(program: Program, api: Api, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(3), {"name": "n4", "city": ""}, {"name": "n5", "city": ""})
    assert program("run", path, "--failed-format", "csv").code == 1
    failed = open_sheet(tmp_path / "a.failed.csv")
    failed.rows[0]["city"] = "Arnhem"
    failed.save(tmp_path / "a.failed.csv")
    assert program("run", "a.failed.csv").code == 1
    api.decide(api.id_of("Vestiging 1"), "approved")
    assert program("status", "a.results.xlsx").code == 0
    program.settings = {"FLIREO_LEDGER": "/nowhere/at/all", "FLIREO_BASE_URL": ""}
    requests = len(api.requests())
    done = program("merge", "a.csv")
    assert done.code == 1
    assert "Merged:      a.merged.xlsx" in done.out
    assert len(api.requests()) == requests
    rows = sheet(tmp_path / "a.merged.xlsx", "Results")
    assert [(row["row"], row["status"], row["flireo_round"]) for row in rows] == [
        (2, "created", 1), (3, "created", 1), (4, "created", 1), (5, "created", 2), (6, "invalid", 2)
    ]  # fmt: skip
    assert [row["approval"] for row in rows] == ["approved", "pending", "pending", None, None]
    told = program("merge", "--json", "--format", "csv").json
    assert told["counts"]["created"] == 4
    assert [one["results_file"] for one in told["rounds"]] == ["a.results-3.xlsx", "a.results-2.xlsx"]
    assert told["left_out"] == ["a.results.xlsx"]
    assert (tmp_path / told["merged_file"]).exists()


def test_how_each_command_ended_is_told_in_dutch(program: Program, tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", *named(1), {"name": "n5", "city": ""})
    program.settings = {"FLIREO_LANG": "nl"}
    ran = program("run", "a.csv").out
    assert ran.splitlines()[0].split() == ["bestand", "regels", "created", "invalid"]
    assert "\nTe verbeteren: a.failed.xlsx\nHierna: verbeter deze regels, sla op, en dan: " in ran
    asked = program("status", "a.results.xlsx").out
    assert asked.splitlines()[0].split() == ["bestand", "groepen", "pending"]
    assert asked.splitlines()[3].split() == ["regel", "requirement_group_id", "approval", "documenten"]
    assert "\nResultaten:    a.results-2.xlsx\n1 verzoek, " in asked
    merged = program("merge", "a.csv").out
    assert merged.splitlines()[0].split() == ["ronde", "regels", "created", "invalid"]
    assert "\nSamengevoegd:  a.merged.xlsx\n" in merged
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    assert program("inbox", inbox).out == "De inbox is leeg.\n"
    write_csv(inbox / "b.csv", {"name": "n6", "city": ""})
    (inbox / "notes.md").write_text("niet voor ons")
    night = program("inbox", inbox, "--unchanged-for", "0").out
    assert "\nb.csv: vraagt aandacht, staat nu in inbox/attention/" in night
    assert "\nnotes.md: blijft staan. " in night


def test_a_merge_that_cannot_be_made_says_why(program: Program, tmp_path: Path) -> None:
    nothing = program("merge", "--json")
    assert (nothing.code, nothing.json["error"]["code"]) == (2, "no_rounds")
    write_csv(tmp_path / "a.csv", *named(1))
    done = program("merge", "a.csv")
    assert (done.code, "a.csv is not a results file" in done.err) == (3, True)


def test_the_sandbox_approves_and_rejects_when_it_is_told_to(program: Program, tmp_path: Path) -> None:
    refused = program("sandbox", "--reject", "0.5")
    assert (refused.code, "--reject needs --approve-after" in refused.err) == (2, True)
