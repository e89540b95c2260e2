"""notify and ping: real mails and requests on loopback; what is secret is in nothing that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.errors import SettingsError
from batch.notify import Channels, Message
from batch.ping import Monitor, Sign
from tests.support.listeners import mail_server, silent_server, web_hook

MESSAGE = Message(title="flireo-batch: 1 file is done", body="a_b*c.xlsx: 3 created.\n<second> line", is_trouble=False)


def test_a_web_hook_gets_title_and_text_as_they_are() -> None:
    with web_hook() as hook:
        assert Channels([f"json://127.0.0.1:{hook.port}/token"]).tell(MESSAGE) == ()
        ((path, body),) = hook.heard
    assert path == "/token"
    import json

    told = json.loads(body)
    assert (told["title"], told["type"]) == (MESSAGE.title, "success")
    assert told["message"] == MESSAGE.body


def test_a_mail_carries_the_files_that_go_with_it(tmp_path: Path) -> None:
    name = "a?b&c #1 ë.results.csv"
    (tmp_path / name).write_text("row,status\n2,created\n")
    message = Message(title="T", body="one\ntwo", is_trouble=True, files=(tmp_path / name,))
    with mail_server() as server:
        address = f"mailto://127.0.0.1:{server.port}?from=a@example.com&to=b@example.com"
        assert Channels([address]).tell(message) == ()
        (mail,) = server.mails
        assert "b@example.com" in server.heard[0][0]
    (attached,) = [part for part in mail.walk() if part.get_filename()]
    assert attached.get_filename() == name
    assert attached.get_payload(decode=True) == b"row,status\n2,created\n"
    assert "T" in str(mail["Subject"])


def test_what_does_not_get_through_is_named_by_its_kind_and_the_others_get_theirs() -> None:
    with web_hook() as hook, web_hook(status=500) as broken:
        addresses = [f"json://user:secret@127.0.0.1:{broken.port}/x", f"json://127.0.0.1:{hook.port}"]
        failed = Channels(addresses).tell(MESSAGE)
        assert len(hook.heard) == 1
    assert failed == ("JSON",)


@pytest.mark.parametrize("address", ["nonsense://user:secret@host", "secret", "mailto://", "json://"])
def test_an_address_that_is_none_is_refused_without_showing_it(address: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SettingsError) as caught:
        Channels([address])
    assert "secret" not in caught.value.message + caplog.text
    assert "Address 1 of --notify" in caught.value.message


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(SettingsError, match=r"flireo-batch\[notify\]"):
        Channels(["json://127.0.0.1"])


# Ping


def monitor(port: int, path: str = "/token", limit_seconds: float = 5.0) -> Monitor:
    return Monitor(
        address=f"http://127.0.0.1:{port}{path}", user_agent="flireo-batch/test", limit_seconds=limit_seconds
    )


def test_a_monitor_is_told_of_start_success_and_failure() -> None:
    with web_hook() as hook:
        for sign in (Sign.START, Sign.SUCCESS, Sign.FAILURE):
            assert monitor(hook.port, "/token?create=1").tell(sign, "exit code 0") is None
        assert monitor(hook.port, "/token/").tell(Sign.START) is None
        assert hook.paths == ["/token/start?create=1", "/token?create=1", "/token/fail?create=1", "/token/start"]
        assert hook.heard[1][1] == b"exit code 0"


def test_why_a_monitor_could_not_be_told_is_said_in_few_words() -> None:
    with web_hook(status=404) as hook:
        assert monitor(hook.port).tell(Sign.START) == "HTTP 404"
        port = hook.port
    assert monitor(port).tell(Sign.START) == "no connection"
    with silent_server() as silent:
        assert monitor(silent, limit_seconds=0.2).tell(Sign.START) == "no answer within 0.2 seconds"


def test_the_address_of_a_monitor_goes_nowhere_else() -> None:
    with web_hook() as other, web_hook(status=307, location=f"http://127.0.0.1:{other.port}/") as hook:
        assert monitor(hook.port).tell(Sign.START) == "HTTP 307"
        assert other.heard == []


def test_an_answer_that_is_no_http_is_no_success() -> None:
    with mail_server() as server:
        assert monitor(server.port).tell(Sign.START) == "BadStatusLine"
    assert Monitor(address="http://127.0.0.1:x/", user_agent="a").tell(Sign.START) is not None
