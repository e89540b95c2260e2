"""`doctor`: looks at everything a run needs, and says of each whether it is well, and if not, what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from batch.errors import ApiStop, BatchError, LedgerError, SettingsError
from batch.key_store import is_private
from batch.ledger import Ledger
from batch.model import Sentence, sentence
from batch.probe import Probe
from batch.rate import RateLimit
from batch.settings import Settings

_LITTLE_ROOM, _NO_ROOM = 500 << 20, 20 << 20  # bytes; a results workbook of 100,000 rows takes about 20 MB
_CLOCK_SECONDS = 5.0
_SETTINGS, _BASE_URL, _KEY, _DISK = sentence("settings"), sentence("base URL"), sentence("key"), sentence("disk")
_LEDGER, _API, _PACE, _CLOCK = sentence("ledger"), sentence("API"), sentence("pace"), sentence("clock")


class Health(StrEnum):
    """How one thing is."""

    WELL = "ok"
    WARNING = "warning"
    ILL = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `cause` is the error that a run would meet."""

    subject: Sentence
    health: Health
    sentence: Sentence
    cause: BatchError | None = None

    @property
    def message(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surgery:
    """What is looked at. `probe` asks the API once; nothing else leaves the machine."""

    settings: Settings
    file: Path | None
    unknown: tuple[str, ...]
    folder: Path
    open_ledger: Callable[[], Ledger]
    probe: Callable[[Ledger], Probe]


def examine(surgery: Surgery) -> Iterator[Finding]:
    """Everything in the order in which a run needs it. What cannot be looked at because something before it is ill is
    left out.
    """
    yield _file(surgery)
    yield from (_warn(_SETTINGS, sentence("{text}", text=text)) for text in surgery.unknown)
    ready = [_base_url(surgery.settings), *_key(surgery.settings)]
    yield from ready
    yield from _disk(surgery)
    try:
        with closing(surgery.open_ledger()) as ledger:
            yield from _ledger(ledger)
            if all(finding.health is not Health.ILL for finding in ready):
                yield from _api(surgery, ledger)
    except (LedgerError, SettingsError) as error:
        yield _ill(_LEDGER, error)


def _file(surgery: Surgery) -> Finding:
    if surgery.file is None:
        return _well(_SETTINGS, sentence("No settings file; the environment and the defaults count."))
    return _well(_SETTINGS, sentence("The settings file {file} counts.", file=surgery.file))


def _base_url(settings: Settings) -> Finding:
    try:
        url = settings.required_base_url
    except SettingsError as error:
        return _ill(_BASE_URL, error)
    return _well(_BASE_URL, sentence("{url}, account '{account}'.", url=url, account=settings.account))


def _key(settings: Settings) -> Iterator[Finding]:
    try:
        settings.key  # noqa: B018 -- only whether it can be had
    except SettingsError as error:
        yield _ill(_KEY, error)
        return
    if settings.api_key is not None:
        yield _well(_KEY, sentence("From the environment variable FLIREO_API_KEY."))
    elif settings.api_key_file is None:
        yield _well(_KEY, sentence("From the system's keyring."))
    elif is_private(settings.api_key_file):
        yield _well(_KEY, sentence("From the file {file}.", file=settings.api_key_file))
    else:
        yield _warn(
            _KEY,
            sentence(
                "Others on this machine may read the key file {file}. Let only yourself read it: chmod 600 {file}",
                file=settings.api_key_file,
            ),
        )


def _disk(surgery: Surgery) -> Iterator[Finding]:
    places = [(sentence("results"), surgery.folder)]
    if "://" not in surgery.settings.ledger_location:
        with suppress(RuntimeError):  # `~name` of nobody, which the look at the ledger tells
            places.append((_LEDGER, Path(surgery.settings.ledger_location).expanduser()))
    for name, place in places:
        folder = next(path for path in (place, *place.absolute().parents) if path.is_dir())
        yield _room(name, folder, shutil.disk_usage(folder).free)


def _room(name: Sentence, folder: Path, free: int) -> Finding:
    if not os.access(folder, os.W_OK):
        text = sentence("You may not write in {folder}, where the {name} would go.", folder=folder, name=name)
        return Finding(subject=_DISK, health=Health.WARNING, sentence=text)
    text = sentence("{free:,} MB free for the {name} in {folder}.", free=free >> 20, name=name, folder=folder)
    health = Health.WELL if free >= _LITTLE_ROOM else Health.WARNING if free >= _NO_ROOM else Health.ILL
    cause = LedgerError("disk_full", str(text)) if health is Health.ILL else None
    return Finding(subject=_DISK, health=health, sentence=text, cause=cause)


def _ledger(ledger: Ledger) -> Iterator[Finding]:
    yield _well(_LEDGER, sentence("{where} can be read and written.", where=ledger.where))
    doubtful = ledger.all_open_rows()
    if doubtful:
        yield _warn(
            _LEDGER,
            sentence(
                "Rows in doubt: {count}. The next run asks the API's list about them. See: flireo-batch history"
                " --in-doubt",
                count=len(doubtful),
            ),
        )


def _api(surgery: Surgery, ledger: Ledger) -> Iterator[Finding]:
    try:
        found = surgery.probe(ledger)
    except (SettingsError, ApiStop) as error:
        yield _ill(_API, error)
        return
    if not found.answered:
        yield _ill(_API, unanswered(found))
        return
    yield _well(
        _API,
        sentence(
            "It answers, in {milliseconds:.0f} ms; the account has {groups:,} groups.",
            milliseconds=found.reply.latency_seconds * 1000,
            groups=found.groups or 0,
        ),
    )
    yield from _pace(found, surgery.settings.rate_limit)
    yield from _clock(found)


def unanswered(found: Probe) -> ApiStop:
    """What is wrong when the API gave no list."""
    reply = found.reply
    if found.refused is not None:
        words = reply.error.message or reply.error.code if reply.error else ""
        return ApiStop(
            found.refused,
            sentence(
                "The API refuses the key ({answer}). Check that it was copied whole, and that it belongs to this base"
                " URL.",
                answer=f"HTTP {reply.http_status}{': ' if words else ''}{words}",
            ),
        )
    if reply.http_status is None:
        return ApiStop(
            "api_down",
            sentence(
                "The API does not answer ({problem}). Check the base URL and the network; if both are right, the API"
                " may be down.",
                problem=reply.problem,
            ),
        )
    return ApiStop(
        "api_unusable",
        sentence(
            "There is an answer, {answer}, but it is not this API's. Check the base URL: it is what comes before /v1/.",
            answer=f"HTTP {reply.http_status}{f' ({reply.problem})' if reply.problem else ''}",
        ),
    )


def _pace(found: Probe, limit: RateLimit) -> Iterator[Finding]:
    said = found.reply.limits.limit if found.reply.limits else None
    if said is None:
        yield _well(_PACE, sentence("{limit}; the API does not say what it allows.", limit=limit))
    elif said < limit.requests:
        yield _warn(
            _PACE,
            sentence(
                "FLIREO_RATE_LIMIT is {limit}, but the API allows only {said} in a span. Set it to what your plan"
                " allows, or runs will be held up by refusals.",
                limit=limit,
                said=said,
            ),
        )
    else:
        yield _well(_PACE, sentence("{limit}; the API allows {said} in a span.", limit=limit, said=said))


def _clock(found: Probe) -> Iterator[Finding]:
    if found.ahead_seconds is None:
        return
    if abs(found.ahead_seconds) <= _CLOCK_SECONDS:
        yield _well(_CLOCK, sentence("Within {seconds:g} seconds of the API's.", seconds=_CLOCK_SECONDS))
        return
    yield _warn(
        _CLOCK,
        sentence(
            "The clock of this machine and that of the API are {seconds:,.0f} seconds apart. Runs allow for that, but"
            " times in results will look odd: set this machine's clock by the network.",
            seconds=abs(found.ahead_seconds),
        ),
    )


def _well(subject: Sentence, text: Sentence) -> Finding:
    return Finding(subject=subject, health=Health.WELL, sentence=text)


def _warn(subject: Sentence, text: Sentence) -> Finding:
    return Finding(subject=subject, health=Health.WARNING, sentence=text)


def _ill(subject: Sentence, error: BatchError) -> Finding:
    return Finding(subject=subject, health=Health.ILL, sentence=sentence("{text}", text=error.said), cause=error)
