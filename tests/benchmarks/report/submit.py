"""The section of the page on sending without a limit."""

from __future__ import annotations

from tests.benchmarks.peers import PEERS
from tests.benchmarks.records import Result, Section
from tests.benchmarks.report.tables import (
    Target,
    against_own,
    at_least,
    at_most,
    emphasised,
    figure,
    median,
    ratio,
    spread,
    table,
    told,
)
from tests.benchmarks.sections import submit as measured
from tests.benchmarks.senders import BARE_AIOHTTP, BARE_HTTPX, CONNECTIONS, OWN

TITLE = "Sending, with no limit"
PLOT = "benchmarks-submit.svg"
_INTRO = f"""\
The API allows 100 requests a minute, so that nobody needs this speed today; it shows what safety costs. The server is
a bare ASGI application in a process of its own on the same machine; `server` is how much of one processor it used
while it was sent to: near 1, it is what is measured. This program, bulk-post and the ceilings use {CONNECTIONS}
connections; the others know only one. Times are of the whole command, its start included; `POST/s` is between the
first and the last POST alone. Behind a slow server the rate is the same for any number of rows, so that those who
send one after the other get fewer there; the largest file is for the fast server alone, and not for Newman, which
needs many minutes for it.
"""
_TEXT = """\
**What limits us.** Between its first and its last POST this program sends {own} rows/s, where bare httpx over as many
connections and with no safety at all gets {httpx} and bare aiohttp {aiohttp}: the floor here is the processor time of
one HTTP client in Python, not the disk. A claim and an answer for each row are on disk before the program goes on,
but the rows of all connections share their transactions, and httpx's requests are carried by aiohttp on libuv's event
loop. One thread sends and another writes the ledger; both need Python's lock. With a statement for each row the one
that writes came back from the database for each of them, and waited for the lock each time, so that the two did little
side by side; now a dozen statements carry all rows of a transaction (2026-11-27, 20,000 rows, same machine: from 1,500
to 2,150 POST/s, with libuv's loop and twice as many rows in hand, each of which is an eighth of it). What is left is
flat: aiohttp and httpx, and then what makes a row safe: its hashes, the check of its answer, the pace.

A whole command adds its start and its results files, which weigh on few rows: of the {whole} s for {rows} rows the
first {start} s pass before the first POST, most of them in the imports of pandas, pandera and SQLAlchemy, while {best}
is done with everything after {best_whole} s. It gets {best_rate} rows/s and keeps nothing that a second run could go
by. Sending from a second process, beside the one that plans and writes, would use the other processor; it was not
built: were the first killed, the second could still send what the next run rightly takes for never sent. In two of the
five runs of 50,000 rows on 2026-11-28 the first POST came 7 and 13 s later than in the others, with hardly more
processor time. Of all these only this program waits for the disk: ten times before the first POST on a new ledger
(strace, 2026-11-28), mostly for less than 0.6 ms each; but one wait soon after took 230 ms, on a machine that did
nothing else. Longer ones, while the files that others left are written out, were not caught in the act.

Nine tenths of a start are imports (py-spy and `-X importtime` of what is loaded before the first POST, 2026-11-28). A
quarter of those are pandas, numpy and pyarrow, an eighth pandera, a tenth each SQLAlchemy and aiohttp (nearly half of
that for TLS contexts that it makes whatever the address is), a twelfth pydantic, Typer and rich, and a seventh our own
modules, half of that the making of dataclasses. It hangs on the machine too: the commit that took 1.13 s to the first
POST of a small file on the one of 2026-11-24 took 1.66 s on the one of 2026-11-28, and within a day the same code there
between 1.1 and 1.7 s. These figures are of before the same day's last change: a quiet program, as it is here, now does
without rich and rapidfuzz, some 50 ms by `-X importtime`.
"""
_FEWEST_ROWS = 40
_CEILINGS = (BARE_HTTPX.name, BARE_AIOHTTP.name)
_HEAD_OF_START = ("", "time, this program = 1", "seconds", "processor s", "memory, MiB")
_HEAD = (
    "",
    "rows/s, this program = 1",
    "rows/s",
    "POST/s",
    "first POST, s",
    "processor s",
    "memory, MiB",
    "twice",
    "missing",
    "server",
)


def _peers() -> list[str]:
    return [peer.name for peer in PEERS]


