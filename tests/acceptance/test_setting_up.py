"""The first five minutes through the real program: `flireo-batch` alone, `init`, `doctor`."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.line import Api, sandbox
from tests.support.program import COMMAND, Program, named, write_csv

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def api() -> Iterator[Api]:
    with sandbox() as api:
        yield api


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Without an account; its user's folders are in the test's own."""
    return Program(
        folder=tmp_path,
        settings={
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "PYTHONPATH": str(ROOT),
            "TESTS_KEYRING": str(tmp_path / "keyring.json"),
        },
    )


def _settings(program: Program) -> dict[str, object]:
    return tomllib.loads((program.folder / "config" / "flireo-batch" / "flireo-batch.toml").read_text())


class Terminal:
    """The program on a terminal, answered as a person would."""

    def __init__(self, program: Program, *words: str) -> None:
        self._mine, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [*COMMAND, *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**program.environment, "COLUMNS": "300"},
            cwd=program.folder,
        )
        os.close(theirs)
        self.shown = ""

    def answer(self, prompt: str, text: str) -> None:
        """Types the text once the prompt stands at the end of the screen, with the space that says: it listens."""
        while not self.shown.endswith(f"{prompt} "):
            assert self._read(), self.shown
        os.write(self._mine, f"{text}\n".encode())
        self.shown += "\n"

    def end(self) -> int:
        while self._read():
            pass
        os.close(self._mine)
        return self._process.wait(30)

    def _read(self) -> bool:
        """Whether more came before it ended."""
        if not select.select([self._mine], [], [], 30)[0]:
            self._process.kill()
            raise AssertionError(self.shown)
        try:
            some = os.read(self._mine, 4096)
        except OSError:  # how a terminal says that its last program has gone
            return False
        self.shown += some.decode()
        return bool(some)


def test_alone_it_says_what_to_do_next(program: Program, api: Api) -> None:
    first = program()
    assert first.code == 0
    assert "flireo-batch init" in first.out
    program.api = api
    assert "flireo-batch init" not in program().out
    program.settings["FLIREO_CONCURRENCY"] = "none"
    assert "flireo-batch doctor" in program().out


def test_a_person_is_asked_corrected_and_set_up(program: Program, api: Api) -> None:
    screen = Terminal(program, "init")
    screen.answer("Base URL (what comes before /v1/):", "http://api.example.com")
    screen.answer("Base URL (what comes before /v1/):", api.url)
    screen.answer("Name of the account [default]:", "acme")
    screen.answer("API key, not shown:", "fl_test_mistyped")
    screen.answer(f"Base URL (what comes before /v1/) [{api.url}]:", "")
    screen.answer("Name of the account [acme]:", "")
    screen.answer("API key, not shown:", api.key)
    screen.answer("Keep the key in (keyring, file, none) [file]:", "")
    assert screen.end() == 0, screen.shown
    assert "https" in screen.shown
    assert "HTTP 401" in screen.shown
    assert api.key not in screen.shown
    key_file = program.folder / "config" / "flireo-batch" / "key"
    assert _settings(program) == {"base_url": api.url, "account": "acme", "api_key_file": str(key_file)}
    assert key_file.stat().st_mode & 0o777 == 0o600

    done = program("run", write_csv(program.folder / "customers.csv", *named(2)), "--json")
    assert (done.code, len(api.groups())) == (0, 2)


def test_nobody_is_asked_where_nobody_is(program: Program, api: Api) -> None:
    lacking = program("init", "--base-url", api.url)
    assert lacking.code == 2
    assert "--key-stdin" in lacking.err
    program.settings["FLIREO_API_KEY"] = api.key
    assert program("init").code == 2
    assert api.requests() == []
    done = program("init", "--base-url", api.url, "--account", "acme")
    assert done.code == 0
    assert _settings(program) == {"base_url": api.url, "account": "acme"}


def test_a_key_that_the_api_refuses_changes_nothing(program: Program, api: Api) -> None:
    program.settings["FLIREO_API_KEY"] = "fl_test_other"
    refused = program("init", "--base-url", api.url)
    assert refused.code == 4
    assert "HTTP 401" in refused.err
    assert not (program.folder / "config").exists()
    program.settings["FLIREO_API_KEY"] = api.key
    assert program("init", "--base-url", api.url).code == 0, "a mistyped key does not stand in the right one's way"


def test_a_key_may_be_piped_into_the_keyring(program: Program, api: Api) -> None:
    program.settings["PYTHON_KEYRING_BACKEND"] = "tests.support.keyring_of_tests.FileKeyring"
    done = subprocess.run(
        [*COMMAND, "init", "--base-url", api.url, "--key-stdin"],
        input=f"{api.key}\n",
        capture_output=True,
        text=True,
        env=program.environment,
        cwd=program.folder,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert api.key not in done.stdout + done.stderr
    assert _settings(program) == {"base_url": api.url, "account": "default", "keyring": True}
    assert program("doctor").code == 0
    (program.folder / "keyring.json").unlink()
    assert "keyring has no key" in program("run", write_csv(program.folder / "a.csv", *named(1))).err


def test_the_doctor_says_what_is_ill_and_what_to_do(program: Program, api: Api) -> None:
    ill = program("doctor")
    assert ill.code == 2
    assert "problem" in ill.out
    program.api = api
    program.settings["FLIREO_ACOUNT"] = "x"
    well = program("doctor", "--json")
    assert well.code == 0
    assert {finding["health"] for finding in well.json["findings"]} == {"ok", "warning"}
    api.next("401", endpoint="list")
    refused = program("doctor")
    assert refused.code == 4
    assert "was copied whole" in " ".join(refused.out.split())


def test_the_doctor_speaks_dutch_to_a_person_and_not_to_a_program(program: Program, api: Api) -> None:
    program.api = api
    well = " ".join(program("doctor", "--lang", "nl").out.split())
    assert "klok in orde" in well
    assert "voor: resultaten." in well
    assert "Alles is in orde. Verder met: flireo-batch check customers.xlsx" in well
    api.next("401", endpoint="list")
    refused = program("doctor", "--lang", "nl")
    assert "API probleem De API weigert de sleutel (HTTP 401" in " ".join(refused.out.split())
    assert {finding["subject"] for finding in program("doctor", "--json", "--lang", "nl").json["findings"]} > {"clock"}
