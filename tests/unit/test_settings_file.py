"""Writing the settings file: what a person wrote there stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.errors import SettingsError
from batch.settings import load_settings
from batch.settings_file import write_settings


def test_a_new_file_is_read_back_by_the_program(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "flireo-batch.toml"
    write_settings(path, {"base_url": "https://api.example.com", "account": 'a "b" \\ é', "keyring": True, "x": None})
    settings = load_settings(config=path)
    assert (settings.base_url, settings.account, settings.keyring) == ("https://api.example.com", 'a "b" \\ é', True)
    assert path.read_text().startswith("# Settings of flireo-batch")
    assert len(list(path.parent.iterdir())) == 1


def test_what_stands_there_stays_but_for_what_is_set(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('# ours\nrate_limit = "5/second"  # agreed\nkeyring = true\naccount = "old"\n')
    write_settings(path, {"account": "new", "keyring": None, "api_key_file": "/k"})
    assert path.read_text() == ('# ours\nrate_limit = "5/second"  # agreed\naccount = "new"\napi_key_file = "/k"\n')


def test_a_file_that_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("account = \n")
    with pytest.raises(SettingsError, match="no valid TOML") as caught:
        write_settings(path, {"account": "new"})
    assert caught.value.code == "settings_file"
    assert path.read_text() == "account = \n"


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        write_settings(tmp_path / "file" / "s.toml", {"account": "new"})