def _cases_at_once(section: Section) -> list[str]:
    return [case for case in section.cases() if "at once" in case]


def targets(section: Section) -> list[Target]:
    found = [
        at_most("`--help`", median(section, measured.HELP, OWN, "wall_seconds"), 0.3, " s"),
        at_most("first POST of a small file", median(section, measured.SMALL, OWN, "first_post_seconds"), 1.2, " s"),
    ]
    for case in _cases_at_once(section):
        whole, between = (_over_best(section, case, speed) for speed in ("rows_per_second", "posts_per_second"))
        bare = ratio(section, case, OWN, BARE_HTTPX.name, "rows_per_second")
        sending = ratio(section, case, OWN, BARE_HTTPX.name, "posts_per_second")
        found += [
            at_least(f"{case}: over the fastest peer, the whole command", whole, 1, " times"),
            at_least(f"{case}: over the fastest peer, first to last POST", between, 1, " times"),
            at_least(f"{case}: over bare httpx, the whole command", bare, 0.8, " times"),
            at_least(f"{case}: over bare httpx, first to last POST", sending, 0.8, " times"),
        ]
    return found


def _over_best(section: Section, case: str, speed: str) -> float | None:
    own, best = section.find(case, OWN), _best(section, case, speed)
    return own.median(speed) / best.median(speed) if own and best else None


def _best(section: Section, case: str, speed: str = "rows_per_second") -> Result | None:
    """The fastest of the peers that sent everything."""
    able = [result for result in section.subjects(case) if result.subject in _peers() and not result.median("missing")]
    return max(able, key=lambda result: result.median(speed), default=None)


def body(section: Section) -> str:
    starts = [_start(section, result) for result in section.subjects(measured.HELP)]
    parts = [_INTRO, f"**{measured.HELP}**\n", table(_HEAD_OF_START, starts)]
    for case in sending_cases(section):
        rows = [_row(section, result) for result in section.subjects(case)]
        parts.append(f"**{case}**\n\n{table(_HEAD, rows)}")
    return "\n".join([*parts, _durability(section)])


def sending_cases(section: Section) -> list[str]:
    return [case for case in section.cases() if case != measured.HELP]


def _start(section: Section, result: Result) -> list[str]:
    return [
        emphasised(result),
        against_own(section, result),
        spread(result.figures["wall_seconds"]),
        figure(result.median("cpu_seconds")),
        figure(result.median("peak_mib")),
    ]


def _row(section: Section, result: Result) -> list[str]:
    names = ("posts_per_second", "first_post_seconds", "cpu_seconds", "peak_mib", "duplicates", "missing")
    # Of a few rows it is the server's own start and end that are measured.
    share = figure(result.median("server_share")) if result.median("rows") >= _FEWEST_ROWS else ""
    return [
        _name(section, result),
        against_own(section, result, "rows_per_second"),
        spread(result.figures["rows_per_second"]),
        *(figure(result.median(name)) for name in names),
        share,
    ]


def _name(section: Section, result: Result) -> str:
    """With the number of rows, where not everybody was given as many."""
    name = f"*{result.subject}* (ceiling)" if result.subject in _CEILINGS else emphasised(result)
    alike = len({other.median("rows") for other in section.subjects(result.case)}) == 1
    return name if alike else f"{name}, {result.median('rows'):,.0f} rows"


def _durability(section: Section) -> str:
    present = {result.subject for result in section.results}
    rows = [[sender.name, sender.durability, sender.advice] for sender in measured.SENDERS if sender.name in present]
    lines = ["| | what is kept | how it was set up |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def text(section: Section) -> str:
    case = next(iter(_cases_at_once(section)), section.cases()[-1])
    best = _best(section, case)
    return _TEXT.format(
        own=told(section, case, OWN, "posts_per_second"),
        httpx=told(section, case, BARE_HTTPX.name, "posts_per_second"),
        aiohttp=told(section, case, BARE_AIOHTTP.name, "posts_per_second"),
        best=best.subject if best else "-",
        best_rate=figure(best.median("posts_per_second")) if best else "-",
        best_whole=figure(best.median("wall_seconds")) if best else "-",
        whole=told(section, case, OWN, "wall_seconds"),
        start=told(section, case, OWN, "first_post_seconds"),
        rows=told(section, case, OWN, "rows"),
    )
