"""Tells people what came of a run, by mail, chat or webhook, through apprise; its sole owner.

An address may hold a password or a token. None is ever part of an error or of anything that is said.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batch.errors import SettingsError

if TYPE_CHECKING:  # it is an extra, and slow to load
    from apprise import Apprise

_LIMIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told: plain text, and files that go with it where the way has room for files."""

    title: str
    body: str
    is_trouble: bool
    files: tuple[Path, ...] = ()


class Channels:
    """The ways to tell people. Raises SettingsError for an address that apprise does not understand, or without it."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._apprise = _empty()
        for number, address in enumerate(addresses, start=1):
            if not self._apprise.add(address):
                raise SettingsError("notify_address", _wrong(number, address))

    def tell(self, message: Message) -> tuple[str, ...]:
        """Sends the message; the kinds of the ways on which it did not get through. Raises nothing for those."""
        from apprise import NotifyFormat, NotifyType  # noqa: PLC0415 -- as above
        from apprise.attachment.file import AttachFile  # noqa: PLC0415

        result = self._apprise.notify(
            title=message.title,
            body=message.body,
            body_format=NotifyFormat.TEXT,
            notify_type=NotifyType.WARNING if message.is_trouble else NotifyType.SUCCESS,
            attach=[AttachFile(str(path)) for path in message.files] or None,  # type: ignore[no-untyped-call]
            timeout=_LIMIT_SECONDS,
        )
        return tuple(service.name for service in result if not service)


def _empty() -> Apprise:
    try:
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415 -- as above
    except ImportError:
        raise SettingsError(
            "notify_missing",
            "Somebody is to be told (--notify), but the library for that is not installed. Install flireo-batch with"
            " its extra: pip install 'flireo-batch[notify]'.",
        ) from None
    # It writes addresses into its log, of which secrets are only sometimes taken out.
    logging.getLogger("apprise").disabled = True
    return Apprise(asset=AppriseAsset(app_id="flireo-batch", app_desc="flireo-batch", storage_mode="memory"))


def _wrong(number: int, address: str) -> str:
    scheme, colon, _ = address.partition("://")
    shown = f"begins with {scheme}://" if colon and scheme.isalnum() else "has no :// in it"
    return (
        f"Address {number} of --notify (FLIREO_NOTIFY), which {shown}, is none that apprise understands. Expected an"
        " address such as mailtos://user:password@example.com, slack://..., msteams://... or jsons://host/path; its"
        " documentation lists them all, and the command apprise, which was installed with it, tries them."
    )
