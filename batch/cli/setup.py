"""`init`: asks for what a run needs, tries it once, and writes it down; prompts only where someone is there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import typer
from pydantic import SecretStr

from batch.cli.probing import ask_once
from batch.doctor import unanswered
from batch.errors import BatchError, SettingsError
from batch.key_store import entry_name, keep_in_file, keep_in_keyring, why_no_keyring
from batch.ledger import open_ledger
from batch.settings import Settings, load_settings, settings_file, user_settings_file
from batch.settings_file import write_settings

_KEY_FILE = "key"
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The flags of `init`, as given."""

    base_url: str | None
    account: str | None
    keep: str | None
    key_stdin: bool
    key_file: Path | None
    config: Path | None
    overwrite: bool
    accept_new_key: bool
    check: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What the settings file will say. The key is new, or None where it stays where it is."""

    base_url: str
    account: str
    key: SecretStr | None = None


def set_up(asked: Asked) -> None:
    """Exits with 0 once everything is written. Raises SettingsError for what is missing or wrong, ApiStop where the API
    does not take it; then nothing was written.
    """
    path = asked.config or settings_file(None) or user_settings_file()
    present = load_settings(config=path if path.is_file() else None)
    someone = sys.stdin.isatty() and not asked.key_stdin
    answers = _until_tried(asked, present, someone=someone)
    keep = _keep(asked, answers, someone=someone)
    values = _kept(asked, answers, keep, path, someone=someone)
    write_settings(path, {"base_url": answers.base_url, "account": answers.account, **values})
    typer.echo(f"Wrote {path}.")
    if keep == "none" and answers.key is not None:
        typer.echo("The key was not kept: set FLIREO_API_KEY, or FLIREO_API_KEY_FILE, for each run.")
    typer.echo("Next: flireo-batch check customers.xlsx   (flireo-batch template makes a file to fill in)")


def _until_tried(asked: Asked, present: Settings, *, someone: bool) -> _Answers:
    known = _Answers(base_url=asked.base_url or present.base_url or "", account=asked.account or present.account)
    for _ in range(_ATTEMPTS - 1 if someone else 0):
        known = _answers(asked, known, present, someone=someone)
        try:
            return _tried(known, asked)
        except BatchError as error:
            typer.echo(f"{error.message}\nOnce more; Ctrl-C ends this without a change.")
    return _tried(_answers(asked, known, present, someone=someone), asked)


def _answers(asked: Asked, known: _Answers, present: Settings, *, someone: bool) -> _Answers:
    """`known` are the answers to offer."""
    base_url = _ask("Base URL (what comes before /v1/)", "base_url", known.base_url, "--base-url", someone=someone)
    account = _ask("Name of the account", "account", known.account, "--account", someone=someone)
    return _Answers(base_url=base_url, account=account, key=_new_key(asked, present, someone=someone))


def _ask(what: str, name: str, known: str, how: str, *, someone: bool) -> str:
    """The answer of whoever is there, asked until it is a good one; what is known already where nobody is."""
    if someone:
        return str(typer.prompt(what, default=known or None, value_proc=lambda text: _checked(name, text)))
    if not known:
        raise SettingsError("init_missing", f"{what} is missing, and nobody is there to be asked. Give it by {how}.")
    return str(getattr(load_settings(flags={name: known}), name))


def _checked(name: str, text: str) -> str:
    try:
        return str(getattr(load_settings(flags={name: text}), name))
    except SettingsError as error:
        raise typer.BadParameter(error.message) from None


def _new_key(asked: Asked, present: Settings, *, someone: bool) -> SecretStr | None:
    """The key as it was typed or piped in; None where the settings that are there have one."""
    if asked.key_stdin:
        line = sys.stdin.readline().strip()
        if not line:
            raise SettingsError("init_missing", "--key-stdin was given, but no key came in on standard input.")
        return load_settings(flags={"api_key": line}).key
    has_one = bool(present.api_key or present.api_key_file or present.keyring)
    if someone:
        hint = " (Enter: keep the present one)" if has_one else ""
        text = typer.prompt(f"API key, not shown{hint}", hide_input=True, default="" if has_one else None)
        return load_settings(flags={"api_key": text}).key if text else None
    if not has_one:
        raise SettingsError(
            "init_missing",
            "The API key is missing, and nobody is there to be asked. Pipe it in with --key-stdin, or set"
            " FLIREO_API_KEY or FLIREO_API_KEY_FILE.",
        )
    return None


def _tried(answers: _Answers, asked: Asked) -> _Answers:
    """The answers, once the API has given its list for them (`--no-check`: at once). Raises what stands in the way."""
    if not asked.check:
        return answers
    flags = {"base_url": answers.base_url, "account": answers.account, "api_key": answers.key}
    settings = load_settings(flags=flags)
    with closing(open_ledger(settings.ledger_location)) as ledger:
        found = ask_once(settings, ledger, accept_key=asked.accept_new_key)
    if not found.answered:
        raise unanswered(found)
    typer.echo(f"The API answers; the account has {found.groups or 0:,} groups.")
    return answers


def _keep(asked: Asked, answers: _Answers, *, someone: bool) -> str:
    """Where the key goes: `keyring`, `file` or `none`."""
    if answers.key is None:
        return "none"
    if asked.keep is not None:
        return asked.keep
    best = "file" if asked.key_file is not None or why_no_keyring() is not None else "keyring"
    if not someone or asked.key_file is not None:
        return best
    return str(typer.prompt("Keep the key in (keyring, file, none)", default=best, value_proc=_place))


def _place(text: str) -> str:
    if text not in ("keyring", "file", "none"):
        raise typer.BadParameter("answer keyring, file or none")
    return text


def _kept(asked: Asked, answers: _Answers, keep: str, path: Path, *, someone: bool) -> dict[str, str | bool | None]:
    """Puts the key where it goes; what the settings file has to say about that."""
    if answers.key is None:
        return {}
    key = answers.key.get_secret_value()
    file = asked.key_file or path.with_name(_KEY_FILE)
    places: dict[str, Callable[[], dict[str, str | bool | None]]] = {
        "keyring": lambda: _in_keyring(answers, key),
        "file": lambda: _in_file(file, key, overwrite=asked.overwrite or (someone and _replace(file))),
        "none": lambda: {"keyring": None, "api_key_file": None},
    }
    return places[keep]()


def _replace(file: Path) -> bool:
    return file.exists() and typer.confirm(f"The key file {file} exists already. Replace it?")


def _in_keyring(answers: _Answers, key: str) -> dict[str, str | bool | None]:
    keep_in_keyring(answers.account, answers.base_url, key)
    typer.echo(f"The key is in the system's keyring, as {entry_name(answers.account, answers.base_url)}.")
    return {"keyring": True, "api_key_file": None}


def _in_file(file: Path, key: str, *, overwrite: bool) -> dict[str, str | bool | None]:
    keep_in_file(file, key, overwrite=overwrite)
    typer.echo(f"The key is in {file}, which only you can read.")
    return {"keyring": None, "api_key_file": str(file.absolute())}
