"""What the doctor finds, against a real ledger and a sandbox over HTTP."""

from __future__ import annotations

import asyncio
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from batch.doctor import Finding, Health, Surgery, examine
from batch.errors import BatchError, LedgerError, SettingsError
from batch.ledger import Claim, Ledger, open_ledger
from batch.ledger.values import Entries
from batch.probe import Probe, probe
from batch.rate import RateLimit
from tests.support.line import FIELDS, Api, Line, line_to, sandbox

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 -- the shape of shutil's own


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox(rate_limit=RateLimit(requests=100, seconds=60.0)) as api:
        yield api


@pytest.fixture
def line(api: Api, tmp_path: Path) -> Iterator[Line]:
    with line_to(
        api,
        tmp_path,
        base_url=api.url,
        api_key=api.key,
        ledger=str(tmp_path / "ledger.sqlite3"),
        rate_limit="100/minute",
    ) as line:
        yield line


def _ask(line: Line) -> Callable[[Ledger], Probe]:
    return lambda ledger: asyncio.run(probe(line.tools(lambda: ledger), ledger))


def examined(line: Line, tmp_path: Path, **changed: object) -> list[Finding]:
    surgery: dict[str, object] = {
        "settings": line.settings,
        "file": None,
        "unknown": (),
        "folder": tmp_path,
        "open_ledger": lambda: open_ledger(line.settings.ledger_location),
        "probe": _ask(line),
    }
    return list(examine(Surgery(**{**surgery, **changed})))  # type: ignore[arg-type]


def of(findings: list[Finding], subject: str) -> list[Finding]:
    return [finding for finding in findings if str(finding.subject) == subject]


def test_a_healthy_setting_is_well_in_everything(api: Api, line: Line, tmp_path: Path) -> None:
    api.place(FIELDS, {**FIELDS, "name": "b"})
    findings = examined(line, tmp_path, file=tmp_path / "s.toml")
    assert {finding.health for finding in findings} == {Health.WELL}
    assert [str(finding.subject) for finding in findings] == [
        "settings", "base URL", "key", "disk", "disk", "ledger", "API", "pace", "clock",
    ]  # fmt: skip
    assert "2 groups" in of(findings, "API")[0].message
    assert [entry["status"] for entry in api.requests()] == [200], "the API is asked once"


def test_what_is_missing_is_ill_and_the_api_is_not_asked(api: Api, line: Line, tmp_path: Path) -> None:
    bare = line.settings.model_copy(update={"base_url": None, "api_key": None})
    findings = examined(line, tmp_path, settings=bare, unknown=("FLIREO_ACOUNT is no setting.",))
    assert [finding.cause.code for finding in findings if finding.cause] == ["base_url_missing", "api_key_missing"]
    assert of(findings, "settings")[1].health is Health.WARNING
    assert api.requests() == []


def test_a_key_file_that_others_may_read_is_warned_of(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("fl_test_x")
    path.chmod(0o644)
    settings = line.settings.model_copy(update={"api_key": None, "api_key_file": path})
    (found,) = of(examined(line, tmp_path, settings=settings), "key")
    assert (found.health, "chmod 600" in found.message) == (Health.WARNING, True)
    path.chmod(0o600)
    (found,) = of(examined(line, tmp_path, settings=settings), "key")
    assert found.health is Health.WELL
    assert "fl_test_x" not in found.message


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("401", "key_refused", "was copied whole"),
        ("403", "forbidden", "refuses the key"),
        ("drop_before", "api_down", "does not answer"),
        ("not_json_before", "api_unusable", "Check the base URL"),
        ("500_before", "api_unusable", "HTTP 500"),
        ("429:3000", "api_unusable", "HTTP 429"),
    ],
)
def test_what_is_wrong_with_the_api_is_said(
    api: Api, line: Line, tmp_path: Path, fault: str, code: str, words: str
) -> None:
    api.next(fault, endpoint="list")
    (found,) = of(examined(line, tmp_path), "API")
    assert found.health is Health.ILL
    assert isinstance(found.cause, BatchError)
    assert found.cause.code == code
    assert words in found.message


def test_a_pause_that_the_api_asked_for_is_said_and_kept(api: Api, line: Line, tmp_path: Path) -> None:
    api.next("429:3000", endpoint="list")
    examined(line, tmp_path)
    (found,) = of(examined(line, tmp_path), "API")
    assert found.cause is not None
    assert found.cause.code == "rate_limited"
    assert len(api.requests()) == 1


def test_a_limit_that_is_more_than_the_api_allows_is_warned_of(line: Line, tmp_path: Path) -> None:
    settings = line.settings.model_copy(update={"rate_limit": RateLimit(requests=500, seconds=60.0)})
    (found,) = of(examined(line, tmp_path, settings=settings), "pace")
    assert found.health is Health.WARNING
    assert "only 100" in found.message


def test_an_api_that_does_not_say_its_limit_or_its_time_is_no_matter(tmp_path: Path) -> None:
    with sandbox() as api, line_to(api, tmp_path, base_url=api.url, api_key=api.key) as line:
        findings = examined(line, tmp_path)
    assert "does not say" in of(findings, "pace")[0].message


def test_clocks_that_differ_are_warned_of(tmp_path: Path) -> None:
    with sandbox(clock_skew_seconds=-90.0) as api, line_to(api, tmp_path, base_url=api.url, api_key=api.key) as line:
        (found,) = of(examined(line, tmp_path), "clock")
    assert found.health is Health.WARNING
    assert "9" in found.message


def test_another_key_of_a_used_account_is_ill(api: Api, line: Line, tmp_path: Path) -> None:
    with closing(open_ledger(line.settings.ledger_location)) as ledger:
        ledger.note_listed(ledger.scope("default", api.url, "fl_test_before"), [])
    (found,) = of(examined(line, tmp_path), "API")
    assert isinstance(found.cause, SettingsError)
    assert found.cause.code == "key_changed"


def test_rows_in_doubt_are_warned_of(line: Line, tmp_path: Path) -> None:
    with closing(open_ledger(line.settings.ledger_location)) as ledger:
        scope = ledger.scope("default", line.base_url, line.key)
        with ledger.running("dead", scope, "run", ["a.csv"]):
            claim = Claim(fingerprint="f", group_key="g", source="a.csv", row=2)
            ledger.commit(scope, "dead", RateLimit(requests=9, seconds=1.0), Entries(claims=(claim,)))
    warned = of(examined(line, tmp_path), "ledger")[1]
    assert (warned.health, "Rows in doubt: 1" in warned.message) == (Health.WARNING, True)


def test_a_ledger_that_cannot_be_opened_is_ill(line: Line, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = line.settings.model_copy(update={"ledger": str(tmp_path / "file" / "ledger.sqlite3")})
    findings = examined(line, tmp_path, settings=settings, open_ledger=lambda: open_ledger(settings.ledger_location))
    assert isinstance(findings[-1].cause, LedgerError)


@pytest.mark.parametrize(("free", "health"), [(600 << 20, "ok"), (100 << 20, "warning"), (1 << 20, "problem")])
def test_a_disk_that_is_nearly_full_is_said(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, health: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 40, 0, free))
    assert {finding.health.value for finding in of(examined(line, tmp_path), "disk")} == {health}


def test_a_folder_where_nothing_can_be_written_is_warned_of(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    found = of(examined(line, tmp_path), "disk")[0]
    assert (found.health, "may not write" in found.message) == (Health.WARNING, True)
