"""Who is told how a command ended: people (`--notify`), and a dead-man monitor (`--ping`). Neither ever fails a run."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from batch.cli.exits import NEEDS_SOMEONE, STOPPED, UNREADABLE, exit_code_of
from batch.errors import BatchError, BusyError
from batch.ping import Monitor, Sign
from batch.settings import NotifyWhen, Settings
from batch.version import version

if TYPE_CHECKING:  # apprise is slow to load, and only needed by those who use it
    from batch.bulletin import Bulletin
    from batch.notify import Channels

_DONE_ITS_WORK = frozenset({0, NEEDS_SOMEONE, UNREADABLE})
_MOST_BYTES_ATTACHED = 15 << 20  # what mail servers commonly take, with room for what attaching adds


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """`warn` is told, once, what did not get through."""

    host: str
    when: NotifyWhen
    attach: bool
    channels: Channels | None
    monitor: Monitor | None
    warn: Callable[[str], None] = field(repr=False)

    def began(self) -> None:
        """To be called when the work really begins."""
        self._ping(Sign.START)

    def ended(self, bulletin: Bulletin, exit_code: int) -> None:
        """That rows need someone, or a file cannot be read, is no failure of the job: it has done its work."""
        self._ping(
            Sign.SUCCESS if exit_code in _DONE_ITS_WORK else Sign.FAILURE,
            f"exit code {exit_code}\n{bulletin.title}\n",
        )
        if self.channels is None or self.when is NotifyWhen.NEVER:
            return
        if exit_code or bulletin.is_trouble or self.when is NotifyWhen.ALWAYS:
            self._notify(self.channels, bulletin)

    def failed(self, code: str, exit_code: int) -> None:
        """The command ended before it came to its files, or in a way that should not be."""
        from batch.bulletin import of_failure  # noqa: PLC0415 -- as above

        self.ended(of_failure(code, exit_code, self.host), exit_code)

    def _ping(self, sign: Sign, body: str = "") -> None:
        problem = self.monitor.tell(sign, body) if self.monitor is not None else None
        if problem is not None:
            self.warn(f"The monitor (--ping) could not be told: {problem}. The run goes on.")

    def _notify(self, channels: Channels, bulletin: Bulletin) -> None:
        from batch.notify import Message  # noqa: PLC0415 -- as above

        attached = tuple(path for path in bulletin.files if path.is_file()) if self.attach else ()
        too_large = sum(path.stat().st_size for path in attached) > _MOST_BYTES_ATTACHED
        failed = channels.tell(
            Message(
                title=str(bulletin.title),
                body=bulletin.body + ("\nThe results are too large to be attached." if too_large else ""),
                is_trouble=bulletin.is_trouble,
                files=() if too_large else attached,
            )
        )
        if failed:
            self.warn(
                f"The notification (--notify) did not get through: {', '.join(failed)}. Nothing else is affected. To"
                " find out why, send one with the command apprise -vv and the same address."
            )


@contextmanager
def telling(settings: Settings, warn: Callable[[str], None], *, silent: bool) -> Iterator[Teller]:
    """A teller for one command; whatever ends the command in the block is told too, unless another does its work.
    One that is `silent` tells nobody anything.

    Raises SettingsError for an address that cannot be used.
    """
    teller = _teller(settings, warn, silent=silent)
    try:
        yield teller
    except BusyError:
        raise
    except BatchError as error:
        teller.failed(error.code, exit_code_of(error))
        raise
    except SystemExit as end:
        teller.failed("interrupted", end.code if isinstance(end.code, int) else STOPPED)
        raise
    except KeyboardInterrupt:
        teller.failed("interrupted", 130)
        raise
    except Exception:  # whatever it is, the monitor is told that the run failed; then it goes on its way
        teller.failed("unexpected", STOPPED)
        raise


def _teller(settings: Settings, warn: Callable[[str], None], *, silent: bool) -> Teller:
    channels = None
    if settings.notify is not None and not silent and settings.notify_when is not NotifyWhen.NEVER:
        from batch.notify import Channels  # noqa: PLC0415 -- as above

        channels = Channels(settings.notify.get_secret_value().split())
    monitor = None
    if settings.ping is not None and not silent:
        monitor = Monitor(address=settings.ping.get_secret_value(), user_agent=f"flireo-batch/{version()}")
    return Teller(
        host=platform.node(),
        when=settings.notify_when,
        attach=settings.notify_attach,
        channels=channels,
        monitor=monitor,
        warn=warn,
    )
