"""`--notify` and `--ping` through the real program: a mail server and a web hook on loopback hear what they should, and
nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.line import FIELDS, Api, sandbox
from tests.support.listeners import mail_server, web_hook
from tests.support.program import Program, named, write_csv


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def program(api: Api, tmp_path: Path) -> Program:
    return Program(folder=tmp_path, api=api)


def test_a_night_tells_people_and_the_monitor(program: Program, tmp_path: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    write_csv(root / "a.csv", *named(2))
    write_csv(root / "b.csv", *named(1, "Andere"), {"name": "Zonder", "city": ""})
    with web_hook() as hook, web_hook() as monitor, mail_server() as mail:
        program.settings["FLIREO_NOTIFY"] = (
            f"json://user:token-secret@127.0.0.1:{hook.port}/x mailto://127.0.0.1:{mail.port}?from=a@b.nl&to=c@b.nl"
        )
        program.settings["FLIREO_PING"] = f"http://127.0.0.1:{monitor.port}/uuid-secret"
        done = program("inbox", "in", "--unchanged-for", 0, "--notify-attach", "--log-format", "json")
        assert done.code == 1, done.err
        assert monitor.paths == ["/uuid-secret/start", "/uuid-secret"], "needing someone is no failure of the job"
        assert b"exit code 1" in monitor.heard[1][1]
        ((_, body),) = hook.heard
        told = json.loads(body)
        (letter,) = mail.mails
    assert told["title"] == "flireo-batch: 1 of 2 files needs someone"
    assert "b.csv: 1 created, 1 invalid. Failed rows: attention/" in told["message"]
    attached = {part.get_filename() for part in letter.walk() if part.get_filename()}
    assert attached == {"a.results.xlsx", "b.results.xlsx", "b.failed.xlsx"}
    assert {attachment["filename"] for attachment in told["attachments"]} == attached
    for value in (*FIELDS.values(), "Zonder", "Andere"):
        assert len(value) < 5 or value not in told["title"] + told["message"]
    assert "secret" not in done.out + done.err


def test_people_are_told_when_they_want_to_be(program: Program, tmp_path: Path) -> None:
    good = write_csv(tmp_path / "good.csv", *named(1))
    bad = write_csv(tmp_path / "bad.csv", {"city": ""})
    with web_hook() as hook:
        address = f"json://127.0.0.1:{hook.port}"
        for when, path, heard in (
            (None, good, 0),
            (None, bad, 1),
            ("always", good, 2),
            ("never", bad, 2),
        ):
            words = ("--notify-when", when) if when else ()
            program("run", path, "--notify", address, "--quiet", *words)
            assert len(hook.heard) == heard, (when, path)
        program("run", bad, "--notify", address, "--dry-run")
        assert len(hook.heard) == 2
        assert "attachments" not in json.loads(hook.heard[0][1]) or not json.loads(hook.heard[0][1])["attachments"]


def test_what_is_not_heard_is_said_once_and_changes_nothing(program: Program, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", {"city": ""})
    with web_hook(status=500) as broken:
        address = f"json://user:token-secret@127.0.0.1:{broken.port}/x"
        done = program("run", path, "--notify", address, "--ping", f"http://127.0.0.1:{broken.port}/uuid-secret")
    assert done.code == 1
    assert done.err.count("The notification (--notify) did not get through: JSON.") == 1
    assert "could not be told: HTTP 500" in done.err
    assert "secret" not in done.out + done.err


def test_a_command_that_cannot_begin_is_told_as_a_failure(program: Program, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", *named(1))
    with web_hook() as hook, web_hook() as monitor:
        program.settings |= {
            "FLIREO_BASE_URL": "",
            "FLIREO_NOTIFY": f"json://127.0.0.1:{hook.port}",
            "FLIREO_PING": f"http://127.0.0.1:{monitor.port}/u",
        }
        done = program("run", path)
        assert done.code == 2
        assert monitor.paths == ["/u/fail"]
        assert "(base_url_missing)" in json.loads(hook.heard[0][1])["title"]


def test_a_refused_key_is_a_failure_for_the_monitor(program: Program, tmp_path: Path) -> None:
    with web_hook() as monitor:
        program.settings |= {"FLIREO_API_KEY": "fl_test_wrong", "FLIREO_PING": f"http://127.0.0.1:{monitor.port}/u"}
        assert program("run", write_csv(tmp_path / "a.csv", *named(1))).code == 4
        assert monitor.paths == ["/u/start", "/u/fail"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FLIREO_PING", "ftp://host/uuid-secret", "FLIREO_PING"),
        ("FLIREO_PING", "http://example.com/uuid-secret", "http is for this machine only"),
        ("FLIREO_NOTIFY", "nonsense://token-secret@host", "begins with nonsense://"),
        ("FLIREO_NOTIFY_WHEN", "sometimes", "FLIREO_NOTIFY_WHEN"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_at_once_and_not_shown(
    program: Program, api: Api, tmp_path: Path, name: str, value: str, said: str
) -> None:
    program.settings[name] = value
    program.settings.setdefault("FLIREO_NOTIFY", "json://127.0.0.1:1")
    done = program("run", write_csv(tmp_path / "a.csv", *named(1)))
    assert (done.code, api.posts) == (2, 0)
    assert said in done.err
    assert "secret" not in done.out + done.err
