"""Where keys are kept: what is written can be read by its owner alone, and nothing is kept elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import keyring
import keyring.backend
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from batch.errors import SettingsError
from batch.key_store import is_private, keep_in_file, keep_in_keyring, read_from_keyring, why_no_keyring
from batch.settings import load_settings
from tests.support.keyring_of_tests import FileKeyring, LockedKeyring

URL = "https://api.example.com"
KEY = "fl_test_kept"


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TESTS_KEYRING", str(tmp_path / "keyring.json"))


def _use(monkeypatch: pytest.MonkeyPatch, backend: type[keyring.backend.KeyringBackend]) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend())


def test_a_key_goes_into_the_keyring_and_comes_out_by_account_and_address(monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, FileKeyring)
    assert why_no_keyring() is None
    keep_in_keyring("acme", URL, KEY)
    assert read_from_keyring("acme", URL) == KEY
    with pytest.raises(SettingsError, match="no key for account 'other'") as caught:
        read_from_keyring("other", URL)
    assert caught.value.code == "keyring_empty"


def test_settings_find_the_key_in_the_keyring_only_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, FileKeyring)
    keep_in_keyring("acme", URL, KEY)
    known = {"account": "acme", "base_url": URL}
    assert load_settings(flags={**known, "keyring": True}).key.get_secret_value() == KEY
    assert load_settings(flags={**known, "keyring": True, "api_key": "fl_env"}).key.get_secret_value() == "fl_env"
    with pytest.raises(SettingsError, match="flireo-batch init"):
        load_settings(flags=known).key  # noqa: B018 -- it raises


@pytest.mark.parametrize(
    ("backend", "code", "words"),
    [(NoKeyring, "no_keyring", "in a file instead"), (LockedKeyring, "keyring_refused", "Unlock it")],
)
def test_a_keyring_that_cannot_be_used_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, backend: type[keyring.backend.KeyringBackend], code: str, words: str
) -> None:
    _use(monkeypatch, backend)
    for act in (lambda: keep_in_keyring("acme", URL, KEY), lambda: read_from_keyring("acme", URL)):
        with pytest.raises(SettingsError, match=words) as caught:
            act()
        assert caught.value.code == code
        assert KEY not in caught.value.message


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "flireo-batch[keyring]" in str(why_no_keyring())


def test_a_key_file_is_its_owners_alone_and_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"
    keep_in_file(path, KEY, overwrite=False)
    assert path.stat().st_mode & 0o777 == 0o600
    assert is_private(path)
    assert load_settings(flags={"api_key_file": path}).key.get_secret_value() == KEY
    with pytest.raises(SettingsError, match="exists already"):
        keep_in_file(path, "fl_other", overwrite=False)
    assert path.read_text() == f"{KEY}\n"
    keep_in_file(path, "fl_other", overwrite=True)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("fl_other\n", 0o600)
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]
    path.chmod(0o640)
    assert not is_private(path)


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        keep_in_file(tmp_path / "file" / "key", KEY, overwrite=False)
