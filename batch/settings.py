"""One frozen Settings, from flags over environment over a TOML file over defaults; sole owner of pydantic-settings.

Past 300 lines because each setting is declared, described and checked in one place.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import platformdirs
from pydantic import BeforeValidator, ByteSize, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from batch.errors import SettingsError
from batch.interrupts import INTERRUPTS
from batch.key_store import read_from_keyring
from batch.languages import Language, usual_language
from batch.rate import RateLimit, parse_rate_limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

FILE_NAME = "flireo-batch.toml"
PREFIX = "FLIREO_"
# Read by the program but not part of one run's settings; tests and operators may have them set.
_OTHER_VARIABLES = frozenset({"FLIREO_TEST_POSTGRES"})


# What must not be shown, also when it is wrong: whoever has it can do something with it.
_SECRETS = frozenset({"api_key", "notify", "ping"})
_KEY_PREFIX = "fl_"


class NotifyWhen(StrEnum):
    """When people are told."""

    ALWAYS = "always"
    ATTENTION = "attention"
    NEVER = "never"


def _rate_limit(value: object) -> object:
    return parse_rate_limit(value) if isinstance(value, str) else value


class Settings(BaseSettings):
    """Everything that an operator may set; durations in seconds. Secrets never show in a repr, log or error."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", arbitrary_types_allowed=True, validate_default=False
    )

    base_url: str | None = Field(
        default=None, description="What comes before /v1/...; https, or http on loopback only."
    )
    api_key: SecretStr | None = Field(default=None, description="The key of the account.")
    api_key_file: Path | None = Field(default=None, description="A file that holds the key and nothing else.")
    keyring: bool = Field(default=False, description="Whether the key is in the system's keyring (see init).")
    account: str = Field(
        default="default", min_length=1, max_length=200, description="A name for the account behind the key."
    )
    ledger: str = Field(default="", description="A file path (SQLite) or a postgresql:// URL.")
    rate_limit: Annotated[RateLimit, NoDecode, BeforeValidator(_rate_limit)] = Field(
        default=RateLimit(requests=100, seconds=60.0), description="At most so many requests in any such span."
    )
    concurrency: int = Field(default=8, ge=1, le=256, description="Requests in flight at most.")
    timeout_seconds: float = Field(default=30.0, gt=0, le=3600, description="For one request.")
    max_attempts: int = Field(default=5, ge=1, le=100, description="Sends of one row, where sending again is safe.")
    retry_base_seconds: float = Field(
        default=1.0, ge=0, le=60, description="First backoff; then exponential with jitter."
    )
    settle_seconds: float = Field(
        default=10.0, ge=0, le=3600, description="How long after an unanswered POST before the list is believed."
    )
    max_wait_seconds: float = Field(
        default=900.0, ge=0, le=86400, description="Longest outage or Retry-After to sit out before stopping."
    )
    poll_seconds: float = Field(
        default=15.0, ge=0, le=3600, description="First pause between two looks at approvals; it grows twentyfold."
    )
    region: str = Field(
        default="NL",
        pattern=r"^[A-Z]{2}$",
        description="Country of addresses and bare phone numbers where a row says nothing else.",
    )
    read_max_file_size: ByteSize = Field(
        default=ByteSize(2 << 30), ge=1, description="Of an input file, as in 500MB or 2GiB."
    )
    read_max_unpacked_size: ByteSize = Field(
        default=ByteSize(4 << 30), ge=1, description="Of what is packed in a workbook, all parts together."
    )
    read_max_rows: int = Field(
        default=1_048_576, ge=1, description="Rows of a workbook's sheet; a text file may have any number."
    )
    read_max_cells: int = Field(default=50_000_000, ge=1, description="Cells of a workbook's sheet, gaps included.")
    read_max_memory: ByteSize = Field(
        default=ByteSize(2 << 30), ge=256 << 20, description="What the process that reads a file may use."
    )
    read_max_stall_seconds: float = Field(
        default=15.0,
        ge=1,
        le=3600,
        description="How long that process may compute without getting further in the file.",
    )
    log_file: Path | None = Field(
        default=None, description="Where every event is noted in JSON Lines; 10 MB, then another, six in all."
    )
    notify: SecretStr | None = Field(
        default=None, description="Where to tell people how it ended: apprise addresses, with spaces in between."
    )
    notify_when: NotifyWhen = Field(
        default=NotifyWhen.ATTENTION, description="always, attention (if somebody has to do something) or never."
    )
    notify_attach: bool = Field(
        default=False, description="Whether results and failed files, which are customer data, go with it."
    )
    ping: SecretStr | None = Field(
        default=None,
        description="A dead-man monitor's address, as of healthchecks.io; https, or http on loopback only.",
    )
    lang: Language | None = Field(
        default=None, description="Language of what is said of a file, en or nl; by default that of the system."
    )
    schemas: Path | None = Field(
        default=None, description="A folder with schema files to use in place of the program's own."
    )

    @field_validator("base_url")
    @classmethod
    def _safe_base_url(cls, value: str | None) -> str | None:
        return None if value is None or not value.strip() else _checked_base_url(value.strip())

    @field_validator("notify")
    @classmethod
    def _any_address(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value().strip() else None

    @field_validator("ping")
    @classmethod
    def _safe_ping(cls, value: SecretStr | None) -> SecretStr | None:
        text = "" if value is None else value.get_secret_value().strip()
        return SecretStr(_checked_ping(text)) if text else None

    @field_validator("region", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings  # a .env beside a customer's file must not change where rows go
        toml = TomlConfigSettingsSource(settings_cls, toml_file=cls.model_config.get("toml_file"))
        return init_settings, env_settings, toml

    @property
    def key(self) -> SecretStr:
        """The API key, from the environment, the key file or the keyring. Raises SettingsError without one."""
        if self.api_key is not None and self.api_key.get_secret_value().strip():
            return _checked_key(self.api_key.get_secret_value().strip(), "FLIREO_API_KEY")
        if self.api_key_file is not None:
            return _checked_key(_key_file_text(self.api_key_file), f"the {_key_file_said(self.api_key_file)}")
        if self.keyring:
            return _checked_key(read_from_keyring(self.account, self.required_base_url), "the system's keyring")
        raise SettingsError(
            "api_key_missing",
            "No API key is set. Run flireo-batch init, or put the key in the environment variable FLIREO_API_KEY, or"
            " in a file that only you can read and name that file in FLIREO_API_KEY_FILE. (To try the program without"
            " a key, add --sandbox.)",
        )

    @property
    def language(self) -> Language:
        """The language to say things in: the one that was set, else that of whoever runs the program."""
        return self.lang or usual_language()

    @property
    def required_base_url(self) -> str:
        """The base URL, without a slash at its end. Raises SettingsError without one."""
        if self.base_url is None:
            raise SettingsError(
                "base_url_missing",
                "No base URL is set: the program does not know where to send the rows. Set FLIREO_BASE_URL to what"
                " comes before /v1/ in the API's address, for example https://api.example.com. (To try the program"
                " without the API, add --sandbox.)",
            )
        return self.base_url

    @property
    def ledger_location(self) -> str:
        """The ledger's file path or URL; by default `ledger.sqlite3` in the user's data folder."""
        return self.ledger.strip() or str(
            Path(platformdirs.user_data_dir("flireo-batch", appauthor=False)) / "ledger.sqlite3"
        )


def load_settings(*, config: Path | None = None, flags: Mapping[str, object] | None = None) -> Settings:
    """Settings from `flags` (None values are ignored), the environment, and a TOML file.

    Raises SettingsError naming the variable or key, what was found and what was expected; never the API key.
    """
    file = settings_file(config)

    with INTERRUPTS.held():

        class FromFile(Settings):
            model_config = SettingsConfigDict(**{**Settings.model_config, "toml_file": file})

    chosen = {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        _refuse_key_in_file(file)
        return FromFile(**chosen)  # type: ignore[arg-type]  # pydantic checks them, with a better message
    except ValidationError as error:
        raise SettingsError("settings", "\n".join(_say(item, file) for item in error.errors())) from None
    except (OSError, ValueError) as error:
        raise SettingsError("settings_file", f"The settings file {file} cannot be read: {error}.") from error


def settings_file(config: Path | None) -> Path | None:
    """The settings file that counts: the one that was named, else the one here, else the user's; None without any."""
    if config is not None:
        if not config.is_file():
            raise SettingsError(
                "settings_file", f"The settings file {config} does not exist. Check the path after --config."
            )
        return config
    return next((path for path in (Path(FILE_NAME), user_settings_file()) if path.is_file()), None)


def user_settings_file() -> Path:
    """Where the user's own settings file is, or would be."""
    return Path(platformdirs.user_config_dir("flireo-batch", appauthor=False)) / FILE_NAME


def unknown_variables() -> tuple[str, ...]:
    """A sentence for each environment variable that looks like a setting and is none: most often a typing error."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | _OTHER_VARIABLES
    strange = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    return tuple(
        f"The environment variable {name} is not a setting of this program.{_did_you_mean(name, known)}"
        for name in strange
    )


def _did_you_mean(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _refuse_key_in_file(file: Path | None) -> None:
    if file is None:
        return
    with file.open("rb") as stream:
        if "api_key" in tomllib.load(stream):
            raise SettingsError(
                "api_key_in_file",
                f"The settings file {file} holds the API key. Settings files get copied and shared, so the key must not"
                " stand there: set FLIREO_API_KEY, or put the key alone in a file and name that file as api_key_file.",
            )


def _say(item: ErrorDetails, file: Path | None) -> str:
    name = str(item["loc"][0]) if item["loc"] else ""
    where = f"{PREFIX}{name.upper()} (in the settings file: {name})"
    if item["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, list(Settings.model_fields), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return f"The settings file {file} has a key '{name}' that is not a setting.{hint}"
    hidden = "key" in name or name in _SECRETS or _is_like_a_key(item["input"])
    found = "" if hidden else f" Found: {_open(item['input'])!r}."
    reason = item["msg"].removeprefix("Value error, ")
    return f"The setting {where} is wrong: {reason[:1].lower()}{reason[1:]}.{found}"


def _open(value: object) -> object:
    """What was found, without what may be a user's name and password in an address."""
    if not isinstance(value, str) or "@" not in value:
        return value
    scheme = f"{value.partition('://')[0]}://" if "://" in value else ""
    return f"{scheme}...@{value.rpartition('@')[2]}"


def _is_like_a_key(value: object) -> bool:
    return str(value).strip().startswith(_KEY_PREFIX)


def _checked_base_url(value: str) -> str:
    parts = urlsplit(value)
    host = parts.hostname or ""
    if parts.username or parts.password:
        msg = "expected an address without a user name or password in it"
        raise ValueError(msg)
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        msg = "expected an address such as https://api.example.com"
        raise ValueError(msg)
    if parts.scheme == "http" and not is_loopback(host):
        msg = "expected https: over plain http anyone on the way could read the key (http is for this machine only)"
        raise ValueError(msg)
    path = parts.path.rstrip("/").removesuffix("/v1").rstrip("/")
    port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{parts.port}"
    shown_host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown_host.lower()}{port}{path}"


def _checked_ping(value: str) -> str:
    parts = urlsplit(value)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or (parts.scheme == "http" and not is_loopback(host)):
        msg = "expected an address such as https://hc-ping.com/... (http is for this machine only)"
        raise ValueError(msg)
    return value


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key_file_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").strip()  # some editors put a byte order mark first
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        advice = " A key itself belongs into FLIREO_API_KEY." if _is_like_a_key(path) else ""
        raise SettingsError(
            "api_key_file", f"The {_key_file_said(path)} (FLIREO_API_KEY_FILE) cannot be read: {reason}.{advice}"
        ) from None


def _key_file_said(path: Path) -> str:
    """How the file is called in a sentence: not by a name that may be the key itself, in the wrong variable."""
    return "key file whose name looks like a key" if _is_like_a_key(path) else f"key file {path}"


def _checked_key(text: str, where: str) -> SecretStr:
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise SettingsError(
            "api_key_malformed",
            f"The API key in {where} is empty or has characters that no key has (spaces, line breaks, accents)."
            " Copy it again, whole and alone.",
        )
    return SecretStr(text)
