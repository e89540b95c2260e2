"""settings: flags over environment over file over defaults, and what is wrong is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from batch.cli.limits import limits_of
from batch.errors import SettingsError
from batch.rate import RateLimit
from batch.reading import Limits
from batch.settings import is_loopback, load_settings, unknown_variables


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = load_settings()
    assert (settings.base_url, settings.api_key, settings.account) == (None, None, "default")
    assert settings.rate_limit == RateLimit(requests=100, seconds=60.0)
    assert (settings.concurrency, settings.timeout_seconds, settings.max_attempts) == (8, 30.0, 5)
    assert (settings.retry_base_seconds, settings.settle_seconds, settings.max_wait_seconds) == (1.0, 10.0, 900.0)
    assert settings.region == "NL"


def test_the_ledger_is_in_the_users_data_folder_unless_said_otherwise(tmp_path: Path) -> None:
    assert load_settings().ledger_location == str(tmp_path / "xdg-data" / "flireo-batch" / "ledger.sqlite3")
    assert load_settings(flags={"ledger": "here.db"}).ledger_location == "here.db"


def test_flags_win_over_environment_over_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "flireo-batch.toml").write_text('account = "file"\nconcurrency = 2\nrate_limit = "5/second"\n')
    assert load_settings().account == "file"
    assert load_settings().rate_limit == RateLimit(requests=5, seconds=1.0)
    monkeypatch.setenv("FLIREO_ACCOUNT", "environment")
    assert load_settings().account == "environment"
    assert load_settings(flags={"account": "flag", "concurrency": None}).account == "flag"
    assert load_settings(flags={"account": "flag", "concurrency": None}).concurrency == 2


def test_the_users_config_folder_comes_after_the_file_here(tmp_path: Path) -> None:
    folder = tmp_path / "xdg-config" / "flireo-batch"
    folder.mkdir(parents=True)
    (folder / "flireo-batch.toml").write_text('account = "user"\n')
    assert load_settings().account == "user"
    (tmp_path / "flireo-batch.toml").write_text('account = "here"\n')
    assert load_settings().account == "here"
    named = tmp_path / "named.toml"
    named.write_text('account = "named"\n')
    assert load_settings(config=named).account == "named"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("FLIREO_RATE_LIMIT", "100/day", "expected N/second"),
        ("FLIREO_CONCURRENCY", "0", "greater than or equal to 1"),
        ("FLIREO_CONCURRENCY", "many", "valid integer"),
        ("FLIREO_TIMEOUT_SECONDS", "-1", "greater than 0"),
        ("FLIREO_BASE_URL", "api.example.com", "expected an address such as"),
        ("FLIREO_BASE_URL", "http://api.example.com", "expected https"),
        ("FLIREO_BASE_URL", "https://me:pw@api.example.com", "without a user name"),
        ("FLIREO_BASE_URL", "https://api.example.com?x=1", "expected an address such as"),
        ("FLIREO_REGION", "Nederland", "pattern"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert name in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://API.example.com/", "https://api.example.com"),
        ("https://api.example.com:443/v1/", "https://api.example.com"),
        ("https://api.example.com:8443/base/", "https://api.example.com:8443/base"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_one_address_is_written_in_one_way(given: str, kept: str) -> None:
    assert load_settings(flags={"base_url": given}).required_base_url == kept


def test_without_a_base_url_run_is_refused_with_what_to_do() -> None:
    with pytest.raises(SettingsError, match="FLIREO_BASE_URL"):
        _ = load_settings(flags={"base_url": " "}).required_base_url


def test_a_key_comes_from_the_environment_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FLIREO_API_KEY_FILE"):
        _ = load_settings().key
    (tmp_path / "key").write_text("fl_test_file\n")
    monkeypatch.setenv("FLIREO_API_KEY_FILE", str(tmp_path / "key"))
    assert load_settings().key.get_secret_value() == "fl_test_file"
    monkeypatch.setenv("FLIREO_API_KEY", " fl_test_env ")
    settings = load_settings()
    assert settings.key.get_secret_value() == "fl_test_env"
    assert "fl_test_env" not in repr(settings)


@pytest.mark.parametrize("text", ["", "two words", "caf\u00e9", "a\x00b"])
def test_a_damaged_key_is_refused_and_not_shown(text: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(SettingsError) as caught:
        _ = load_settings(flags={"api_key_file": tmp_path / "key"}).key
    assert not text or text not in str(caught.value)


def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        _ = load_settings(flags={"api_key_file": tmp_path / "none"}).key
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="it is not text"):
        _ = load_settings(flags={"api_key_file": tmp_path / "binary"}).key


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FLIREO_BASE_URL", "http://me:fl_live_secret@127.0.0.1:1"),
        ("FLIREO_BASE_URL", "https://me:a@fl_live_secret@api.example.com"),
        ("FLIREO_BASE_URL", "me:fl_live_secret@api.example.com"),
        ("FLIREO_BASE_URL", "fl_live_secret"),
        ("FLIREO_API_KEY_FILE", "fl_live_secret"),
    ],
)
def test_what_may_be_a_secret_in_the_wrong_place_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        _ = load_settings().key
    assert name in str(caught.value)
    assert "fl_live" not in str(caught.value)
    assert "api.example.com" in str(caught.value) or "@api" not in value


def test_a_key_in_a_file_of_that_name_is_not_shown_by_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fl_live_secret").write_text("two words")
    with pytest.raises(SettingsError) as caught:
        _ = load_settings(flags={"api_key_file": Path("fl_live_secret")}).key
    assert "fl_live" not in str(caught.value)


def test_a_byte_order_mark_is_no_part_of_a_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbffl_test_file\r\n")
    assert load_settings(flags={"api_key_file": tmp_path / "key"}).key.get_secret_value() == "fl_test_file"


def test_a_settings_file_must_not_hold_the_key(tmp_path: Path) -> None:
    (tmp_path / "flireo-batch.toml").write_text('api_key = "fl_live_secret"\n')
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.code == "api_key_in_file"
    assert "fl_live_secret" not in str(caught.value)


def test_an_unknown_key_in_the_settings_file_is_named_with_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "flireo-batch.toml").write_text("acount = 1\n")
    with pytest.raises(SettingsError, match="Did you mean account"):
        load_settings()


@pytest.mark.parametrize("content", [b"account = ", b"\xff\xfe"])
def test_a_broken_settings_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "flireo-batch.toml").write_bytes(content)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings()


def test_a_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        load_settings(config=tmp_path / "none.toml")


def test_a_mistyped_variable_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unknown_variables() == ()
    monkeypatch.setenv("FLIREO_RATE_LIMT", "1/second")
    monkeypatch.setenv("FLIREO_QQQQQQQQQQ", "1")
    other, one = unknown_variables()
    assert one.endswith("Did you mean FLIREO_RATE_LIMIT?")
    assert other.endswith("program.")


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.9.9.9", True), ("::1", True), ("example.com", False), ("10.0.0.1", False)],
)
def test_only_this_machine_is_loopback(host: str, here: bool) -> None:
    assert is_loopback(host) is here


def test_the_limits_of_reading_are_the_same_with_and_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits_of(load_settings()) == Limits()
    for name, value in {
        "FILE_SIZE": "500MB",
        "UNPACKED_SIZE": "1GiB",
        "ROWS": "5",
        "CELLS": "6",
        "MEMORY": "300MiB",
        "STALL_SECONDS": "2.5",
    }.items():
        monkeypatch.setenv(f"FLIREO_READ_MAX_{name}", value)
    assert limits_of(load_settings()) == Limits(
        file_bytes=500_000_000,
        inflated_bytes=1 << 30,
        rows=5,
        cells=6,
        memory_bytes=300 << 20,
        stuck_seconds=2.5,
    )
