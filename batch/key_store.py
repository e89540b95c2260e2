"""Where the API key is kept for the next run: the system's keyring, or a file for its owner alone.

Sole owner of keyring. That is an extra: where it is not installed, or the system has none, a file does the same.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from batch.errors import SettingsError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "flireo-batch"


def entry_name(account: str, base_url: str) -> str:
    """The user name under which the keyring holds the key of an account at a base URL."""
    return f"{account}@{base_url}"


def why_no_keyring() -> str | None:
    """Why keys cannot be kept in a keyring here; None where they can."""
    try:
        _backend()
    except SettingsError as error:
        return error.message
    return None


def keep_in_keyring(account: str, base_url: str, key: str) -> None:
    """Raises SettingsError where the system has no keyring, or it is locked or refuses."""
    from keyring.errors import KeyringError  # noqa: PLC0415 -- an extra

    try:
        _backend().set_password(SERVICE, entry_name(account, base_url), key)
    except KeyringError as error:
        raise _refused(error) from None


def read_from_keyring(account: str, base_url: str) -> str:
    """The key that was kept. Raises SettingsError where there is none, or no keyring to ask."""
    backend = _backend()
    from keyring.errors import KeyringError  # noqa: PLC0415 -- an extra

    try:
        key = backend.get_password(SERVICE, entry_name(account, base_url))
    except KeyringError as error:
        raise _refused(error) from None
    if key is None:
        raise SettingsError(
            "keyring_empty",
            f"The system's keyring has no key for account '{account}' at {base_url}."
            " Run flireo-batch init to put it there, or set FLIREO_API_KEY.",
        )
    return key


def keep_in_file(path: Path, key: str, *, overwrite: bool) -> None:
    """Writes the key, and nothing else, to a file that only its owner can read. Raises SettingsError."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        if path.exists() and not overwrite:
            raise SettingsError(
                "key_file_exists",
                f"The key file {path} exists already. Name another one with --key-file, or add --overwrite.",
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        # The mode comes with the creation: at no moment can anybody else read it.
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(f"{key}\n")
        partial.replace(path)
    except OSError as error:
        raise SettingsError("key_file", f"The key file {path} cannot be written: {error.strerror}.") from None


def is_private(path: Path) -> bool:
    """Whether nobody but its owner may read the file; where the system has no such modes, True."""
    return os.name == "nt" or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def _backend() -> KeyringBackend:
    try:
        import keyring  # noqa: PLC0415 -- an extra
        from keyring.backends.fail import Keyring as NoKeyring  # noqa: PLC0415
    except ImportError:
        raise SettingsError(
            "keyring_missing",
            "Keys in the system's keyring need the library keyring, which is not installed."
            " Install the program with it: pip install 'flireo-batch[keyring]'.",
        ) from None
    backend = keyring.get_keyring()
    if isinstance(backend, NoKeyring):
        raise SettingsError(
            "no_keyring", "This system has no keyring that keys could be kept in. Keep the key in a file instead."
        )
    return backend


def _refused(error: Exception) -> SettingsError:
    return SettingsError(
        "keyring_refused",
        f"The system's keyring refused ({type(error).__name__}). Unlock it and try again, or keep the key in a file.",
    )
